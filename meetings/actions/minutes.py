"""Writing minutes: from the agenda, with what the last meeting left open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from accounts.permissions import require
from agency import audit
from agency.errors import Refused, WrongState
from agency.transitions import move

from ..models import Meeting, MinuteLine, Minutes, NextStep
from ..people import colleagues_for, contacts_for

MAX_LINES, MAX_STEPS = 60, 60


@dataclass(frozen=True)
class LineFacts:
    topic: str
    discussed: str = ""
    agreed: str = ""


@dataclass(frozen=True)
class StepFacts:
    """Who does what by when (UTC). `carried_from` is the step of earlier minutes that this one carries on."""

    text: str
    owner: Contact | User | None = None
    due_at: datetime | None = None
    carried_from_id: int | None = None


@transaction.atomic
def start_minutes(meeting: Meeting, *, by: User, now: datetime) -> Minutes:
    """Begin the minutes: a line for each point of the agenda, and the account's next steps still open since its last
    signed minutes. Answers the ones there are when somebody began already. Raises WrongState for a cancelled meeting."""
    require(by, "meetings.write")
    if meeting.cancelled_at:
        raise WrongState(_("This meeting was cancelled; it has no minutes."))
    if existing := meeting.newest_minutes():
        return existing
    try:
        with transaction.atomic():
            minutes = Minutes.objects.create(meeting=meeting, version=1, written_by=by, created_at=now)
    except IntegrityError:  # a colleague was quicker
        return Minutes.objects.get(meeting=meeting, version=1)
    points = meeting.agenda.values_list("text", flat=True)
    _add_lines(minutes, [LineFacts(topic=text) for text in points])
    _add_steps(minutes, [_carried(step) for step in carried_over(meeting)])
    audit.record("minutes.started", minutes, by=by, now=now)
    return minutes


def carried_over(meeting: Meeting) -> list[NextStep]:
    """What the account's last signed minutes before this meeting left open."""
    if meeting.account_id is None:
        return []
    signed = Minutes.objects.filter(meeting__account=meeting.account_id, status=Minutes.Status.CONFIRMED)
    last = signed.filter(meeting__starts_at__lt=meeting.starts_at).order_by("-meeting__starts_at", "-version").first()
    if last is None:
        return []
    return list(NextStep.objects.open().filter(minutes=last).select_related("contact", "user"))


@transaction.atomic
def edit_minutes(
    minutes: Minutes,
    *,
    lines: Sequence[LineFacts],
    steps: Sequence[StepFacts],
    present: Collection[int],
    revision: int,
    by: User,
    now: datetime,
) -> None:
    """Write the draft anew: its lines, its steps, and which attendees (ids) were there. `revision` is what the form showed.

    Raises WrongState when somebody changed the draft meanwhile or it has gone out; Refused for people of elsewhere.
    """
    require(by, "meetings.write")
    _check(minutes.meeting, lines, steps)
    _claim(minutes, revision)
    origins = set(minutes.steps.exclude(carried_from=None).values_list("carried_from", flat=True))
    minutes.lines.all().delete()
    minutes.steps.all().delete()
    _add_lines(minutes, lines)
    _add_steps(minutes, steps, origins)
    for attendee in minutes.meeting.attendees.all():
        if attendee.present != (attendee.pk in present):
            attendee.present = attendee.pk in present
            attendee.save(update_fields=["present"])
    audit.record("minutes.edited", minutes, by=by, now=now)


