"""What meetings ask of a colleague now: for My day."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo

from .day import TROUBLED, Meetings, meetings_of
from .models import Meeting, Minutes, NextStep

MOST = 30
OF_STEP = ("text", "due_at", "minutes__meeting__serial", "minutes__meeting__title", "minutes__meeting__account__client__name")


def todos(user: User, now: datetime, meetings: Meetings | None = None) -> list[Todo]:
    """Minutes I owe within 24 hours, minutes the client objected to, next steps of mine that fall due by tomorrow.

    `meetings`: of `meetings_of`, where they have been read already.
    """
    rows = [*_steps(user, now)]
    if may(user, "meetings.write"):
        rows += _minutes((meetings or meetings_of(user, now)).unminuted, now)
    return rows


def _client(meeting: Meeting) -> str:
    return meeting.account.client.name if meeting.account else ""


def _minutes(meetings: Iterable[Any], now: datetime) -> list[Todo]:
    """Minutes I owe, and those the client objected to or let lapse and nobody has begun to amend yet."""
    return [_disputed(meeting) if meeting.newest_status in TROUBLED else _owed(meeting, now) for meeting in meetings]


def _owed(meeting: Any, now: datetime) -> Todo:
    late = meeting.minutes_due_at < now
    return Todo(
        icon="minutes",
        what=_("Minutes of “%(title)s”") % {"title": meeting.title},
        why=_("24 hours after the end are over") if late else _("due 24 hours after the meeting's end"),
        url=meeting.get_absolute_url(),
        button=_("Go on writing") if meeting.newest_status else _("Write the minutes"),
        button_url=reverse("minutes_edit" if meeting.newest_status else "minutes_start", args=[meeting.serial]),
        posts=not meeting.newest_status,
        client=_client(meeting),
        number=meeting.serial,
        due_at=meeting.minutes_due_at,
    )


def _disputed(meeting: Any) -> Todo:
    return Todo(
        icon="warning",
        what=_("Minutes of “%(title)s”") % {"title": meeting.title},
        why=_("the client objects") if meeting.newest_status == Minutes.Status.DISPUTED else _("not answered in time"),
        url=meeting.get_absolute_url(),
        button=_("Amend"),
        client=_client(meeting),
        number=f"{meeting.serial} V{meeting.newest_version}",
        since=meeting.answered_at,
    )


def _steps(user: User, now: datetime) -> list[Todo]:
    steps = NextStep.objects.open().filter(user=user).visible_to(user)
    return [
        Todo(
            icon="checked",
            what=step.text,
            why=_("next step of “%(title)s”") % {"title": step.minutes.meeting.title},
            url=step.minutes.get_absolute_url(),
            button=_("Tick it off"),
            client=_client(step.minutes.meeting),
            button_url=reverse("step_done", args=[step.pk]),
            posts=True,
            number=step.minutes.meeting.serial,
            due_at=step.due_at,
        )
        for step in steps.select_related("minutes__meeting__account__client").only(*OF_STEP)[:MOST]
    ]
