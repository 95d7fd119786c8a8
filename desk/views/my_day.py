"""The first page: what needs me, with reason, age and the button that does it; what falls due; who hasn't answered."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.todo import Todo
from agency import clock, words
from agency.clock import local
from meetings.day import meetings_of

from .. import day

#: More than this is not a day's work; the rest is counted.
SHOWN = 30


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    meetings = meetings_of(user, now)
    items = day.todos(user, now, meetings)
    rows = [as_row(item, now) for item in items[:SHOWN]]
    limit = max(day.closing_time(user, now), now)
    pressing = sum(1 for item in items[:SHOWN] if item.due_at and item.due_at <= limit)
    waiting = day.waiting_on_clients(user, now)
    last, due = day.due_soon(user, now)
    context = {
        "greeting": day.greet(user, items, now),
        "today": local(now, user.zone).date(),
        "rows": rows,
        "parts": [part for part in (rows[:pressing], rows[pressing:]) if part],
        "pressing": pressing,
        "is_open": now < limit,
        "more": max(len(items) - SHOWN, 0),
        "meetings": meetings.today,
        "now": now,
        "waiting": waiting[: day.FEW],
        "waiting_more": len(waiting) > day.FEW,
        "silent": sum(row.silent for row in waiting),
        "manages": may(user, "signoffs.manage"),
        "due_until": last,
        "due": due[: day.FEW],
        "due_more": len(due) > day.FEW,
    }
    return render(request, "desk/my_day.html", context)


def as_row(item: Todo, now: datetime) -> dict[str, Any]:
    """A todo as templates/cs/todo.html shows it; its badge says how long is left, or how long it has waited."""
    if item.due_at:
        badge = words.left(item.due_at, now)
    elif item.since:
        badge = _("for %(span)s") % {"span": words.span(now - item.since)}
    else:
        badge = ""
    return {
        "icon": item.icon,
        "what": item.what,
        "client": item.client,
        "why": item.why,
        "url": item.url,
        "number": item.number,
        "badge": badge,
        "role": item.role(now),
        "button": item.button,
        "button_url": item.button_url or item.url,
        "post": item.posts,
    }
