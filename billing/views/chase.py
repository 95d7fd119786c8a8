"""The chase: what goes out next, what is paused, what a person must decide."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
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

#: How far the page looks ahead and back, and how many it shows of letters and of what is paused.
AHEAD, BACK, FEW = timedelta(days=7), timedelta(days=14), 20


@require_safe
def chase_page(request: HttpRequest) -> HttpResponse:
    user, now = person(request), clock.now()
    require(user, "chase.manage")
    plan = chase.steps()
    page = page_of(chase.ComingUp(user, plan, today() + AHEAD), request)
    invoices = Invoice.objects.listed().in_bulk([row.pk for row in page])
    contacts: dict[int, list[Contact]] = {}
    clients = {invoice.account.client_id for invoice in invoices.values()}
    for contact in Contact.objects.active().filter(client__in=clients, gets_invoices=True):
        contacts.setdefault(contact.client_id, []).append(contact)
    about_money = letters_about_money(user).select_related("client").defer("text", "html")
    reminders = about_money.filter(letter__in=["billing.reminder", "billing.escalation"])
    paused = list(Invoice.objects.visible_to(user).unpaid().exclude(chase_paused_at=None).listed().order_by("chase_paused_at"))
    in_doubt = list(about_money.needs_person(now).order_by("created_at", "pk"))
    context = {
        "coming": [(row, invoices[row.pk], contacts.get(invoices[row.pk].account.client_id, [])) for row in page],
        "count": len(page) if page.number == 1 and not page.has_next else None,
        "page": page,
        "paused": paused[:FEW],
        "more_paused": max(len(paused) - FEW, 0),
        "in_doubt": in_doubt[:FEW],
        "more_in_doubt": max(len(in_doubt) - FEW, 0),
        "recent": reminders.filter(created_at__gte=now - BACK).order_by("-created_at")[:FEW],
        "plan": plan,
        # The same in every row, and a large agency has dozens.
        "directors": format_html_join(
            pgettext("between names", ", "), "<bdi>{}</bdi>", ((director.full_name,) for director in chase.directors())
        ),
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
