"""The list of clients: who needs something now. The client's page: what is under way, who decides there, what they owe us."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Account, Client
from accounts.panels import add_accounts, client_panels, client_with_accounts
from accounts.permissions import may
from agency import clock
from agency.clock import agency_zone, local
from agency.models import AuditEntry
from agency.paging import page_of
from billing.models import Invoice
from jobsheets.models import Job
from jobsheets.states import load_jobs
from meetings.models import Meeting
from signoffs.models import Signatory, SignRequest

JOBS = 12
FEW = 6


@require_safe
def client_list(request: HttpRequest) -> HttpResponse:
    """The clients one may see, and what needs somebody there; ?q= searches, ?state=archived shows those put away."""
    clients = Client.objects.visible_to(request.user)
    state = request.GET.get("state", "")
    clients = clients.exclude(archived_at=None) if state == "archived" else clients.current()
    words = request.GET.get("q", "").replace("\x00", "")[:100].split()
    for word in words[:6]:
        clients = clients.filter(Q(name__icontains=word) | Q(legal_name__icontains=word) | Q(code__icontains=word))
    if mine := request.GET.get("mine") == "1":
        clients = clients.filter(pk__in=Account.objects.current().filter(lead=request.user).values("client"))
    page = page_of(clients, request)
    add_accounts(list(page.rows), request.user)
    add_needs(list(page.rows), request.user, clock.now())
    context = {
        "rows": page.rows, "page": page, "filtered": bool(words or state or mine),
        "q": " ".join(words), "archived": state == "archived", "mine": mine, "sees_money": may(request.user, "invoices.view"),
    }  # fmt: skip
    return render(request, "desk/client_list.html", context)


def add_needs(clients: list[Any], user: Any, now: datetime) -> None:
    """Set on each client how much of theirs is under way, late, with them, and unpaid past its day. One query for all."""
    jobs = Job.objects.visible_to(user)
    kinds: dict[str, Any] = {
        "under_way": jobs.alive(),
        "late_jobs": jobs.open().filter(due_at__lt=now, delivered_at=None),
        "waiting": SignRequest.objects.visible_to(user).open().filter(sent_at__isnull=False),
        "overdue": Invoice.objects.visible_to(user).overdue(local(now, agency_zone()).date()),
    }
    first, *rest = [
        rows.filter(account__client__in=clients)
        .order_by()
        .values(need=Value(kind), whose=F("account__client"))
        .annotate(n=Count("*"))
        .values_list("need", "whose", "n")
        for kind, rows in kinds.items()
    ]
    found = {(kind, whose): n for kind, whose, n in first.union(*rest, all=True)}
    for client in clients:
        for kind in kinds:
            setattr(client, kind, found.get((kind, client.pk), 0))


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
