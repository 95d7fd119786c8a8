"""The forms of the door, in our words; what they do is allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _plain(form: forms.Form, labels: dict[str, Any], missing: dict[str, Any]) -> None:
    form.use_required_attribute = False
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        if name in missing:
            field.error_messages["required"] = missing[name]


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        words = {"login": _("Enter your email address."), "password": _("Enter your password.")}
        _plain(self, {"login": _("Email"), "password": _("Password")}, words)


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        _plain(self, {"email": _("Email")}, {"email": _("Enter your email address.")})


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"password1": _("New password"), "password2": _("New password once more")}
        _plain(self, labels, {"password1": _("Enter a new password."), "password2": _("Enter the new password once more.")})


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("New password once more"),
        }
        missing = {
            "oldpassword": _("Enter your current password."),
            "password1": _("Enter a new password."),
            "password2": _("Enter the new password once more."),
        }
        _plain(self, labels, missing)


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": _("Password")}, {"password": _("Enter your password.")})


_CODE_LABEL = {"code": pgettext_lazy("one-time", "Code")}
_CODE_MISSING = {"code": _("Enter the code from your app.")}


class AuthenticateForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, _CODE_LABEL, _CODE_MISSING)


class SecondReauthenticateForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, _CODE_LABEL, _CODE_MISSING)


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})
        _plain(self, {"code": _("The six digits your app shows now")}, _CODE_MISSING)
