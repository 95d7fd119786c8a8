"""What goes to the client, through the real engine: sent, answered, recalled; and what that does to the job."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import SigningAuthority
from agency.errors import NotPermitted, Refused, WrongState
from agency.files import make_previews
from agency.models import AuditEntry, OutgoingMail
from jobsheets import actions
from jobsheets.checklist import CHECKLIST
from jobsheets.forms.work import SendForm
from jobsheets.models import Approval, Deliverable, Job, Version
from jobsheets.states import load_deliverables
from signoffs.actions import Asked, record_decision, withdraw_request
from signoffs.actions.deciding import Given, Signature, decline
from signoffs.models import SignRequest
from tests.cast import NOW, Cast, make_contact

from .conftest import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the PDF, for speed; test_documents looks at the real one."""
    monkeypatch.setattr("signoffs.rendering._bytes_of", lambda document: f"%PDF-1.7 {document.pk}".encode())


def send(cast: Cast, version: Version, *asked: Asked, **terms: Any) -> SignRequest:
    from signoffs.rendering import render_document

    people = asked or (Asked(contact=cast.contact),)
    request = actions.send_version_to_client(version, signatories=people, by=cast.ae, now=NOW, **terms)
    render_document(request.document_id, now=NOW)
    request.refresh_from_db()
    return request


def answer(request: SignRequest, value: str, text: str = "", contact: Any = None) -> None:
    row = request.signatories.get(contact=contact) if contact else request.signatories.exclude(role="copy").get()
    request.document.refresh_from_db()
    signature = Signature(typed_name=row.name)
    given = Given(answer=value, shown_sha256=request.document.sha256, signature=signature, text=text)
    (decline if value == "declined" else record_decision)(row, given, now=NOW + timedelta(hours=1))


def check(cast: Cast, version: Version, result: str = "ok") -> None:
    items = [{"key": line.key, "answer": result, "note": "Look here"} for line in CHECKLIST]
    actions.record_quality_check(version, items, sha256=version.sha256, by=cast.teammate, now=NOW)


def state(deliverable: Deliverable) -> tuple[str, tuple[str, ...]]:
    row: Any = load_deliverables(Deliverable.objects.filter(pk=deliverable.pk))[0]
    return row.state.key, row.state.turn


def test_only_what_is_checked_and_released_goes_out(cast: Cast, version: Version) -> None:
    with pytest.raises(Refused, match="quality check"):
        send(cast, version)
    assert not SignRequest.objects.exists()


def test_who_may_send_and_to_whom(cast: Cast, released: Version) -> None:
    def send_to(*asked: Asked, by: Any = cast.ae) -> None:
        actions.send_version_to_client(released, signatories=asked, by=by, now=NOW)

    with pytest.raises(NotPermitted):
        send_to(Asked(contact=cast.contact), by=cast.creative)
    for asked in (
        [], [Asked(user=cast.ae)], [Asked(contact=cast.contact, role="copy")], [Asked(contact=cast.second_contact)],
        [Asked(contact=cast.rival_contact)], [Asked(contact=cast.contact), Asked(user=cast.outsider, role="participant")],
    ):  # fmt: skip
        with pytest.raises(Refused):
            send_to(*asked)
    released.refresh_from_db()
    assert released.sent_at is None
    assert not SignRequest.objects.exists()


def test_the_only_one_who_may_sign_is_chosen_already(cast: Cast, released: Version) -> None:
    form = SendForm(job=released.deliverable.job, kind="deliverable", user=cast.ae)
    assert form["approvers"].value() == [cast.contact.pk]
    other = make_contact(cast.acme, "second@acme.example", "Second Signer")
    SigningAuthority.objects.create(contact=other, kind="deliverable")
    assert not SendForm(job=released.deliverable.job, kind="deliverable", user=cast.ae)["approvers"].value()


