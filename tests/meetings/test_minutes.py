"""Minutes: their clock, what they carry over, what may go out."""

from datetime import timedelta

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from meetings.actions import (
    LineFacts,
    StepFacts,
    amend_minutes,
    complete_step,
    edit_minutes,
    file_minutes,
    reopen_step,
    start_minutes,
)
from meetings.models import Meeting, Minutes, NextStep
from tests.cast import NOW, Cast
from tests.meetings.factories import make_internal, make_meeting, write

pytestmark = pytest.mark.django_db


def _sent(minutes: Minutes, status: str = "confirmed") -> None:
    Minutes.objects.filter(pk=minutes.pk).update(status=status, sent_at=NOW)
    Meeting.objects.filter(pk=minutes.meeting_id).update(minuted_at=NOW)
    minutes.refresh_from_db()


def test_the_clock_runs_24_hours_from_the_end_over_weekends_too(cast: Cast) -> None:
    meeting = make_meeting(cast)
    end = meeting.ends_at
    assert meeting.minutes_due_at == end + timedelta(hours=24)
    awaiting, missed = Meeting.objects.all().awaiting_minutes, Meeting.objects.all().missed_minutes
    assert meeting not in awaiting(end - timedelta(seconds=1))
    assert meeting in awaiting(end)
    assert meeting not in missed(end + timedelta(hours=24))
    assert meeting in missed(end + timedelta(hours=24, seconds=1))
    Meeting.objects.update(minuted_at=NOW)
    assert not awaiting(end + timedelta(days=9)).exists()


def test_a_cancelled_meeting_waits_for_no_minutes(cast: Cast) -> None:
    meeting = make_meeting(cast)
    Meeting.objects.update(cancelled_at=NOW)
    assert not Meeting.objects.all().awaiting_minutes(NOW).exists()
    meeting.refresh_from_db()
    with pytest.raises(WrongState):
        start_minutes(meeting, by=cast.ae, now=NOW)


def test_lines_come_from_the_agenda_and_a_second_start_changes_nothing(cast: Cast) -> None:
    meeting = make_meeting(cast)
    first = start_minutes(meeting, by=cast.ae, now=NOW)
    assert [line.topic for line in first.lines.all()] == ["Poster", "Radio"]
    assert start_minutes(meeting, by=cast.teammate, now=NOW) == first
    assert Minutes.objects.count() == 1


def test_what_the_last_signed_minutes_left_open_is_carried_over_once(cast: Cast) -> None:
    week_ago = {"starts_at": NOW - timedelta(days=7), "ends_at": NOW - timedelta(days=7) + timedelta(hours=1)}
    before = write(cast, make_meeting(cast, **week_ago))
    _sent(before)
    done, still_open = before.steps.all()
    complete_step(done, by=cast.ae, now=NOW)
    minutes = start_minutes(make_meeting(cast), by=cast.ae, now=NOW)
    carried = minutes.steps.get()
    assert (carried.text, carried.contact, carried.due_at) == (still_open.text, still_open.contact, still_open.due_at)
    assert carried.carried_from == still_open
    assert list(NextStep.objects.open()) == [still_open]  # the draft promises nothing yet
    _sent(minutes, "sent")
    assert list(NextStep.objects.open()) == [carried]


@pytest.mark.parametrize("status", ["draft", "sent", "disputed", "withdrawn"])
def test_unsigned_minutes_carry_nothing_over(cast: Cast, status: str) -> None:
    week_ago = {"starts_at": NOW - timedelta(days=7), "ends_at": NOW - timedelta(days=7) + timedelta(hours=1)}
    _sent(write(cast, make_meeting(cast, **week_ago)), status)
    assert not start_minutes(make_meeting(cast), by=cast.ae, now=NOW).steps.exists()


def test_another_accounts_steps_are_never_carried_over(cast: Cast) -> None:
    from meetings.actions import create_meeting
    from tests.meetings.factories import facts

    week_ago = {"starts_at": NOW - timedelta(days=7), "ends_at": NOW - timedelta(days=7) + timedelta(hours=1)}
    _sent(write(cast, make_meeting(cast, **week_ago)))
    theirs = create_meeting(cast.rival_account, facts(), by=cast.outsider, now=NOW)
    assert not start_minutes(theirs, by=cast.outsider, now=NOW).steps.exists()


