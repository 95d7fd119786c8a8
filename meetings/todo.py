"""What meetings ask of a colleague now: for My day."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo

from .models import Meeting, Minutes, NextStep

MOST = 30


def todos(user: User, now: datetime) -> list[Todo]:
    """Minutes I owe within 24 hours, minutes the client objected to, next steps of mine that fall due by tomorrow."""
    rows = [*_steps(user, now)]
    if may(user, "meetings.write"):
        rows += [*_minutes(user, now), *_disputed(user)]
    return rows


def _client(meeting: Meeting) -> str:
    return meeting.account.client.name if meeting.account else ""


def _minutes(user: User, now: datetime) -> list[Todo]:
    awaiting = Meeting.objects.all().visible_to(user).awaiting_minutes(now).filter(called_by=user)
    return [
        Todo(
            icon="minutes",
            what=_("Minutes of “%(title)s”") % {"title": meeting.title},
            why=_("24 hours after the end are over")
            if meeting.minutes_due_at < now
            else _("due 24 hours after the meeting's end"),
            url=meeting.get_absolute_url(),
            button=_("Go on writing") if meeting.newest_status else _("Write the minutes"),
            button_url=reverse("minutes_edit" if meeting.newest_status else "minutes_start", args=[meeting.serial]),
            posts=not meeting.newest_status,
            client=_client(meeting),
            number=meeting.serial,
            due_at=meeting.minutes_due_at,
        )
        for meeting in awaiting.with_minutes().select_related("account__client")[:MOST]
    ]


def _disputed(user: User) -> list[Todo]:
    """Minutes the client objected to or let lapse, and nobody has begun to amend yet."""
    troubled = [Minutes.Status.DISPUTED, Minutes.Status.EXPIRED]
    newer = Minutes.objects.filter(meeting=OuterRef("meeting"), version__gt=OuterRef("version"))
    rows = Minutes.objects.filter(status__in=troubled, meeting__called_by=user).exclude(Exists(newer)).visible_to(user)
    return [
        Todo(
            icon="warning",
            what=_("Minutes of “%(title)s”") % {"title": minutes.meeting.title},
            why=_("the client objects") if minutes.status == Minutes.Status.DISPUTED else _("not answered in time"),
            url=minutes.get_absolute_url(),
            button=_("Amend"),
            client=_client(minutes.meeting),
            number=minutes.reference,
            since=minutes.answered_at or minutes.sent_at,
        )
        for minutes in rows.select_related("meeting__account__client")[:MOST]
    ]


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
        for step in steps.select_related("minutes__meeting__account__client")[:MOST]
    ]
