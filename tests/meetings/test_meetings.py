"""Calling meetings, and who sees them."""

from datetime import timedelta

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry, OutgoingMail
from meetings.actions import cancel_meeting, create_meeting, edit_meeting, send_agenda
from meetings.models import Meeting
from tests.cast import NOW, Cast
from tests.meetings.factories import facts, make_internal, make_meeting

pytestmark = pytest.mark.django_db
TOMORROW = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}


def test_serials_run_per_client_and_year_and_apart_for_internal_meetings(cast: Cast) -> None:
    assert [make_meeting(cast).serial, make_meeting(cast).serial] == ["ACM-M-26-0001", "ACM-M-26-0002"]
    assert make_internal(cast).serial == "M-26-0001"
    theirs = create_meeting(cast.rival_account, facts(), by=cast.outsider, now=NOW)
    assert theirs.serial == "RIV-M-26-0001"
    assert make_meeting(cast, now=NOW + timedelta(days=60)).serial == "ACM-M-27-0001"


def test_the_year_of_a_serial_is_the_agencys(cast: Cast) -> None:
    from agency.models import Agency

    agency = Agency.current()
    agency.zone_name = "Asia/Shanghai"
    agency.save()
    last_hours = NOW.replace(month=12, day=31, hour=20)
    assert make_meeting(cast, now=last_hours).serial == "ACM-M-27-0001"


def test_whoever_calls_attends(cast: Cast) -> None:
    meeting = make_meeting(cast, colleagues=[cast.teammate])
    assert {str(a.person) for a in meeting.attendees.all()} == {"Ana Ruiz", "Tom Mate", "Marta Ortega", "Sam Reed"}


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_at": NOW - timedelta(hours=3)},
        {"ends_at": NOW + timedelta(days=3)},
        {"kind": "internal"},
        {"agenda": ["x"] * 31},
        {"agenda": ["x" * 201]},
    ],
)
def test_facts_that_do_not_fit_are_refused(cast: Cast, changed: dict[str, object]) -> None:
    with pytest.raises(Refused):
        make_meeting(cast, **changed)
    assert not Meeting.objects.exists()


def test_only_this_clients_people_and_colleagues_who_see_the_account_are_invited(cast: Cast) -> None:
    for changed in ({"contacts": [cast.rival_contact]}, {"colleagues": [cast.outsider]}):
        with pytest.raises(Refused):
            make_meeting(cast, **changed)
    with pytest.raises(Refused):
        make_internal(cast, contacts=[cast.contact])
    assert make_meeting(cast, colleagues=[cast.finance]).attendees.filter(user=cast.finance).exists()


