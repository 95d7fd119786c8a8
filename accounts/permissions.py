"""Who may do what: one table from action to roles. Actions ask `require` first; templates ask the same by `user|may:"…"`.

Seeing comes before doing: the object is fetched by `visible_to` (404) before this table is asked (403).
"""

from typing import Any

from django.utils.translation import gettext as _

from agency import words
from agency.audit import Actor, Acts
from agency.errors import NotPermitted

from .models import Role, User

_ACCOUNT_SIDE = frozenset({Role.COORDINATOR, Role.AE, Role.MANAGER, Role.DIRECTOR})
_LEADS = frozenset({Role.AE, Role.MANAGER, Role.DIRECTOR})
_ALL = frozenset(Role)

PERMISSIONS: dict[str, frozenset[Role]] = {
    # people and clients
    "agency.edit": frozenset({Role.ADMINISTRATOR}),
    "users.manage": frozenset({Role.ADMINISTRATOR}),
    "clients.create": frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR}),
    "clients.edit": frozenset({Role.AE, Role.MANAGER, Role.DIRECTOR, Role.FINANCE, Role.ADMINISTRATOR}),
    "clients.archive": frozenset({Role.DIRECTOR, Role.ADMINISTRATOR}),
    "contacts.edit": _ACCOUNT_SIDE | {Role.ADMINISTRATOR},
    "contacts.authorise": frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR}),
    "accounts.manage": frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR}),
    "outbox.manage": frozenset({Role.DIRECTOR, Role.ADMINISTRATOR}),
    # jobs
    "jobs.create": _ACCOUNT_SIDE,
    "jobs.edit": _ACCOUNT_SIDE | {Role.TRAFFIC},
    "jobs.submit": _LEADS,
    "jobs.approve_strategy": frozenset({Role.PLANNER, Role.DIRECTOR}),
    "jobs.approve_creative": frozenset({Role.CREATIVE_DIRECTOR, Role.DIRECTOR}),
    "jobs.assign": _LEADS | {Role.TRAFFIC, Role.CREATIVE_DIRECTOR},
    "jobs.acknowledge": _ALL,
    "jobs.hold": _LEADS | {Role.TRAFFIC},
    "jobs.cancel": _LEADS,
    "jobs.close": frozenset({Role.FINANCE}),
    "jobs.reopen": frozenset({Role.FINANCE, Role.DIRECTOR}),
    "jobs.override": frozenset({Role.DIRECTOR}),
    "versions.upload": frozenset({Role.CREATIVE, Role.CREATIVE_DIRECTOR, Role.AE, Role.COORDINATOR, Role.MANAGER}),
    "versions.check": _ALL - {Role.FINANCE, Role.ADMINISTRATOR},
    "versions.release": frozenset({Role.CREATIVE_DIRECTOR}),
    # sign-offs
    "signoffs.send": _LEADS | {Role.COORDINATOR},
    "signoffs.manage": _LEADS | {Role.COORDINATOR},
    "signoffs.confirm_delegate": _LEADS,
    # meetings
    "meetings.write": _ACCOUNT_SIDE | {Role.PLANNER},
    "meetings.send": _ACCOUNT_SIDE,
    # money
    "invoices.view": _ACCOUNT_SIDE | {Role.FINANCE, Role.ADMINISTRATOR},
    "invoices.request": _LEADS,
    "invoices.approve": frozenset({Role.MANAGER, Role.DIRECTOR}),
    "invoices.return": frozenset({Role.MANAGER, Role.DIRECTOR, Role.FINANCE}),
    "invoices.send": _LEADS | {Role.FINANCE},
    "invoices.issue": frozenset({Role.FINANCE}),
    "invoices.credit": frozenset({Role.FINANCE}),
    "payments.record": frozenset({Role.FINANCE}),
    "chase.manage": frozenset({Role.FINANCE, Role.DIRECTOR}),
    # reports
    "reports.edit": _ACCOUNT_SIDE,
    "dashboard.view": frozenset({Role.DIRECTOR, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
}

#: What goes on while a client is in the room: the work one does together with them. All else waits until they have left.
IN_THE_ROOM = frozenset(
    {
        "jobs.create", "jobs.edit", "jobs.submit", "signoffs.send", "signoffs.manage", "signoffs.confirm_delegate",
        "meetings.write", "meetings.send", "invoices.view", "reports.edit", "dashboard.view",
    }
)  # fmt: skip


def may(user: Any, action: str) -> bool:
    """Whether this colleague's roles, and who is in the room, allow `action` (a key of PERMISSIONS)."""
    roles = PERMISSIONS[action]
    if not isinstance(user, User) or not user.is_active or user.roles.isdisjoint(roles):
        return False
    return not user.room or action in IN_THE_ROOM


def require(by: Acts, action: str) -> None:
    """Let the system act; let a colleague act if `may`; raise NotPermitted otherwise."""
    if isinstance(by, Actor) and by.kind == "system":
        return
    if not may(by, action):
        if isinstance(by, User) and by.room:
            raise NotPermitted(_("This can't be done while a client is in the room."))
        roles = sorted(str(Role(role).label) for role in PERMISSIONS[action])
        raise NotPermitted(
            _("Your role doesn't allow this. Ask a colleague who can: %(roles)s.") % {"roles": words.listed(roles)}
        )
