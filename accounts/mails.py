"""Letters to colleagues: invitation, password reset, and notices when something about their login changed."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from allauth.account import app_settings as allauth_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from agency.mail import Recipient, queue, register_letter
from agency.models import OutgoingMail

from .models import User

#: What a notice can be about; the template words each.
NOTICES = frozenset(
    {"password_changed", "second_factor_added", "second_factor_removed", "second_factor_reset", "recovery_codes_made"}
)


def _user_of(mail: OutgoingMail) -> User | None:
    return User.objects.filter(pk=mail.object_id).first()


def password_link(user: User) -> str:
    """The address where `user` chooses a password: good once, for settings.PASSWORD_RESET_TIMEOUT seconds."""
    token = allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    marked = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.SITE_URL + marked.replace("UID-KEY", quote(f"{user_pk_to_url_str(user)}-{token}"))


def _link(mail: OutgoingMail) -> Mapping[str, str]:
    user = _user_of(mail)
    return {"link": password_link(user)} if user else {}


def _still_invited(mail: OutgoingMail) -> bool:
    user = _user_of(mail)
    return user is not None and user.is_active and not user.has_usable_password()


def _still_here(mail: OutgoingMail) -> bool:
    user = _user_of(mail)
    return user is not None and user.is_active


register_letter("accounts.invitation", still_wanted=_still_invited, secrets=_link)
register_letter("accounts.password_reset", still_wanted=_still_here, secrets=_link)
register_letter("accounts.security_notice", still_wanted=_still_here)


def invitation(user: User, *, by: User, now: datetime) -> OutgoingMail:
    """To a new colleague: who invited them, and the link to choose a password."""
    return queue(
        "accounts.invitation",
        to=Recipient.of(user),
        key=f"invitation:{user.pk}:{now.isoformat()}",
        context={"user": user, "inviter": by, "days": _days()},
        about=user,
        reply_to=by.email,
        now=now,
    )


def password_reset(user: User, *, now: datetime) -> OutgoingMail:
    """To a colleague who forgot their password: the link to choose a new one."""
    return queue(
        "accounts.password_reset",
        to=Recipient.of(user),
        key=f"password-reset:{user.pk}:{now.isoformat()}",
        context={"user": user, "days": _days()},
        about=user,
        now=now,
    )


def security_notice(user: User, what: str, *, now: datetime) -> OutgoingMail:
    """To a colleague: something about their login changed (one of NOTICES), and what to do if it wasn't them."""
    return queue(
        "accounts.security_notice",
        to=Recipient.of(user),
        key=f"notice:{what}:{user.pk}:{now.isoformat()}",
        context={"user": user, "what": what, "at": now},
        about=user,
        now=now,
    )


def _days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // 86400
