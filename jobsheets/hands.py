"""The hands of the agency on a version: who made, checked, released and sent it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from signoffs.hands import hand, how_logged_in

from .models import Version


def hands_on(version: Version, *, by: User, now: datetime) -> list[dict[str, str]]:
    """Who took part in what the client is asked to sign, in the order it happened, in the active language."""
    check = version.checks.select_related("by").filter(passed=True).first()
    release = version.releases.select_related("by").filter(released=True).first()
    found = [hand(version.by, _("made it"), version.at, version.how)]
    if check:
        found.append(hand(check.by, _("quality check"), check.at, check.how))
    if release:
        found.append(hand(release.by, _("released it"), release.at, release.how))
    found.append(hand(by, _("sent it"), now, how_logged_in(by)))
    return found
