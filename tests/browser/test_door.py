"""The door in a real browser: every theme, direction and width, by keyboard, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Axe, PageFor, assert_fits
from tests.cast import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_wrong_password_takes_the_reader_to_the_problem(page_for: PageFor, live_server: Any, axe: Axe) -> None:
    page = page_for()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill("nobody@example.test")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Error: Log in · Countersign")
    expect(page.locator("[data-focus]")).to_be_focused()
    assert axe(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_logging_in(page_for: PageFor, live_server: Any, javascript: bool) -> None:
    make_user("ana@example.test", "ae", password="a password of hers")
    page = page_for(javascript=javascript)
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/password/change/")
    page.get_by_label("Email").fill("ana@example.test")
    page.get_by_label("Password").fill("a password of hers")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")


def test_the_language_switch_needs_no_script(page_for: PageFor, live_server: Any) -> None:
    page = page_for(javascript=False)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator(".cs-languages summary").click()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_frame_and_its_menus(page_for: PageFor, live_server: Any, axe: Axe, language: str) -> None:
    """In every look, as test_pages.py leaves the frame out where it is the same again."""
    page = page_for(make_user("ana@example.test", "ae", "director", password="a password of hers"), language=language)
    page.goto(f"{live_server.url}/accounts/password/change/")
    for theme, width in (("light", 1280), ("dark", 1280), ("dark", 360), ("light", 360)):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme }", theme)
        assert_fits(page)
        assert axe(page) == []
        page.locator(".cs-me").click()
        expect(page.locator(".dropdown-menu")).to_be_visible()
        assert axe(page) == []
        page.keyboard.press("Escape")
        if width < 992:
            page.locator("[data-bs-toggle=offcanvas]").click()
            expect(page.locator("#side")).to_be_visible()
            assert axe(page) == []
            page.keyboard.press("Escape")
            expect(page.locator("#side")).to_be_hidden()


def test_the_languages_of_a_public_page(page_for: PageFor, live_server: Any, axe: Axe) -> None:
    page = page_for(width=360)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator(".cs-languages summary").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
    assert_fits(page)


def test_the_theme_is_chosen_in_the_menu(page_for: PageFor, live_server: Any) -> None:
    page = page_for(make_user("ana@example.test", "ae", password="a password of hers"))
    page.goto(f"{live_server.url}/accounts/password/change/")
    page.locator(".cs-me").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 20, 26)"
