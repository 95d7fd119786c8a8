"""Forms of meetings and minutes. They read what was typed; whether it may be done, the actions say."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.base import DateInput, ManyField, TimeInput, reason_field
from accounts.models import Account, Contact, User
from agency import words
from agency.asked import whole_number
from agency.clock import at_local

from .actions import LineFacts, MeetingFacts, StepFacts
from .models import Meeting, Minutes
from .people import KIND, addressable, colleagues_for, contacts_for, signers_and_copies


def date_field(label: Any, missing: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=DateInput(),
        error_messages={"required": missing, "invalid": gettext_lazy("Enter the day as it stands in a calendar.")},
        **options,
    )


def time_field(label: Any, missing: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=TimeInput(),
        error_messages={"required": missing, "invalid": gettext_lazy("Enter the time as hours and minutes, such as 15:30.")},
        **options,
    )


def moment(day: date, hour: time) -> datetime:
    """The moment at which the reader's clock shows that day and hour. Raises ValidationError far outside living memory."""
    if not 2000 <= day.year <= 2100:
        raise forms.ValidationError(_("The year must be between 2000 and 2100."))
    return at_local(day, hour, timezone.get_current_timezone())


class MeetingForm(forms.Form):
    """A meeting with a client of the account, or an internal one."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter what the meeting is called.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), error_messages={"required": gettext_lazy("Choose the kind of meeting.")})
    day = date_field(gettext_lazy("Day"), gettext_lazy("Enter the day."))
    starts = time_field(gettext_lazy("Starts at"), gettext_lazy("Enter when it begins."))
    ends = time_field(gettext_lazy("Ends at"), gettext_lazy("Enter when it ends."))
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A room, an address, a telephone number."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What should be decided when everyone leaves?"),
    )  # fmt: skip
    contacts = ManyField(
        label=gettext_lazy("From the client"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    colleagues = ManyField(
        label=gettext_lazy("From the agency"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"), max_length=7000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One point a line."),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args: Any, account: Account | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        internal = [(Meeting.Kind.INTERNAL.value, Meeting.Kind.INTERNAL.label)]
        fields["kind"].choices = internal if account is None else [c for c in Meeting.Kind.choices if c not in internal]
        fields["colleagues"].queryset = colleagues_for(account)
        fields["contacts"].queryset = contacts_for(account)
        fields["contacts"].label_from_instance = _with_title
        fields["colleagues"].label_from_instance = _with_title
        if account is None:
            del fields["contacts"]
            fields["kind"].widget = forms.HiddenInput()
            fields["kind"].initial = Meeting.Kind.INTERNAL
        self.helper = FormHelper()
        self.helper.layout = _meeting_layout(internal=account is None)
        zone = timezone.get_current_timezone()
        fields["day"].help_text = _("By the clock in %(city)s.") % {"city": words.zone_city(zone)}

    def clean_agenda(self) -> list[str]:
        points = [line.strip() for line in self.cleaned_data["agenda"].splitlines() if line.strip()]
        if len(points) > 30:
            raise forms.ValidationError(_("The agenda can have at most 30 points."))
        if any(len(point) > 200 for point in points):
            raise forms.ValidationError(_("A point of the agenda must be 200 characters or less."))
        return points

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                data["starts_at"], data["ends_at"] = moment(data["day"], data["starts"]), moment(data["day"], data["ends"])
            except forms.ValidationError as error:
                self.add_error("day", error)
                return data
            if data["ends_at"] <= data["starts_at"]:
                self.add_error("ends", _("The end must be after the start."))
        return data

    def facts(self) -> MeetingFacts:
        data = self.cleaned_data
        return MeetingFacts(
            title=data["title"], kind=data["kind"], starts_at=data["starts_at"], ends_at=data["ends_at"],
            purpose=data["purpose"], place=data["place"], contacts=list(data.get("contacts") or []),
            colleagues=list(data["colleagues"]), agenda=data["agenda"],
        )  # fmt: skip

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        attendees = list(meeting.attendees.all())
        return {
            "revision": meeting.revision, "title": meeting.title, "kind": meeting.kind, "day": starts.date(),
            "starts": starts.time(), "ends": ends.time(), "place": meeting.place, "purpose": meeting.purpose,
            "contacts": [a.contact_id for a in attendees if a.contact_id],
            "colleagues": [a.user_id for a in attendees if a.user_id],
            "agenda": "\n".join(point.text for point in meeting.agenda.all()),
        }  # fmt: skip


def _meeting_layout(internal: bool) -> Layout:
    people = ["colleagues"] if internal else ["contacts", "colleagues"]
    when = Div("day", "starts", "ends", css_class="cs-row-form when")
    return Layout("revision", "title", "kind", when, "place", "purpose", "agenda", *people)


def _with_title(person: Contact | User) -> str:
    return words.beside(person.full_name, person.title)


class LineForm(forms.Form):
    """One numbered line of the minutes; left empty it is dropped."""

    says_optional_once = True  # the sheet's heading says it for all rows

    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=200, required=False)
    discussed = forms.CharField(
        label=gettext_lazy("Discussed"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed = forms.CharField(
        label=gettext_lazy("Agreed"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("discussed") or data.get("agreed")) and not data.get("topic") and "topic" not in self.errors:
            self.add_error("topic", _("Enter the topic of this line."))
        return data


class StepForm(forms.Form):
    """One next step; left empty it is dropped. Owner, day and hour may wait until the minutes are sent."""

    says_optional_once = True

    origin = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    text = forms.CharField(label=gettext_lazy("What"), max_length=300, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    day = date_field(gettext_lazy("By"), "", required=False)
    hour = time_field(gettext_lazy("At"), "", required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, owners: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.choices = owners

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        filled = any(data.get(name) for name in ("owner", "day", "hour"))
        if filled and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Enter what is to be done."))
        if bool(data.get("day")) != bool(data.get("hour")) and not {"day", "hour"} & set(self.errors):
            missing = "hour" if data.get("day") else "day"
            self.add_error(missing, _("Enter both the day and the time by which it is due."))
        if data.get("day") and data.get("hour"):
            try:
                data["due_at"] = moment(data["day"], data["hour"])
            except forms.ValidationError as error:
                self.add_error("day", error)
        return data


LineFormSet = forms.formset_factory(LineForm, extra=0, max_num=60, absolute_max=61, validate_max=True)
StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=60, absolute_max=61, validate_max=True)


class MinutesEditor:
    """The page on which minutes are written: who was there, the lines, the next steps; all of it one form."""

    BLANKS = 2

    def __init__(self, minutes: Minutes, data: Any = None, more: bool = False) -> None:
        self.minutes, self.data = minutes, data
        self.people = {_key(person): person for person in _owners(minutes)}
        self.attendees = list(minutes.meeting.attendees.select_related("contact", "user"))
        owners = {"owners": self._choices()}
        if data is None:
            self.lines = LineFormSet(initial=self._lines(more), prefix="lines")
            self.steps = StepFormSet(initial=self._steps(more), prefix="steps", form_kwargs=owners)
        else:
            self.lines = LineFormSet(data, prefix="lines")
            self.steps = StepFormSet(data, prefix="steps", form_kwargs=owners)

    def _choices(self) -> list[Any]:
        sides: dict[str, list[tuple[str, str]]] = {"c": [], "u": []}
        for key, person in self.people.items():
            sides[key[0]].append((key, person.full_name))
        groups = [(_("From the client"), sides["c"]), (_("From the agency"), sides["u"])]
        return [("", _("Nobody yet")), *[group for group in groups if group[1]]]

    def _lines(self, more: bool) -> list[dict[str, Any]]:
        rows = [{"topic": x.topic, "discussed": x.discussed, "agreed": x.agreed} for x in self.minutes.lines.all()]
        return rows + [{}] * (self.BLANKS if more or len(rows) < 2 else 1)

    def _steps(self, more: bool) -> list[dict[str, Any]]:
        rows = []
        for step in self.minutes.steps.select_related("contact", "user"):
            due = timezone.localtime(step.due_at) if step.due_at else None
            rows.append(
                {
                    "origin": step.carried_from_id, "text": step.text, "owner": _key(step.owner) if step.owner else "",
                    "day": due.date() if due else None, "hour": due.time() if due else None,
                }
            )  # fmt: skip
        return rows + [{}] * (self.BLANKS if more or not rows else 1)

    @property
    def revision(self) -> int:
        return whole_number(str(self.data.get("revision", "")), -1) if self.data is not None else -1

    @property
    def present(self) -> set[int]:
        """Ids of the attendees ticked as present."""
        if self.data is None:
            return {attendee.pk for attendee in self.attendees if attendee.present}
        ticked = set(self.data.getlist("present"))
        return {attendee.pk for attendee in self.attendees if str(attendee.pk) in ticked}

    def is_valid(self) -> bool:
        return all([self.lines.is_valid(), self.steps.is_valid()])

    def errors(self) -> list[tuple[str, str]]:
        """(control id, sentence) for the error summary."""
        found = []
        for formset in (self.lines, self.steps):
            found += [(f"id_{formset.prefix}-TOTAL_FORMS", str(error)) for error in formset.non_form_errors()]
            for form in formset:
                found += [(form[name].auto_id, str(errors[0])) for name, errors in form.errors.items() if name in form.fields]
        return found

    def line_facts(self) -> list[LineFacts]:
        rows = [form.cleaned_data for form in self.lines if form.cleaned_data.get("topic")]
        return [LineFacts(topic=row["topic"], discussed=row["discussed"], agreed=row["agreed"]) for row in rows]

    def step_facts(self) -> list[StepFacts]:
        rows = [form.cleaned_data for form in self.steps if form.cleaned_data.get("text")]
        return [
            StepFacts(
                text=row["text"], owner=self.people.get(row["owner"]), due_at=row.get("due_at"), carried_from_id=row["origin"]
            )
            for row in rows
        ]


def _key(person: Contact | User) -> str:
    return f"{'c' if isinstance(person, Contact) else 'u'}{person.pk}"


def _owners(minutes: Minutes) -> Iterable[Contact | User]:
    """Who can be given a next step: the client's people, colleagues on the account, and whoever has one here already."""
    seen = set()
    already = [step.owner for step in minutes.steps.select_related("contact", "user") if step.owner]
    account = minutes.meeting.account
    for person in [*contacts_for(account), *colleagues_for(account), *already]:
        if _key(person) not in seen:
            seen.add(_key(person))
            yield person


