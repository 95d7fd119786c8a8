"""Minutes on the sign-off engine: confirmed, disputed line by line, amended, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry, OutgoingMail
from meetings.actions import StepFacts, amend_minutes, edit_minutes, send_minutes
from meetings.models import Meeting, Minutes
from meetings.people import signers_and_copies
from signoffs import rendering
from signoffs.actions import Given, Signature, expire_due, record_decision, withdraw_request
from signoffs.actions import decline as refuse
from signoffs.models import Signatory, SignRequest
from tests.cast import NOW, Cast, make_contact
from tests.meetings.factories import make_internal, make_meeting, write

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _plain_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_bytes_of", lambda document: b"%PDF-1.7\n" + document.reference.encode())


def send(cast: Cast, minutes: Minutes, **changed: Any) -> SignRequest:
    signers, copies = signers_and_copies(minutes.meeting)
    facts: dict[str, Any] = {"signers": signers, "copies": copies, "revision": minutes.revision, "by": cast.ae, "now": NOW}
    request = send_minutes(minutes, **(facts | changed))
    rendering.render_document(request.document_id, now=NOW)
    minutes.refresh_from_db()
    found: SignRequest = SignRequest.objects.get(pk=request.pk)
    return found


def answer(request: SignRequest, value: str, text: str = "", lines: dict[str, str] | None = None) -> None:
    signatory = request.signatories.get(role=Signatory.Role.APPROVER)
    given = Given(
        answer=value, shown_sha256=request.document.sha256, signature=Signature("Marta Ortega"), text=text, line_texts=lines or {}
    )
    record_decision(signatory, given, now=LATER)


def test_sent_to_who_was_there_and_may_sign_the_others_get_a_copy(cast: Cast) -> None:
    meeting = make_meeting(cast)
    minutes = write(cast, meeting)
    request = send(cast, minutes)
    assert {(s.name, s.role) for s in request.signatories.all()} == {("Marta Ortega", "approver"), ("Sam Reed", "copy")}
    meeting.refresh_from_db()
    assert (minutes.status, minutes.sent_at, meeting.minuted_at) == ("sent", NOW, NOW)
    document = request.document
    assert (document.kind, document.reference, document.language) == ("minutes", f"{meeting.serial} V1", "en")
    assert [line["agreed"] for line in document.data["lines"]] == ["Lighter sky.", "Twenty seconds."]
    assert [step["side"] for step in document.data["steps"]] == ["agency", "client"]
    assert document.data["hands"][0]["name"] == "Ana Ruiz"
    assert OutgoingMail.objects.filter(to_email="marta@acme.example").exists()
    assert not OutgoingMail.objects.filter(to_email="rosa@rival.example").exists()


def test_who_was_absent_is_not_asked(cast: Cast) -> None:
    signer = make_contact(cast.acme, "eva@acme.example", "Eva", "minutes")
    meeting = make_meeting(cast, contacts=[cast.contact, signer])
    meeting.attendees.filter(contact=cast.contact).update(present=False)
    assert signers_and_copies(meeting) == ([signer], [])


@pytest.mark.parametrize("wrong", ["nobody", "no authority", "other client", "twice"])
def test_people_who_can_not_be_asked(cast: Cast, wrong: str) -> None:
    minutes = write(cast, make_meeting(cast))
    people: dict[str, Any] = {
        "nobody": {"signers": []},
        "no authority": {"signers": [cast.second_contact], "copies": []},
        "other client": {"signers": [cast.contact], "copies": [cast.rival_contact]},
        "twice": {"signers": [cast.contact], "copies": [cast.contact]},
    }[wrong]
    with pytest.raises(Refused):
        send(cast, minutes, **people)
    minutes.refresh_from_db()
    assert minutes.status == "draft"
    assert not SignRequest.objects.exists()


def test_a_loose_step_holds_them_back(cast: Cast) -> None:
    for step in (StepFacts("Loose", cast.ae, None), StepFacts("Loose", None, NOW)):
        minutes = write(cast, make_meeting(cast), steps=[step])
        with pytest.raises(Refused, match="Loose"):
            send(cast, minutes)


def test_not_before_the_meeting_not_by_a_planner_not_internal_ones(cast: Cast) -> None:
    ahead = {"starts_at": NOW + timedelta(hours=1), "ends_at": NOW + timedelta(hours=2)}
    with pytest.raises(WrongState):
        send(cast, write(cast, make_meeting(cast, **ahead)))
    with pytest.raises(NotPermitted):
        send(cast, write(cast, make_meeting(cast)), by=cast.planner)
    internal = write(cast, make_internal(cast))
    with pytest.raises(Refused):
        send_minutes(internal, signers=[cast.contact], revision=internal.revision, by=cast.ae, now=NOW)


def test_a_draft_changed_after_reading_is_not_sent(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    with pytest.raises(WrongState):
        send(cast, minutes, revision=minutes.revision - 1)


def test_confirmed(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    answer(send(cast, minutes), "confirm")
    minutes.refresh_from_db()
    assert (minutes.status, minutes.answered_at) == ("confirmed", LATER)
    entry = AuditEntry.objects.all().for_object(minutes).get(action="minutes.confirmed")
    assert (entry.actor_kind, entry.actor_name) == ("contact", "Marta Ortega")
    assert not minutes.lines.exclude(disputed_text="").exists()


def test_one_line_is_disputed_and_the_rest_stands(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    answer(send(cast, minutes), "wrong", lines={"2": "We agreed on thirty seconds."})
    minutes.refresh_from_db()
    assert minutes.status == "disputed"
    assert list(minutes.lines.values_list("disputed_text", flat=True)) == ["", "We agreed on thirty seconds."]


def test_declining_counts_as_disputed(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    request = send(cast, minutes)
    given = Given(answer="", shown_sha256=request.document.sha256, signature=Signature("Marta"), text="I was not there at all.")
    refuse(request.signatories.get(role="approver"), given, now=LATER)
    minutes.refresh_from_db()
    assert (minutes.status, minutes.answer_text) == ("disputed", "I was not there at all.")


def test_an_amended_version_replaces_the_open_one(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    first = send(cast, minutes)
    new = amend_minutes(minutes, by=cast.ae, now=LATER)
    minutes.refresh_from_db()
    assert minutes.status == "sent"  # until the new version is sent, the client can answer the old
    second = send(cast, new, now=LATER)
    minutes.refresh_from_db()
    first.refresh_from_db()
    assert (minutes.status, first.outcome, second.outcome) == ("superseded", "superseded", "")
    with pytest.raises(WrongState):
        answer(first, "confirm")
    answer(second, "confirm")
    new.refresh_from_db()
    assert new.status == "confirmed"
    assert Meeting.objects.get(pk=new.meeting_id).minuted_at == NOW  # the clock counts the first sending


def test_withdrawn_and_expired(cast: Cast) -> None:
    taken_back, lapsed = write(cast, make_meeting(cast)), write(cast, make_meeting(cast))
    withdraw_request(send(cast, taken_back), reason="Wrong draft", by=cast.ae, now=LATER)
    send(cast, lapsed)
    expire_due(now=NOW + timedelta(days=31))
    taken_back.refresh_from_db()
    lapsed.refresh_from_db()
    assert (taken_back.status, lapsed.status) == ("withdrawn", "expired")
    assert amend_minutes(lapsed, by=cast.ae, now=LATER).version == 2


def test_what_is_out_can_not_be_edited(cast: Cast) -> None:
    minutes = write(cast, make_meeting(cast))
    send(cast, minutes)
    with pytest.raises(WrongState):
        edit_minutes(minutes, lines=[], steps=[], present=[], revision=minutes.revision, by=cast.ae, now=NOW)
