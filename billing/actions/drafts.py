"""Drafts: what an account executive means to bill. No number yet, and nothing promised to anyone."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import lock_for_work
from accounts.models import Account, User
from accounts.permissions import require
from agency import audit
from agency.errors import Refused, WrongState

from ..models import Invoice
from ._lines import LineData, check_lines, write_lines

__all__ = ["LineData", "create_invoice", "discard_draft", "edit_draft"]


@transaction.atomic
def create_invoice(
    account: Account,
    lines: Sequence[LineData],
    *,
    order_number: str = "",
    note: str = "",
    payment_days: int | None = None,
    by: User,
    now: datetime,
) -> Invoice:
    """Draft an invoice to the account's client, in the client's currency and terms. Raises Refused, WrongState (the gate)."""
    require(by, "invoices.request")
    account = lock_for_work(account)
    client = account.client
    check_lines(account, lines, client.currency, by=by, now=now)
    invoice = Invoice.objects.create(
        account=account, currency=client.currency, order_number=order_number.strip(), note=note.strip(),
        payment_days=client.payment_days if payment_days is None else payment_days, created_by=by, created_at=now,
    )  # fmt: skip
    write_lines(invoice, lines)
    audit.record("invoice.drafted", invoice, by=by, now=now, new=_facts(invoice, lines))
    return invoice


@transaction.atomic
def edit_draft(
    invoice: Invoice,
    lines: Sequence[LineData],
    *,
    revision: int,
    order_number: str,
    note: str,
    payment_days: int,
    by: User,
    now: datetime,
) -> None:
    """Change a draft that still stands at `revision`. Raises WrongState when it was changed or requested meanwhile."""
    require(by, "invoices.request")
    check_lines(invoice.account, lines, invoice.currency, by=by, now=now)
    facts = {"order_number": order_number.strip(), "note": note.strip(), "payment_days": payment_days}
    mine = Invoice.objects.filter(pk=invoice.pk, status=Invoice.Status.DRAFT, revision=revision)
    if not mine.update(revision=F("revision") + 1, **facts):
        raise WrongState(
            _(
                "A colleague changed or requested this draft while you were writing. Both versions are shown: compare, then save again."
            )
        )
    old = _facts(invoice, list(invoice.lines.select_related("job")))
    write_lines(invoice, lines)
    invoice.refresh_from_db()
    audit.record("invoice.edited", invoice, by=by, now=now, old=old, new=_facts(invoice, lines))


@transaction.atomic
def discard_draft(invoice: Invoice, *, by: User, now: datetime) -> None:
    """Throw a draft away: it has no number and left the house for nobody. Raises WrongState once it is requested."""
    require(by, "invoices.request")
    locked = Invoice.objects.select_for_update().filter(pk=invoice.pk, status=Invoice.Status.DRAFT).first()
    if locked is None:
        raise WrongState(_("This is no longer a draft. Ask the approver to return it first."))
    audit.record("invoice.discarded", locked, by=by, now=now)
    locked.lines.all().delete()
    locked.delete()


def _facts(invoice: Invoice, lines: Sequence[object]) -> dict[str, object]:
    """A draft as it stands in the record."""
    return {
        "order_number": invoice.order_number,
        "note": invoice.note,
        "payment_days": invoice.payment_days,
        "lines": [
            [line.job.number, line.description, str(line.quantity), str(line.unit_price), str(line.tax_rate)]  # type: ignore[attr-defined]
            for line in lines
        ],
    }


def refuse_without_order_number(invoice: Invoice) -> None:
    """Some clients' bookkeepers send back every invoice without their order number."""
    if invoice.account.client.order_number_required and not invoice.order_number:
        raise Refused(
            _("%(client)s takes no invoice without a purchase order number. Ask for it and enter it first.")
            % {"client": invoice.account.client.name}
        )
