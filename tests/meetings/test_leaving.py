"""A colleague leaves: the meetings and next steps they leave behind have somebody new."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import actions
from agency.models import AuditEntry
from meetings.actions import send_minutes
from meetings.handover import meetings_of_leaver, steps_of_leaver
from meetings.models import Attendee, NextStep
from tests.cast import NOW, Cast

from .factories import make_internal, make_meeting, write

pytestmark = pytest.mark.django_db
COMING: dict[str, Any] = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}


def test_meetings_to_come_and_minutes_owed_pass_to_the_successor(cast: Cast) -> None:
    coming, owed = make_meeting(cast, **COMING), make_meeting(cast)
    told = actions.hand_over(cast.ae, cast.manager, by=cast.admin, now=NOW)
    assert {"1 meeting to come", "1 meeting without minutes"} <= set(told)
    coming.refresh_from_db()
    owed.refresh_from_db()
    assert (coming.called_by, owed.called_by) == (cast.manager, cast.manager)
    assert set(coming.attendees.exclude(user=None).values_list("user", flat=True)) == {cast.manager.pk, cast.teammate.pk}
    assert owed.attendees.filter(user=cast.ae).exists()  # they were there
    assert meetings_of_leaver(cast.ae, None, by=cast.admin, now=NOW) == []
    assert AuditEntry.objects.filter(action="meeting.handed_over").count() == 2


def test_who_only_attends_gives_up_the_chair_and_nothing_else(cast: Cast) -> None:
    meeting = make_meeting(cast, **COMING)
    internal = make_internal(cast, **COMING, colleagues=[cast.teammate])
    meetings_of_leaver(cast.teammate, cast.ae, by=cast.admin, now=NOW)
    for each in (meeting, internal):
        each.refresh_from_db()
        assert each.called_by == cast.ae
        assert [a.user for a in Attendee.objects.filter(meeting=each).exclude(user=None)] == [cast.ae]


def test_asking_what_is_left_changes_nothing(cast: Cast) -> None:
    meeting = make_meeting(cast, **COMING)
    make_meeting(cast, starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=9) + timedelta(hours=1))
    told = meetings_of_leaver(cast.ae, None, by=cast.admin, now=NOW)
    assert told == ["1 meeting to come", "1 meeting without minutes"]
    meeting.refresh_from_db()
    assert meeting.called_by == cast.ae
    assert meetings_of_leaver(cast.outsider, None, by=cast.admin, now=NOW) == []


def test_open_next_steps_pass_on_and_done_ones_stay(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    assert steps_of_leaver(cast.ae, None, by=cast.admin, now=NOW) == []  # nobody has been told of a draft's steps
    send_minutes(minutes, signers=[cast.contact], revision=minutes.revision, by=cast.ae, now=NOW)
    assert steps_of_leaver(cast.ae, cast.manager, by=cast.admin, now=NOW) == ["1 next step they owe"]
    assert NextStep.objects.get(text="Send the radio spot").user == cast.manager
    assert steps_of_leaver(cast.ae, None, by=cast.admin, now=NOW) == []
