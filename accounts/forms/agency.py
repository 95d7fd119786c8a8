"""The agency's own profile."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from agency.models import Agency

from ..actions.agency import AGENCY_FIELDS
from .base import RecordForm, TimeInput, WeekField, country_field, currency_field, zone_field


class AgencyForm(RecordForm):
    """What stands on every PDF and letter, and the agency's clock and calendar."""

    country = country_field(_("Country"), required=False)
    holidays_country = country_field(_("Public holidays of"), required=False)
    currency = currency_field(_("Currency"))
    zone_name = zone_field(_("Time zone"))
    working_week = WeekField(label=_("Working days"))
    logo_file = forms.FileField(
        label=_("New logo"), required=False, help_text=_("PNG, JPEG, GIF or WebP. It stands on pages, letters and documents.")
    )
    without_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    missing = {
        "name": _("Enter the agency's name."),
        "working_week": _("Select at least one working day."),
        "opens": _("Enter when the agency opens."),
        "closes": _("Enter when the agency closes."),
    }

    class Meta:
        model = Agency
        fields = AGENCY_FIELDS
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "bank_details": forms.Textarea(attrs={"rows": 3}),
            "opens": TimeInput(),
            "closes": TimeInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(name="organization", legal_name="organization", address="street-address", country="country")
        self.autocomplete(email="email", phone="tel", website="url", zone_name="off", currency="transaction-currency")
        if not self.instance.logo_id:
            del self.fields["without_logo"]
        logo = ["logo_file", *(["without_logo"] if "without_logo" in self.fields else [])]
        self.helper = FormHelper(self)
        self.helper.layout = Layout(
            Fieldset(_("Name and logo"), "name", "legal_name", *logo),
            Fieldset(_("Address"), "address", "country", "tax_id", "email", "phone", "website"),
            Fieldset(_("Money"), "currency", "bank_details", "iban", "bic"),
            Fieldset(_("Language and time"), "language", "zone_name", "working_week", "holidays_country", "opens", "closes"),
            *(["seen"] if "seen" in self.fields else []),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", _("The agency must close after it opens."))
        return cleaned
