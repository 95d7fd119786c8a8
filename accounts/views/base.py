"""How every page that changes something answers: done and on, or the form again with what is wrong."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agency.errors import NotPermitted, Refused

from ..changes import Stale, fingerprint
from ..forms.base import RecordForm, differences

#: Done: what was done in a sentence, and where to go.
Done = tuple[str, str]


def form_page(
    request: HttpRequest, template: str, form: Any, act: Callable[[Any], Done], context: dict[str, Any] | None = None
) -> HttpResponse:
    """Show `form`; when it was posted and is right, `act(form)`. 422 for wrong answers, 409 when the action refuses."""
    context = {**(context or {}), "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        sentence, url = act(form)
    except NotPermitted:
        raise
    except Stale as stale:
        return render(request, template, {**context, "refused": str(stale), **_both_versions(form)}, status=409)
    except Refused as refusal:
        return render(request, template, {**context, "refused": str(refusal)}, status=409)
    messages.success(request, sentence)
    return redirect(url)


def deed(request: HttpRequest, act: Callable[[], str], back: Any) -> HttpResponse:
    """A button's POST: do it, say so, go back; a refusal is said there too."""
    try:
        sentence = act()
    except NotPermitted:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect(back)


def _both_versions(form: RecordForm) -> dict[str, Any]:
    """What is in the record now beside what the person entered; saving again then means it."""
    current = type(form.instance)._default_manager.get(pk=form.instance.pk)
    answers: Any = form.data.copy()  # type: ignore[attr-defined]
    answers[form.add_prefix("seen")] = fingerprint(current, form.stored_fields())
    form.data = answers
    return {"differences": differences(form, current)}


def posted(form_class: type[BaseForm], request: HttpRequest, **kwargs: Any) -> Any:
    """The form, bound to what was posted, if it was."""
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **kwargs)
    return form_class(**kwargs)
