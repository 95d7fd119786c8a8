"""A form that is sent twice is worked on once."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from agency.once import OnceMiddleware


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "once"}}
    cache.clear()
    yield
    cache.clear()


class Desk:
    """A page with one button, which counts what is done."""

    def __init__(self, *answers: HttpResponse) -> None:
        self.answers = list(answers)
        self.done = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self.begun = threading.Event()
        self.middleware = OnceMiddleware(self.work)

    def work(self, request: HttpRequest) -> HttpResponse:
        self.begun.set()
        self.go_on.wait(10)
        self.done += 1
        return self.answers.pop(0) if self.answers else HttpResponseRedirect(f"/made/{self.done}/")

    def press(self, token: str = "a", user: int = 1, path: str = "/things/new/", **fields: Any) -> HttpResponse:
        data = {"csrfmiddlewaretoken": token, **fields} if token else fields
        request = RequestFactory().post(path, data)
        request.user = SimpleNamespace(pk=user, is_authenticated=bool(user))  # type: ignore[assignment]
        return self.middleware(request)


def test_a_repeated_press_gets_the_answer_of_the_first() -> None:
    desk = Desk()
    assert [desk.press(title="Poster")["Location"] for _press in range(3)] == ["/made/1/"] * 3
    assert desk.done == 1


@pytest.mark.parametrize(
    "other",
    [{"token": "b"}, {"user": 2}, {"path": "/things/new/?of=2"}, {"title": "Leaflet"}],
    ids=lambda other: next(iter(other)),
)
def test_another_press_is_another_matter(other: dict[str, Any]) -> None:
    desk = Desk()
    desk.press(**{"title": "Poster"})
    desk.press(**{"title": "Poster"} | other)
    assert desk.done == 2


@pytest.mark.parametrize("press", [{"token": ""}, {"user": 0}])
def test_what_is_no_form_of_a_colleague_is_left_alone(press: dict[str, Any]) -> None:
    desk = Desk()
    desk.press(**press)
    desk.press(**press)
    assert desk.done == 2


def test_what_was_refused_is_tried_again() -> None:
    desk = Desk(HttpResponse(status=422))
    assert desk.press().status_code == 422
    assert desk.press()["Location"] == "/made/2/"


def test_a_press_while_the_first_is_under_way_waits_for_it() -> None:
    desk = Desk()
    desk.go_on.clear()
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(desk.press()["Location"])) for _press in range(3)]
    for thread in threads:
        thread.start()
    assert desk.begun.wait(10)
    desk.go_on.set()
    for thread in threads:
        thread.join(10)
    assert answers == ["/made/1/"] * 3
    assert desk.done == 1


def test_one_that_takes_too_long_leads_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.once.WAIT", 0)
    desk = Desk()
    desk.go_on.clear()
    first = threading.Thread(target=desk.press)
    first.start()
    assert desk.begun.wait(10)
    assert desk.press()["Location"] == "/"
    desk.go_on.set()
    first.join(10)
    assert desk.done == 1
