"""The client's page: what is under way, who decides there, what they owe us and we owe them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Client
from accounts.panels import client_panels
from accounts.permissions import may
from accounts.visibility import accounts_for, get_visible_or_404
from agency.clock import now as clock_now
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
    user, now = request.user, clock_now()
    client = get_visible_or_404(Client.objects, user, code=code)
    jobs = Job.objects.visible_to(user).filter(account__client=client)
    alive = load_jobs(jobs.alive().order_by("due_at")[: JOBS + 1])
    unpaid = (
        Invoice.objects.visible_to(user)
        .filter(account__client=client)
        .unpaid()
        .select_related("account__client")
        .order_by("due_on")
    )
    waiting = (
        Signatory.objects.waiting()
        .visible_to(user)
        .filter(contact__client=client)
        .select_related("request__document", "request__account__client")
        .order_by("invited_at")
    )
    sees_money = may(user, "invoices.view")
    entries = AuditEntry.objects.filter(account__in=accounts_for(user).filter(client=client))
    if not sees_money:
        entries = entries.exclude(content_type__app_label="billing")
    context = {
        **client_panels(client, user),
        "jobs": alive[:JOBS],
        "more_jobs": len(alive) > JOBS,
        "waiting": waiting[:FEW],
        "invoices": list(unpaid[:FEW]) if sees_money else [],
        "meetings": Meeting.objects.visible_to(user).filter(account__client=client).with_minutes().order_by("-starts_at")[:FEW],
        "entries": entries.order_by("-at", "-pk")[:FEW],
        "now": now,
    }
    return render(request, "desk/client.html", context)
