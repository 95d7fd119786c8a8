"""The forms of a job sheet: the essentials first, then the brief."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.base import reason_field
from accounts.models import Account, TeamMember, User
from accounts.visibility import clients_for
from agency.amounts import AmountField
from agency.selects import PlainSelect

from .. import gate, issues
from ..actions.sheet import REQUIRED
from ..guidance import HINTS
from ..models import Job
from .fields import MomentField, textarea

TITLE_ERRORS = {
    "required": gettext_lazy("Enter the title."),
    "max_length": gettext_lazy("The title must be 120 characters or less."),
}


class AccountChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.client.name} · {obj.name}"


def team_of(account: Account) -> Any:
    """The active colleagues on the account's team."""
    ids = TeamMember.objects.current().filter(account=account).values("user")
    return User.objects.active().filter(pk__in=ids)


class Essentials(forms.Form):
    """What a job needs to exist: for whom, what, by when."""

    use_required_attribute = False

    account = AccountChoice(
        Account.objects.none(),
        label=gettext_lazy("Client and account"),
        empty_label=gettext_lazy("Choose a client"),
        error_messages={"required": gettext_lazy("Choose the client."), "invalid_choice": gettext_lazy("Choose the client.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, help_text=HINTS["title"], error_messages=TITLE_ERRORS,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Job.Kind.choices)
    due_at = MomentField(label=gettext_lazy("Due"), help_text=gettext_lazy("Day and hour. Agree it with the creatives first."))
    deliverables = forms.CharField(
        label=gettext_lazy("What is delivered"),
        required=False,
        max_length=4000,
        widget=textarea(4),
        help_text=gettext_lazy("One thing a line; sizes after a comma: “Poster, 50 × 70 cm, 4/0”."),
    )
    client_order = forms.CharField(
        label=gettext_lazy("Client's order number"), max_length=60, required=False, help_text=HINTS["client_order"],
        error_messages={"max_length": gettext_lazy("The order number must be 60 characters or less.")},
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Account.objects.visible_to(user).current().filter(client__archived_at=None).select_related("client")
        self.fields["account"].queryset = rows.order_by("client__name", "name")  # type: ignore[attr-defined]

    def clean_deliverables(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["deliverables"].splitlines() if line.strip()]
        if len(lines) > 40:
            raise forms.ValidationError(_("At most 40 things at once. Add the others on the next page."))
        found = []
        for line in lines:
            title, _comma, specification = (part.strip() for part in line.replace("，", ",").replace("،", ",").partition(","))
            if not title or len(title) > 120:
                raise forms.ValidationError(
                    _("Each line begins with a name of 120 characters or less: “%(line)s”.") % {"line": line[:40]}
                )
            found.append((title, specification[:2000]))
        return found


BUDGET_RANGE = gettext_lazy("The budget must be a number from 0, with at most two decimals.")


class SheetForm(forms.Form):
    """The whole sheet, with guidance; carries the revision that was read."""

    use_required_attribute = False

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, help_text=HINTS["title"], error_messages=TITLE_ERRORS,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Job.Kind.choices)
    due_at = MomentField(label=gettext_lazy("Due"))
    owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Account executive"), empty_label=None,
        error_messages={"required": gettext_lazy("Choose the account executive.")},
    )  # fmt: skip
    client_order = forms.CharField(
        label=gettext_lazy("Client's order number"), max_length=60, required=False, help_text=HINTS["client_order"],
        error_messages={"max_length": gettext_lazy("The order number must be 60 characters or less.")},
    )  # fmt: skip
    budget = AmountField(
        label=gettext_lazy("Budget"), required=False, help_text=HINTS["budget"],
        not_a_number=gettext_lazy("The budget must be a number, such as 12500.00."),
        validators=[MinValueValidator(0, BUDGET_RANGE), MaxValueValidator(10**12 - 1, BUDGET_RANGE)],
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, validators=[MinValueValidator(0), MaxValueValidator(2_000_000_000)])

    field_order = ["title", "kind", "due_at", "owner", *issues.BRIEF, "client_order", "budget", "revision"]

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        initial = {name: getattr(job, name) for name in issues.FACTS} | {"owner": job.owner_id, "revision": job.revision}
        super().__init__(*args, **({"initial": initial} | kwargs))
        people = team_of(job.account) | User.objects.filter(pk=job.owner_id)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        for name in issues.BRIEF:
            self.fields[name] = self._text(name)
            if name in REQUIRED:
                self.fields[name].note = _("needed for approval")  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def _text(self, name: str) -> forms.CharField:
        field: Any = Job._meta.get_field(name)
        limit = field.max_length or 4000
        too_long = _("%(field)s must be %(limit)s characters or less.")
        label = field.verbose_name
        return forms.CharField(
            label=str(label).capitalize(), required=False, max_length=limit, help_text=HINTS.get(name, ""),
            widget=textarea(2 if name in ("message", "tone") else 4),
            error_messages={"max_length": too_long % {"field": str(label).capitalize(), "limit": limit}},
        )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class CopyForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, error_messages=TITLE_ERRORS, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    due_at = MomentField(label=gettext_lazy("Due"))


class DueForm(forms.Form):
    use_required_attribute = False
    due_at = MomentField(label=gettext_lazy("New due date"))
    reason = reason_field(gettext_lazy("Reason"), gettext_lazy("Whose days are they? It stands in the job’s history."))


class ReasonForm(forms.Form):
    """One text: why."""

    use_required_attribute = False
    reason = reason_field()


class OverrideForm(forms.Form):
    use_required_attribute = False
    thing = forms.ChoiceField(
        label=gettext_lazy("What may pass"), choices=list(gate.NAMES.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select what may pass."), "invalid_choice": gettext_lazy("Select what may pass.")},
    )  # fmt: skip
    reason = reason_field(gettext_lazy("Reason"), gettext_lazy("It is recorded under your name, and counted."))


class JobFilter(forms.Form):
    """The filters of the list of jobs; the address is the state."""

    q = forms.CharField(label=gettext_lazy("Number or words"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("not closed")), *Job.Status.choices, ("all", gettext_lazy("any"))],
    )  # fmt: skip
    client = forms.ChoiceField(label=gettext_lazy("Client"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Account executive"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("any")), *Job.Kind.choices])
    due = forms.ChoiceField(
        label=gettext_lazy("Due"), required=False,
        choices=[("", gettext_lazy("any time")), ("late", gettext_lazy("late")), ("today", gettext_lazy("today")),
                 ("week", gettext_lazy("in seven days")), ("later", gettext_lazy("later"))],
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owned = Job.objects.visible_to(user).filter(owner=OuterRef("pk"))
        owners = User.objects.filter(Exists(owned)).values_list("pk", "full_name")
        self._offer("client", clients_for(user).order_by("name").values_list("code", "name"))
        self._offer("owner", owners)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.widget = PlainSelect(choices=list(field.choices))  # type: ignore[arg-type]
            field.widget.attrs["class"] = "form-control" if name == "q" else "form-select"

    def _offer(self, name: str, choices: Iterable[tuple[Any, str]]) -> None:
        self.fields[name].choices = [("", gettext_lazy("any")), *choices]  # type: ignore[attr-defined]
