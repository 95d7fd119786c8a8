"""What needs a colleague today, gathered from every floor and put in one order."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import billing.todo
import jobsheets.todo
import reporting.todo
import signoffs.todo
from accounts.models import User
from accounts.todo import Todo, stuck_mails
from agency import clock
from agency.clock import local
from jobsheets.models import Job
from meetings import todo as meetings_todo
from meetings.day import Meetings
from signoffs.models import Signatory

from . import papers

CLOSING_TIME = time(18, 0)  # everything is closed and checked before 18:00 (the AE's daily questions)
#: After this long without an answer somebody should call.
SILENT = timedelta(days=3)
#: How many working days ahead the day looks: what the client asks for next.
AHEAD = 3
#: Rows of a list beside the things to do.
FEW = 8


def todos(user: User, now: datetime, meetings: Meetings | None = None) -> list[Todo]:
    """Everything that needs `user`, most urgent first; each floor answers with a constant number of queries.

    `meetings`: of `meetings_of`, where they have been read already.
    """
    stuck = stuck_mails(user, now)
    found = [
        *jobsheets.todo.todos(user, now),
        *signoffs.todo.todos(user, now, stuck),
        *meetings_todo.todos(user, now, meetings),
        *billing.todo.todos(user, now, stuck),
        *reporting.todo.todos(user, now, stuck),
        *papers.todos(user, now),
    ]
    return sorted(found, key=lambda todo: todo.rank(now))


def closing_time(user: User, now: datetime) -> datetime:
    """Today's end of work on the user's clock."""
    return local(now, user.zone).replace(hour=CLOSING_TIME.hour, minute=0, second=0, microsecond=0)


def waiting_on_clients(user: User, now: datetime) -> list[Any]:
    """Clients' people who have something of ours to answer, longest waiting first; `silent`: time to call them."""
    rows: list[Any] = list(
        Signatory.objects.waiting()
        .filter(contact__isnull=False)
        .visible_to(user)
        .select_related("request__document", "request__account__client", "contact")
        .defer("request__document__data")
        .order_by("invited_at", "pk")[: FEW + 1]
    )
    for row in rows:
        row.silent = row.invited_at < now - SILENT
    return rows


def due_soon(user: User, now: datetime) -> tuple[date, list[Any]]:
    """The last day looked at, and the open jobs due by then: `wanted` deliverables, of which `signed` are signed off."""
    today = local(now, user.zone).date()
    last = clock.add_working_days(today, AHEAD, clock.agency_calendar())
    wanted = Q(deliverables__dropped_at=None)
    jobs = (
        Job.objects.visible_to(user)
        .open()
        .filter(delivered_at=None, due_at__lt=clock.at_local(last + clock.DAY, time(), user.zone))
        .annotate(
            wanted=Count("deliverables", filter=wanted),
            signed=Count("deliverables", filter=wanted & Q(deliverables__signed_off_at__isnull=False)),
        )
        .select_related("account__client", "owner")
        .only("number", "title", "due_at", "owner__full_name", "account__client__name")
        .order_by("due_at", "pk")
    )
    return last, list(jobs[: FEW + 1])


@dataclass(frozen=True)
class Greeting:
    """The heading: who is greeted, and how much there is to do."""

    hello: str
    count: str

    def __str__(self) -> str:
        return f"{self.hello} {self.count}"


def greet(user: User, items: list[Todo], now: datetime) -> Greeting:
    here, closing = local(now, user.zone), closing_time(user, now)
    name = {"name": f"\u2068{user.full_name.split()[0]}\u2069"}  # isolated: the count that follows would swap places with it
    if here.hour < 12:
        hello = _("Good morning, %(name)s.") % name
    elif here.hour < 19:
        hello = _("Good afternoon, %(name)s.") % name
    else:
        hello = _("Good evening, %(name)s.") % name
    before_closing = sum(1 for item in items if item.due_at and item.due_at <= closing)
    if not items:
        return Greeting(hello, _("Nothing needs you now."))
    if not before_closing or here > closing:
        return Greeting(hello, ngettext("%(n)s thing needs you.", "%(n)s things need you.", len(items)) % {"n": len(items)})
    words = ngettext("%(n)s thing needs you, %(soon)s before 18:00.", "%(n)s things need you, %(soon)s before 18:00.", len(items))
    return Greeting(hello, words % {"n": len(items), "soon": before_closing})