def test_a_stale_edit_is_refused(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    kept = list(minutes.lines.values_list("topic", "agreed"))
    with pytest.raises(WrongState):
        edit_minutes(minutes, lines=[LineFacts("Mine")], steps=[], present=[], revision=0, by=cast.teammate, now=NOW)
    assert list(minutes.lines.values_list("topic", "agreed")) == kept


def test_a_step_can_not_be_given_to_another_clients_people(cast: Cast) -> None:
    minutes = start_minutes(make_meeting(cast), by=cast.ae, now=NOW)
    for stranger in (cast.rival_contact, cast.outsider):
        with pytest.raises(Refused):
            edit_minutes(
                minutes, lines=[], steps=[StepFacts("Spy", stranger, NOW)], present=[], revision=0, by=cast.ae, now=NOW
            )  # fmt: skip
    assert not NextStep.objects.exists()


def test_a_forged_origin_is_dropped(cast: Cast) -> None:
    theirs = NextStep.objects.create(minutes=write(cast, make_internal(cast)), position=9, text="Secret", due_at=NOW, done_at=NOW)
    minutes = start_minutes(make_meeting(cast), by=cast.ae, now=NOW)
    forged = [StepFacts("Mine", cast.ae, NOW, carried_from_id=theirs.pk)]
    edit_minutes(minutes, lines=[], steps=forged, present=[], revision=0, by=cast.ae, now=NOW)
    step = minutes.steps.get()
    assert (step.carried_from, step.done_at) == (None, None)


def test_internal_minutes_are_filed_when_every_step_has_owner_and_time(cast: Cast) -> None:
    meeting = make_internal(cast)
    loose = [StepFacts("Book the room", cast.ae, None)]
    minutes = write(cast, meeting, steps=loose)
    with pytest.raises(Refused):
        file_minutes(minutes, revision=minutes.revision, by=cast.ae, now=NOW)
    minutes = write(cast, meeting)
    file_minutes(minutes, revision=minutes.revision, by=cast.ae, now=NOW)
    meeting.refresh_from_db()
    assert (minutes.status, meeting.minuted_at) == ("filed", NOW)
    with pytest.raises(WrongState):
        edit_minutes(minutes, lines=[], steps=[], present=[], revision=minutes.revision, by=cast.ae, now=NOW)


def test_client_minutes_are_not_filed(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    with pytest.raises(Refused):
        file_minutes(minutes, revision=minutes.revision, by=cast.ae, now=NOW)


def test_empty_lines_hold_minutes_back(cast: Cast) -> None:
    meeting = make_internal(cast)
    minutes = start_minutes(meeting, by=cast.ae, now=NOW)
    with pytest.raises(Refused):
        file_minutes(minutes, revision=0, by=cast.ae, now=NOW)


def test_steps_are_ticked_by_their_owner_and_by_who_writes(cast: Cast) -> None:
    meeting = make_internal(cast)
    minutes = write(cast, meeting)
    theirs = minutes.steps.get(user=cast.creative)
    with pytest.raises(WrongState):  # a draft's step binds nobody yet
        complete_step(theirs, by=cast.creative, now=NOW)
    file_minutes(minutes, revision=minutes.revision, by=cast.ae, now=NOW)
    complete_step(theirs, by=cast.creative, now=NOW)
    assert theirs.done_at == NOW
    reopen_step(theirs, by=cast.creative, now=NOW)
    with pytest.raises(NotPermitted):
        complete_step(minutes.steps.get(user=cast.ae), by=cast.creative, now=NOW)


def test_an_amendment_is_a_new_version_with_the_same_words(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    with pytest.raises(WrongState):
        amend_minutes(minutes, by=cast.ae, now=NOW)
    _sent(minutes)
    new = amend_minutes(minutes, by=cast.ae, now=NOW)
    assert (new.version, new.status) == (2, "draft")
    assert [line.agreed for line in new.lines.all()] == ["Lighter sky.", "Twenty seconds."]
    assert [step.text for step in new.steps.all()] == [step.text for step in minutes.steps.all()]
    with pytest.raises(WrongState):
        amend_minutes(minutes, by=cast.ae, now=NOW)
    _sent(new, "sent")
    assert set(NextStep.objects.open()) == set(new.steps.all())
