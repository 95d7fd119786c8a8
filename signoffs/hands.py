"""A hand of the agency on a document: who did what when, and how they were logged in. It is frozen with the document."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class How(models.TextChoices):
    """How the hand that did it was logged in; it stands on the signed document."""

    PASSWORD = "password", _("signed in")
    SECOND_FACTOR = "second_factor", _("signed in, second factor")


def how_logged_in(user: User) -> How:
    """How this colleague is logged in: whoever has a second factor can't log in without it."""
    from allauth.mfa.utils import is_mfa_enabled

    return How.SECOND_FACTOR if is_mfa_enabled(user) else How.PASSWORD


def hand(user: User, what: str, at: datetime, how: str) -> dict[str, str]:
    """One hand, worded in the active language."""
    return {
        "name": user.full_name,
        "role": user.paper_title,
        "what": what,
        "at": at.isoformat(),
        "how": str(How(how).label),
    }
