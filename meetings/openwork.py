"""Meetings that keep an account from being archived: those to come, and those whose minutes nobody has written."""

from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import Account
from accounts.openwork import register_open_work

from .models import Meeting


def to_come(account: Account, *, now: datetime) -> str:
    """Meetings that aren't over yet."""
    n = Meeting.objects.filter(account=account).upcoming(now).count()
    return ngettext("%(n)s meeting is still to come.", "%(n)s meetings are still to come.", n) % {"n": n} if n else ""


def unminuted(account: Account, *, now: datetime) -> str:
    """Meetings that were held and have no minutes out."""
    n = Meeting.objects.filter(account=account).awaiting_minutes(now).count()
    return ngettext("%(n)s meeting has no minutes.", "%(n)s meetings have no minutes.", n) % {"n": n} if n else ""


register_open_work(to_come)
register_open_work(unminuted)