class SendForm(forms.Form):
    """Who signs, who gets a copy, and a personal note."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    signers = ManyField(
        label=gettext_lazy("Who signs"), queryset=Contact.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose who signs the minutes for the client.")},
    )  # fmt: skip
    copies = ManyField(
        label=gettext_lazy("Who gets a copy"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=gettext_lazy("Personal note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the mail, above the button."),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        signers, copies = signers_and_copies(minutes.meeting)
        kwargs.setdefault("initial", {"revision": minutes.revision, "signers": signers, "copies": copies})
        super().__init__(*args, **kwargs)
        assert minutes.meeting.account is not None
        people = addressable(minutes.meeting.account)
        may = [contact.pk for contact in people if contact.may_sign(KIND)]
        fields: dict[str, Any] = self.fields
        known = Contact.objects.filter(client=minutes.meeting.account.client_id)
        fields["signers"].queryset = known.filter(pk__in=may)
        fields["copies"].queryset = known.filter(pk__in=[contact.pk for contact in people])
        for name in ("signers", "copies"):
            fields[name].label_from_instance = _with_title

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "signers" in data and "copies" in data:
            data["copies"] = [contact for contact in data["copies"] if contact not in data["signers"]]
        return data


class ReasonForm(forms.Form):
    reason = reason_field(missing=gettext_lazy("Say why the meeting is cancelled."))

    use_required_attribute = False
