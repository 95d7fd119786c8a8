"""Money that came in. Paid + credited + open = total, always: the invoices' rows are locked while that moves."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency import audit, clock
from agency.errors import Refused, WrongState
from agency.money import format_money, quantize

from .. import mails
from ..models import Allocation, Invoice, Payment
from .approval import checked_reason


@transaction.atomic
def record_payment(
    amounts: Mapping[Invoice, Decimal], *, received_on: date, reference: str = "", by: User, now: datetime
) -> Payment:
    """Record one receipt on the bank account and what it paid: from invoices of one account to the part each gets.

    Each invoice must still stand as the caller saw it (`settled`), so that a form sent twice counts once. Raises Refused when
    more would be paid than is open, WrongState when another payment came in between.
    """
    require(by, "payments.record")
    if received_on > clock.local(now, clock.agency_zone()).date():
        raise Refused(_("The day of the payment must not be in the future."))
    locked = _locked(invoice.pk for invoice in amounts)
    _check_together(locked)
    for seen, amount in amounts.items():
        _check_amount(locked[seen.pk], seen, amount)
    first = next(iter(locked.values()))
    payment = Payment.objects.create(
        account=first.account, received_on=received_on, amount=sum(amounts.values(), Decimal(0)), currency=first.currency,
        reference=reference.strip(), by=by, at=now,
    )  # fmt: skip
    for seen, amount in amounts.items():
        invoice = locked[seen.pk]
        Allocation.objects.create(payment=payment, invoice=invoice, amount=amount)
        _settle(invoice, amount)
        seen.settled = invoice.settled
        new = {
            "amount": str(amount),
            "currency": invoice.currency,
            "money": _plain(amount, invoice.currency),
            "reference": reference,
        }
        audit.record("payment.recorded", invoice, by=by, now=now, new=new)
    mails.reword_reminders(list(locked), now=now)
    return payment


@transaction.atomic
def reverse_payment(payment: Payment, *, reason: str, by: User, now: datetime) -> None:
    """Take back a wrongly recorded payment; it stays to be seen, and what it paid is open again. Raises WrongState."""
    require(by, "payments.record")
    reason = checked_reason(reason)
    allocations = list(Allocation.objects.filter(payment=payment))
    locked = _locked(allocation.invoice_id for allocation in allocations)
    facts = {"reversed_at": now, "reversed_by": by, "reversed_reason": reason}
    if not Payment.objects.filter(pk=payment.pk, reversed_at=None).update(**facts):
        raise WrongState(_("This payment is reversed already."))
    payment.refresh_from_db()
    for allocation in allocations:
        invoice = locked[allocation.invoice_id]
        _settle(invoice, -allocation.amount)
        new = {"amount": str(allocation.amount), "money": _plain(allocation.amount, invoice.currency)}
        audit.record("payment.reversed", invoice, by=by, now=now, reason=reason, new=new)


def _locked(pks: Iterable[int]) -> dict[int, Invoice]:
    """The invoices, locked in one order so that two payments can't wait for each other."""
    rows = (
        Invoice.objects.select_for_update(of=("self",)).select_related("account__client").filter(pk__in=list(pks)).order_by("pk")
    )
    return {invoice.pk: invoice for invoice in rows}


def _check_together(locked: Mapping[int, Invoice]) -> None:
    if not locked:
        raise Refused(_("Enter how much of the payment belongs to which invoice."))
    if len({(invoice.account_id, invoice.currency) for invoice in locked.values()}) > 1:
        raise Refused(_("One payment belongs to one account and one currency. Record the others as payments of their own."))


def _check_amount(invoice: Invoice, seen: Invoice, amount: Decimal) -> None:
    if invoice.is_credit_note or not invoice.is_issued:
        raise WrongState(_("Only issued invoices can be paid."))
    if invoice.credited_at:
        raise WrongState(_("%(number)s is credited: nothing is to be paid on it.") % {"number": invoice.number})
    if invoice.settled != seen.settled:
        raise WrongState(
            _(
                "A payment on %(number)s was recorded or reversed meanwhile. Check what is open now, then enter yours if it is still missing."
            )
            % {"number": invoice.number}
        )
    if amount <= 0 or amount != quantize(amount, invoice.currency):
        raise Refused(_("Enter an amount of more than zero, in whole units of the currency."))
    if amount > invoice.open_amount:
        facts = {"number": invoice.number, "open": format_money(invoice.open_amount, invoice.currency)}
        raise Refused(
            _("Only %(open)s is open on %(number)s. Enter what belongs to it, and the rest on another invoice.") % facts
        )


def _settle(invoice: Invoice, amount: Decimal) -> None:
    """Move the paid amount of a locked invoice."""
    invoice.settled = quantize(invoice.settled + amount, invoice.currency)
    Invoice.objects.filter(pk=invoice.pk).update(settled=invoice.settled)


def _plain(amount: Decimal, currency: str) -> str:
    """An amount for the record, the same in every language."""
    return f"{quantize(amount, currency)} {currency}"
