"""The steps of an invoice: ask, approve, return, issue, credit, send again. Each confirms or says why not."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require
from agency import clock
from agency.errors import NotPermitted, Refused
from agency.posting import Done, form_page, posted

from .. import actions, mails
from ..forms import ReasonForm, SendAgainForm
from ..models import Invoice
from .common import carry_out, invoice_or_404, person, refused_page, today
from .drafts import draft_context

confirmed = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def request_approval(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    by, now = person(request), clock.now()
    require(by, "invoices.request")
    done = _("Sent for approval. A manager sees it on their day.")
    return carry_out(request, lambda: actions.request_billing(invoice, by=by, now=now), done, invoice)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    by, now = person(request), clock.now()
    require(by, "invoices.approve")
    done = _("Approved. Finance can issue it now.")
    return carry_out(request, lambda: actions.approve_billing(invoice, by=by, now=now), done, invoice)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    by, now = person(request), clock.now()
    require(by, "invoices.request")
    try:
        actions.discard_draft(invoice, by=by, now=now)
    except NotPermitted:
        raise
    except Refused as error:
        return refused_page(request, str(error), invoice)
    return redirect("invoice_list")


@confirmed
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    require(person(request), "invoices.return")
    form = posted(ReasonForm, request, label=_("What has to change"))
    return _confirm(
        request, "billing/return.html", invoice, form,
        lambda form: actions.return_billing(invoice, reason=form.cleaned_data["reason"], by=person(request), now=clock.now()),
    )  # fmt: skip


@confirmed
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    require(person(request), "invoices.issue")
    if invoice.is_issued:
        return redirect(invoice)
    context = draft_context(invoice) | {"contacts": mails.billing_contacts(invoice.client), "today": today()}
    return _confirm(
        request, "billing/issue.html", invoice, None,
        lambda _form: actions.issue_invoice(invoice, by=person(request), now=clock.now()), context=context,
    )  # fmt: skip


@confirmed
def credit(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    require(person(request), "invoices.credit")
    form = posted(
        ReasonForm, request, label=_("Why it is credited"), help_text=_("Printed on the credit note; the client reads it.")
    )
    return _confirm(
        request, "billing/credit.html", invoice, form,
        lambda form: actions.credit_invoice(invoice, reason=form.cleaned_data["reason"], by=person(request), now=clock.now()),
    )  # fmt: skip


@confirmed
def send(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    require(person(request), "invoices.send")
    form = posted(SendAgainForm, request, client=invoice.client)
    return _confirm(
        request, "billing/send.html", invoice, form,
        lambda form: actions.send_again(invoice, form.cleaned_data["contact"], by=person(request), now=clock.now()),
    )  # fmt: skip


def _confirm(
    request: HttpRequest,
    template: str,
    invoice: Invoice,
    form: Any,
    step: Callable[[Any], Any],
    *,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page between a button and its deed; a credit note is where the deed led, else the invoice itself."""

    def act(form: Any) -> Done:
        made = step(form)
        return "", made if isinstance(made, Invoice) else invoice

    return form_page(request, template, form, act, {"invoice": invoice} | (context or {}))
