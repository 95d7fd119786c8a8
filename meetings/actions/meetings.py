"""Calling, changing and cancelling a meeting, and telling the client its agenda."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import lock_for_work
from accounts.models import Account, Contact, User
from accounts.permissions import require
from agency import audit
from agency.clock import agency_zone, local
from agency.errors import Refused, WrongState
from agency.numbering import next_number

from .. import mails
from ..models import LONGEST, AgendaPoint, Attendee, Meeting
from ..people import colleagues_for, contacts_for

MAX_POINTS = 30


@dataclass(frozen=True)
class MeetingFacts:
    """What a meeting is about, when (UTC), where, with whom and along which agenda."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    purpose: str = ""
    place: str = ""
    contacts: list[Contact] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)
    agenda: list[str] = field(default_factory=list)


@transaction.atomic
def create_meeting(account: Account | None, facts: MeetingFacts, *, by: User, now: datetime) -> Meeting:
    """Call a meeting on an account, or an internal one (None). It gets its serial at once; whoever calls it attends.

    Raises NotPermitted, or Refused when the account is archived or the facts don't fit together.
    """
    require(by, "meetings.write")
    account = lock_for_work(account) if account else None
    _check(account, facts)
    meeting = Meeting(account=account, called_by=by, created_at=now, serial=_serial(account, now))
    _write(meeting, facts)
    meeting.save()
    _invite(meeting, facts, by)
    _set_agenda(meeting, facts.agenda)
    audit.record("meeting.called", meeting, by=by, now=now, new={"starts_at": meeting.starts_at, "title": meeting.title})
    return meeting


@transaction.atomic
def edit_meeting(meeting: Meeting, facts: MeetingFacts, *, revision: int, by: User, now: datetime) -> Meeting:
    """Change a meeting that has no minutes out yet. `revision` is the one the form showed.

    Raises WrongState when somebody changed it meanwhile, when it was cancelled or its minutes are out.
    """
    require(by, "meetings.write")
    _check(meeting.account, facts)
    _claim(meeting, revision)
    old = {name: getattr(meeting, name) for name in ("title", "starts_at", "ends_at", "place")}
    _write(meeting, facts)
    meeting.save(update_fields=["title", "kind", "purpose", "starts_at", "ends_at", "place"])
    _invite(meeting, facts, meeting.called_by)
    _set_agenda(meeting, facts.agenda)
    new = {name: getattr(meeting, name) for name in old}
    audit.record("meeting.edited", meeting, by=by, now=now, old=old, new=new)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User, now: datetime) -> None:
    """Call it off, with a reason. Contacts who got the agenda are told. Raises WrongState once minutes are out."""
    require(by, "meetings.write")
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the meeting is cancelled."))
    rows = Meeting.objects.filter(pk=meeting.pk, cancelled_at=None, minuted_at=None)
    if not rows.update(cancelled_at=now, cancelled_reason=reason, revision=F("revision") + 1):
        raise WrongState(_("This meeting was cancelled already, or its minutes are out."))
    meeting.refresh_from_db()
    audit.record("meeting.cancelled", meeting, by=by, now=now, reason=reason)
    if meeting.agenda_sent_at and meeting.starts_at > now:
        for contact in _told(meeting):
            mails.cancelled(meeting, contact, by=by, now=now)


@transaction.atomic
def send_agenda(meeting: Meeting, *, times: int | None = None, by: User, now: datetime) -> list[Contact]:
    """Send the outline to the client's attendees, each in their language. Answers to whom.

    `times`: how often it had been sent when the sender read the page, by default the meeting. Raises WrongState when it was sent
    since, or the meeting is over; Refused when there is no client, nobody to send it to, or nothing on the agenda.
    """
    require(by, "meetings.send")
    if meeting.cancelled_at or meeting.ends_at <= now:
        raise WrongState(_("This meeting is over or was cancelled; its agenda can't be sent any more."))
    if meeting.is_internal:
        raise Refused(_("An internal meeting has no client to send the agenda to."))
    contacts = _told(meeting)
    if not contacts:
        raise Refused(_("Nobody of the client is invited who may be written to. Invite someone first."))
    if not meeting.agenda.exists():
        raise Refused(_("The agenda is empty. Add at least one point first."))
    read = Meeting.objects.filter(pk=meeting.pk, agenda_sent_count=meeting.agenda_sent_count if times is None else times)
    if not read.update(agenda_sent_at=now, agenda_sent_count=F("agenda_sent_count") + 1):
        raise WrongState(_("The agenda has just been sent. Send it again only if something has changed."))
    meeting.refresh_from_db(fields=["agenda_sent_at", "agenda_sent_count"])
    for contact in contacts:
        mails.agenda(meeting, contact, by=by, now=now)
    audit.record("meeting.agenda_sent", meeting, by=by, now=now, new={"to": ", ".join(c.full_name for c in contacts)})
    return contacts


