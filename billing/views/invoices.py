"""The list, the page of an issued invoice, its PDF."""

from typing import Any

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import require
from accounts.visibility import clients_for
from agency import files
from agency.mail import mails_about
from agency.models import OutgoingMail
from agency.money import line_total
from agency.paging import page_of

from .. import chase, figures
from ..models import Allocation, Invoice
from .common import code_of, invoice_or_404, person, today
from .drafts import steps_of

#: What ?state= may ask for, in the order of an invoice's life.
STATES = {
    "draft": _("Drafts"),
    "requested": _("To approve"),
    "approved": _("To issue"),
    "open": _("Unpaid"),
    "overdue": _("Overdue"),
    "paid": pgettext_lazy("invoices", "Paid"),
    "credit": _("Credited and credit notes"),
}
BEFORE_ISSUE = ("draft", "requested", "approved")


@require_safe
def invoice_list(request: HttpRequest) -> HttpResponse:
    user, day = person(request), today()
    require(user, "invoices.view")
    state, code, age = request.GET.get("state", ""), code_of(request, "client"), request.GET.get("age", "")
    rows = Invoice.objects.visible_to(user).listed()
    rows = _in_state(rows, state, day)
    if code:
        rows = rows.filter(account__client__code=code)
    if age in figures.BUCKETS:
        rows = figures.of_bucket(rows, age, day)
    # What isn't issued yet comes first: it waits for somebody in the house.
    newest = F("issued_on").desc(nulls_first=True)
    page = page_of(rows.order_by(newest, "-pk") if state not in BEFORE_ISSUE else rows, request)
    for invoice in page:
        invoice.today = day
    figures.add_draft_totals(page.rows)
    states = {key: word for key, word in STATES.items() if not (user.room and key in BEFORE_ISSUE)}
    context = {
        "rows": page.rows, "page": page, "states": states, "state": state, "client": code, "age": age,
        "clients": clients_for(user).order_by("name").values_list("code", "name"), "buckets": figures.BUCKETS,
        # The sum of all invoices ever issued answers no question, and costs the more the longer the agency works.
        "totals": figures.totals_of(rows) if code or age in figures.BUCKETS or state in ("open", "overdue") else [],
        "filtered": state in STATES or bool(code) or age in figures.BUCKETS,
    }  # fmt: skip
    return render(request, "billing/invoice_list.html", context)


def _in_state(rows: Any, state: str, day: Any) -> Any:
    if state in BEFORE_ISSUE:
        return rows.filter(status=state)
    narrowed = {
        "open": lambda: rows.unpaid(),
        "overdue": lambda: rows.overdue(day),
        "paid": lambda: rows.filter(status="issued", kind="invoice", credited_at=None).exclude(pk__in=Invoice.objects.unpaid()),
        "credit": lambda: rows.filter(Q(kind="credit") | Q(credited_at__isnull=False)),
    }
    return narrowed[state]() if state in narrowed else rows


@require_safe
def invoice_detail(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    allocations = Allocation.objects.filter(invoice=invoice).select_related("payment__by", "payment__reversed_by")
    history = chase.history(invoice)
    unpaid = not invoice.is_credit_note and bool(invoice.open_amount)
    chased = unpaid and not invoice.chase_paused_at
    about_it, reminders = _mails(invoice, {letter.key for item in history for letter in item.letters.all()})  # type: ignore[attr-defined]
    context = {
        "invoice": invoice,
        "steps": steps_of(invoice),
        "lines": [{"line": line, "total": line_total(line, invoice.currency)} for line in _lines(invoice)],
        "taxes": invoice.taxes.order_by("-rate"),
        "allocations": allocations.order_by("-payment__received_on", "-pk"),
        "credit_note": invoice.credit_notes.first() if invoice.credited_at else None,
        "mails": about_it,
        "history": history,
        "chase_mails": reminders,
        "coming": chase.coming(invoice, chase.steps(), {item.step_id for item in history}) if chased else None,
        "unpaid": unpaid,
        "nobody": not invoice.client.contacts.filter(gets_invoices=True, archived_at=None).exists(),
    }
    return render(request, "billing/invoice.html", context)


def _lines(invoice: Invoice) -> Any:
    return invoice.lines.select_related("job").order_by("position")


def _mails(invoice: Invoice, keys: set[str]) -> tuple[list[OutgoingMail], list[OutgoingMail]]:
    """The letters with the invoice itself, and its reminders, which may be about other invoices too; newest first."""
    rows = mails_about(invoice) | OutgoingMail.objects.filter(key__in=keys)
    found = list(rows.defer("text", "html").order_by("-created_at", "-pk"))
    return [mail for mail in found if mail.key not in keys], [mail for mail in found if mail.key in keys]


@require_safe
def invoice_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    invoice = invoice_or_404(request, number=number)
    if not invoice.file:
        raise Http404
    return files.file_response(invoice.file, request, inline="inline" in request.GET)


@require_safe
def invoice_preview(request: HttpRequest, number: str) -> HttpResponseBase:
    """The first page as a picture."""
    invoice = invoice_or_404(request, number=number)
    if not invoice.file:
        raise Http404
    return files.preview_response(invoice.file)
