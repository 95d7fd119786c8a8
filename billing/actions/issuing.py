"""Issuing: the number, the day, the sums and every text are fixed in one transaction; paper and letters follow by a task."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from accounts.permissions import require
from agency import audit, clock
from agency.doorbell import ring
from agency.errors import Refused, WrongState
from agency.money import format_money, totals
from agency.numbering import next_number
from agency.transitions import move
from jobsheets.models import Job

from .. import mails
from ..figures import first_billed
from ..freezing import frozen_facts
from ..models import Invoice, InvoiceLine, TaxLine
from ._lines import ask_gate, check_total
from .approval import checked_reason
from .drafts import refuse_without_order_number


@transaction.atomic
def issue_invoice(invoice: Invoice, *, by: User, now: datetime) -> None:
    """Give an approved invoice its number and fix all it says; the PDF and the letter with it follow.

    The day is the agency's local day; the number comes from that year's series and goes back if anything here fails.
    Raises WrongState, Refused, NotPermitted.
    """
    require(by, "invoices.issue")
    current = _locked(invoice)
    if current.status != Invoice.Status.APPROVED:
        move(invoice, Invoice.Status.ISSUED, by=by, now=now, action="invoice.issued")  # says why not
    refuse_without_order_number(current)
    lines = list(current.lines.select_related("job"))
    ask_gate((line.job for line in lines), by=by, now=now)
    sums = totals(lines, current.currency)
    check_total(sums, current.currency)
    day = clock.local(now, clock.agency_zone()).date()
    TaxLine.objects.bulk_create(TaxLine(invoice=current, rate=tax.rate, base=tax.base, amount=tax.amount) for tax in sums.taxes)
    # Before the status moves: from then on the database refuses a change of these texts.
    Invoice.objects.filter(pk=current.pk).update(frozen=frozen_facts(current, lines))
    InvoiceLine.objects.filter(invoice=current).update(issued=True)
    move(
        invoice, Invoice.Status.ISSUED, by=by, now=now, action="invoice.issued",
        number=f"{day.year}-{next_number(f'invoice:{day.year}'):05d}", issued_by=by, issued_at=now, issued_on=day,
        due_on=day + timedelta(days=current.payment_days), net=sums.net, tax=sums.tax, gross=sums.gross,
    )  # fmt: skip
    _mark_billed(line.job_id for line in lines)
    invoice.refresh_from_db()
    _ring_renderer(invoice)


@transaction.atomic
def credit_invoice(invoice: Invoice, *, reason: str, by: User, now: datetime) -> Invoice:
    """Take a whole issued invoice back by a credit note in its own series; answers the credit note.

    The original is settled by it and its chase stops. Raises Refused while payments lie on it, WrongState when already credited.
    """
    require(by, "invoices.credit")
    reason = checked_reason(reason)
    original = _locked(invoice)
    if original.is_credit_note or not original.is_issued:
        raise WrongState(_("Only an issued invoice can be credited."))
    if original.credited_at:
        raise WrongState(_("%(number)s is credited already.") % {"number": original.number})
    if original.settled:
        paid = format_money(original.settled, original.currency)
        raise Refused(
            _(
                "%(paid)s has been paid on %(number)s. Reverse the payment first (money sent back, or meant for another invoice), then credit."
            )
            % {"paid": paid, "number": original.number}
        )
    note = _write_credit_note(original, reason, by=by, now=now)
    Invoice.objects.filter(pk=original.pk).update(settled=original.gross or 0, credited_at=now)
    _mark_billed(original.lines.values_list("job", flat=True))
    invoice.refresh_from_db()
    audit.record("invoice.credited", invoice, by=by, now=now, reason=reason, new={"credit_note": note.number})
    mails.reword_reminders([invoice.pk], now=now)
    _ring_renderer(note)
    return note


def _write_credit_note(original: Invoice, reason: str, *, by: User, now: datetime) -> Invoice:
    """The mirror of the original: the same lines and sums, under its own number."""
    day = clock.local(now, clock.agency_zone()).date()
    lines = list(original.lines.select_related("job"))
    sums = totals(lines, original.currency)
    note = Invoice(
        kind=Invoice.Kind.CREDIT_NOTE, credits=original, credit_reason=reason, account=original.account,
        currency=original.currency, order_number=original.order_number, payment_days=original.payment_days,
        status=Invoice.Status.ISSUED, number=f"{day.year}-R-{next_number(f'credit:{day.year}'):05d}",
        issued_on=day, due_on=day, net=original.net, tax=original.tax, gross=original.gross, settled=original.gross or 0,
        created_by=by, created_at=now, issued_by=by, issued_at=now,
    )  # fmt: skip
    note.frozen = frozen_facts(note, lines)
    note.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=note, position=line.position, job=line.job, description=line.description, quantity=line.quantity,
            unit_price=line.unit_price, tax_rate=line.tax_rate, issued=True,
        )
        for line in lines
    )  # fmt: skip
    TaxLine.objects.bulk_create(TaxLine(invoice=note, rate=tax.rate, base=tax.base, amount=tax.amount) for tax in sums.taxes)
    audit.record("credit_note.issued", note, by=by, now=now, reason=reason, new={"credits": original.number})
    return note


@transaction.atomic
def send_again(invoice: Invoice, contact: Contact, *, by: User, now: datetime) -> None:
    """Mail an issued document once more, to any contact of its client. Raises Refused while it has no PDF."""
    require(by, "invoices.send")
    if not invoice.file_id:
        raise Refused(_("The PDF is still being made. Try again in a minute."))
    if contact.client_id != invoice.account.client_id or not contact.is_active:
        raise Refused(_("Choose someone who works at this client."))
    mails.send_document(invoice, [contact], now=now, again=True)
    audit.record("invoice.sent_again", invoice, by=by, now=now, new={"to": contact.full_name, "email": contact.email})


def _locked(invoice: Invoice) -> Invoice:
    found: Invoice = Invoice.objects.select_for_update(of=("self",)).select_related("account__client").get(pk=invoice.pk)
    return found


def _mark_billed(jobs: Iterable[int]) -> None:
    """Say on each job since when it is billed, or that it isn't any more. Locked first: another of its invoices may be on its way."""
    pks = list(Job.objects.select_for_update(no_key=True).filter(pk__in=set(jobs)).order_by("pk").values_list("pk", flat=True))
    Job.objects.filter(pk__in=pks).update(billed_at=first_billed())


def _ring_renderer(invoice: Invoice) -> None:
    from ..tasks import render_invoice

    ring(render_invoice, invoice.pk)
