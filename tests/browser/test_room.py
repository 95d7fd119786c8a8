"""A client in the room, in a real browser: the Back button, other tabs, the keyboard, every look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from tests.browser.conftest import PageFor, assert_fits
from tests.cast import PASSWORD, Cast, make_cast, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Check = Callable[[Page], list[str]]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def boss(cast: Cast) -> User:
    return make_user("boss@agency.example", Role.DIRECTOR, name="Bea Boss", password=PASSWORD)


def bring(page: Page, site: str, code: str) -> None:
    page.goto(f"{site}{reverse('client_detail', args=[code])}")
    page.get_by_role("button", name="Show this client only").click()
    expect(page.locator(".cs-room")).to_contain_text("Acme")


def test_nothing_of_others_comes_back_until_the_password_is_given(page_for: PageFor, live_server: Any, boss: User) -> None:
    site = live_server.url
    page = page_for(boss)
    other = page.context.new_page()
    other.goto(f"{site}{reverse('client_detail', args=['RIV'])}")
    expect(other).to_have_title("Rival & Sons · Countersign")
    page.goto(f"{site}{reverse('client_list')}")
    expect(page.locator("main")).to_contain_text("Rival")
    bring(page, site, "ACM")
    expect(page).to_have_title("In the room: Acme · Acme · Countersign")
    expect(other).to_have_title("In the room: Acme · Page not found · Countersign")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{site}{reverse('client_list')}")
    expect(page.locator("main")).not_to_contain_text("Rival")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Show everything again")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Password").fill("not this one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Incorrect password")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("You see everything again.")
    expect(page.locator(".cs-room")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language", "width"), [("light", "en", 1280), ("dark", "ar", 360)])
def test_the_band_is_on_every_kind_of_page(
    page_for: PageFor, live_server: Any, boss: User, axe: Check, theme: str, language: str, width: int
) -> None:
    page = page_for(boss, theme=theme, language=language, width=width, javascript=True)
    page.goto(f"{live_server.url}{reverse('room')}?client=ACM")
    assert axe(page) == []
    assert_fits(page)
    page.locator("main button.btn-primary").click()
    for address in (reverse("my_day"), reverse("client_detail", args=["ACM"]), reverse("room_leave"), "/clients/RIV/"):
        page.goto(live_server.url + address)
        expect(page.locator(".cs-room b")).to_have_text("Acme")
        expect(page.locator(".cs-room")).to_be_in_viewport()
        assert_fits(page)
        assert axe(page) == [], address
