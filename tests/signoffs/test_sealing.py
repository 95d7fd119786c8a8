"""The sealed PDF: valid to strangers' eyes, broken by any change, and what the verification says."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client as Browser
from django.utils import translation
from pypdf import PdfReader, PdfWriter

from agency.models import OutgoingMail
from signoffs.actions import Asked, Given, Signature, decline, record_decision, send_for_signature, withdraw_request
from signoffs.evidence import verify_exported
from signoffs.models import Document, SealedDocument, SignRequest
from signoffs.rendering import render_document
from signoffs.sealing.seal import put_seal, seal_request
from signoffs.sealing.verify import verify_bytes
from tests.cast import NOW, Cast

from .pictures import png


@pytest.fixture
def sealed(cast: Cast, frozen: Callable[..., Document]) -> SealedDocument:
    return sign_and_seal(cast, frozen())


def sign_and_seal(cast: Cast, document: Document) -> SealedDocument:
    """A real PDF, signed by Marta with a drawn signature, and sealed."""
    request = send_for_signature(document, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    render_document(document.pk, now=NOW)
    document.refresh_from_db()
    given = Given(
        "approve_small", document.sha256, Signature("Marta Ortega", "drawn", png()), text="Please print two spare panels."
    )
    record_decision(request.signatories.get(), given, now=NOW)
    done = seal_request(request.pk, now=NOW)
    assert done
    return done


def content(sealed: SealedDocument) -> bytes:
    with sealed.file.file.open("rb") as file:
        data: bytes = file.read()
    return data


def test_frozen_pages_stay_and_ours_follow(sealed: SealedDocument) -> None:
    reader, frozen = PdfReader(BytesIO(content(sealed))), sealed.request.document.file
    assert frozen
    with frozen.file.open("rb") as file:
        original = file.read()
    before = PdfReader(BytesIO(original))
    assert reader.pages[0].extract_text() == before.pages[0].extract_text()
    words = " ".join(page.extract_text() for page in reader.pages[len(before.pages) :])
    for expected in (
        "Approved with small changes.",
        "Please print two spare panels.",
        "Marta Ortega",
        "Leo Park",
        "not recorded",
    ):
        assert expected in words
    assert reader.attachments["document.pdf"][0] == original
    evidence = json.loads(reader.attachments["evidence.json"][0])
    assert verify_exported(evidence["events"]).ok
    assert evidence["events"][-1]["hash"] == sealed.chain_head
    assert len(reader.root_object["/StructTreeRoot"]["/K"]) == 1
    # Each page names its own row of the tree, where its elements are found again.
    rows = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    places = {rows[place]: rows[place + 1] for place in range(0, len(rows), 2)}
    for page in reader.pages:
        elements = [element.get_object() for element in places[page["/StructParents"]]]
        assert {element.raw_get("/Pg") for element in elements} == {page.indirect_reference}
    attached = [spec.get_object() for spec in reader.root_object["/AF"]]
    assert [(spec["/UF"], spec["/AFRelationship"]) for spec in attached] == [
        ("document.pdf", "/Source"),
        ("evidence.json", "/Data"),
    ]


def test_a_stranger_calls_it_valid(sealed: SealedDocument, tmp_path: Path) -> None:
    if not shutil.which("pdfsig"):
        pytest.skip("poppler's pdfsig is not installed")
    target = tmp_path / "signed.pdf"
    target.write_bytes(content(sealed))
    said = subprocess.run(["pdfsig", "-nocert", target], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_every_changed_byte_is_found(sealed: SealedDocument) -> None:
    data, chance = content(sealed), random.Random(7)
    assert verify_bytes(data).status == "unchanged"
    for _flip in range(100):
        place, change = chance.randrange(len(data)), chance.randrange(1, 256)
        flipped = bytearray(data)
        flipped[place] ^= change
        assert verify_bytes(bytes(flipped)).status in ("changed", "unreadable"), (place, change)
    assert verify_bytes(bytes(bytearray(data))).status == "unchanged"  # a copy is as good as the original


@pytest.mark.parametrize("more", [b"\n", b"\x00", b"%%EOF\n", b"\n% and one more thing\n", b" " * 100_000])
def test_appended_bytes_are_found(sealed: SealedDocument, more: bytes) -> None:
    verdict = verify_bytes(content(sealed) + more)
    assert verdict.status == "changed"
    assert verdict.sha256 != sealed.sha256


def test_whatever_is_cut_off_is_found(sealed: SealedDocument) -> None:
    data = content(sealed)
    for kept in (len(data) - 1, len(data) - 2, len(data) - 7, len(data) // 2, len(data) // 10, 20, 1, 0):
        assert verify_bytes(data[:kept]).status in ("changed", "unreadable"), kept
    assert verify_bytes(data[1:]).status in ("changed", "unreadable")


def test_a_byte_in_the_hole_of_the_seal_is_found(sealed: SealedDocument) -> None:
    """The signature doesn't cover the place it stands in; our records hold the document, so it is the file that changed."""
    data = content(sealed)
    assert data.count(b"00>") == 1  # the end of the padding
    verdict = verify_bytes(data.replace(b"00>", b"01>"))
    assert (verdict.status, verdict.seal_intact, verdict.covers_whole_file) == ("changed", True, True)


