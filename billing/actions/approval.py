"""The billing request: the account executive asks, a manager who didn't ask approves or returns it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency.errors import NotPermitted, Refused
from agency.money import totals
from agency.transitions import move

from ..models import Invoice
from ._lines import ask_gate, check_total
from .drafts import refuse_without_order_number

MAX_REASON = 1000


@transaction.atomic
def request_billing(invoice: Invoice, *, by: User, now: datetime) -> None:
    """Ask a manager to approve the draft. Raises Refused without the order number the client demands, WrongState (the gate)."""
    require(by, "invoices.request")
    refuse_without_order_number(invoice)
    _check_again(invoice, by=by, now=now)
    move(
        invoice, Invoice.Status.REQUESTED, by=by, now=now, action="invoice.requested",
        requested_by=by, requested_at=now, returned_reason="",
    )  # fmt: skip


@transaction.atomic
def approve_billing(invoice: Invoice, *, by: User, now: datetime) -> None:
    """Approve a request; whoever asked can't. Raises NotPermitted, WrongState."""
    require(by, "invoices.approve")
    current = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if current.requested_by_id == by.pk:
        raise NotPermitted(_("You asked for this invoice yourself. Someone else has to approve it."))
    _check_again(current, by=by, now=now)
    move(invoice, Invoice.Status.APPROVED, by=by, now=now, action="invoice.approved", approved_by=by, approved_at=now)


@transaction.atomic
def return_billing(invoice: Invoice, *, reason: str, by: User, now: datetime) -> None:
    """Send a requested or approved invoice back to draft, with what is wrong. Managers and finance may."""
    require(by, "invoices.return")
    reason = checked_reason(reason)
    move(
        invoice, Invoice.Status.DRAFT, by=by, now=now, action="invoice.returned", reason=reason, returned_reason=reason,
        approved_by=None, approved_at=None, requested_by=None, requested_at=None,
    )  # fmt: skip


def checked_reason(reason: str) -> str:
    """A reason that says something. Raises Refused."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why, in a sentence: it stays in the history."))
    if len(reason) > MAX_REASON:
        raise Refused(_("The reason must be %(limit)s characters or less.") % {"limit": MAX_REASON})
    return reason


def _check_again(invoice: Invoice, *, by: User, now: datetime) -> None:
    """A job may have been cancelled since the draft was written."""
    lines = list(invoice.lines.select_related("job"))
    check_total(totals(lines, invoice.currency), invoice.currency)
    ask_gate((line.job for line in lines), by=by, now=now)
