"""Without a mouse: every stop of the Tab key can be seen, nothing holds the focus, and it comes back from where it was sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from tests.browser import test_story
from tests.browser.conftest import PageFor
from tests.browser.test_story import Story, story  # noqa: F401
from tests.cast import join, make_cast, make_user
from tests.graph import Graph, Team, make_graph, make_side

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STOPS = 200

#: What has the focus: its outline is drawn, it lies in the window, and nothing lies over it (WCAG 2.4.7 and 2.4.11).
STOP = """() => {
    const part = document.activeElement;
    if (!part || part === document.body) return { words: "", fault: "" };
    const words = `${part.tagName.toLowerCase()} ${(part.getAttribute("aria-label") || part.name || part.textContent).trim().slice(0, 40)}`;
    const shown = part.closest("label") || part;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown === part || getComputedStyle(part).outlineStyle !== "none" ? part : shown);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return { words, fault: "has no outline" };
    const corners = [...part.getClientRects()].flatMap((box) =>
        [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3], [box.left + box.width / 2, box.top + box.height / 2]]);
    const seen = corners.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (part.contains(top) || top.contains(part) && !getComputedStyle(top).position.match(/sticky|fixed/));
    });
    return { words, fault: seen ? "" : "is covered or out of sight" };
}"""


@pytest.fixture
def graph(settings: Any, live_server: Any) -> Graph:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    team = Team.of(make_cast())
    return make_graph(make_side("Quokka", "QKA", team), team, "Quokka")


@pytest.fixture
def reader(graph: Graph) -> User:
    user = make_user("all@agency.example", *Role, name="Alma All")
    join(graph.account, user)
    return user


def walk(page: Page) -> Iterator[tuple[str, str]]:
    """Each stop of the Tab key, once through the page: what it is, and what is wrong with it."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if not stop["words"]:  # the browser's own bar: once round
            return
        yield stop["words"], stop["fault"]
    raise AssertionError(f"The focus doesn't leave {page.url}")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_stop_is_seen(graph: Graph, reader: User, page_for: PageFor, live_server: Any, width: int) -> None:
    page, wrong = page_for(reader, width=width), {}
    for address in (
        reverse("job_detail", args=[graph.job.number]),
        reverse("job_edit", args=[graph.draft_job.number]),
        reverse("minutes_edit", args=[graph.meeting.serial]),
        reverse("invoice_list"),
        reverse("sign", args=[graph.tokens["open"]]),
    ):
        page.goto(live_server.url + address)
        stops = list(walk(page))
        assert len(stops) > 5, address
        wrong |= {f"{address} {words}": fault for words, fault in stops if fault}
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    assert not wrong


def test_past_the_frame_and_to_the_search_box(graph: Graph, reader: User, page_for: PageFor, live_server: Any) -> None:
    page = page_for(reader)
    page.goto(live_server.url + reverse("job_list"))
    page.keyboard.press("Tab")
    expect(page.locator(".cs-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("Control+KeyK")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("Opening")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=Opening")
    expect(page.get_by_role("main").get_by_role("link", name="Opening weekend Quokka").first).to_be_visible()


def test_the_focus_comes_back_from_menus(reader: User, page_for: PageFor, live_server: Any) -> None:
    page = page_for(reader)
    page.goto(live_server.url + reverse("profile"))
    me = page.locator(".cs-me")
    me.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dropdown-item:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(me).to_be_focused()
    page.set_viewport_size({"width": 360, "height": 800})
    menu = page.locator("[data-bs-toggle=offcanvas]")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side")).to_be_visible()
    for _stop in range(30):  # round and round inside the drawer
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#side').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    expect(menu).to_be_focused()


# The whole story


def tab_to(target: Locator, same: str = "part === document.activeElement") -> None:
    """Press Tab until it has the focus."""
    page = target.page
    for _stop in range(MOST_STOPS):
        if target.evaluate(f"(part) => {same}"):
            return
        page.keyboard.press("Tab")
        fault = page.evaluate(STOP)
        assert not fault["fault"], fault
    raise AssertionError(f"{target} can't be reached by keyboard on {page.url}")


def press(page: Page, button: Locator) -> None:
    tab_to(button)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def check(target: Locator, **_options: Any) -> None:
    """A box by the space bar; a radio by the arrows once its group has the focus."""
    if target.is_checked():
        return
    if target.get_attribute("type") == "radio":
        tab_to(target, "part.name === document.activeElement.name")
        for _arrow in range(10):
            if target.evaluate("(part) => part === document.activeElement"):
                break
            target.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            target.page.keyboard.press("Space")
    else:
        tab_to(target)
        target.page.keyboard.press("Space")
    expect(target).to_be_checked()


@pytest.mark.full
def test_from_the_order_to_the_invoice(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """All that test_story.py clicks."""
    monkeypatch.setattr(test_story, "press", press)
    monkeypatch.setattr(Locator, "check", check)
    test_story.test_from_the_order_to_the_invoice(story)
