"""Payments, their reversal, and what clients owe."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.errors import NotPermitted, Refused

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
    form = PaymentForm(
        request.POST or None, invoices=[invoice, *others.order_by("due_on", "pk")[:OTHERS]], initial={"received_on": today()}
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_payment(
                form.amounts(), received_on=data["received_on"], reference=data["reference"], by=user, now=clock.now()
            )
            return redirect(invoice)
        except NotPermitted:
            raise
        except Refused as error:
            refused = str(error)
    status = 409 if refused else 422 if form.errors else 200
    invoice.refresh_from_db(fields=["settled"])
    return render(request, "billing/payment.html", {"invoice": invoice, "form": form, "refused": refused}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def payment_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    payment: Payment = get_visible_or_404(Payment.objects.select_related("account__client", "by"), user, pk=pk)
    require(user, "payments.record")
    allocations = list(payment.allocations.select_related("invoice"))
    form = ReasonForm(request.POST or None, label=_("Why it is reversed"))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.reverse_payment(payment, reason=form.cleaned_data["reason"], by=user, now=clock.now())
            return redirect(allocations[0].invoice)
        except NotPermitted:
            raise
        except Refused as error:
            refused = str(error)
    context = {"payment": payment, "allocations": allocations, "form": form, "refused": refused, "danger": True}
    return render(request, "billing/reverse.html", context, status=409 if refused else 422 if form.errors else 200)


@require_safe
def receivables(request: HttpRequest) -> HttpResponse:
    """Who owes how much for how long, as of today."""
    user = person(request)
    require(user, "invoices.view")
    day, code = today(), code_of(request, "client")
    context = {"ageing": figures.ageing(user, day, client_code=code), "day": day, "client": code, "buckets": figures.BUCKETS}
    return render(request, "billing/receivables.html", context)
