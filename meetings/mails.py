"""The letters about meetings."""

from datetime import datetime

from accounts.models import Contact, User
from agency.mail import Recipient, queue, register_letter
from agency.models import OutgoingMail

from .models import Meeting


def _takes_place(mail: OutgoingMail) -> bool:
    meeting = Meeting.objects.filter(pk=mail.object_id or 0).first()
    return meeting is not None and meeting.cancelled_at is None


register_letter("meetings.agenda", still_wanted=_takes_place, when_in_doubt="resend")
register_letter("meetings.cancelled", when_in_doubt="resend")


def agenda(meeting: Meeting, contact: Contact, *, by: User, now: datetime) -> OutgoingMail:
    """The outline of a meeting, to one of the client's attendees beforehand; again after a change."""
    return queue(
        "meetings.agenda",
        to=Recipient.of(contact),
        key=f"agenda:{meeting.pk}:{meeting.agenda_sent_count}:{contact.pk}",
        context={
            "meeting": meeting,
            "points": list(meeting.agenda.all()),
            "people": [attendee.person for attendee in meeting.attendees.select_related("contact", "user")],
            "again": meeting.agenda_sent_count > 1,
            "sender": by,
        },
        about=meeting,
        reply_to=by.email,
        sender_name=by.full_name,
        thread=f"meeting:{meeting.pk}:{contact.pk}",
        now=now,
    )


def cancelled(meeting: Meeting, contact: Contact, *, by: User, now: datetime) -> OutgoingMail:
    """A meeting whose agenda the contact has got does not take place."""
    return queue(
        "meetings.cancelled",
        to=Recipient.of(contact),
        key=f"meeting-cancelled:{meeting.pk}:{contact.pk}",
        context={"meeting": meeting, "sender": by},
        about=meeting,
        reply_to=by.email,
        sender_name=by.full_name,
        thread=f"meeting:{meeting.pk}:{contact.pk}",
        now=now,
    )
