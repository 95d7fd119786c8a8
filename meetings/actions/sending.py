"""Minutes on their way to the client: complete, frozen, signed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Client, Contact, User
from accounts.permissions import require
from agency import clock
from agency.errors import Refused, WrongState
from agency.transitions import move
from signoffs.actions import Asked, freeze_document, send_for_signature, supersede_requests
from signoffs.actions.sending import DEFAULT_DAYS
from signoffs.hands import hand, how_logged_in
from signoffs.models import SignRequest

from ..models import Meeting, Minutes
from ..people import KIND, addressable


@transaction.atomic
def send_minutes(
    minutes: Minutes,
    *,
    signers: Sequence[Contact],
    copies: Sequence[Contact] = (),
    message: str = "",
    revision: int,
    by: User,
    now: datetime,
) -> SignRequest:
    """Freeze the minutes in the client's language and ask the client's people to sign them; others get a copy.

    A version that is still with the client is replaced. Answers the sign request. Raises Refused while a line or a next
    step is incomplete, when nobody signs or somebody may not; WrongState when the draft was changed or sent meanwhile.
    """
    require(by, "meetings.send")
    meeting = minutes.meeting
    if meeting.account is None:
        raise Refused(_("Internal minutes are filed, not sent."))
    if meeting.starts_at > now:
        raise WrongState(_("The meeting hasn't begun yet; its minutes can be sent once it has."))
    lock_draft(minutes, revision)
    check_complete(minutes)
    _check_people(meeting, signers, copies)
    for earlier in meeting.minutes.filter(status=Minutes.Status.SENT):
        supersede_requests(earlier, by=by, now=now)
    document = freeze_document(
        KIND, minutes, account=meeting.account, language=meeting.language, title=meeting.title,
        reference=minutes.reference, data=frozen(minutes, by=by, now=now), by=by, now=now,
    )  # fmt: skip
    asked = [Asked(contact=contact, role="approver") for contact in signers]
    asked += [Asked(contact=contact, role="copy") for contact in copies]
    wanted_by = _wanted_by(meeting.account.client, now)
    request = send_for_signature(document, signatories=asked, wanted_by=wanted_by, message=message, by=by, now=now)
    move(minutes, Minutes.Status.SENT, by=by, now=now, action="minutes.sent", document=document, sent_at=now)
    Meeting.objects.filter(pk=meeting.pk, minuted_at=None).update(minuted_at=now)
    return request


def _wanted_by(client: Client, now: datetime) -> datetime | None:
    """The client is asked to answer by the evening of their second working day; the link lives on after that."""
    calendar = clock.client_calendar(client.country, client.working_week, client.zone)
    day = clock.add_working_days(clock.local(now, client.zone).date(), 2, calendar)
    evening = clock.at_local(day, time(18), client.zone)
    return evening if evening < now + timedelta(days=DEFAULT_DAYS) else None


def lock_draft(minutes: Minutes, revision: int) -> None:
    """Hold the draft for this transaction, if it is still what the sender read."""
    locked = Minutes.objects.select_for_update().filter(pk=minutes.pk, status=Minutes.Status.DRAFT).first()
    if locked is None:
        raise WrongState(_("These minutes have gone out already."))
    if locked.revision != revision:
        raise WrongState(_("A colleague changed these minutes after you read them. Read them again, then send."))


def check_complete(minutes: Minutes) -> None:
    """Minutes say something, and every next step says who and by when, date and hour. Raises Refused."""
    lines, steps = list(minutes.lines.all()), list(minutes.steps.all())
    if not any(line.discussed or line.agreed for line in lines):
        raise Refused(_("Write down what was discussed or agreed first."))
    empty = [line.topic for line in lines if not (line.discussed or line.agreed)]
    if empty:
        raise Refused(_("Say what was discussed or agreed about “%(topic)s”, or take the line out.") % {"topic": empty[0]})
    loose = [step for step in steps if not (step.contact_id or step.user_id) or step.due_at is None]
    if loose:
        raise Refused(
            ngettext(
                "%(count)s next step lacks an owner or a due date and time: “%(first)s”.",
                "%(count)s next steps lack an owner or a due date and time; the first is “%(first)s”.",
                len(loose),
            )
            % {"count": len(loose), "first": loose[0].text}
        )


def _check_people(meeting: Meeting, signers: Sequence[Contact], copies: Sequence[Contact]) -> None:
    assert meeting.account is not None
    if not signers:
        raise Refused(_("Choose who signs the minutes for the client."))
    known = {contact.pk: contact for contact in addressable(meeting.account)}
    if any(contact.pk not in known for contact in [*signers, *copies]):
        raise Refused(_("Minutes go only to people of this client who get meeting minutes and may be written to."))
    for contact in signers:
        if not known[contact.pk].may_sign(KIND):
            raise Refused(
                _("%(name)s may not sign minutes. A manager can change that on the contact's page.") % {"name": contact.full_name}
            )
    if {c.pk for c in signers} & {c.pk for c in copies}:
        raise Refused(_("Someone who signs gets the signed minutes anyway: name them once."))


def frozen(minutes: Minutes, *, by: User, now: datetime) -> dict[str, Any]:
    """All that the pages of the minutes show, as JSON, in the language of the meeting's papers."""
    meeting = minutes.meeting
    with translation.override(meeting.language):
        attendees = list(meeting.attendees.select_related("contact", "user").prefetch_related("user__role_grants"))
        return {
            "serial": meeting.serial,
            "version": minutes.version,
            "kind": str(meeting.get_kind_display()),
            "title": meeting.title,
            "purpose": meeting.purpose,
            "client": meeting.account.client.name if meeting.account else "",
            "account": meeting.account.name if meeting.account else "",
            "starts_at": meeting.starts_at.isoformat(),
            "ends_at": meeting.ends_at.isoformat(),
            "zone": meeting.zone.key,
            "place": meeting.place,
            "present": [_person(a.person) for a in attendees if a.present],
            "absent": [_person(a.person) for a in attendees if not a.present],
            "lines": [
                {"n": line.position, "topic": line.topic, "discussed": line.discussed, "agreed": line.agreed}
                for line in minutes.lines.all()
            ],
            "steps": [
                {"text": step.text, "due_at": step.due_at.isoformat() if step.due_at else "", **_person(step.owner)}
                for step in minutes.steps.select_related("contact", "user").prefetch_related("user__role_grants")
            ],
            "hands": _hands(minutes, by=by, now=now),
        }


def _hands(minutes: Minutes, *, by: User, now: datetime) -> list[dict[str, str]]:
    """Who wrote the minutes, and who sent them if that is somebody else."""
    writer, sender = minutes.written_by, how_logged_in(by)
    if writer == by:
        return [hand(by, _("wrote the minutes and sent them"), now, sender)]
    return [
        hand(writer, _("wrote the minutes"), minutes.created_at, how_logged_in(writer)),
        hand(by, _("sent the minutes"), now, sender),
    ]


def _person(who: Contact | User | None) -> dict[str, str]:
    if who is None:
        return {"name": "", "role": "", "side": ""}
    if isinstance(who, Contact):
        return {"name": who.full_name, "role": who.title, "side": "client"}
    return {"name": who.full_name, "role": who.paper_title, "side": "agency"}
