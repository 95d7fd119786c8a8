"""Forms of the client's side: clients, brands, contacts, the may-sign register, accounts and teams."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agency.amounts import AmountField
from agency.selects import PlainSelect

from ..actions.accounts import ACCOUNT_FIELDS
from ..actions.clients import CLIENT_FIELDS
from ..actions.contacts import CONTACT_FIELDS
from ..fields import validate_client_code
from ..models import Account, Brand, Client, Contact, SigningAuthority, TeamMember, User
from .base import PlainForm, RecordForm, WeekField, country_field, currency_field, zone_field

LIMIT = _("The amount must be a number, such as 1250.00.")


class ClientForm(RecordForm):
    """What stands on a client's papers, and by which calendar and clock it works."""

    currency = currency_field(_("Currency"))
    zone_name = zone_field(_("Time zone"))
    country = country_field(_("Country"), help_text=_("Decides the public holidays."))
    working_week = WeekField(label=_("Working days"))

    missing = {
        "name": _("Enter the client's name."),
        "legal_name": _("Enter the client's legal name."),
        "tax_rate": _("Enter the tax rate, 0 if there is none."),
        "payment_days": _("Enter the days to pay."),
        "working_week": _("Select at least one working day."),
    }

    class Meta:
        model = Client
        fields = CLIENT_FIELDS
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(name="off", legal_name="organization", address="street-address", tax_id="off", zone_name="off")
        self.autocomplete(currency="transaction-currency", country="country", language="off")
        self.fields["tax_rate"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.helper = FormHelper(self)
        self.helper.layout = Layout(*self.first(), *self.rest(), *(["seen"] if "seen" in self.fields else []))

    def first(self) -> list[Any]:
        return [Fieldset(_("Who they are"), "name", "legal_name", "address", "tax_id", "country")]

    def rest(self) -> list[Any]:
        return [
            Fieldset(_("Money"), "currency", "tax_rate", "payment_days", "order_number_required"),
            Fieldset(_("Language and time"), "language", "zone_name", "working_week"),
            Fieldset(_("Status report"), "report_slot", "report_held"),
        ]


class NewClientForm(ClientForm):
    """A client taken on: besides, the code of its papers, and the first account with its lead."""

    code = forms.CharField(
        label=_("Client code"),
        max_length=5,
        validators=[validate_client_code],
        help_text=_("Two to five letters. It begins every number of the client's papers and can't be changed later."),
    )
    account_name = forms.CharField(
        label=_("First account"), max_length=120, help_text=_("The brand or line of business, such as Retail.")
    )
    lead = forms.ModelChoiceField(label=_("Led by"), queryset=User.objects.none(), empty_label=_("Choose a colleague"))

    missing = {
        **ClientForm.missing,
        "code": _("Enter the client's code."),
        "account_name": _("Enter the name of the first account."),
        "lead": _("Select who leads the account."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def first(self) -> list[Any]:
        return [
            Fieldset(_("Who they are"), "name", "code", "legal_name", "address", "tax_id", "country"),
            Fieldset(_("Who looks after them"), "account_name", "lead"),
        ]

    def full_clean(self) -> None:
        # Small letters are taken too: the check is about letters, not about the shift key.
        if self.is_bound and "code" in self.data:
            answers: Any = self.data.copy()  # type: ignore[attr-defined]
            answers["code"] = answers["code"].strip().upper()
            self.data = answers
        super().full_clean()


class BrandForm(RecordForm):
    missing = {"name": _("Enter the brand's name.")}

    class Meta:
        model = Brand
        fields = ("name",)


class ContactForm(RecordForm):
    """A person at the client."""

    zone_name = zone_field(_("Time zone"), empty=_("The client's"), required=False)
    missing = {"full_name": _("Enter the contact's full name."), "email": _("Enter the contact's email address.")}

    class Meta:
        model = Contact
        fields = CONTACT_FIELDS
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "letters_allowed": _("Clear this for top management that must not get letters from account executives."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(full_name="name", email="email", phone="tel", title="organization-title", zone_name="off")
        self.helper = FormHelper(self)
        self.helper.layout = Layout(
            Fieldset(_("Who they are"), "full_name", "title", "email", "phone"),
            Fieldset(_("How they decide"), "seniority", "part", "notes"),
            Fieldset(_("Letters"), "language", "zone_name", "letters_allowed", "gets_invoices", "gets_reports", "gets_minutes"),
            *(["seen"] if "seen" in self.fields else []),
        )


class MaySignForm(PlainForm):
    """A contact's lines of the may-sign register: one box and one amount for each kind of document."""

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {line.kind: line.up_to for line in contact.authorities.all()}
        self.helper = FormHelper(self)
        groups = []
        for kind, label in SigningAuthority.Kind.choices:
            self.fields[f"may_{kind}"] = forms.BooleanField(
                label=_("May sign %(documents)s") % {"documents": label}, required=False, initial=kind in held
            )
            self.fields[f"upto_{kind}"] = AmountField(
                label=_("Up to, in %(currency)s") % {"currency": contact.client.currency},
                help_text=_("Empty: any amount."),
                required=False,
                not_a_number=LIMIT,
                validators=[MinValueValidator(0, LIMIT), MaxValueValidator(10**12 - 1, LIMIT)],
                initial=held.get(kind),
            )
            groups.append(Fieldset(str(label).capitalize(), f"may_{kind}", f"upto_{kind}"))
        self.helper.layout = Layout(*groups)

    def lines(self) -> dict[str, Decimal | None]:
        return {
            kind: self.cleaned_data[f"upto_{kind}"] for kind in SigningAuthority.Kind.values if self.cleaned_data[f"may_{kind}"]
        }


class AccountForm(RecordForm):
    """An account of one client; its brand is one of that client's."""

    brand = forms.ModelChoiceField(
        label=_("Brand"), queryset=Brand.objects.none(), required=False, empty_label=_("No brand of its own")
    )
    missing = {"name": _("Enter the account's name."), "lead": _("Select who leads the account.")}

    class Meta:
        model = Account
        fields = ACCOUNT_FIELDS

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = Brand.objects.visible_to(user).current().filter(client=client)  # type: ignore[attr-defined]
        self.fields["brand"].queryset = brands | Brand.objects.filter(pk=self.instance.brand_id, client=client)  # type: ignore[attr-defined]
        self.fields["lead"].empty_label = _("Choose a colleague")  # type: ignore[attr-defined]
        leads = User.objects.active()
        self.fields["lead"].queryset = leads | User.objects.filter(pk=self.instance.lead_id)  # type: ignore[attr-defined]


class TeamForm(PlainForm):
    """Somebody for the team, and what they do there."""

    user = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), empty_label=_("Choose a colleague"), widget=PlainSelect
    )
    does = forms.CharField(label=_("Does"), max_length=80, required=False, help_text=_("Such as copy or art direction."))
    missing = {"user": _("Select a colleague.")}

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = TeamMember.objects.current().filter(account=account).values("user")
        self.fields["user"].queryset = User.objects.active().exclude(pk__in=there)  # type: ignore[attr-defined]
        self.fields["does"].widget.attrs["autocomplete"] = "off"
