"""Every page as people see it, in every look: WCAG 2.2 AA by axe, no sideways scrolling; and the client's phone."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from signoffs.models import Signatory
from tests.browser import sights
from tests.browser.conftest import Axe, PageFor, assert_fits
from tests.browser.sights import Sight
from tests.graph import Graph

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The looks are light and dark, English and Arabic (from right to left), wide and narrow. A page is loaded once a language: theme
# and width are changed on the loaded page, as the theme is one attribute and the width no business of the server's.
# Rules about texts and tags need a second look only where another width shows other things; a theme changes colours alone.
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = ("target-size", "scrollable-region-focusable")
#: The same on every page; test_door.py looks at them in every look, with their menus open.
FRAME = (".cs-side", ".cs-top")
WIDE, NARROW, NARROWEST = 1280, 360, 320
LANGUAGES = ("en", "ar")
#: Forms whose errors are looked at in every run; with --full, all of them.
OFTEN = ("job_create", "client_create", "account_login", "sign open", "verify")


class Eye:
    """Looks at sights in one language."""

    def __init__(self, page: Page, axe: Axe, site: str) -> None:
        self.page, self.axe, self.site = page, axe, site

    def go(self, sight: Sight) -> None:
        url = self.site + sight.url
        if sight.answer is None:
            self.page.goto(url)
        else:
            headers = {name: value for name, value in sight.answer.headers.items() if name != "Content-Length"}
            body = sight.answer.content
            self.page.route(url, lambda route: route.fulfill(status=200, headers=headers, body=body))
            self.page.goto(url)
            self.page.unroute(url)
        # What a click would open or a choice would show is part of the page.
        self.page.evaluate(
            """() => {
                for (const part of document.querySelectorAll("details:not(.cs-languages)")) part.open = true;
                for (const part of document.querySelectorAll("[data-show-for]")) part.hidden = false;
            }"""
        )

    def wear(self, theme: str, width: int) -> None:
        """Public pages follow the system's theme; those of staff the one that stands in the page."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.evaluate(
            """(theme) => {
                const { dataset } = document.documentElement;
                if (dataset.bsTheme !== "auto") dataset.bsTheme = theme;
                return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            }""",
            theme,
        )

    def fits(self) -> list[str]:
        """Nothing scrolls sideways but what the keyboard reaches and has a name, and nothing is cut off."""
        found: list[str] = self.page.evaluate(OVERFLOWING)
        return found

    def quickly(self, sight: Sight) -> list[str]:
        """Every rule in one look, what another look can change in the opposite one."""
        self.go(sight)
        self.wear("light", WIDE)
        found = self.axe(self.page, but=FRAME)
        self.wear("dark", NARROW)
        found += self.axe(self.page, rules=COLOURS + SIZES, but=FRAME)
        self.wear("dark", NARROWEST)
        return found + self.fits()

    def wholly(self, sight: Sight) -> list[str]:
        """In every theme and width."""
        self.go(sight)
        found = []
        for width in (WIDE, NARROW):
            self.wear("light", width)
            found += self.axe(self.page)
            self.wear("dark", width)
            found += self.axe(self.page, rules=COLOURS)
        self.wear("light", NARROWEST)
        return found + self.fits()


OVERFLOWING = """() => {
    const found = [];
    if (document.scrollingElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const part of document.querySelectorAll("main *")) {
        if (part.scrollWidth <= part.clientWidth + 2 || part.clientWidth < 3 || part.matches("input, select, textarea")) continue;
        const { overflowX } = getComputedStyle(part);
        const named = part.tabIndex === 0 && part.getAttribute("role") === "region" && part.getAttribute("aria-label");
        if (["auto", "scroll"].includes(overflowX) && !named) found.push(`scrolls without a name: ${part.outerHTML.slice(0, 120)}`);
        if (["hidden", "clip"].includes(overflowX)) found.push(`is cut off: ${part.outerHTML.slice(0, 120)}`);
    }
    return found;
}"""


class Eyes:
    """Somebody who is logged in, and somebody who isn't, for each language."""

    def __init__(self, page_for: PageFor, axe: Axe, site: str, reader: User, full: bool) -> None:
        self.page_for, self.axe, self.site, self.reader, self.full = page_for, axe, site, reader, full

    def faults(self, language: str, user: User | None, seen: Iterable[Sight]) -> dict[str, list[str]]:
        eye = Eye(self.page_for(user, language=language), self.axe, self.site)
        look = eye.wholly if self.full else eye.quickly
        return {f"{sight.name} {language}": found for sight in seen if (found := look(sight))}


@pytest.fixture
def eyes(page_for: PageFor, axe: Axe, live_server: Any, reader: User, full: bool, settings: Any) -> Eyes:
    settings.ACCOUNT_RATE_LIMITS = False  # each way a form can be wrong is more attempts than one address has in a minute
    return Eyes(page_for, axe, live_server.url, reader, full)


def shared(seen: list[Sight], language: str, full: bool) -> list[Sight]:
    """English and Arabic take turns, page by page; with --full each sees all."""
    return seen if full else seen[language == "ar" :: 2]


def test_pages_have_no_fault(eyes: Eyes, graph: Graph) -> None:
    staff, public = list(sights.pages(graph)), list(sights.behind_links(graph))
    if eyes.full:
        staff += sights.other_states(graph)
    for language in LANGUAGES:
        assert not eyes.faults(language, eyes.reader, shared(staff, language, eyes.full))
        assert not eyes.faults(language, None, shared(public, language, eyes.full))


def test_errors_shown_have_no_fault(eyes: Eyes, graph: Graph) -> None:
    for language in LANGUAGES:
        staff, public = list(sights.pages(graph)), [*sights.behind_links(graph), *sights.doors(language)]
        if eyes.full:
            staff += sights.other_states(graph)
        else:
            staff, public = [[one for one in some if one.name in OFTEN] for some in (staff, public)]
        staff = list(sights.forms_sent_wrong(staff, eyes.reader, language))
        public = list(sights.forms_sent_wrong(public, None, language))
        assert eyes.full or {f"{name} sent wrong" for name in OFTEN} == {one.name for one in staff + public}
        assert not eyes.faults(language, eyes.reader, shared(staff, language, eyes.full))
        assert not eyes.faults(language, None, shared(public, language, eyes.full))


def test_what_is_seldom_seen_has_no_fault(eyes: Eyes, graph: Graph) -> None:
    """The door, what became of a client's link, and refusals."""
    for language in LANGUAGES:
        seldom = [*sights.doors(language), *sights.states_behind_a_link(graph, language), *sights.refusals(graph, None, language)]
        refused = list(sights.refusals(graph, eyes.reader, language))
        assert not eyes.faults(language, None, shared(seldom, language, eyes.full))
        assert not eyes.faults(language, eyes.reader, shared(refused, language, eyes.full))


@pytest.mark.full
def test_long_words_fit_a_narrow_phone(eyes: Eyes, graph: Graph) -> None:
    """Russian has the longest words."""
    for user, seen in ((eyes.reader, [*sights.pages(graph), *sights.other_states(graph)]), (None, sights.behind_links(graph))):
        eye, wrong = Eye(eyes.page_for(user, language="ru", width=NARROWEST), eyes.axe, eyes.site), {}
        for sight in seen:
            eye.go(sight)
            if found := eye.fits():
                wrong[sight.name] = found
        assert not wrong


@pytest.mark.parametrize("javascript", [False, True])
def test_a_client_signs_on_a_phone(graph: Graph, page_for: PageFor, live_server: Any, axe: Axe, javascript: bool) -> None:
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
