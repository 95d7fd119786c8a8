"""Whether the money adds up: paid + credited + open = total, net + tax = total, and numbers without a gap."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Left, Length

from agency.models import Counter
from agency.soundness import CHUNK, Tally, checked
from jobsheets.models import Job

from .figures import first_billed
from .models import Allocation, Invoice, Payment, TaxLine

ZERO = Decimal(0)


def _sum(rows: QuerySet, by: str, of: str) -> Coalesce:
    """The sum of `of` in the rows that belong to the outer row by `by`; zero where there are none."""
    added = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(sum=Sum(of)).values("sum")
    return Coalesce(Subquery(added), ZERO, output_field=DecimalField(max_digits=16, decimal_places=3))


@checked("invoices")
def invoices(tally: Tally) -> Iterator[str]:
    """What is settled is what was paid, or the whole where it was credited; the taxes make up the total."""
    paid = Allocation.objects.filter(payment__reversed_at=None)
    rows = Invoice.objects.issued().annotate(
        came=_sum(paid, "invoice", "amount"), tax_bases=_sum(TaxLine.objects.all(), "invoice", "base"),
        tax_sums=_sum(TaxLine.objects.all(), "invoice", "amount"),
    )  # fmt: skip
    for invoice in rows.order_by("pk").iterator(CHUNK):
        tally.seen += 1
        whole = invoice.is_credit_note or invoice.credited_at is not None
        if invoice.settled != (invoice.gross if whole else invoice.came):
            yield f"{invoice.number}: {invoice.settled} is settled, but {invoice.gross if whole else invoice.came} was paid or credited"
        if (invoice.tax_bases, invoice.tax_sums) != (invoice.net, invoice.tax) or (invoice.net or ZERO) + (
            invoice.tax or ZERO
        ) != invoice.gross:
            yield f"{invoice.number}: net and taxes don't make up its total"


@checked("payments")
def payments(tally: Tally) -> Iterator[str]:
    """Each payment is the sum of what it paid."""
    rows = Payment.objects.annotate(parts=_sum(Allocation.objects.all(), "payment", "amount"))
    for payment in rows.order_by("pk").iterator(CHUNK):
        tally.seen += 1
        if payment.amount != payment.parts:
            yield f"payment {payment.pk}: {payment.amount} came in, {payment.parts} is accounted for"


@checked("billed jobs")
def billed(tally: Tally) -> Iterator[str]:
    """A job is billed since the first of its invoices that stand was issued, or not at all."""
    rows = Job.objects.annotate(first=first_billed()).order_by("pk").values_list("number", "billed_at", "first")
    for number, said, first in rows.iterator(CHUNK):
        tally.seen += 1
        if said != first:
            yield f"{number}: billed since {said}, but its first invoice that stands was issued {first}"


@checked("invoice numbers")
def numbers(tally: Tally) -> Iterator[str]:
    """From 1 to where the counter stands, in the series of each year, without a gap."""
    last: dict[str, int] = {}
    rows = (
        Invoice.objects.issued()
        .order_by("kind", Left("number", 4), Length("number"), "number")
        .values_list("kind", "number")
        .iterator(CHUNK)
    )
    for kind, number in rows:
        tally.seen += 1
        year, place = number[:4], int(number.rsplit("-", 1)[1])
        series = f"{'credit' if kind == Invoice.Kind.CREDIT_NOTE else 'invoice'}:{year}"
        if place != last.get(series, 0) + 1:
            yield f"{number} follows number {last.get(series, 0)} of its series"
        last[series] = place
    for name, stands in Counter.objects.filter(name__regex=r"^(invoice|credit):").values_list("name", "last"):
        if stands != last.get(name, 0):
            yield f"counter {name} stands at {stands}, but the last number given is {last.get(name, 0)}"
    for name in set(last) - set(Counter.objects.values_list("name", flat=True)):
        yield f"counter {name} is missing"
