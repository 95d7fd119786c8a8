"""Payments, their reversal, and what clients owe."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.errors import Refused
from agency.paging import page_of
from agency.posting import Done, form_page, posted

from .. import actions, figures
from ..forms import PaymentForm, ReasonForm
from ..models import Invoice, Payment
from .common import code_of, invoice_or_404, person, refused_page, today

#: How many other open invoices of the account a payment form offers.
OTHERS = 30


@require_http_methods(["GET", "HEAD", "POST"])
def payment_record(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    user = person(request)
    require(user, "payments.record")
    if request.method != "POST" and (invoice.is_credit_note or not invoice.open_amount):
        return refused_page(request, _("Nothing is open on this invoice."), invoice)
    others = Invoice.objects.unpaid().filter(account=invoice.account, currency=invoice.currency).exclude(pk=invoice.pk)

    def record(form: PaymentForm) -> Done:
        facts = {name: form.cleaned_data[name] for name in ("received_on", "reference")}
        actions.record_payment(form.amounts(), by=user, now=clock.now(), **facts)
        return _("The payment is recorded."), invoice

    def as_it_stands(_refusal: Refused) -> dict[str, Any]:
        invoice.refresh_from_db(fields=["settled"])
        return {}

    open_ones = [invoice, *others.order_by("due_on", "pk")[:OTHERS]]
    form = posted(PaymentForm, request, invoices=open_ones, initial={"received_on": today()})
    return form_page(request, "billing/payment.html", form, record, {"invoice": invoice}, after_refusal=as_it_stands)


@require_http_methods(["GET", "HEAD", "POST"])
def payment_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    payment: Payment = get_visible_or_404(Payment.objects.select_related("account__client", "by"), user, pk=pk)
    require(user, "payments.record")
    allocations = list(payment.allocations.select_related("invoice"))

    def reverse(form: ReasonForm) -> Done:
        actions.reverse_payment(payment, reason=form.cleaned_data["reason"], by=user, now=clock.now())
        return _("The payment is reversed."), allocations[0].invoice

    form = posted(ReasonForm, request, label=_("Why it is reversed"))
    context = {"payment": payment, "allocations": allocations, "danger": True}
    return form_page(request, "billing/reverse.html", form, reverse, context)


@require_safe
def receivables(request: HttpRequest) -> HttpResponse:
    """Who owes how much for how long, as of today: the sums over all, and the clients a page at a time."""
    user = person(request)
    require(user, "invoices.view")
    day, code = today(), code_of(request, "client")
    page = page_of(figures.ageing_by_client(user, day, client_code=code), request)
    context = {
        "ageing": figures.ageing(user, day, client_code=code),
        "clients": [figures.aged(row) for row in page],
        **figures.owing(user, day, client_code=code),
        "page": page, "day": day, "client": code, "buckets": figures.BUCKETS,
    }  # fmt: skip
    return render(request, "billing/receivables.html", context)
