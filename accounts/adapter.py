"""How django-allauth is used here: no open sign-up, its letters leave through the outbox, what it notices is recorded."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest

from agency import clock
from agency.audit import record
from agency.proxies import client_address

from . import mails
from .models import User
from .models.users import NEEDS_SECOND_FACTOR

#: allauth's notices by the template it would have used → how the action is called in our record and our letter.
_NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_changed",
    "mfa/email/totp_activated": "second_factor_added",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/recovery_codes_generated": "recovery_codes_made",
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        mails.password_reset(user, now=clock.now())

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        what = _NOTICES[template_prefix]
        now = clock.now()
        action = "user.password_reset" if template_prefix.endswith("password_reset") else f"user.{what}"
        record(action, user, by=user, now=now)
        mails.security_notice(user, what, now=now)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing else is ever mailed: an unknown address gets no letter, so that nobody can be mailed by strangers."""

    def reauthenticate(self, user: User, password: str) -> bool:
        """Our colleagues have one address, on the user itself; allauth would look for its own table of addresses."""
        self.pre_authenticate(self.request, email=user.email)
        if user.check_password(password):
            self._rollback_login_failed_rl_usage()
            return True
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address for rate limits; those whose address isn't known share one."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 (an address, not a bind)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted under SECRET_KEY: the database alone doesn't give them away."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whose role demands a second factor can't take it away; an administrator can, when the telephone is lost."""
        return settings.EMBEDDED or authenticator.user.roles.isdisjoint(NEEDS_SECOND_FACTOR)


def _box() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{key}".encode()).digest())) for key in keys]
    )
