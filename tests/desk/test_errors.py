"""Requests that can't be answered: the right code, words, nothing about anyone else, in the reader's language."""

from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from agency.errors import NotPermitted
from agency.urls import handler400, handler403, handler404, handler500  # noqa: F401
from agency.urls import urlpatterns as real_urls
from tests.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def raising(error: Exception) -> Any:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *real_urls,
    path("t/broken/", raising(RuntimeError("secret 4711"))),
    path("t/refused/", raising(NotPermitted("Ask a colleague who can: finance."))),
    path("t/denied/", raising(PermissionDenied("internal detail"))),
    path("t/odd/", raising(SuspiciousOperation("internal detail"))),
    path("t/large/", raising(RequestDataTooBig("internal detail"))),
]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/t/broken/", 500, "Something broke on our side"),
        ("/t/refused/", 403, "Ask a colleague who can: finance."),
        ("/t/denied/", 403, "isn&#x27;t yours to do"),
        ("/t/odd/", 400, "can&#x27;t be read"),
        ("/t/large/", 413, "too large"),
    ],
)
def test_the_page_says_what_happened(browser: Client, address: str, status: int, words: str) -> None:
    response = browser.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page.replace("isn't", "isn&#x27;t").replace("can't", "can&#x27;t")
    assert "4711" not in page
    assert "internal detail" not in page
    assert 'lang="en" dir="ltr"' in page


def test_unknown_addresses(browser: Client, django_user_model: Any) -> None:
    browser.force_login(django_user_model.objects.create(email="a@example.test", full_name="A", language="ar"))
    response = browser.get("/nothing/here/")
    assert response.status_code == 404
    assert 'lang="ar" dir="rtl"' in response.content.decode()
    assert "bootstrap.rtl.min.css" in response.content.decode()


def test_a_stale_form_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/look/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "open too long" in response.content.decode()


def test_the_500_page_needs_nothing(settings: Any) -> None:
    """No request, no database, no context processors."""
    from desk.views.errors import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "<style" not in response.content.decode()


def test_a_buttons_address_opened_by_hand_says_so_and_changes_nothing(client: Client) -> None:
    cast = make_cast()
    address = reverse("account_archive", args=[cast.account.pk])
    assert client.get(address).status_code == 302  # to the login
    client.force_login(cast.director)
    page = client.get(address)
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert b"Nothing was changed" in page.content
