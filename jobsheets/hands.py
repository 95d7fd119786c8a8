"""The hands of the agency on a document: who made, checked, released and sent it, and how they were logged in."""

from datetime import datetime

from accounts.models import User

from .models import How, Version


def how_logged_in(user: User) -> How:
    """How this colleague is logged in: whoever has a second factor can't log in without it."""
    from allauth.mfa.utils import is_mfa_enabled

    return How.SECOND_FACTOR if is_mfa_enabled(user) else How.PASSWORD


def hand(user: User, what: str, at: datetime, how: str, role: str = "") -> dict[str, str]:
    """One hand, worded in the active language: it is frozen with the document."""
    return {
        "name": user.full_name,
        "role": role or user.title or ", ".join(str(grant.get_role_display()) for grant in user.role_grants.all()),
        "what": what,
        "at": at.isoformat(),
        "how": str(How(how).label),
    }


def hands_on(version: Version, *, by: User, now: datetime) -> list[dict[str, str]]:
    """Who took part in what the client is asked to sign, in the order it happened, in the active language."""
    from django.utils.translation import gettext as _

    check = version.checks.select_related("by").filter(passed=True).first()
    release = version.releases.select_related("by").filter(released=True).first()
    found = [hand(version.by, _("made it"), version.at, version.how)]
    if check:
        found.append(hand(check.by, _("quality check"), check.at, check.how))
    if release:
        found.append(hand(release.by, _("released it"), release.at, release.how))
    found.append(hand(by, _("sent it"), now, how_logged_in(by)))
    return found
