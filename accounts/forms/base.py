"""What our forms share: sentences of their own for missing answers, selects with names, and the mark of what was seen."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency import words

from .. import choices
from ..changes import fingerprint

WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class SentenceMixin:
    """`missing` names the sentence for each required field that was left empty."""

    use_required_attribute = False
    missing: Mapping[str, str | Promise] = {}
    fields: dict[str, forms.Field]

    def say_whats_missing(self) -> None:
        for name, sentence in self.missing.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = str(sentence)

    def autocomplete(self, **tokens: str) -> None:
        for name, token in tokens.items():
            self.fields[name].widget.attrs["autocomplete"] = token


class ManyField(forms.ModelMultipleChoiceField):
    """Any number of rows. A number larger than any id is no choice; Django would hand it to the database, which refuses it."""

    def clean(self, value: Any) -> Any:
        for pk in value if isinstance(value, list | tuple) else ():
            if len(str(pk)) > 18:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:20]}
                )
        return super().clean(value)


class PlainForm(SentenceMixin, forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_whats_missing()


class RecordForm(SentenceMixin, forms.ModelForm):
    """A form over a record that an action will change: `facts()` are the answers; the form itself never saves.

    `seen` carries the fingerprint of what the person saw, for edits that answer with both versions.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_whats_missing()
        if "phone" in self.fields:  # phones show the keys for it, and +34 stands in front in every language
            self.fields["phone"].widget.input_type = "tel"
        self.facts_fields = tuple(name for name in self.fields if name != "seen")
        if self.instance.pk:
            self.fields["seen"].initial = fingerprint(self.instance, self.stored_fields())
        else:
            del self.fields["seen"]

    def stored_fields(self) -> tuple[str, ...]:
        names = {field.name for field in self.instance._meta.concrete_fields}
        return tuple(name for name in self.facts_fields if name in names)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.stored_fields()}

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("Actions save, forms don't.")


class DateInput(forms.DateInput):
    """The browser's own calendar; its value is ISO in every language."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock, without seconds."""

    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class WeekField(forms.MultipleChoiceField):
    """Working days as boxes; kept as ISO weekdays in one word, "12345"."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return "".join(sorted(super().clean(value)))


def reason_field(label: Any = None, hint: Any = "", *, missing: Any = None) -> forms.CharField:
    """Why: a text of at most 2,000 characters that stands in the history."""
    return forms.CharField(
        label=label or _("Reason"),
        help_text=hint,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": missing or _("Write the reason."),
            "max_length": _("The reason must be 2,000 characters or less."),
        },
    )


def country_field(label: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: _with_empty(choices.countries(), kwargs), **kwargs)


def currency_field(label: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: _with_empty(choices.currencies(), kwargs), **kwargs)


def zone_field(label: Any, empty: str | Promise = "", **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: [*([("", empty)] if empty else []), *choices.zones()], **kwargs)


def _with_empty(named: choices.Choices, kwargs: Mapping[str, Any]) -> choices.Choices:
    return named if kwargs.get("required", True) else [("", "—"), *named]


def differences(form: RecordForm, current: models.Model) -> list[tuple[str, str, str]]:
    """For a stale edit: label, what is in the record now, what the person entered; of the fields where they differ."""
    found = []
    for name in form.stored_fields():
        now, mine = getattr(current, name), form.cleaned_data[name]
        if now != mine:
            found.append((str(form.fields[name].label), _shown(form, name, now), _shown(form, name, mine)))
    return found


def _shown(form: RecordForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        flat: dict[str, str] = {}
        pairs: Any = field.choices
        for key, label in pairs:
            flat.update({str(k): str(v) for k, v in label} if isinstance(label, list | tuple) else {str(key): str(label)})
        keys = list(value) if isinstance(field, WeekField) else [value]
        return words.listed(flat.get(str(key), str(key)) for key in keys)
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)
