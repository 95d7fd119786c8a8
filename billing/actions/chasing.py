"""Stopping and resuming the reminders of one invoice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency import audit
from agency.errors import WrongState

from .. import mails
from ..models import Invoice
from .approval import checked_reason


@transaction.atomic
def pause_chase(invoice: Invoice, *, reason: str, by: User, now: datetime) -> None:
    """No more reminders for this invoice until resumed: disputed, promised, agreed. Raises Refused, WrongState."""
    require(by, "chase.manage")
    reason = checked_reason(reason)
    if (
        not Invoice.objects.unpaid()
        .filter(pk=invoice.pk, chase_paused_at=None)
        .update(chase_paused_at=now, chase_paused_reason=reason)
    ):
        raise WrongState(_("There is nothing to pause: this invoice isn't being chased."))
    invoice.refresh_from_db()
    audit.record("chase.paused", invoice, by=by, now=now, reason=reason)
    mails.reword_reminders([invoice.pk], now=now)


@transaction.atomic
def resume_chase(invoice: Invoice, *, by: User, now: datetime) -> None:
    """Reminders go on with the latest step that is due, not with a pile of those missed. Raises WrongState."""
    require(by, "chase.manage")
    paused = Invoice.objects.filter(pk=invoice.pk, chase_paused_at__isnull=False)
    if not paused.update(chase_paused_at=None, chase_paused_reason=""):
        raise WrongState(_("This invoice's reminders aren't paused."))
    invoice.refresh_from_db()
    audit.record("chase.resumed", invoice, by=by, now=now)