def test_a_held_job_sends_nothing(cast: Cast, released: Version) -> None:
    actions.hold(released.deliverable.job, "Holiday", by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        send(cast, released)


def test_the_hands_of_the_agency_stand_on_the_document(cast: Cast, released: Version) -> None:
    request = send(cast, released)
    data = request.document.data
    people = [cast.creative, cast.teammate, cast.creative_director, cast.ae]
    assert [hand["name"] for hand in data["hands"]] == [person.full_name for person in people]
    assert {hand["how"] for hand in data["hands"]} == {"signed in"}
    assert data["file"]["sha256"] == released.sha256
    assert (data["checked"]["count"], data["checked"]["of"]) == (14, 14)
    assert list(request.document.attachments.all()) == [released.file]
    assert state(released.deliverable) == ("client", (cast.contact.full_name,))
    with pytest.raises(Refused, match="already"):
        send(cast, released)


def test_approved_signs_the_deliverable_off_and_delivers_the_job(cast: Cast, released: Version) -> None:
    request = send(cast, released)
    OutgoingMail.objects.all().delete()
    answer(request, "approved", "Lovely.")
    released.refresh_from_db()
    job = released.deliverable.job
    job.refresh_from_db()
    assert (released.answer, released.answer_text) == ("approved", "Lovely.")
    assert released.deliverable.__class__.objects.get().signed_off_at == NOW + timedelta(hours=1)
    assert job.delivered_at == NOW + timedelta(hours=1)
    told = OutgoingMail.objects.filter(letter="jobsheets.answered")
    assert [mail.to_email for mail in told] == [cast.creative.email]  # the engine itself tells the account executive
    assert OutgoingMail.objects.filter(letter="signoffs.answered", to_email=cast.ae.email).count() == 1
    assert all("Lovely." in mail.text for mail in told)
    assert {(mail.sender_name, mail.reply_to) for mail in told} == {("", cast.contact.email)}
    assert all(f"{cast.contact.full_name}, " not in mail.text for mail in told)  # nor in the agency's foot
    assert AuditEntry.objects.get(action="deliverable.signed_off").actor_name == cast.contact.full_name
    assert AuditEntry.objects.get(action="job.delivered").actor_kind == "system"  # it follows; the client didn't do it
    assert state(released.deliverable)[0] == "signed_off"
    with pytest.raises(Refused, match="signed off"):
        actions.upload_version(released.deliverable, picture("blue"), by=cast.creative, now=NOW)
    assert actions.close(job, by=cast.finance, now=NOW).status == "closed"


def test_the_history_says_what_was_answered_in_the_readers_language(cast: Cast, released: Version) -> None:
    answer(send(cast, released), "small_changes", "A larger logo, please.")
    answered = AuditEntry.objects.get(action="version.answered")
    approved = AuditEntry.objects.filter(action="job.approved").earliest("pk")
    for language in ("en", "ru"):
        with translation.override(language):
            assert f"({Version.Answer.SMALL_CHANGES.label})" in answered.sentence
            assert f"({Approval.Side.STRATEGY.label})" in approved.sentence


def test_small_changes_are_made_without_showing_it_again(cast: Cast, released: Version) -> None:
    answer(send(cast, released), "small_changes", "Bigger date.")
    assert state(released.deliverable) == ("small_changes", (cast.creative.full_name,))
    second = actions.upload_version(released.deliverable, picture("blue"), "Date is bigger.", by=cast.creative, now=NOW)
    assert state(second.deliverable)[0] == "check"
    check(cast, second, "not_ok")
    assert state(second.deliverable) == ("flawed", (cast.creative.full_name,))
    third = actions.upload_version(released.deliverable, picture("green"), "Date is right.", by=cast.creative, now=NOW)
    with pytest.raises(Refused, match="Small changes still to be made, checked and released: ACM-26-0001-D01"):
        actions.close(third.deliverable.job, by=cast.finance, now=NOW)
    with pytest.raises(Refused, match="quality check"):
        actions.release_version(third, sha256=third.sha256, by=cast.creative_director, now=NOW)
    check(cast, third)
    assert state(third.deliverable)[0] == "release"
    actions.release_version(third, sha256=third.sha256, by=cast.creative_director, now=NOW)
    assert state(third.deliverable)[0] == "signed_off"
    told = OutgoingMail.objects.filter(letter="jobsheets.released").latest("pk")
    assert "isn’t shown it again" in told.text
    with pytest.raises(Refused, match="signed off"):
        actions.upload_version(released.deliverable, picture("grey"), by=cast.creative, now=NOW)
    assert actions.close(third.deliverable.job, by=cast.finance, now=NOW).status == "closed"


def test_after_small_changes_the_client_sees_a_version_again_once_it_is_reopened_checked_and_released(
    cast: Cast, released: Version
) -> None:
    answer(send(cast, released), "small_changes", "Bigger date.")
    second = actions.upload_version(released.deliverable, picture("blue"), by=cast.creative, now=NOW)
    with pytest.raises(Refused, match="reopen it first"):
        send(cast, second)
    actions.reopen_deliverable(second.deliverable, "They want to see it.", by=cast.ae, now=NOW)
    second = Version.objects.get(pk=second.pk)
    with pytest.raises(Refused, match="quality check"):
        send(cast, second)
    check(cast, second)
    with pytest.raises(Refused, match="released"):
        send(cast, second)
    actions.release_version(second, sha256=second.sha256, by=cast.creative_director, now=NOW)
    answer(send(cast, second), "approved")
    assert state(second.deliverable)[0] == "signed_off"


def test_changes_go_back_to_the_maker(cast: Cast, released: Version) -> None:
    answer(send(cast, released), "changes", "The logo is too small.")
    assert state(released.deliverable) == ("changes", (cast.creative.full_name,))
    assert not Job.objects.get().delivered_at
    with pytest.raises(Refused, match="answered"):
        send(cast, released)
    second = actions.upload_version(released.deliverable, picture("blue"), by=cast.creative, now=NOW)
    assert state(second.deliverable)[0] == "check"


def test_declined_is_for_the_account_executive(cast: Cast, released: Version) -> None:
    answer(send(cast, released), "declined", "Not my budget.")
    assert state(released.deliverable) == ("declined", (cast.ae.full_name,))


def test_a_withdrawn_version_may_be_sent_again(cast: Cast, released: Version) -> None:
    withdraw_request(send(cast, released), reason="Wrong person", by=cast.ae, now=NOW)
    assert state(released.deliverable)[0] == "ready"
    send(cast, released)
    assert state(released.deliverable)[0] == "client"


def test_a_new_version_supersedes_what_the_client_has(cast: Cast, released: Version) -> None:
    request = send(cast, released)
    actions.upload_version(released.deliverable, picture("blue"), by=cast.creative, now=NOW)
    request.refresh_from_db()
    assert request.outcome == "superseded"
    with pytest.raises(WrongState):
        answer(request, "approved")
    released.refresh_from_db()
    assert released.answer == ""


def test_dropping_and_cancelling_withdraw(cast: Cast, released: Version) -> None:
    request = send(cast, released)
    actions.drop_deliverable(released.deliverable, "Too dear", by=cast.ae, now=NOW)
    request.refresh_from_db()
    assert (request.outcome, request.reason) == ("withdrawn", "Too dear")


def test_cancelling_a_job_withdraws_everything(cast: Cast, released: Version) -> None:
    request, job = send(cast, released), released.deliverable.job
    sheet = actions.send_sheet_to_client(job, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    actions.cancel(job, "Budget gone", by=cast.ae, now=NOW)
    for one in (request, sheet):
        one.refresh_from_db()
        assert (one.outcome, one.reason) == ("withdrawn", "Budget gone")
    told = OutgoingMail.objects.filter(letter="jobsheets.stopped").values_list("to_email", flat=True)
    assert list(told) == [cast.creative.email]


def test_nothing_closes_while_something_is_in_flight(cast: Cast, released: Version) -> None:
    send(cast, released)
    with pytest.raises(Refused, match="waits for the client"):
        actions.close(released.deliverable.job, by=cast.finance, now=NOW)


def test_reopening_a_deliverable_wants_it_signed_anew(cast: Cast, released: Version) -> None:
    answer(send(cast, released), "approved")
    actions.reopen_deliverable(released.deliverable, "They changed the date.", by=cast.ae, now=NOW)
    assert state(released.deliverable)[0] == "reopened"
    assert Job.objects.get().delivered_at is None
    actions.upload_version(released.deliverable, picture("blue"), by=cast.creative, now=NOW)


def test_the_strictest_of_two_approvers_counts(cast: Cast, released: Version) -> None:
    from accounts.models import SigningAuthority

    SigningAuthority.objects.create(contact=cast.second_contact, kind="deliverable")
    request = send(cast, released, Asked(contact=cast.contact), Asked(contact=cast.second_contact))
    answer(request, "approved", contact=cast.contact)
    released.refresh_from_db()
    assert released.answer == ""
    answer(request, "small_changes", "Bigger date.", contact=cast.second_contact)
    released.refresh_from_db()
    assert (released.answer, released.answer_text) == ("small_changes", "Bigger date.")


def test_the_client_signs_the_job_sheet(cast: Cast, opened: Job) -> None:
    from signoffs.rendering import render_document

    request = actions.send_sheet_to_client(opened, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    assert "instructions" not in request.document.data
    with pytest.raises(Refused, match="already"):
        actions.send_sheet_to_client(opened, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    render_document(request.document_id, now=NOW)
    answer(request, "approved")
    told = OutgoingMail.objects.filter(to_email=cast.ae.email, letter__endswith="answered")
    assert told.count() == 1, "the account executive hears of one answer once"


def test_a_sheet_issued_again_ends_the_old_link(cast: Cast, opened: Job) -> None:
    from signoffs.rendering import render_document

    request = actions.send_sheet_to_client(opened, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    render_document(request.document_id, now=NOW)
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.")
    request.refresh_from_db()
    assert request.outcome == "superseded"
    with pytest.raises(WrongState):
        answer(request, "approved")


def test_the_documents_are_pdfs_in_every_language(cast: Cast, released: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real renderer, once per language."""
    from agency.pdf import render
    from jobsheets.documents import sheet_data, version_data
    from jobsheets.sheetpdf import context_of

    make_previews(released.file)
    issue = released.deliverable.job.issues.get()
    document = {"title": "Poster, version 1", "reference": str(released)}
    for language in ("en", "ar"):
        facts = {"document": document, "data": version_data(released, sent_at=NOW), "files": [released.file]}
        assert render("pdf/jobsheets/version.html", facts, language=language, title="T").startswith(b"%PDF")
        facts = {"document": document, "data": sheet_data(issue), "files": []}
        assert render("pdf/jobsheets/sheet_to_sign.html", facts, language=language, title="T").startswith(b"%PDF")
        assert render("pdf/jobsheets/sheet.html", context_of(issue), language=language, title="T").startswith(b"%PDF")


def test_the_signed_copy_repeats_the_answer_in_the_readers_language(cast: Cast, released: Version) -> None:
    from signoffs.mails import queue_sealed

    cast.contact.language = "es"
    cast.contact.save()
    request = send(cast, released)
    answer(request, "changes", "El logotipo más pequeño.")
    queue_sealed(request, released.file, now=NOW)
    text = OutgoingMail.objects.get(letter="signoffs.signed").text
    assert "Requiere cambios." in text
    assert "Changes needed" not in text
