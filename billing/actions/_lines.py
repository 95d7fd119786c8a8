"""What the lines of an invoice must keep to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Account
from agency import audit
from agency.errors import Refused
from agency.money import Totals, digits, format_money, totals
from jobsheets import gate
from jobsheets.models import Job

from ..models import Invoice, InvoiceLine

MAX_LINES = 100
#: The largest total our columns hold, with room for tax.
MAX_TOTAL = Decimal("9999999999")


@dataclass(frozen=True)
class LineData:
    """One line as it is asked for; prices net, in the client's currency, tax in percent."""

    job: Job
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal


def check_lines(account: Account, lines: Sequence[LineData], currency: str, *, by: audit.Acts, now: datetime) -> None:
    """Raise Refused unless every line is whole, bills a job of the account that may be billed, and the total fits."""
    if not lines:
        raise Refused(_("Add at least one line: an invoice says what it is for."))
    if len(lines) > MAX_LINES:
        raise Refused(_("An invoice takes at most %(count)s lines. Make a second one for the rest.") % {"count": MAX_LINES})
    for line in lines:
        _check_line(account, line, currency)
    ask_gate((line.job for line in lines), by=by, now=now)
    check_total(totals(lines, currency), currency)


def _check_line(account: Account, line: LineData, currency: str) -> None:
    if line.job.account_id != account.pk:
        raise Refused(_("Every line must name a job of this account. Choose another job, or make a second invoice."))
    if not line.description.strip():
        raise Refused(_("Describe what each line is for."))
    if line.quantity <= 0:
        raise Refused(_("Quantities must be more than zero. Write a discount as a line with a negative price."))
    if not 0 <= line.tax_rate <= 100:
        raise Refused(_("Tax must be between 0 and 100 percent."))
    for amount, places in ((line.quantity, 2), (line.tax_rate, 2), (line.unit_price, digits(currency))):
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -places:
            raise Refused(_("Quantities and tax take two decimal places, prices those of the currency."))


def check_total(sums: Totals, currency: str) -> None:
    if sums.gross > MAX_TOTAL:
        raise Refused(_("The total is more than %(limit)s. Check quantities and prices.") % {
            "limit": format_money(MAX_TOTAL, currency)
        })  # fmt: skip
    if sums.net < 0 or sums.gross <= 0:
        raise Refused(_("The total must be more than zero. To give money back, credit the invoice it was paid on."))


def ask_gate(jobs: Iterable[Job], *, by: audit.Acts, now: datetime) -> None:
    """Invoicing needs jobs that are open or closed, or a director's word; each job is asked once."""
    for job in {job.pk: job for job in jobs}.values():
        gate.require(job, "invoice", by=by, now=now)


def write_lines(invoice: Invoice, lines: Sequence[LineData]) -> None:
    """Replace the lines of a draft."""
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice, position=place, job=line.job, description=line.description.strip(),
            quantity=line.quantity, unit_price=line.unit_price, tax_rate=line.tax_rate,
        )
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
