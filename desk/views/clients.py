"""The client's page: what is under way, who decides there, what they owe us and we owe them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.panels import client_panels, client_with_accounts
from accounts.permissions import may
from agency import clock
from agency.models import AuditEntry
from billing.models import Invoice
from jobsheets.models import Job
from jobsheets.states import load_jobs
from meetings.models import Meeting
from signoffs.models import Signatory

JOBS = 12
FEW = 6


@require_safe
def client_detail(request: HttpRequest, code: str) -> HttpResponse:
    user, now = request.user, clock.now()
    client, accounts = client_with_accounts(user, code)
    unanswered = list(
        Signatory.objects.unanswered()
        .visible_to(user)
        .filter(contact__client=client)
        .select_related("request__document")
        .defer("request__document__data")
        .order_by("turn", "pk")
    )
    jobs = Job.objects.visible_to(user).filter(account__client=client)
    alive = load_jobs(jobs.alive().order_by("due_at")[: JOBS + 1], unanswered, for_the_client=bool(user.room))
    unpaid = Invoice.objects.visible_to(user).filter(account__client=client).unpaid().listed().order_by("due_on")
    meetings = Meeting.objects.visible_to(user).filter(account__client=client)
    sees_money = may(user, "invoices.view")
    entries = AuditEntry.objects.filter(account__in=accounts)
    if not sees_money:
        entries = entries.exclude(content_type__app_label="billing")
    context = {
        **client_panels(client, accounts),
        "jobs": alive[:JOBS],
        "more_jobs": len(alive) > JOBS,
        "waiting": sorted((one for one in unanswered if one.invited_at), key=lambda one: one.invited_at)[:FEW],
        "invoices": list(unpaid[:FEW]) if sees_money else [],
        "meetings": meetings.with_minutes().order_by("-starts_at")[:FEW],
        "entries": entries.order_by("-at", "-pk")[:FEW],
        "now": now,
    }
    return render(request, "desk/client.html", context)
