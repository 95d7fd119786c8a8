"""The one way a page that changes something answers."""

from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from agency import posting
from agency.errors import NotPermitted, Refused


class ReasonForm(forms.Form):
    reason = forms.CharField()


def ask(data: dict[str, str] | None = None) -> HttpRequest:
    request: Any = RequestFactory().get("/") if data is None else RequestFactory().post("/", data)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request  # type: ignore[no-any-return]


def said(request: Any) -> list[str]:
    return [str(message) for message in request._messages]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been rendered."""
    pages: list[dict[str, Any]] = []

    def render(_request: Any, _template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        pages.append(context)
        return HttpResponse(status=status)

    monkeypatch.setattr(posting, "render", render)
    return pages


def page(request: HttpRequest, act: Any, **more: Any) -> HttpResponse:
    return posting.form_page(request, "any.html", posting.posted(ReasonForm, request), act, **more)


def never(_form: Any) -> posting.Done:
    raise AssertionError("acted")


def refuse(_form: Any) -> posting.Done:
    raise Refused("Somebody was faster.")


def test_asked_it_shows_the_form(shown: list[dict[str, Any]]) -> None:
    assert page(ask(), never).status_code == 200
    assert not shown[0]["form"].is_bound


def test_a_wrong_answer_is_422_and_nothing_is_done(shown: list[dict[str, Any]]) -> None:
    assert page(ask({"reason": ""}), never).status_code == 422
    assert shown[0]["form"].errors


def test_an_empty_post_is_an_answer(shown: list[dict[str, Any]]) -> None:
    assert page(ask({}), never).status_code == 422


def test_done_it_says_so_and_goes_on() -> None:
    request = ask({"reason": "because"})
    response = page(request, lambda form: (f"Done {form.cleaned_data['reason']}.", "/there/"))
    assert (response.status_code, response.headers["Location"]) == (302, "/there/")
    assert said(request) == ["Done because."]


def test_a_refusal_is_409_with_its_sentence_and_the_answers(shown: list[dict[str, Any]]) -> None:
    response = page(ask({"reason": "because"}), refuse, after_refusal=lambda refusal: {"theirs": str(refusal)[:8]})
    assert response.status_code == 409
    assert shown[0]["refused"] == "Somebody was faster."
    assert shown[0]["theirs"] == "Somebody"
    assert shown[0]["form"]["reason"].value() == "because"


def test_the_context_is_read_after_the_refusal(shown: list[dict[str, Any]]) -> None:
    state = {"amount": 1}

    def as_it_stands(_refusal: Refused) -> dict[str, Any]:
        state["amount"] = 2
        return {}

    page(ask({"reason": "because"}), refuse, context=lambda: dict(state), after_refusal=as_it_stands)
    assert shown[0]["amount"] == 2


def test_what_is_not_permitted_becomes_the_403_page(shown: list[dict[str, Any]]) -> None:
    def act(_form: Any) -> posting.Done:
        raise NotPermitted("Ask a director.")

    with pytest.raises(NotPermitted):
        page(ask({"reason": "because"}), act)
    with pytest.raises(NotPermitted):
        posting.deed(ask({}), lambda: act(None)[0], "/back/")
    assert shown == []


def test_a_button_says_what_it_did_or_why_not() -> None:
    done, not_done = ask({}), ask({})

    def refused() -> str:
        raise Refused("Somebody was faster.")

    assert posting.deed(done, lambda: "Removed.", "/back/").headers["Location"] == "/back/"
    assert posting.deed(not_done, refused, "/back/").headers["Location"] == "/back/"
    assert (said(done), said(not_done)) == (["Removed."], ["Somebody was faster."])
