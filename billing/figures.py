"""Billing's figures with their definitions. Money is never added up across currencies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Client, User
from agency.money import quantize, totals
from jobsheets.models import Job

from .models import Invoice, InvoiceLine

ZERO = Decimal(0)
#: What is left to pay of an invoice, for the database to add up.
OPEN = F("gross") - F("settled")
#: By due date, in days late: key → (words, from, to). Not due includes the due day itself.
BUCKETS: dict[str, str | Promise] = {
    "current": _("not due"),
    "30": _("1–30 days late"),
    "60": _("31–60 days late"),
    "90": _("61–90 days late"),
    "older": _("over 90 days late"),
}
_LATEST = {"30": 1, "60": 31, "90": 61, "older": 91}
_EARLIEST = {"30": 30, "60": 60, "90": 90}


# Unbilled since signature


def first_billed() -> Subquery:
    """When the first invoice that bills a job and stands (neither credit note nor credited) was issued: Job.billed_at."""
    lines = InvoiceLine.objects.filter(job=OuterRef("pk"), invoice__kind=Invoice.Kind.INVOICE, invoice__credited_at=None)
    issued = lines.filter(invoice__status=Invoice.Status.ISSUED)
    return Subquery(issued.order_by("invoice__issued_at").values("invoice__issued_at")[:1])


def _in_draft() -> Exists:
    """Whether a job is on an invoice that isn't issued yet."""
    return Exists(InvoiceLine.objects.filter(job=OuterRef("pk")).exclude(invoice__status=Invoice.Status.ISSUED))


def _delivered_unbilled() -> QuerySet[Any]:
    """Jobs whose last deliverable the client has signed off, that may be billed and are on no issued invoice."""
    billable = [Job.Status.OPEN, Job.Status.CLOSED]
    return Job.objects.filter(delivered_at__isnull=False, billed_at=None, status__in=billable)


def jobs_to_bill(user: User) -> QuerySet[Any]:
    """Signed off by the client, on no invoice and no draft yet: the longest waiting first."""
    rows = _delivered_unbilled().visible_to(user).filter(~_in_draft())  # type: ignore[attr-defined]
    return rows.select_related("account__client").order_by("delivered_at", "pk")


def unbilled_jobs(user: User) -> QuerySet[Any]:
    """Signed off by the client, on no issued invoice: the longest waiting first. `in_draft`: a draft is on its way."""
    rows = _delivered_unbilled().visible_to(user)  # type: ignore[attr-defined]
    return rows.annotate(in_draft=_in_draft()).select_related("account__client").order_by("delivered_at", "pk")


def proposable_jobs(account: Account) -> QuerySet[Any]:
    """What a new invoice to the account may propose: signed off, and on no invoice or draft yet."""
    return _delivered_unbilled().filter(~_in_draft(), account=account).order_by("delivered_at", "pk")


# Ageing


def _bucket(key: str, today: date) -> Q:
    """The condition on due_on of one bucket."""
    if key == "current":
        return Q(due_on__gte=today)
    condition = Q(due_on__lte=today - timedelta(days=_LATEST[key]))
    return condition & Q(due_on__gte=today - timedelta(days=_EARLIEST[key])) if key in _EARLIEST else condition


def of_bucket(rows: Any, key: str, today: date) -> Any:
    """The unpaid invoices of one bucket."""
    return rows.unpaid().filter(_bucket(key, today))


@dataclass
class Aged:
    """What is open, by bucket, in one currency."""

    currency: str
    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BUCKETS, ZERO))
    code: str = ""
    name: str = ""

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)

    @property
    def overdue(self) -> Decimal:
        return self.total - self.amounts["current"]

    @property
    def cells(self) -> list[tuple[str, Any, Decimal]]:
        """(key, words, amount), oldest last."""
        return [(key, label, self.amounts[key]) for key, label in BUCKETS.items()]

    @property
    def segments(self) -> list[tuple[str, Any, Decimal, str, str]]:
        """(key, words, amount, x, width) of a stacked bar 100 wide; empty buckets are left out."""
        segments, x = [], Decimal(0)
        for key, label, amount in self.cells:
            width = amount * 100 / self.total if self.total else ZERO
            if amount:
                segments.append((key, label, amount, f"{x:.2f}", f"{width:.2f}"))
            x += width
        return segments


