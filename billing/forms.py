"""Forms of billing: what a person enters. Rules are the actions'."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import DateInput
from accounts.models import Account, Client, Contact
from agency.amounts import AmountField
from agency.money import digits
from agency.words import isolated
from jobsheets.models import Job

from .actions import LineData
from .actions._lines import MAX_LINES
from .models import Invoice

DAYS = {"min_value": _("Days to pay must be 0 or more."), "max_value": _("Days to pay must be 120 or less.")}


class DraftForm(forms.Form):
    """The head of a draft; `revision` says which version the writer saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    order_number = forms.CharField(label=_("Client's order number"), max_length=60, required=False)
    payment_days = forms.IntegerField(
        label=_("Days to pay"), min_value=0, max_value=120, help_text=_("Counted from the invoice date."),
        error_messages=DAYS | {"required": _("Enter the days to pay."), "invalid": _("Days to pay must be a whole number.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note on the invoice"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Printed below the lines; the client reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if client.order_number_required:
            self.fields["order_number"].help_text = _("This client takes no invoice without one.")


class JobChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title}"


class LineForm(forms.Form):
    """One line. A line left wholly empty is left out."""

    job = JobChoice(
        Job.objects.none(), label=_("Job"), empty_label=_("Choose a job"),
        error_messages={"required": _("Choose which job this line bills."), "invalid_choice": _("Choose a job of this account.")},
    )  # fmt: skip
    description = forms.CharField(
        label=_("What for"), max_length=300, error_messages={"required": _("Enter what this line is for.")}
    )
    quantity = AmountField(
        label=_("Quantity"), not_a_number=_("Quantity must be a number, such as 1 or 2.5."),
        error_messages={"required": _("Enter the quantity.")},
    )  # fmt: skip
    unit_price = AmountField(
        label=_("Price, net"), not_a_number=_("Price must be an amount, such as 1250.00."), fixed=True,
        error_messages={"required": _("Enter the price.")},
    )  # fmt: skip
    tax_rate = AmountField(
        label=_("Tax %"),
        not_a_number=_("Tax must be a percentage, such as 21."),
        error_messages={"required": _("Enter the tax, or 0.")},
    )

    def __init__(self, *args: Any, jobs: Any, currency: str, tax_rate: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].queryset = jobs  # type: ignore[attr-defined]
        self.fields["unit_price"].places = digits(currency)  # type: ignore[attr-defined]
        self.fields["quantity"].initial, self.fields["tax_rate"].initial = Decimal(1), tax_rate
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div(
                Div("job", css_class="col-12 col-lg-4"),
                Div("description", css_class="col-12 col-lg-8"),
                Div("quantity", css_class="col-4 col-lg-2"),
                Div("unit_price", css_class="col-5 col-lg-3"),
                Div("tax_rate", css_class="col-3 col-lg-2"),
                css_class="row g-2",
            )
        )

    def full_clean(self) -> None:
        """An empty line isn't looked at."""
        if self.is_bound and self.is_blank:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity <= 0:
            raise ValidationError(_("Quantity must be more than zero."))
        return quantity

    def clean_tax_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["tax_rate"]
        if not 0 <= rate <= 100:
            raise ValidationError(_("Tax must be between 0 and 100 percent."))
        return rate

    @property
    def is_blank(self) -> bool:
        """Nothing that says what it is for: an extra row nobody used."""
        data = self.data if self.is_bound else {}
        return not any(str(data.get(self.add_prefix(name), "")).strip() for name in ("description", "unit_price"))

    def line(self) -> LineData:
        data = self.cleaned_data
        return LineData(data["job"], data["description"], data["quantity"], data["unit_price"], data["tax_rate"])


class BaseLines(forms.BaseFormSet):
    """The lines of a draft."""

    _offered: list[Any] | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        """The jobs are read once for all lines."""
        super().add_fields(form, index)
        if self._offered is None:
            self._offered = list(form.fields["job"].choices)
        form.fields["job"].choices = self._offered

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "use_required_attribute": False}

    def lines(self) -> list[LineData]:
        return [form.line() for form in self.forms if not form.is_blank]

    def sentences(self) -> list[tuple[str, str]]:
        """(control, sentence) for the error summary."""
        found = [
            (str(form[name].id_for_label), str(errors[0]))
            for form in self.forms
            for name, errors in form.errors.items()
            if name in form.fields
        ]
        return found + [("", str(error)) for error in self.non_form_errors()]


LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLines, extra=1, max_num=MAX_LINES, validate_max=True, absolute_max=MAX_LINES + 1
)


def jobs_of(account: Account) -> Any:
    """The jobs whose work this account may bill, the newest first; cancelled ones and drafts aren't offered."""
    return Job.objects.filter(account=account).exclude(status__in=[Job.Status.DRAFT, Job.Status.CANCELLED]).order_by("-pk")


class ReasonForm(forms.Form):
    """Why something is returned, reversed, credited or paused."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter the reason.")},
    )

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label or self.fields["reason"].label
        self.fields["reason"].help_text = help_text


class PaymentForm(forms.Form):
    """What came in, and how much of it belongs to which open invoice of the account."""

    received_on = forms.DateField(
        label=_("Received on"), widget=DateInput(), input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Enter the day the money came in."), "invalid": _("The day must be a real date.")},
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Bank reference"), max_length=120, required=False, help_text=_("As it stands on the bank statement.")
    )

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoices = {f"amount_{invoice.pk}": invoice for invoice in invoices}
        for place, (name, invoice) in enumerate(self.invoices.items()):
            label = _("Amount for %(number)s (%(currency)s)") % {
                "number": isolated(invoice.number or ""),
                "currency": invoice.currency,
            }
            amount = AmountField(
                label=label, required=place == 0 and len(invoices) == 1, places=digits(invoice.currency), fixed=True,
                not_a_number=_("The amount must be a number, such as 1250.00."),
                error_messages={"required": _("Enter the amount that came in.")},
            )  # fmt: skip
            self.fields[name] = amount
            # What was settled when the page was made: a form sent twice counts once.
            self.fields[f"seen_{invoice.pk}"] = forms.DecimalField(
                widget=forms.HiddenInput, initial=invoice.settled, required=False, max_digits=14, decimal_places=3
            )
        if invoices:
            self.fields[f"amount_{invoices[0].pk}"].initial = invoices[0].open_amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.amounts():
            self.add_error(next(iter(self.invoices)), _("Enter how much came in."))
        return data

    def amounts(self) -> dict[Invoice, Decimal]:
        """By invoice, as the writer saw it."""
        found = {}
        for name, invoice in self.invoices.items():
            amount = self.cleaned_data.get(name)
            if amount:
                seen = self.cleaned_data.get(f"seen_{invoice.pk}")
                invoice.settled = seen if seen is not None else invoice.settled
                found[invoice] = amount
        return found


class SendAgainForm(forms.Form):
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Send to"),
        empty_label=None,
        error_messages={"required": _("Choose who gets it."), "invalid_choice": _("Choose who gets it.")},
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = client.contacts.filter(archived_at=None)  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = lambda contact: f"{contact.full_name} <{contact.email}>"  # type: ignore[attr-defined]