def test_a_creative_may_not_call_a_meeting(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        create_meeting(cast.account, facts(cast), by=cast.creative, now=NOW)


def test_who_sees_a_meeting(cast: Cast) -> None:
    meeting, internal = make_meeting(cast), make_internal(cast)
    for user in (cast.teammate, cast.creative, cast.director, cast.finance):
        assert meeting in Meeting.objects.all().visible_to(user)
    assert meeting not in Meeting.objects.all().visible_to(cast.outsider)
    for user in (cast.ae, cast.creative, cast.director):
        assert internal in Meeting.objects.all().visible_to(user)
    for user in (cast.teammate, cast.outsider, cast.finance, cast.admin, cast.traffic):
        assert internal not in Meeting.objects.all().visible_to(user)


def test_a_stale_edit_is_refused_and_nothing_changes(cast: Cast) -> None:
    meeting = make_meeting(cast)
    edit_meeting(meeting, facts(cast, title="First"), revision=0, by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        edit_meeting(meeting, facts(cast, title="Second"), revision=0, by=cast.teammate, now=NOW)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.revision) == ("First", 1)
    assert AuditEntry.objects.all().for_object(meeting).filter(action="meeting.edited").count() == 1


def test_an_edit_keeps_who_was_absent(cast: Cast) -> None:
    meeting = make_meeting(cast)
    meeting.attendees.filter(contact=cast.second_contact).update(present=False)
    edit_meeting(meeting, facts(cast, contacts=[cast.second_contact]), revision=0, by=cast.ae, now=NOW)
    assert list(meeting.attendees.filter(contact__isnull=False).values_list("contact", "present")) == [
        (cast.second_contact.pk, False)
    ]


def test_the_agenda_goes_to_the_clients_attendees_in_their_language(cast: Cast) -> None:
    cast.second_contact.language = "ar"
    cast.second_contact.save()
    meeting = make_meeting(cast, **TOMORROW)
    send_agenda(meeting, by=cast.ae, now=NOW)
    mails = {mail.to_email: mail for mail in OutgoingMail.objects.all()}
    assert set(mails) == {"marta@acme.example", "sam@acme.example"}
    assert 'dir="rtl"' in mails["sam@acme.example"].html
    for mail in mails.values():
        assert "Poster" in mail.text
        assert "Radio" in mail.html
        assert "Opening campaign" in mail.subject
        assert mail.reply_to == cast.ae.email
        assert mail.client_id == cast.acme.pk
    send_agenda(meeting, by=cast.ae, now=NOW)
    assert OutgoingMail.objects.count() == 4


def test_an_agenda_sent_twice_at_once_goes_out_once(cast: Cast) -> None:
    """Two colleagues, or one with two clicks, who read the same page."""
    meeting = make_meeting(cast, **TOMORROW)
    send_agenda(meeting, times=0, by=cast.ae, now=NOW)
    with pytest.raises(WrongState, match="just been sent"):
        send_agenda(Meeting.objects.get(pk=meeting.pk), times=0, by=cast.teammate, now=NOW)
    assert OutgoingMail.objects.count() == 2


def test_who_may_not_be_written_to_gets_no_agenda(cast: Cast) -> None:
    cast.contact.letters_allowed = False
    cast.contact.save()
    send_agenda(make_meeting(cast, **TOMORROW), by=cast.ae, now=NOW)
    assert [mail.to_email for mail in OutgoingMail.objects.all()] == ["sam@acme.example"]


@pytest.mark.parametrize("changed", [{"agenda": []}, {"contacts": []}, {"starts_at": NOW - timedelta(hours=3), "ends_at": NOW}])
def test_an_agenda_that_can_not_be_sent(cast: Cast, changed: dict[str, object]) -> None:
    meeting = make_meeting(cast, **(TOMORROW | changed))
    with pytest.raises(Refused):
        send_agenda(meeting, by=cast.ae, now=NOW)
    assert not OutgoingMail.objects.exists()


def test_cancelling_tells_who_got_the_agenda_but_not_why(cast: Cast) -> None:
    from agency.mail import letter_named

    meeting = make_meeting(cast, **TOMORROW)
    send_agenda(meeting, by=cast.ae, now=NOW)
    cancel_meeting(meeting, reason="We are not ready", by=cast.ae, now=NOW)
    told = OutgoingMail.objects.filter(letter="meetings.cancelled")
    assert told.count() == 2
    assert not any("We are not ready" in mail.text + mail.html + mail.subject for mail in told)
    agenda = OutgoingMail.objects.filter(letter="meetings.agenda").first()
    assert agenda is not None
    assert not letter_named("meetings.agenda").still_wanted(agenda)
    with pytest.raises(WrongState):
        cancel_meeting(meeting, reason="Again", by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        edit_meeting(meeting, facts(cast), revision=meeting.revision, by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        send_agenda(meeting, by=cast.ae, now=NOW)


def test_a_meeting_nobody_was_told_about_is_cancelled_quietly(cast: Cast) -> None:
    cancel_meeting(make_meeting(cast, **TOMORROW), reason="Why not", by=cast.ae, now=NOW)
    assert not OutgoingMail.objects.exists()
