"""Lists: meetings, and the next steps of all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Client
from accounts.permissions import may
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.errors import Refused
from agency.paging import page_of

from ..actions import complete_step, reopen_step
from ..models import Meeting, NextStep

#: How many meetings without minutes stand above those to come.
OWED = 5
VIEWS = ("upcoming", "minutes", "mine", "all")


@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Upcoming first; awaiting minutes; mine; all. Filtered by client."""
    user: Any = request.user
    now = clock.now()
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "upcoming"
    clients = list(Client.objects.all().visible_to(user).values_list("code", "name"))
    chosen = request.GET.get("client", "") if request.GET.get("client") in dict(clients) else ""
    visible = Meeting.objects.all().visible_to(user)
    meetings = {
        "upcoming": visible.upcoming(now),
        "minutes": visible.awaiting_minutes(now),
        "mine": visible.attended_by(user),
        "all": visible,
    }[view]
    if chosen:
        meetings = meetings.filter(account__client__code=chosen)
    page = page_of(meetings.with_minutes().select_related("account__client", "called_by"), request)
    owed = visible.awaiting_minutes(now)
    context = {
        "page": page, "rows": page.rows, "view": view, "clients": clients, "chosen": chosen, "filtered": bool(chosen),
        "now": now, "unminuted": owed.count(), "owed": owed.with_minutes().select_related("account__client", "called_by").order_by("ends_at", "pk")[:OWED],
    }  # fmt: skip
    return render(request, "meetings/list.html", context)


@require_GET
def step_list(request: HttpRequest) -> HttpResponse:
    """What somebody still owes, across meetings: mine, or everybody's."""
    user: Any = request.user
    view = "all" if request.GET.get("view") == "all" else "mine"
    steps = NextStep.objects.open().visible_to(user)
    if view == "mine":
        steps = steps.filter(user=user)
    page = page_of(steps.select_related("contact", "user", "minutes__meeting__account__client"), request)
    context = {"page": page, "rows": page.rows, "view": view, "may_write": may(user, "meetings.write")}
    return render(request, "meetings/steps.html", context)


@require_POST
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick a step off, or with `undo` take the tick back."""
    step = get_visible_or_404(NextStep.objects.select_related("minutes__meeting__account__client"), request.user, pk=pk)
    action = reopen_step if request.POST.get("undo") else complete_step
    try:
        action(step, by=request.user, now=clock.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        done = _("Done: %(what)s") if step.done_at else _("Open again: %(what)s")
        messages.success(request, done % {"what": step.text})
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect(step.minutes.meeting)
