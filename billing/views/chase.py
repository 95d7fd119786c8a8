"""The chase: what goes out next, what is paused, what a person must decide."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Contact
from accounts.permissions import require
from agency import clock
from agency.paging import page_of
from agency.posting import Done, form_page, posted

from .. import actions, chase
from ..forms import ReasonForm
from ..mails import letters_about_money
from ..models import Invoice
from .common import carry_out, invoice_or_404, person, today

#: How far the page looks ahead and back, and how many letters it shows of those that went out.
AHEAD, BACK, LATELY = timedelta(days=7), timedelta(days=14), 20


@require_safe
def chase_page(request: HttpRequest) -> HttpResponse:
    user, now = person(request), clock.now()
    require(user, "chase.manage")
    plan = chase.steps()
    coming = chase.coming_for(user, plan, today() + AHEAD)
    page = page_of(coming, request)
    invoices = Invoice.objects.listed().in_bulk([row.pk for row in page])
    contacts: dict[int, list[Contact]] = {}
    clients = {invoice.account.client_id for invoice in invoices.values()}
    for contact in Contact.objects.active().filter(client__in=clients, gets_invoices=True):
        contacts.setdefault(contact.client_id, []).append(contact)
    about_money = letters_about_money(user).select_related("client").defer("text", "html")
    reminders = about_money.filter(letter__in=["billing.reminder", "billing.escalation"])
    context = {
        "coming": [(row, invoices[row.pk], contacts.get(invoices[row.pk].account.client_id, [])) for row in page],
        "count": len(coming),
        "page": page,
        "paused": Invoice.objects.visible_to(user).unpaid().exclude(chase_paused_at=None).listed(),
        "in_doubt": about_money.needs_person(now),
        "recent": reminders.filter(created_at__gte=now - BACK).order_by("-created_at")[:LATELY],
        "plan": plan,
        "directors": chase.directors(),
        "today": today(),
    }
    return render(request, "billing/chase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    require(person(request), "chase.manage")

    def stop(form: ReasonForm) -> Done:
        actions.pause_chase(invoice, reason=form.cleaned_data["reason"], by=person(request), now=clock.now())
        return "", invoice

    form = posted(ReasonForm, request, label=_("Why the reminders pause"))
    return form_page(request, "billing/pause.html", form, stop, {"invoice": invoice})


@require_POST
def resume(request: HttpRequest, number: str) -> HttpResponse:
    invoice = invoice_or_404(request, number=number)
    by, now = person(request), clock.now()
    require(by, "chase.manage")
    done = _("The reminders go on with the next step that is due.")
    return carry_out(request, lambda: actions.resume_chase(invoice, by=by, now=now), done, invoice)
