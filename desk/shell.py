"""The sidebar: what each role finds there, and how many things wait behind an item.

A count is one indexed query at most; an item whose pages aren't for the person's roles isn't shown. What is shown is only a
convenience: the pages themselves ask who may see what.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from agency import clock
from agency.models import OutgoingMail
from jobsheets.models import Job
from meetings.models import Meeting
from signoffs.models import SignRequest

_EVERYONE = frozenset(Role)
_CLIENT_SIDE = _EVERYONE - {Role.ADMINISTRATOR}
_NOT_MAKERS = _EVERYONE - {Role.CREATIVE, Role.CREATIVE_DIRECTOR, Role.TRAFFIC}
_MONEY = frozenset({Role.AE, Role.MANAGER, Role.DIRECTOR, Role.FINANCE, Role.ADMINISTRATOR})


def _no_count(user: User) -> int:
    return 0


def _open_jobs(user: User) -> int:
    return Job.objects.visible_to(user).open().count()


def _waiting_signoffs(user: User) -> int:
    return SignRequest.objects.visible_to(user).open().count()


def _meetings_without_minutes(user: User) -> int:
    return Meeting.objects.visible_to(user).awaiting_minutes(clock.now()).count()


def _mails_for_a_person(user: User) -> int:
    return OutgoingMail.objects.needs_person(clock.now()).count()


@dataclass(frozen=True)
class Item:
    """One line of the sidebar; `prefix` says which addresses belong to it besides its own."""

    label: str | Promise
    icon: str
    url_name: str
    roles: frozenset[Role] = _EVERYONE
    count: Callable[[User], int] = _no_count
    prefixes: tuple[str, ...] = field(default=())
    embedded_only: bool = False


GROUPS: tuple[tuple[Item, ...], ...] = (
    (
        Item(_("My day"), "my-day", "my_day"),
        Item(_("Jobs"), "job", "job_list", count=_open_jobs, prefixes=("/jobs/", "/deliverables/", "/versions/")),
        Item(_("Clients"), "client", "client_list", prefixes=("/clients/", "/contacts/", "/brands/")),
        Item(_("Sign-offs"), "signoff", "signrequest_list", _CLIENT_SIDE, _waiting_signoffs, ("/signoffs/",)),
        Item(_("Meetings"), "meeting", "meeting_list", count=_meetings_without_minutes, prefixes=("/meetings/",)),
        Item(_("Status reports"), "report", "report_list", _NOT_MAKERS, prefixes=("/reports/",)),
        Item(_("Invoices"), "invoice", "invoice_list", _MONEY, prefixes=("/invoices/",)),
        Item(_("Receivables"), "receivables", "receivables", _MONEY, prefixes=("/receivables/",)),
        Item(_("Chase"), "chase", "chase", frozenset({Role.FINANCE, Role.DIRECTOR}), prefixes=("/chase/",)),
        Item(
            _("Dashboard"),
            "dashboard",
            "dashboard",
            frozenset({Role.DIRECTOR, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
            prefixes=("/dashboard/",),
        ),
    ),
    (
        Item(_("Outbox"), "outbox", "outbox", frozenset({Role.DIRECTOR, Role.ADMINISTRATOR}), _mails_for_a_person, ("/outbox/",)),
        Item(_("People"), "people", "user_list", frozenset({Role.ADMINISTRATOR}), prefixes=("/people/", "/users/")),
        Item(_("Agency"), "agency", "agency_profile", frozenset({Role.ADMINISTRATOR}), prefixes=("/agency/",)),
        Item(_("Mailbox"), "mailbox", "mailbox", prefixes=("/mailbox/",), embedded_only=True),
    ),
)


def _shown(item: Item, user: User, path: str) -> dict[str, Any] | None:
    if user.roles.isdisjoint(item.roles) or (item.embedded_only and not settings.MAILBOX):
        return None
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    current = path == url or path.startswith(item.prefixes)
    return {"label": item.label, "icon": item.icon, "url": url, "current": current, "count": item.count(user)}


def nav(user: User, path: str) -> list[list[dict[str, Any]]]:
    """The sidebar's groups for this colleague, with the item of `path` marked as current."""
    groups = [[shown for item in group if (shown := _shown(item, user, path))] for group in GROUPS]
    return [group for group in groups if group]
