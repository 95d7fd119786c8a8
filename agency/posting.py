"""How every page that changes something answers: done and on, or the same page with what is wrong and nothing lost."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .errors import NotPermitted, Refused

Form = TypeVar("Form")
#: What was done, in a sentence ("" where the next page shows it anyway), and where to go on (an address or a thing that has one).
Done = tuple[str, Any]


def posted(form_class: Callable[..., Form], request: HttpRequest, **kwargs: Any) -> Form:
    """The form, bound to what was posted with its files (even if it is nothing), if anything was."""
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **kwargs)
    return form_class(**kwargs)


def form_page(
    request: HttpRequest,
    template: str,
    form: Any,
    act: Callable[[Any], Done],
    context: dict[str, Any] | Callable[[], dict[str, Any]] | None = None,
    *,
    after_refusal: Callable[[Refused], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show `form` (None where a button is all there is); when it was posted and is right, `act(form)` and go on.

    422 for wrong answers; 409 when the action refuses, with its sentence as `refused` and whatever `after_refusal` puts
    beside it (what is stored by now, for one). NotPermitted goes on to the 403 page. A `context` that has to show things as
    they are after a refusal is a function.
    """
    status = 200
    more: dict[str, Any] = {}
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            try:
                return _go_on(request, *act(form))
            except NotPermitted:
                raise
            except Refused as refusal:
                status, more = 409, {"refused": str(refusal)} | (after_refusal(refusal) if after_refusal else {})
    shown = context() if callable(context) else context or {}
    return render(request, template, {**shown, "form": form, **more}, status=status)


def deed(request: HttpRequest, act: Callable[[], str | Done], back: Any) -> HttpResponse:
    """A button's POST: do it, say so, go back (or where `act` says); a refusal is said there too."""
    try:
        done = act()
        return _go_on(request, *(done if isinstance(done, tuple) else (done, back)))
    except NotPermitted:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)


def _go_on(request: HttpRequest, sentence: str, to: Any) -> HttpResponse:
    if sentence:
        messages.success(request, sentence)
    return redirect(to)