def _told(meeting: Meeting) -> list[Contact]:
    invited = Attendee.objects.filter(meeting=meeting, contact__isnull=False).select_related("contact__client")
    people = [attendee.contact for attendee in invited if attendee.contact]
    return [contact for contact in people if contact.is_active and contact.letters_allowed]


def _serial(account: Account | None, now: datetime) -> str:
    """ACM-M-26-0007; internal M-26-0007. The year is the agency's."""
    year = f"{local(now, agency_zone()).year % 100:02d}"
    if account is None:
        return f"M-{year}-{next_number(f'minutes:internal:{year}'):04d}"
    return f"{account.client.code}-M-{year}-{next_number(f'minutes:{account.client_id}:{year}'):04d}"


def _claim(meeting: Meeting, revision: int) -> None:
    rows = Meeting.objects.filter(pk=meeting.pk, revision=revision, cancelled_at=None, minuted_at=None)
    if not rows.update(revision=F("revision") + 1):
        meeting.refresh_from_db()
        if meeting.cancelled_at or meeting.minuted_at:
            raise WrongState(_("This meeting was cancelled, or its minutes are out: it can't be changed any more."))
        raise WrongState(_("A colleague changed this meeting while you were writing. Compare, then save again."))
    meeting.refresh_from_db()


def _check(account: Account | None, facts: MeetingFacts) -> None:
    if (account is None) != (facts.kind == Meeting.Kind.INTERNAL):
        raise Refused(_("A meeting is internal exactly when it belongs to no client."))
    if facts.ends_at <= facts.starts_at:
        raise Refused(_("The end must be after the start."))
    if facts.ends_at - facts.starts_at > LONGEST:
        raise Refused(_("A meeting can't be longer than 24 hours."))
    if len(facts.agenda) > MAX_POINTS or any(len(point) > 200 for point in facts.agenda):
        raise Refused(_("The agenda can have at most 30 points of 200 characters each."))
    if set(facts.contacts) - set(contacts_for(account)) or set(facts.colleagues) - set(colleagues_for(account)):
        raise Refused(_("Invite only people of this client and colleagues who see this account."))


def _write(meeting: Meeting, facts: MeetingFacts) -> None:
    for name in ("title", "kind", "purpose", "starts_at", "ends_at", "place"):
        setattr(meeting, name, getattr(facts, name))


def _invite(meeting: Meeting, facts: MeetingFacts, caller: User) -> None:
    """Make the list of attendees what the facts say, keeping who was marked present or absent."""
    colleagues = {user.pk for user in facts.colleagues} | {caller.pk}
    contacts = {contact.pk for contact in facts.contacts}
    invited = list(meeting.attendees.all())
    gone = [
        a.pk for a in invited if (a.user_id and a.user_id not in colleagues) or (a.contact_id and a.contact_id not in contacts)
    ]
    meeting.attendees.filter(pk__in=gone).delete()
    there_users, there_contacts = {a.user_id for a in invited}, {a.contact_id for a in invited}
    new = [Attendee(meeting=meeting, contact_id=pk) for pk in sorted(contacts - there_contacts)]
    new += [Attendee(meeting=meeting, user_id=pk) for pk in sorted(colleagues - there_users)]
    Attendee.objects.bulk_create(new)


def _set_agenda(meeting: Meeting, points: list[str]) -> None:
    meeting.agenda.all().delete()
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, position=place, text=text) for place, text in enumerate(points, start=1)
    )