def test_what_our_records_lost_is_told_apart(
    cast: Cast, frozen: Callable[..., Document], client: Browser, tmp_path: Path, capsys: Any
) -> None:
    """A backup from before the signing was restored: the seal in the client's hands is sound all the same."""
    document = frozen()
    with transaction.atomic():
        lost = content(sign_and_seal(cast, document))
        transaction.set_rollback(True)
    verdict = verify_bytes(lost)
    assert (verdict.status, verdict.seal_intact, verdict.covers_whole_file) == ("unrecorded", True, True)
    assert (verdict.title, verdict.signatures) == ("", [])
    page = client.post("/verify/", {"file": SimpleUploadedFile("signed.pdf", lost)}).content.decode()
    assert "The seal is valid, but our records don’t hold this document" in page
    assert "changed after it was sealed" not in page
    file = tmp_path / "signed.pdf"
    file.write_bytes(lost)
    with pytest.raises(SystemExit):
        call_command("verify_document", str(file))
    assert json.loads(capsys.readouterr().out)["status"] == "unrecorded"

    assert verify_bytes(lost + b"\n").status == "changed"
    middle = len(lost) // 3
    assert verify_bytes(lost[:middle] + bytes([lost[middle] ^ 1]) + lost[middle + 1 :]).status in ("changed", "unreadable")


def test_a_seal_of_ours_without_evidence_is_no_document_of_ours(db: None) -> None:
    blank = PdfWriter()
    blank.add_blank_page(100, 100)
    out = BytesIO()
    blank.write(out)
    assert verify_bytes(put_seal(out.getvalue(), reason="Try", field_words="Seal")).status == "unrecorded"


def test_what_is_not_ours_is_not_ours(sealed: SealedDocument) -> None:
    frozen = sealed.request.document.file
    assert frozen
    with frozen.file.open("rb") as file:
        assert verify_bytes(file.read()).status == "not_ours"
    for junk in (b"", b"hello", b"%PDF-1.7 but no more", b"\x00" * 5000, b"%PDF-1.7\n" + b"(" * 4000):
        assert verify_bytes(junk).status in ("unreadable", "not_ours")


def test_the_command_gives_a_verdict(sealed: SealedDocument, tmp_path: Path, capsys: Any) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(content(sealed))
    bad.write_bytes(content(sealed)[:-20])
    call_command("verify_document", str(good))
    assert json.loads(capsys.readouterr().out)["ok"] is True
    with pytest.raises(SystemExit) as left:
        call_command("verify_document", str(bad))
    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_sealed_once_and_mailed_to_all(sealed: SealedDocument, cast: Cast) -> None:
    before = OutgoingMail.objects.count()
    assert seal_request(sealed.request_id, now=NOW) == sealed
    assert OutgoingMail.objects.count() == before
    mails = OutgoingMail.objects.filter(letter__in=["signoffs.signed", "signoffs.sealed"])
    assert {mail.to_email for mail in mails} == {cast.contact.email, cast.ae.email}
    assert all(mail.attached.get().stored == sealed.file for mail in mails)


def test_whatever_the_outcome(cast: Cast, sent: Callable[..., SignRequest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # real bytes, please
    refused, withdrawn = sent(), sent(document={"title": "Second"})
    given = Given("", refused.document.sha256, Signature("Marta Ortega"), text="This is not our campaign.")
    decline(refused.signatories.get(), given, now=NOW)
    withdraw_request(withdrawn, reason="Sent too early", by=cast.ae, now=NOW)
    for request in (refused, withdrawn):
        done = seal_request(request.pk, now=NOW)
        assert done
        assert verify_bytes(content(done)).status == "unchanged"
    assert not OutgoingMail.objects.filter(letter="signoffs.signed", object_id=withdrawn.pk).exists()


def test_the_letter_quotes_the_answer_in_its_readers_language(sealed: SealedDocument, cast: Cast) -> None:
    """The worker that seals has a language of its own; the client's letter doesn't speak it."""
    from signoffs import mails

    def spoken(signatory: Any) -> str:
        return translation.get_language() or ""

    original, mails.said_of = mails.said_of, spoken
    OutgoingMail.objects.filter(letter="signoffs.signed").update(key="before", message_id="<before@x.example>")
    sealed.request.signatories.update(language="ru")
    try:
        with translation.override("en"):
            mails.queue_sealed(sealed.request, sealed.file, now=NOW)
    finally:
        mails.said_of = original
    mail = OutgoingMail.objects.filter(letter="signoffs.signed").exclude(key="before").get()
    assert "«ru»" in mail.text or "“ru”" in mail.text


def test_objections_stand_under_the_words_of_their_lines(cast: Cast, sent: Callable[..., SignRequest]) -> None:
    signatory = sent().signatories.get()
    signatory.line_texts = {"2": "We said Monday.", "gone": "A line nobody knows any more."}
    assert signatory.lines_said == [("Delivery on Friday", "We said Monday."), ("gone", "A line nobody knows any more.")]