@transaction.atomic
def amend_minutes(minutes: Minutes, *, by: User, now: datetime) -> Minutes:
    """Begin the next version of minutes that went out: the same lines and steps, to be put right and sent again.

    What is with the client stays so until the new version is sent. Raises WrongState for a draft or an older version.
    """
    require(by, "meetings.write")
    newest = minutes.meeting.newest_minutes()
    if newest is None or newest.is_draft or newest.pk != minutes.pk:
        raise WrongState(_("There is a newer version of these minutes already. Reload the page to see it."))
    try:
        with transaction.atomic():
            new = Minutes.objects.create(meeting=minutes.meeting, version=minutes.version + 1, written_by=by, created_at=now)
    except IntegrityError:
        return Minutes.objects.get(meeting=minutes.meeting, version=minutes.version + 1)
    _add_lines(new, [LineFacts(line.topic, line.discussed, line.agreed) for line in minutes.lines.all()])
    _add_steps(new, [_carried(step) for step in minutes.steps.select_related("contact", "user")])
    audit.record("minutes.amended", new, by=by, now=now)
    return new


@transaction.atomic
def file_minutes(minutes: Minutes, *, revision: int, by: User, now: datetime) -> None:
    """Internal minutes go to the file: nobody outside signs them. Raises Refused while they are incomplete."""
    from .sending import check_complete, lock_draft

    require(by, "meetings.write")
    if not minutes.meeting.is_internal:
        raise Refused(_("Minutes of a meeting with a client are sent to the client and signed."))
    lock_draft(minutes, revision)
    check_complete(minutes)
    move(minutes, Minutes.Status.FILED, by=by, now=now, action="minutes.filed", sent_at=now)
    Meeting.objects.filter(pk=minutes.meeting_id, minuted_at=None).update(minuted_at=now)


def _carried(step: NextStep) -> StepFacts:
    return StepFacts(text=step.text, owner=step.owner, due_at=step.due_at, carried_from_id=step.pk)


def _claim(minutes: Minutes, revision: int) -> None:
    rows = Minutes.objects.filter(pk=minutes.pk, revision=revision, status=Minutes.Status.DRAFT)
    if not rows.update(revision=F("revision") + 1):
        minutes.refresh_from_db()
        if not minutes.is_draft:
            raise WrongState(_("These minutes have gone out; they can't be changed any more. Amend them instead."))
        raise WrongState(_("A colleague changed these minutes while you were writing. Compare, then save again."))
    minutes.refresh_from_db()


def _check(meeting: Meeting, lines: Sequence[LineFacts], steps: Sequence[StepFacts]) -> None:
    if len(lines) > MAX_LINES or len(steps) > MAX_STEPS:
        raise Refused(_("Minutes can have at most 60 lines and 60 next steps. Split the meeting in two."))
    owners = {step.owner for step in steps if step.owner is not None}
    known = {*contacts_for(meeting.account), *colleagues_for(meeting.account)}
    known |= {attendee.person for attendee in meeting.attendees.select_related("contact", "user")}
    known |= {o.owner for o in NextStep.objects.filter(minutes__meeting=meeting).select_related("contact", "user") if o.owner}
    if owners - known:
        raise Refused(_("Give next steps only to people of this client and to colleagues who see this account."))


def _add_lines(minutes: Minutes, lines: Sequence[LineFacts]) -> None:
    MinuteLine.objects.bulk_create(
        MinuteLine(minutes=minutes, position=place, topic=line.topic, discussed=line.discussed, agreed=line.agreed)
        for place, line in enumerate(lines, start=1)
    )


def _add_steps(minutes: Minutes, steps: Sequence[StepFacts], origins: Collection[int] | None = None) -> None:
    """`origins`: the earlier steps that may be named as carried on; None: all of them."""
    done = dict(
        NextStep.objects.filter(pk__in=[s.carried_from_id for s in steps if s.carried_from_id]).values_list("pk", "done_at")
    )
    rows = []
    for place, step in enumerate(steps, start=1):
        origin = step.carried_from_id if origins is None or step.carried_from_id in origins else None
        rows.append(
            NextStep(
                minutes=minutes,
                position=place,
                text=step.text,
                contact=step.owner if isinstance(step.owner, Contact) else None,
                user=step.owner if isinstance(step.owner, User) else None,
                due_at=step.due_at,
                carried_from_id=origin,
                done_at=done.get(origin) if origin else None,
            )
        )
    NextStep.objects.bulk_create(rows)
