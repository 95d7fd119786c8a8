"""The director's questions on one page: what is late, unsigned, unminuted, unbilled, overdue."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import require
from agency.clock import agency_zone, local
from agency.clock import now as clock_now
from billing import figures as money
from jobsheets.models import Job, Override
from meetings.models import Meeting
from signoffs.models import SignRequest

#: Rows a list shows here; the figure above it counts all and opens them.
SHOWN = 6


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    require(request.user, "dashboard.view")
    user, now = request.user, clock_now()
    today = local(now, agency_zone()).date()
    late = (
        Job.objects.visible_to(user)
        .open()
        .filter(due_at__lt=now, delivered_at=None)
        .select_related("account__client", "owner")
        .order_by("due_at")
    )
    unsigned = SignRequest.objects.visible_to(user).open().filter(sent_at__isnull=False)
    lists: dict[str, Any] = {
        "late": late,
        "unsigned": unsigned.select_related("document", "account__client").order_by("sent_at"),
        "unminuted": Meeting.objects.visible_to(user).missed_minutes(now).select_related("account__client", "called_by"),
        "unbilled": money.unbilled_jobs(user),
        "overdue": money.overdue(user, today),
    }
    counts = {name: rows.count() for name, rows in lists.items()}
    context = {
        **{name: list(rows[:SHOWN]) for name, rows in lists.items()},
        "counts": counts,
        "figures": attention(counts),
        "ageing": money.ageing(user, today),
        "overrides": Override.objects.visible_to(user).select_related("job__account__client", "by")[:SHOWN],
        "by_status": open_by_status(user),
        "today": today,
        "now": now,
    }
    return render(request, "desk/dashboard.html", context)


def attention(counts: dict[str, int]) -> list[dict[str, Any]]:
    """The five numbers on top; each opens its rows."""
    return [
        {
            "label": _("Overdue jobs"),
            "value": counts["late"],
            "url": f"{reverse('job_list')}?due=late",
            "role": "late" if counts["late"] else "",
        },
        {
            "label": _("Waiting for a signature"),
            "value": counts["unsigned"],
            "url": reverse("signrequest_list"),
            "role": "client" if counts["unsigned"] else "",
        },
        {
            "label": _("Meetings without minutes"),
            "value": counts["unminuted"],
            "note": _("after 24 hours"),
            "url": "#unminuted",
            "role": "late" if counts["unminuted"] else "",
        },
        {
            "label": _("Unbilled since signature"),
            "value": counts["unbilled"],
            "note": ngettext("job, signed off in full", "jobs, signed off in full", counts["unbilled"]),
            "url": "#unbilled",
            "role": "due" if counts["unbilled"] else "",
        },
        {
            "label": _("Invoices overdue"),
            "value": counts["overdue"],
            "url": reverse("receivables"),
            "role": "late" if counts["overdue"] else "",
        },
    ]


def open_by_status(user: User) -> list[dict[str, Any]]:
    """How many jobs stand in each state that isn't an end."""
    alive = [Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD]
    found = Job.objects.visible_to(user).aggregate(**{status: Count("pk", filter=Q(status=status)) for status in alive})
    most = max(found.values(), default=0)
    return [
        {"label": status.label, "value": found[status], "most": most, "url": f"{reverse('job_list')}?status={status}"}
        for status in alive
    ]
