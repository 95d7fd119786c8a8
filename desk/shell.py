"""The sidebar: what each role finds there, and how many things wait behind an item.

All counts are one query, each of them over an index; an item whose pages aren't for the person's roles isn't shown. What is
shown is only a convenience: the pages themselves ask who may see what.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import may
from agency import clock
from agency.counts import counts
from agency.models import OutgoingMail
from jobsheets.models import Job
from meetings.models import Meeting
from signoffs.models import SignRequest

from .room import OPEN

_EVERYONE = frozenset(Role)
_CLIENT_SIDE = _EVERYONE - {Role.ADMINISTRATOR}
_NOT_MAKERS = _EVERYONE - {Role.CREATIVE, Role.CREATIVE_DIRECTOR, Role.TRAFFIC}


def _open_jobs(user: User) -> "QuerySet[Any]":
    return Job.objects.visible_to(user).open()


def _waiting_signoffs(user: User) -> "QuerySet[Any]":
    return SignRequest.objects.visible_to(user).open()


def _meetings_without_minutes(user: User) -> "QuerySet[Any]":
    return Meeting.objects.visible_to(user).awaiting_minutes(clock.now())


def _mails_for_a_person(user: User) -> "QuerySet[Any]":
    return OutgoingMail.objects.needs_person(clock.now())


@dataclass(frozen=True)
class Item:
    """One line of the sidebar; `prefixes` are the addresses that belong to it besides its own.

    `permission` (of accounts/permissions.py) is the one its page asks; where everybody may look, `roles` says who cares.
    """

    label: str | Promise
    icon: str
    url_name: str
    roles: frozenset[Role] = _EVERYONE
    waiting: "Callable[[User], QuerySet[Any]] | None" = None  # what is counted behind it
    counted: str | Promise = ""  # what the number counts, for who points at it or hears it
    prefixes: tuple[str, ...] = field(default=())
    embedded_only: bool = False
    permission: str = ""


GROUPS: tuple[tuple[Item, ...], ...] = (
    (
        Item(_("My day"), "my-day", "my_day"),
        Item(_("Jobs"), "job", "job_list", waiting=_open_jobs, counted=_("open"), prefixes=("/jobs/", "/deliverables/")),
        Item(_("Clients"), "client", "client_list", prefixes=("/clients/", "/contacts/", "/brands/")),
        Item(
            _("Sign-offs"),
            "signoff",
            "signrequest_list",
            _CLIENT_SIDE,
            _waiting_signoffs,
            _("waiting for signatures"),
            ("/signoffs/",),
        ),
        Item(
            _("Meetings"),
            "meeting",
            "meeting_list",
            waiting=_meetings_without_minutes,
            counted=_("without minutes"),
            prefixes=("/meetings/",),
        ),
        Item(_("Status reports"), "report", "report_list", _NOT_MAKERS, prefixes=("/reports/",)),
        Item(_("Invoices"), "invoice", "invoice_list", permission="invoices.view", prefixes=("/invoices/",)),
        Item(_("Receivables"), "receivables", "receivables", permission="invoices.view", prefixes=("/receivables/",)),
        Item(_("Chase"), "chase", "chase", permission="chase.manage", prefixes=("/chase/",)),
        Item(_("Dashboard"), "dashboard", "dashboard", permission="dashboard.view", prefixes=("/dashboard/",)),
    ),
    (
        Item(
            _("Outbox"),
            "outbox",
            "outbox",
            _EVERYONE,
            _mails_for_a_person,
            _("need a decision"),
            ("/outbox/",),
            permission="outbox.manage",
        ),
        Item(_("History"), "history", "history_list", permission="outbox.manage", prefixes=("/history/",)),
        Item(_("People"), "people", "user_list", permission="users.manage", prefixes=("/people/",)),
        Item(_("Agency"), "agency", "agency_profile", permission="agency.edit", prefixes=("/agency/",)),
        Item(_("Mailbox"), "mailbox", "mailbox", prefixes=("/mailbox/",), embedded_only=True),
    ),
)


def _is_for(item: Item, user: User) -> bool:
    if user.roles.isdisjoint(item.roles) or (item.embedded_only and not settings.MAILBOX):
        return False
    if user.room and item.url_name not in OPEN:
        return False
    return not item.permission or may(user, item.permission)


def nav(user: User, path: str) -> list[list[dict[str, Any]]]:
    """The sidebar's groups for this colleague, with the item of `path` marked as current. One query counts for all items."""
    groups = [items for group in GROUPS if (items := [item for item in group if _is_for(item, user)])]
    numbers = counts({item.url_name: item.waiting(user) for items in groups for item in items if item.waiting})
    return [[_shown(item, path, numbers.get(item.url_name, 0)) for item in items] for items in groups]


def _shown(item: Item, path: str, count: int) -> dict[str, Any]:
    url = reverse(item.url_name)
    current = path == url or path.startswith(item.prefixes)
    return {"label": item.label, "icon": item.icon, "url": url, "current": current, "count": count, "counted": item.counted}
