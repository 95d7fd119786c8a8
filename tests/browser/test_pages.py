"""Every page with things on it, as people see it: WCAG 2.2 AA by axe, no sideways scrolling; and the client's phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from signoffs.models import Signatory
from tests.browser.conftest import PageFor, assert_fits
from tests.cast import join, make_cast, make_user
from tests.contracts.test_walls import LISTED
from tests.contracts.urls import PAGES
from tests.graph import Graph, Team, make_graph, make_side

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Check = Callable[[Page], list[str]]
#: What a browser downloads instead of showing.
FILES = (
    "_pdf",
    "_file",
    "_document",
    "_sealed",
    "_thumbnail",
    "_preview",
    "_picture",
    "_body",
    "_download",
    "agency_logo",
    "thz",
    "dyz",
)
#: Looked at in every theme, direction and width.
OFTEN = (
    "my_day",
    "job_detail",
    "job_create",
    "deliverable_detail",
    "client_detail",
    "invoice_detail",
    "minutes_edit",
    "dashboard",
)


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


def addresses(graph: Graph) -> dict[str, str]:
    """The pages a person looks at, and those behind the client's links."""
    found = {
        name: reverse(name, args=PAGES[name].args(graph) if PAGES[name].args else ())
        for name in LISTED
        if not PAGES[name].post and not PAGES[name].public and not name.endswith(FILES)
    }
    found |= {f"sign {about}": reverse("sign", args=[token]) for about, token in graph.tokens.items()}
    link = graph.tokens["open"]
    return found | {"sign_decline": reverse("sign_decline", args=[link]), "sign_pass_on": reverse("sign_pass_on", args=[link])}


def look(page: Page, url: str, axe: Check) -> list[str]:
    response = page.goto(url)
    if response is None or response.status >= 400 or "html" not in response.headers.get("content-type", ""):
        return []
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe(page) + (["scrolls sideways"] if wide else [])


def test_every_page_has_no_fault(graph: Graph, reader: User, page_for: PageFor, live_server: Any, axe: Check) -> None:
    page = page_for(reader)
    found = {name: faults for name, url in addresses(graph).items() if (faults := look(page, live_server.url + url, axe))}
    assert not found


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("dark", "en", 1280), ("dark", "ar", 360), ("light", "ar", 1280), ("light", "en", 320)]
)
def test_in_every_look(
    graph: Graph, reader: User, page_for: PageFor, live_server: Any, axe: Check, theme: str, language: str, width: int
) -> None:
    page = page_for(reader, theme=theme, language=language, width=width)
    pages = {
        name: url for name, url in addresses(graph).items() if name in OFTEN or name in ("sign open", "sign signed", "sign sent")
    }
    assert len(pages) == len(OFTEN) + 3
    assert not {name: faults for name, url in pages.items() if (faults := look(page, live_server.url + url, axe))}


@pytest.mark.parametrize("javascript", [False, True])
def test_a_client_signs_on_a_phone(graph: Graph, page_for: PageFor, live_server: Any, axe: Check, javascript: bool) -> None:
    """Typed without JavaScript, drawn with it; each way past the check page to a result that stays at the same address."""
    page = page_for(width=360, javascript=javascript)
    address = live_server.url + reverse("sign", args=[graph.tokens["open"]])
    page.goto(address)
    page.get_by_role("button", name="Check your answer").click()
    expect(page.get_by_text("Select your answer.").first).to_be_visible()
    page.locator("input[name=answer][value=approved]").check()
    page.locator("#id_typed_name").fill("Marta Ortega")
    if javascript:
        page.locator("input[name=signature][value=drawn]").check()
        pad = page.locator("#pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box
        page.mouse.move(box["x"] + 30, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 150, box["y"] + 30, steps=8)
        page.mouse.move(box["x"] + 200, box["y"] + 90, steps=8)
        page.mouse.up()
        assert_fits(page)
        assert axe(page) == []
    page.get_by_role("button", name="Check your answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answer")
    page.locator("button[name=step][value=confirm]").click()
    expect(page).to_have_url(address)
    signed = Signatory.objects.get(pk=graph.open_signatory.pk)
    assert (signed.answer, signed.typed_name) == ("approved", "Marta Ortega")
    assert signed.signature_kind == ("drawn" if javascript else "typed")


def test_a_client_signs_by_keyboard(graph: Graph, page_for: PageFor, live_server: Any) -> None:
    page = page_for()
    page.goto(live_server.url + reverse("sign", args=[graph.tokens["open"]]))

    def tab_to(selector: str) -> None:
        for _step in range(60):
            if page.locator(f"{selector}:focus").count():
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} can't be reached by keyboard")

    tab_to("input[name=answer]")
    page.keyboard.press("Space")
    tab_to("#sign button.btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answer")
    tab_to("button[value=confirm]")
    page.keyboard.press("Enter")
    expect(page.locator("button[value=confirm]")).to_have_count(0)
    assert Signatory.objects.get(pk=graph.open_signatory.pk).decided_at
