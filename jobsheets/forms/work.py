"""The forms of people, deliverables, versions and what goes to the client."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.base import DateInput, ManyField
from accounts.models import Contact, User
from agency.words import beside

from ..checklist import ANSWERS, CHECKLIST, NOT_OK
from ..models import Job
from .fields import MomentField, textarea
from .jobs import team_of


class AssignForm(forms.Form):
    use_required_attribute = False
    user = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Colleague"), empty_label=gettext_lazy("Choose a colleague"),
        help_text=gettext_lazy("Work is given to people on the account’s team."),
        error_messages={"required": gettext_lazy("Choose a colleague."), "invalid_choice": gettext_lazy("Choose a colleague.")},
    )  # fmt: skip
    craft = forms.CharField(
        label=gettext_lazy("Does"), max_length=80, required=False,
        help_text=gettext_lazy("Such as copy, art direction or layout. Empty: what they are in the agency."),
        error_messages={"max_length": gettext_lazy("What they do must be 80 characters or less.")},
    )  # fmt: skip

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = job.assignments.filter(removed_at=None).values("user")
        self.fields["user"].queryset = team_of(job.account).exclude(pk__in=there)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        user = data.get("user")
        if user and not data.get("craft") and "craft" not in self.errors:
            data["craft"] = user.title[:80]
            if not data["craft"]:
                self.add_error("craft", _("Write what they do on this job."))
        return data


class QuestionForm(forms.Form):
    use_required_attribute = False
    question = forms.CharField(
        label=gettext_lazy("Your question"), max_length=2000, widget=textarea(4),
        error_messages={
            "required": gettext_lazy("Write your question."),
            "max_length": gettext_lazy("The question must be 2,000 characters or less."),
        },
    )  # fmt: skip


class ReferenceForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=255,
        error_messages={
            "required": gettext_lazy("Select a file."), "empty": gettext_lazy("The file is empty. Select another one."),
            "max_length": gettext_lazy("The file’s name is too long. Shorten it."), "invalid": gettext_lazy("Select a file."),
        },
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("What it is"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"max_length": gettext_lazy("The note must be 200 characters or less.")},
    )  # fmt: skip


class VersionForm(ReferenceForm):
    note = forms.CharField(
        label=gettext_lazy("What changed"), max_length=2000, required=False, widget=textarea(3),
        help_text=gettext_lazy("The client reads this under “Since the last time you saw it”."),
        error_messages={"max_length": gettext_lazy("The note must be 2,000 characters or less.")},
    )  # fmt: skip


class DeliverableForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("What is delivered"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Write what is delivered."),
            "max_length": gettext_lazy("The title must be 120 characters or less."),
        },
    )  # fmt: skip
    specification = forms.CharField(
        label=gettext_lazy("Sizes and specifications"), max_length=2000, required=False, widget=textarea(3),
        help_text=gettext_lazy("Size, format, colours, bleed, paper, where it hangs."),
        error_messages={"max_length": gettext_lazy("The specification must be 2,000 characters or less.")},
    )  # fmt: skip
    due_at = MomentField(label=gettext_lazy("Due"), required=False, help_text=gettext_lazy("Empty: with the job."))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000, required=False)


class CheckForm(forms.Form):
    """The checklist: one answer a line, none chosen in advance; what isn't in order is described."""

    use_required_attribute = False
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, line in enumerate(CHECKLIST):
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=str(line.label), choices=ANSWERS, widget=forms.RadioSelect,
                error_messages={
                    "required": _("Answer: “%(line)s”.") % {"line": line.label},
                    "invalid_choice": _("Answer: “%(line)s”.") % {"line": line.label},
                },
            )  # fmt: skip
            self.fields[f"note_{number}"] = forms.CharField(
                label=_("What isn’t in order"), max_length=500, required=False, widget=forms.TextInput(attrs={"dir": "auto"}),
                error_messages={"max_length": _("The note must be 500 characters or less.")},
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Anything else"), max_length=2000, required=False, widget=textarea(3),
            error_messages={"max_length": _("The note must be 2,000 characters or less.")},
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number, line in enumerate(CHECKLIST):
            if cleaned.get(f"answer_{number}") == NOT_OK and not cleaned.get(f"note_{number}", "").strip():
                self.add_error(f"note_{number}", _("Describe what isn’t in order: “%(line)s”.") % {"line": line.label})
        return cleaned

    def lines(self) -> list[tuple[Any, Any]]:
        """(answer, note) fields, line by line, for the page."""
        return [(self[f"answer_{n}"], self[f"note_{n}"]) for n in range(len(CHECKLIST))]

    def items(self) -> list[dict[str, str]]:
        """What the action takes."""
        return [
            {"key": line.key, "answer": self.cleaned_data[f"answer_{n}"], "note": self.cleaned_data[f"note_{n}"]}
            for n, line in enumerate(CHECKLIST)
        ]


class ShaForm(forms.Form):
    """The hash of the file that was looked at."""

    sha256 = forms.CharField(max_length=64)


class ContactChoices(ManyField):
    def label_from_instance(self, obj: Any) -> str:
        return beside(obj.full_name, obj.title)


class SendForm(forms.Form):
    """To whom it goes to be signed, and on what terms."""

    use_required_attribute = False
    approvers = ContactChoices(
        Contact.objects.none(), label=gettext_lazy("Who approves"), widget=forms.CheckboxSelectMultiple, required=True,
        help_text=gettext_lazy("People on the client’s may-sign register."),
        error_messages={"required": gettext_lazy("Select who approves."), "invalid_choice": gettext_lazy("Select who approves."),
                        "invalid_pk_value": gettext_lazy("Select who approves.")},
    )  # fmt: skip
    participants = ManyField(
        User.objects.none(), label=gettext_lazy("Colleagues who sign too"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Who made, checked and released it stands on the document anyway."),
        error_messages={"invalid_choice": gettext_lazy("Select colleagues of the team."),
                        "invalid_pk_value": gettext_lazy("Select colleagues of the team.")},
    )  # fmt: skip
    copies = ContactChoices(
        Contact.objects.none(), label=gettext_lazy("Who gets a copy"), widget=forms.CheckboxSelectMultiple, required=False,
        error_messages={"invalid_choice": gettext_lazy("Select people of this client."),
                        "invalid_pk_value": gettext_lazy("Select people of this client.")},
    )  # fmt: skip
    in_turn = forms.BooleanField(
        label=gettext_lazy("One after the other, in the order of the list"), required=False,
        help_text=gettext_lazy("Otherwise everyone is asked at once."),
    )  # fmt: skip
    wanted_by = MomentField(
        label=gettext_lazy("Answer wanted by"), required=False,
        help_text=gettext_lazy("The same day is usual. Empty: by the day the link ends."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=gettext_lazy("The link ends on"), widget=DateInput(), required=False, input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("Empty: in fourteen days. Thirty days at most."),
        error_messages={"invalid": gettext_lazy("The date must be a real date, such as 2026-11-27.")},
    )  # fmt: skip
    message = forms.CharField(
        label=gettext_lazy("Personal note"), max_length=2000, required=False, widget=textarea(3),
        help_text=gettext_lazy("Stands in the letter above the button."),
        error_messages={"max_length": gettext_lazy("The personal note must be 2,000 characters or less.")},
    )  # fmt: skip
    code_required = forms.BooleanField(label=gettext_lazy("Ask for a one-time code by mail before signing"), required=False)

    def __init__(self, *args: Any, job: Job, kind: str, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.active().filter(client=job.account.client)
        may_sign = people.filter(authorities__kind=kind).distinct()
        self.fields["approvers"].queryset = may_sign  # type: ignore[attr-defined]
        self.fields["copies"].queryset = people  # type: ignore[attr-defined]
        self.fields["participants"].queryset = team_of(job.account).exclude(pk=user.pk)  # type: ignore[attr-defined]
        found = list(may_sign[:2])
        self.none_may_sign = not found
        if len(found) == 1:  # the only one who may sign needn't be looked for
            self.initial.setdefault("approvers", [found[0].pk])

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day and not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("The date must be a real date, such as 2026-11-27."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        twice = set(cleaned.get("approvers") or []) & set(cleaned.get("copies") or [])
        for person in twice:
            self.add_error(
                "copies", _("%(name)s approves it already; who signs gets a copy anyway.") % {"name": person.full_name}
            )
        return cleaned

    def signatories(self) -> list[Any]:
        """The people asked, as the engine takes them; in turn they follow the order of the list."""
        from signoffs.actions import Asked

        asked = [
            Asked(contact=person, role="approver", turn=n) for n, person in enumerate(self.cleaned_data["approvers"], start=1)
        ]
        asked += [Asked(user=person, role="participant", turn=1) for person in self.cleaned_data["participants"]]
        return asked + [Asked(contact=person, role="copy", turn=1) for person in self.cleaned_data["copies"]]

    def terms(self, now: datetime) -> dict[str, Any]:
        """The other arguments of the engine."""
        day = self.cleaned_data["expires_on"]
        ends = timezone.make_aware(datetime.combine(day, time(23, 59))) if day else now + timedelta(days=14)
        return {
            "in_turn": self.cleaned_data["in_turn"],
            "wanted_by": self.cleaned_data["wanted_by"],
            "expires_at": ends,
            "message": self.cleaned_data["message"],
            "code_required": self.cleaned_data["code_required"],
        }
