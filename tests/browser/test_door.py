"""The door in a real browser: every theme, direction and width, by keyboard, and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor, assert_fits
from tests.cast import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_login_page(
    page_for: PageFor, live_server: Any, axe: Callable[[Page], list[str]], theme: str, language: str, width: int
) -> None:
    page = page_for(theme=theme, language=language, width=width)
    page.goto(f"{live_server.url}/accounts/login/")
    assert_fits(page)
    assert axe(page) == []


def test_a_wrong_password_takes_the_reader_to_the_problem(
    page_for: PageFor, live_server: Any, axe: Callable[[Page], list[str]]
) -> None:
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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_frame(
    page_for: PageFor, live_server: Any, axe: Callable[[Page], list[str]], theme: str, language: str, width: int
) -> None:
    user = make_user("ana@example.test", "ae", "director", password="a password of hers")
    page = page_for(user, theme=theme, language=language, width=width)
    page.goto(f"{live_server.url}/accounts/password/change/")
    assert_fits(page)
    assert axe(page) == []
    if width < 992:
        page.locator("[data-bs-toggle=offcanvas]").click()
        expect(page.locator("#side")).to_be_visible()
        assert axe(page) == []


def test_the_theme_is_chosen_in_the_menu(page_for: PageFor, live_server: Any) -> None:
    page = page_for(make_user("ana@example.test", "ae", password="a password of hers"))
    page.goto(f"{live_server.url}/accounts/password/change/")
    page.locator(".cs-me").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 20, 26)"
