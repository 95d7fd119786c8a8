"""What needs a colleague today, gathered from every floor and put in one order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import billing.todo
import jobsheets.todo
import meetings.todo
import reporting.todo
import signoffs.todo
from accounts.models import User
from accounts.todo import Todo
from agency.clock import local
from signoffs.models import Signatory

#: Who is asked what needs a colleague; each answers with a constant number of queries.
SOURCES: tuple[Callable[[User, datetime], list[Todo]], ...] = (
    jobsheets.todo.todos,
    signoffs.todo.todos,
    meetings.todo.todos,
    billing.todo.todos,
    reporting.todo.todos,
)
CLOSING_TIME = time(18, 0)  # everything is closed and checked before 18:00 (the AE's daily questions)
WAITING_SHOWN = 8


def todos(user: User, now: datetime) -> list[Todo]:
    """Everything that needs `user`, most urgent first."""
    return sorted((todo for source in SOURCES for todo in source(user, now)), key=lambda todo: todo.rank(now))


def waiting_on_clients(user: User) -> list[Signatory]:
    """Clients' people who have something of ours to answer, longest waiting first."""
    return list(
        Signatory.objects.waiting()
        .filter(contact__isnull=False)
        .visible_to(user)
        .select_related("request__document", "request__account__client")
        .order_by("invited_at")[: WAITING_SHOWN + 1]
    )


@dataclass(frozen=True)
class Greeting:
    """The heading: who is greeted, and how much there is to do."""

    hello: str
    count: str

    def __str__(self) -> str:
        return f"{self.hello} {self.count}"


def greet(user: User, items: list[Todo], now: datetime) -> Greeting:
    here = local(now, user.zone)
    name = {"name": user.full_name.split()[0]}
    if here.hour < 12:
        hello = _("Good morning, %(name)s.") % name
    elif here.hour < 19:
        hello = _("Good afternoon, %(name)s.") % name
    else:
        hello = _("Good evening, %(name)s.") % name
    closing = here.replace(hour=CLOSING_TIME.hour, minute=0, second=0, microsecond=0)
    before_closing = sum(1 for item in items if item.due_at and item.due_at <= closing)
    if not items:
        return Greeting(hello, _("Nothing needs you now."))
    if not before_closing or here > closing:
        return Greeting(hello, ngettext("%(n)s thing needs you.", "%(n)s things need you.", len(items)) % {"n": len(items)})
    words = ngettext(
        "%(n)s thing needs you; before 18:00: %(soon)s.", "%(n)s things need you; before 18:00: %(soon)s.", len(items)
    )
    return Greeting(hello, words % {"n": len(items), "soon": before_closing})
