"""Theme and language: kept, set on <html> by the server, never a way to lead people elsewhere."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return User.objects.create(email="ana@example.test", full_name="Ana", language="en")


def test_the_theme_is_there_before_the_page_is_drawn(client: Client) -> None:
    assert 'data-bs-theme="auto"' in client.get("/nothing/").content.decode()
    response = client.post("/look/theme/", {"theme": "dark", "next": "/nothing/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/nothing/?a=1")
    assert response.cookies["theme"]["httponly"]


@pytest.mark.parametrize("value", ["", "neon", "dark\r\nSet-Cookie: a=b"])
def test_other_themes_are_refused(client: Client, value: str) -> None:
    assert client.post("/look/theme/", {"theme": value}).status_code == 400
    client.cookies["theme"] = "neon"
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:evil"])
def test_nobody_is_led_elsewhere(client: Client, target: str) -> None:
    response = client.post("/look/theme/", {"theme": "dark", "next": target})
    assert response["Location"] == "/"


def test_a_visitors_language_is_kept_in_the_browser(client: Client) -> None:
    client.post("/look/language/", {"language": "ar", "next": "/accounts/login/"})
    page = client.get("/accounts/login/").content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert "bootstrap.rtl.min.css" in page


def test_a_colleagues_language_is_kept_in_the_profile(client: Client, ana: User) -> None:
    client.force_login(ana)
    response = client.post("/look/language/", {"language": "ru"})
    ana.refresh_from_db()
    assert ana.language == "ru"
    assert django_settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_the_switch_on_a_clients_page_leaves_the_profile_alone(client: Client, ana: User) -> None:
    client.force_login(ana)
    response = client.post("/look/language/", {"language": "es", "public": "1"})
    ana.refresh_from_db()
    assert ana.language == "en"
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "es"


@pytest.mark.parametrize("address", ["/look/theme/", "/look/language/"])
def test_only_posts_change_anything(client: Client, address: str) -> None:
    assert client.get(address, {"theme": "dark", "language": "ar"}).status_code == 405
    assert client.post(address, {"language": "tlh"}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_door_in_our_look(client: Client, address: str, language: str) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(address).content.decode()
    assert "cs-door" in page
    assert 'name="robots" content="noindex' in page


def test_the_colleagues_own_pages(client: Client, ana: User, settings: Any) -> None:
    ana.set_password("a long enough one")
    ana.save()
    client.force_login(ana)
    for address in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "theme.css" in response.content.decode()
