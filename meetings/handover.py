"""What a leaver leaves behind on meetings: those they were to hold, and next steps they promised."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.handover import register_handover
from accounts.models import User
from agency import audit

from .models import Attendee, Meeting, NextStep


def meetings_of_leaver(leaver: User, successor: User | None, *, by: audit.Acts, now: datetime) -> list[str]:
    """Meetings to come that the leaver called or attends, and held ones whose minutes they owe."""
    mine = Q(called_by=leaver) | Q(pk__in=Attendee.objects.filter(user=leaver).values("meeting"))
    coming = list(Meeting.objects.filter(mine).upcoming(now).select_related("account__client"))
    owed = list(Meeting.objects.filter(called_by=leaver).awaiting_minutes(now).select_related("account__client"))
    if successor is not None:
        for meeting in coming + owed:
            _pass_on(meeting, leaver, successor, by=by, now=now)
    said = []
    if coming:
        n = len(coming)
        said.append(ngettext("%(n)s meeting to come", "%(n)s meetings to come", n) % {"n": n})
    if owed:
        n = len(owed)
        said.append(ngettext("%(n)s meeting without minutes", "%(n)s meetings without minutes", n) % {"n": n})
    return said


def steps_of_leaver(leaver: User, successor: User | None, *, by: audit.Acts, now: datetime) -> list[str]:
    """Next steps the leaver owes. The minutes that went out stay as they are; who owes the step now is ours to say."""
    steps = list(NextStep.objects.filter(user=leaver).open().select_related("minutes__meeting__account__client"))
    if successor is not None:
        for step in steps:
            NextStep.objects.filter(pk=step.pk, done_at=None).update(user=successor)
            _note("step.handed_over", step.minutes.meeting, leaver, successor, by=by, now=now)
    n = len(steps)
    return [ngettext("%(n)s next step they owe", "%(n)s next steps they owe", n) % {"n": n}] if n else []


def _pass_on(meeting: Meeting, leaver: User, successor: User, *, by: audit.Acts, now: datetime) -> None:
    """The successor takes the leaver's chair: as the one who called it, and among those who attend what is to come."""
    if meeting.called_by_id == leaver.pk:
        Meeting.objects.filter(pk=meeting.pk).update(called_by=successor)
    if meeting.ends_at > now:
        Attendee.objects.filter(meeting=meeting, user=leaver).delete()
        Attendee.objects.get_or_create(meeting=meeting, user=successor)
    _note("meeting.handed_over", meeting, leaver, successor, by=by, now=now)


def _note(action: str, meeting: Meeting, leaver: User, successor: User, *, by: audit.Acts, now: datetime) -> None:
    old, new = {"who": leaver.full_name}, {"who": successor.full_name}
    audit.record(action, meeting, by=by, now=now, old=old, new=new)


register_handover(meetings_of_leaver)
register_handover(steps_of_leaver)
