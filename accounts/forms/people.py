"""Forms about colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Role, User
from .base import PlainForm, RecordForm, zone_field

_MISSING = {
    "full_name": _("Enter the colleague's full name."),
    "email": _("Enter the colleague's email address."),
    "roles": _("Select at least one role."),
    "successor": _("Select who takes over."),
}


class UserForm(RecordForm):
    """A colleague's facts and roles, for an administrator."""

    zone_name = zone_field(_("Time zone"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may have several. Changing them logs the colleague out everywhere."),
    )
    missing = _MISSING

    class Meta:
        model = User
        fields = ("full_name", "title", "phone", "language", "zone_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(full_name="off", title="off", phone="off", zone_name="off")
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.roles)


class InviteForm(UserForm):
    """A new colleague."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, help_text=_("One person may have several.")
    )
    email = forms.EmailField(label=_("Email"), max_length=254, help_text=_("They log in with it, and the invitation goes there."))
    field_order = ["full_name", "email", "title", "phone", "roles", "language", "zone_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(email="off")


class ProfileForm(RecordForm):
    """One's own profile."""

    zone_name = zone_field(_("Time zone"), help_text=_("Times on pages and in letters to you are told by this clock."))
    missing = {"full_name": _("Enter your full name.")}

    class Meta:
        model = User
        fields = ("full_name", "title", "phone", "language", "zone_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocomplete(full_name="name", title="organization-title", phone="tel", language="language", zone_name="off")


class HandOverForm(PlainForm):
    """Who takes over everything of a leaver, and whether the leaver's login ends with it."""

    successor = forms.ModelChoiceField(
        label=_("Everything goes to"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    deactivate = forms.BooleanField(label=_("Deactivate the login afterwards"), required=False, initial=True)
    missing = _MISSING

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = User.objects.active().exclude(pk=leaver.pk)  # type: ignore[attr-defined]