def ageing(user: User, today: date, *, client_code: str = "") -> list[Aged]:
    """What the clients the user sees owe together: a sum for each currency."""
    return _by_currency(_owed(user, client_code), today)


def ageing_of_client(client: Client, today: date) -> list[Aged]:
    """All that one client owes, by currency, for a letter about it."""
    return _by_currency(Invoice.objects.unpaid().filter(account__client=client), today)


def ageing_by_client(user: User, today: date, *, client_code: str = "") -> QuerySet[Any]:
    """What each client owes, by currency and then the most overdue first: rows for `aged`, to be read a page at a time."""
    rows = _owed(user, client_code).values("currency", code=F("account__client__code"), name=F("account__client__name"))
    late = Sum(OPEN, filter=Q(due_on__lt=today), default=ZERO)
    return rows.annotate(**_buckets(today), late=late, open=Sum(OPEN)).order_by("currency", "-late", "-open", "name", "code")


def owing(user: User, today: date, *, client_code: str = "") -> dict[str, int]:
    """How many clients owe something (`owing`), and how many of them are past a due date (`late`)."""
    late = Count("account__client", distinct=True, filter=Q(due_on__lt=today))
    return _owed(user, client_code).aggregate(owing=Count("account__client", distinct=True), late=late)


def aged(row: dict[str, Any]) -> Aged:
    """A row of `ageing_by_client`, or one with only a currency, with its amounts as they are written."""
    amounts = {key: quantize(Decimal(row[f"b_{key}"]), row["currency"]) for key in BUCKETS}
    return Aged(row["currency"], amounts, row.get("code", ""), row.get("name", ""))


def _owed(user: User, client_code: str) -> Any:
    rows = Invoice.objects.visible_to(user).unpaid().order_by()
    return rows.filter(account__client__code=client_code) if client_code else rows


def _buckets(today: date) -> dict[str, Sum]:
    return {f"b_{key}": Sum(OPEN, filter=_bucket(key, today), default=ZERO) for key in BUCKETS}


def _by_currency(rows: Any, today: date) -> list[Aged]:
    found = rows.order_by().values("currency").annotate(**_buckets(today))
    return [aged(row) for row in found.order_by("currency")]


def overdue(user: User, today: date) -> QuerySet[Any]:
    """Unpaid after their due date, the oldest first."""
    rows = Invoice.objects.visible_to(user).overdue(today).select_related("account__client")
    return rows.order_by("due_on", "pk")


# Lists


@dataclass(frozen=True)
class CurrencyTotal:
    """The issued invoices of a list in one currency, credit notes taken off: their total, and what is open."""

    currency: str
    gross: Decimal
    open: Decimal


def totals_of(rows: QuerySet[Any]) -> list[CurrencyTotal]:
    """Totals of the issued invoices among `rows`, by currency."""
    found = rows.filter(status=Invoice.Status.ISSUED).order_by().values("currency", "kind")
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for row in found.annotate(all=Sum("gross"), paid=Sum("settled")):
        total, paid = Decimal(row["all"] or 0), Decimal(row["paid"] or 0)
        sums[row["currency"]][0] += total if row["kind"] == Invoice.Kind.INVOICE else -total
        sums[row["currency"]][1] += total - paid
    return [CurrencyTotal(code, quantize(one, code), quantize(two, code)) for code, (one, two) in sorted(sums.items())]


def add_draft_totals(invoices: Sequence[Invoice]) -> None:
    """Give each invoice `shown_total`: stored when issued, else computed from its lines (one query for all)."""
    lines: dict[int, list[InvoiceLine]] = defaultdict(list)
    drafts = [invoice.pk for invoice in invoices if not invoice.is_issued]
    for line in InvoiceLine.objects.filter(invoice__in=drafts) if drafts else []:
        lines[line.invoice_id].append(line)
    for invoice in invoices:
        shown = invoice.gross if invoice.is_issued else totals(lines[invoice.pk], invoice.currency).gross
        invoice.shown_total = shown  # type: ignore[attr-defined]
