"""The director's questions on one page: what is late, unsigned, unminuted, unbilled, overdue."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import require
from agency import clock
from agency.clock import agency_zone, local
from agency.counts import counts
from billing import figures as money
from jobsheets.models import Job, Override
from meetings.models import Meeting
from signoffs.models import SignRequest

#: Rows a list shows here; the figure above it counts all and opens them.
SHOWN = 6
#: The states of a job that aren't an end.
ALIVE = (Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD)


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    require(request.user, "dashboard.view")
    user, now = request.user, clock.now()
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
    alive: dict[str, Any] = {status.value: Job.objects.visible_to(user).filter(status=status) for status in ALIVE}
    counted = counts({**lists, **alive})
    context = {
        **{name: list(rows[:SHOWN]) for name, rows in lists.items()},
        "counts": counted,
        "figures": attention(counted),
        "ageing": money.ageing(user, today),
        "overrides": Override.objects.visible_to(user).select_related("job__account__client", "by")[:SHOWN],
        "by_status": open_by_status(counted),
        "today": today,
        "now": now,
    }
    return render(request, "desk/dashboard.html", context)


def attention(counted: dict[str, int]) -> list[dict[str, Any]]:
    """The five numbers on top; each opens its rows."""
    return [
        {
            "label": _("Overdue jobs"),
            "value": counted["late"],
            "url": f"{reverse('job_list')}?due=late",
            "role": "late" if counted["late"] else "",
        },
        {
            "label": _("Waiting for a signature"),
            "value": counted["unsigned"],
            "url": reverse("signrequest_list"),
            "role": "client" if counted["unsigned"] else "",
        },
        {
            "label": _("Meetings without minutes"),
            "value": counted["unminuted"],
            "note": _("after 24 hours"),
            "url": "#unminuted",
            "role": "late" if counted["unminuted"] else "",
        },
        {
            "label": _("Unbilled since signature"),
            "value": counted["unbilled"],
            "note": ngettext("job, signed off in full", "jobs, signed off in full", counted["unbilled"]),
            "url": "#unbilled",
            "role": "due" if counted["unbilled"] else "",
        },
        {
            "label": _("Invoices overdue"),
            "value": counted["overdue"],
            "url": reverse("receivables"),
            "role": "late" if counted["overdue"] else "",
        },
    ]


def open_by_status(counted: dict[str, int]) -> list[dict[str, Any]]:
    """How many jobs stand in each state that isn't an end."""
    most = max(counted[status] for status in ALIVE)
    return [
        {"label": status.label, "value": counted[status], "most": most, "url": f"{reverse('job_list')}?status={status}"}
        for status in ALIVE
    ]
