"""The pages of meetings, by who asks; and forms that come late, wrong or hostile."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agency.models import OutgoingMail
from meetings.actions import edit_minutes, send_agenda, start_minutes
from meetings.models import Meeting, Minutes, NextStep
from tests.cast import NOW, Cast
from tests.meetings.factories import make_internal, make_meeting, write

pytestmark = pytest.mark.django_db
GETS = ("meeting_detail", "meeting_edit", "meeting_cancel", "minutes_edit", "minutes_send", "minutes_pdf")
POSTS = ("agenda_send", "minutes_start", "minutes_amend", "meeting_cancel", "minutes_edit", "minutes_send")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: NOW)


def browser(user: Any) -> Browser:
    found = Browser()
    found.force_login(user)
    return found


def url(name: str, meeting: Meeting) -> str:
    return reverse(name, args=[meeting.serial])


def test_an_outsider_gets_404_everywhere(cast: Cast) -> None:
    meeting, internal = make_meeting(cast), make_internal(cast)
    write(cast, meeting)
    outside = browser(cast.outsider)
    for thing in (meeting, internal):
        assert {outside.get(url(name, thing)).status_code for name in GETS} == {404}
        assert {outside.post(url(name, thing)).status_code for name in POSTS} == {404}
    page = outside.get(reverse("meeting_list") + "?view=all").content.decode()
    assert "Opening campaign" not in page
    assert "Acme" not in page
    step = NextStep.objects.filter(minutes__meeting=meeting)[0]
    assert outside.post(reverse("step_done", args=[step.pk])).status_code == 404


def test_internal_meetings_are_for_attendees_and_directors(cast: Cast) -> None:
    internal = make_internal(cast)
    codes = {name: browser(getattr(cast, name)).get(url("meeting_detail", internal)).status_code
             for name in ("ae", "creative", "director", "teammate", "finance", "admin", "manager")}  # fmt: skip
    assert codes == {
        "ae": 200, "creative": 200, "director": 200, "teammate": 404, "finance": 404, "admin": 404, "manager": 404
    }  # fmt: skip


def test_who_may_see_but_not_write_gets_403(cast: Cast) -> None:
    meeting = make_meeting(cast)
    start_minutes(meeting, by=cast.ae, now=NOW)
    creative = browser(cast.creative)
    assert creative.get(url("meeting_detail", meeting)).status_code == 200
    assert {creative.get(url(n, meeting)).status_code for n in ("meeting_edit", "meeting_cancel", "minutes_edit")} == {403}
    assert {creative.post(url(n, meeting)).status_code for n in ("agenda_send", "minutes_start")} == {403}
    assert creative.get(reverse("meeting_create")).status_code == 403


def test_wrong_methods_are_refused(cast: Cast) -> None:
    meeting = make_meeting(cast)
    ae = browser(cast.ae)
    assert {ae.get(url(name, meeting)).status_code for name in ("agenda_send", "minutes_start", "minutes_amend")} == {405}
    assert ae.post(reverse("meeting_list")).status_code == 405


def form(**changed: Any) -> dict[str, Any]:
    values = {
        "title": "Budget", "kind": "call", "day": "2026-11-25", "starts": "10:00", "ends": "11:00", "agenda": "One\n\n Two ",
    }  # fmt: skip
    return values | changed


def test_a_meeting_is_called_in_the_callers_own_time(cast: Cast) -> None:
    where = f"{reverse('meeting_create')}?account={cast.account.pk}"
    answer = browser(cast.ae).post(where, form(contacts=[cast.contact.pk], colleagues=[cast.teammate.pk]))
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    assert meeting.starts_at.isoformat() == "2026-11-25T09:00:00+00:00"  # ten in Madrid
    assert [point.text for point in meeting.agenda.all()] == ["One", "Two"]
    assert meeting.attendees.count() == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "nul\x00"},
        {"kind": "internal"},
        {"kind": "nonsense"},
        {"day": "25/11/2026"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"starts": "25:00"},
        {"ends": "09:00"},
        {"agenda": "x" * 201},
        {"agenda": "x\n" * 31},
        {"contacts": ["999999"]},
        {"contacts": ["x"]},
        {"colleagues": ["-1"]},
        {"place": "x" * 201},
    ],
)
def test_a_bad_form_changes_nothing_and_says_why(cast: Cast, changed: dict[str, Any]) -> None:
    where = f"{reverse('meeting_create')}?account={cast.account.pk}"
    answer = browser(cast.ae).post(where, form(**changed))
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_another_clients_people_are_not_offered_nor_taken(cast: Cast) -> None:
    where = f"{reverse('meeting_create')}?account={cast.account.pk}"
    ae = browser(cast.ae)
    page = ae.get(where).content.decode()
    assert "Rosa Rival" not in page
    assert "Otto Out" not in page
    assert ae.post(where, form(contacts=[cast.rival_contact.pk])).status_code == 422
    assert ae.post(where, form(colleagues=[cast.outsider.pk])).status_code == 422
    for account in (cast.rival_account.pk, 999999, "x", "-1", "9" * 30):
        assert ae.get(f"{reverse('meeting_create')}?account={account}").status_code == 404


def editor(minutes: Minutes, **changed: Any) -> dict[str, Any]:
    values = {
        "revision": minutes.revision, "present": [], "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-topic": "Poster",
        "lines-0-agreed": "Yes.", "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0, "steps-0-text": "Print it",
        "steps-0-day": "2026-11-26", "steps-0-hour": "12:00",
    }  # fmt: skip
    return values | changed


def test_minutes_are_written_on_the_page(cast: Cast) -> None:
    meeting = make_meeting(cast)
    ae = browser(cast.ae)
    assert ae.post(url("minutes_start", meeting)).url == url("minutes_edit", meeting)
    minutes = Minutes.objects.get()
    there = meeting.attendees.get(contact=cast.contact)
    answer = ae.post(
        url("minutes_edit", meeting),
        editor(minutes, present=[there.pk], preview="1", **{"steps-0-owner": f"u{cast.teammate.pk}"}),
    )
    assert answer.url == url("minutes_send", meeting)
    step = minutes.steps.get()
    assert (step.user, step.due_at) == (cast.teammate, NOW.replace(day=26, hour=11))  # noon in Madrid
    assert [a.contact for a in meeting.attendees.filter(present=True)] == [cast.contact]
    preview = ae.get(url("minutes_send", meeting)).content.decode()
    assert "Print it" in preview
    assert "Marta Ortega" in preview


@pytest.mark.parametrize(
    "changed",
    [
        {"lines-0-topic": ""},
        {"lines-0-topic": "x" * 201},
        {"lines-0-agreed": "x" * 4001},
        {"lines-TOTAL_FORMS": "x"},
        {"lines-TOTAL_FORMS": "1000000"},
        {"steps-0-hour": ""},
        {"steps-0-day": "2026-02-30"},
        {"steps-0-text": ""},
        {"steps-0-owner": "u999999"},
        {"steps-0-origin": "x"},
        {"steps-0-origin": "9" * 40},
    ],
)
def test_bad_rows_change_nothing(cast: Cast, changed: dict[str, Any]) -> None:
    meeting = make_meeting(cast)
    minutes = start_minutes(meeting, by=cast.ae, now=NOW)
    answer = browser(cast.ae).post(url("minutes_edit", meeting), editor(minutes, **changed))
    assert answer.status_code == 422
    minutes.refresh_from_db()
    assert minutes.revision == 0


@pytest.mark.parametrize("revision", ["0", "", "x", "-1", "9" * 30, "٣"])
def test_a_stale_or_forged_revision_shows_both_and_changes_nothing(cast: Cast, revision: str) -> None:
    meeting = make_meeting(cast)
    minutes = write(cast, meeting)
    words = {"revision": revision, "lines-0-agreed": "MY WORDS"}
    answer = browser(cast.teammate).post(url("minutes_edit", meeting), editor(minutes, **words))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "MY WORDS" in page
    assert "Lighter sky." in page
    minutes.refresh_from_db()
    assert [line.agreed for line in minutes.lines.all()] == ["Lighter sky.", "Twenty seconds."]


def test_a_stale_meeting_form_shows_both(cast: Cast) -> None:
    meeting = make_meeting(cast)
    Meeting.objects.update(revision=3, title="Stored title")
    answer = browser(cast.ae).post(url("meeting_edit", meeting), form(title="Typed title", revision=2))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Stored title" in page
    assert "Typed title" in page


def test_hostile_words_are_only_words(cast: Cast) -> None:
    meeting = make_meeting(cast, title="<script>alert(1)</script>", agenda=["{{ 7|add:7 }}<img src=x>"])
    minutes = start_minutes(meeting, by=cast.ae, now=NOW)
    ae = browser(cast.ae)
    for name in ("meeting_detail", "minutes_edit", "minutes_send"):
        page = ae.get(url(name, meeting)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
    assert minutes.lines.get().topic == "{{ 7|add:7 }}<img src=x>"


def test_a_step_is_ticked_and_sent_back_only_to_ourselves(cast: Cast) -> None:
    from meetings.actions import file_minutes

    minutes = write(cast, make_internal(cast))
    file_minutes(minutes, revision=minutes.revision, by=cast.ae, now=NOW)
    step = minutes.steps.get(user=cast.creative)
    creative = browser(cast.creative)
    where = reverse("step_done", args=[step.pk])
    assert creative.post(where, {"next": "https://evil.example/"}).url == minutes.get_absolute_url()
    assert creative.post(where, {"next": "//evil.example/", "undo": "1"}).url == minutes.get_absolute_url()
    assert creative.post(where, {"next": "/meetings/steps/"}).url == "/meetings/steps/"
    step.refresh_from_db()
    assert step.done_at == NOW


def test_lists_ask_the_same_number_of_questions_however_long(
    cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ahead = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}
    make_meeting(cast, **ahead)
    ae = browser(cast.ae)
    counts = []
    for _round in range(2):
        for page in ("?view=upcoming", "?view=all"):
            with CaptureQueriesContext(
                connection,
            ) as found:
                ae.get(reverse("meeting_list") + page)
            counts.append(len(found))
        for _more in range(5):
            make_meeting(cast, **ahead)
    assert counts[:2] == counts[2:]


def test_the_editor_and_the_detail_ask_no_more_for_longer_minutes(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from meetings.actions import LineFacts, StepFacts

    meeting = make_meeting(cast)
    minutes = write(cast, meeting)
    ae = browser(cast.ae)
    counts = []
    for size in (2, 12):
        lines = [LineFacts(f"L{n}", "x") for n in range(size)]
        steps = [StepFacts(f"S{n}", cast.contact if n % 2 else cast.ae, NOW) for n in range(size)]
        edit_minutes(minutes, lines=lines, steps=steps, present=[], revision=minutes.revision, by=cast.ae, now=NOW)
        for name in ("meeting_detail", "minutes_edit", "minutes_send"):
            with CaptureQueriesContext(connection) as found:
                ae.get(url(name, meeting))
            counts.append(len(found))
    assert counts[:3] == counts[3:]


def test_the_agenda_button(cast: Cast) -> None:
    ahead = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}
    meeting = make_meeting(cast, **ahead)
    send_agenda(meeting, by=cast.ae, now=NOW)
    client = browser(cast.ae)
    page = client.get(url("meeting_detail", meeting)).content.decode()
    assert "Send the agenda again" in page
    assert 'name="times" value="1"' in page
    for times, mails in (("0", 2), ("x", 2), ("1", 4), ("1", 4)):
        client.post(url("agenda_send", meeting), {"times": times})
        assert OutgoingMail.objects.filter(letter="meetings.agenda").count() == mails


def test_what_waits_for_me_is_on_my_day(cast: Cast) -> None:
    from meetings.day import meetings_of
    from meetings.todo import todos

    meeting = make_meeting(cast)
    assert [(todo.number, todo.due_at) for todo in todos(cast.ae, NOW)] == [
        (meeting.serial, meeting.ends_at + timedelta(hours=24))
    ]
    assert todos(cast.teammate, NOW) == []
    assert meetings_of(cast.teammate, NOW).today == [meeting]
    assert meetings_of(cast.outsider, NOW).today == []
    assert meetings_of(cast.ae, NOW + timedelta(days=1)).today == []


def test_what_waits_for_minutes_stands_above_what_is_to_come(cast: Cast) -> None:
    owed = make_meeting(cast)
    make_meeting(cast, title="Ahead", starts_at=NOW + timedelta(days=400), ends_at=NOW + timedelta(days=400, hours=1))
    page = browser(cast.ae).get(reverse("meeting_list"))
    assert [meeting.pk for meeting in page.context["owed"]] == [owed.pk]
    assert [meeting.title for meeting in page.context["rows"]] == ["Ahead"]
    assert url("minutes_start", owed) in page.content.decode()
    assert url("minutes_start", owed) not in browser(cast.creative).get(reverse("meeting_list")).content.decode()
    assert not browser(cast.outsider).get(reverse("meeting_list")).context["owed"]


def test_my_day_begins_minutes_and_ticks_steps_off_with_one_click(cast: Cast) -> None:
    from meetings.todo import todos

    meeting = make_meeting(cast)
    (todo,) = todos(cast.ae, NOW)
    assert (todo.posts, todo.button_url) == (True, url("minutes_start", meeting))
    write(cast, meeting)
    (todo,) = todos(cast.ae, NOW)
    assert (todo.posts, todo.button_url) == (False, url("minutes_edit", meeting))
