"""Meetings in any state, made by the actions people use."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account
from meetings.actions import LineFacts, MeetingFacts, StepFacts, create_meeting, edit_minutes, start_minutes
from meetings.models import Meeting, Minutes
from tests.cast import NOW, Cast


def facts(cast: Cast | None = None, **changed: Any) -> MeetingFacts:
    """An hour that ended two hours ago, with both sides and two points."""
    values: dict[str, Any] = {
        "title": "Opening campaign",
        "kind": "meeting",
        "starts_at": NOW - timedelta(hours=3),
        "ends_at": NOW - timedelta(hours=2),
        "place": "Room Goya",
        "agenda": ["Poster", "Radio"],
        "contacts": [cast.contact, cast.second_contact] if cast else [],
        "colleagues": [cast.ae, cast.teammate] if cast else [],
    }
    return MeetingFacts(**(values | changed))


def make_meeting(cast: Cast, account: Account | None = None, now: datetime = NOW, **changed: Any) -> Meeting:
    return create_meeting(account or cast.account, facts(cast, **changed), by=cast.ae, now=now)


def make_internal(cast: Cast, **changed: Any) -> Meeting:
    values = {"kind": "internal", "contacts": [], "colleagues": [cast.ae, cast.creative], "title": "Planning"}
    return create_meeting(None, facts(cast, **(values | changed)), by=cast.ae, now=NOW)


def write(cast: Cast, meeting: Meeting, *, steps: list[StepFacts] | None = None, now: datetime = NOW) -> Minutes:
    """Complete minutes: two lines, one step of the agency and one of the client."""
    minutes = start_minutes(meeting, by=cast.ae, now=now)
    contact = cast.contact if meeting.account else None
    steps = steps if steps is not None else [
        StepFacts("Send the radio spot", cast.ae, now + timedelta(days=2)),
        StepFacts("Send the logo", contact or cast.creative, now + timedelta(days=1)),
    ]  # fmt: skip
    present = {attendee.pk for attendee in meeting.attendees.all()}
    lines = [LineFacts("Poster", "Too dark.", "Lighter sky."), LineFacts("Radio", "", "Twenty seconds.")]
    edit_minutes(minutes, lines=lines, steps=steps, present=present, revision=minutes.revision, by=cast.ae, now=now)
    minutes.refresh_from_db()
    return minutes
