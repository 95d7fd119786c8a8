"""Forms for records that two people may have open at once: a stale one comes back with both versions shown."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from agency import posting
from agency.errors import Refused
from agency.posting import Done

from ..changes import Stale, fingerprint
from ..forms.base import RecordForm, differences


def record_page(
    request: HttpRequest, template: str, form: RecordForm, act: Callable[[Any], Done], context: dict[str, Any] | None = None
) -> HttpResponse:
    """A form page whose stale form shows what is in the record now beside what the person entered."""

    def both_versions(refusal: Refused) -> dict[str, Any]:
        return _both_versions(form) if isinstance(refusal, Stale) else {}

    return posting.form_page(request, template, form, act, context, after_refusal=both_versions)


def _both_versions(form: RecordForm) -> dict[str, Any]:
    """What is in the record now beside what the person entered; saving again then means it."""
    current = type(form.instance)._default_manager.get(pk=form.instance.pk)
    answers: Any = form.data.copy()  # type: ignore[attr-defined]
    answers[form.add_prefix("seen")] = fingerprint(current, form.stored_fields())
    form.data = answers
    return {"differences": differences(form, current)}
