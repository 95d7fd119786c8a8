"""The paper: rendered once, stored, mailed to whoever gets invoices; it says what a bookkeeper needs, in the client's language."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.models import Client, Contact
from agency.files import store_bytes
from agency.mail import letter_named
from agency.models import OutgoingMail
from billing import actions, documents, tasks
from billing.models import Invoice
from jobsheets.models import Deliverable, Version
from signoffs.models import Document, SealedDocument, Signatory, SignRequest
from tests.cast import NOW, Cast, make_contact, make_job

from .conftest import line

Make = Callable[..., Invoice]
SHA = "ab" * 32


def sign_off(cast: Cast, job: Any, *, who: str = "Marta Ortega") -> Version:
    """A version the client has signed, as the engine leaves it."""
    stored = store_bytes(b"%PDF-1.7 artwork", "poster.pdf", "application/pdf", now=NOW)
    deliverable = Deliverable.objects.create(job=job, position=1, title="Poster", signed_off_at=NOW)
    version = Version.objects.create(
        deliverable=deliverable, number=1, file=stored, sha256=stored.sha256, by=cast.creative, at=NOW, sent_at=NOW,
        answer="approved", answered_at=NOW,
    )  # fmt: skip
    document = Document.objects.create(
        kind="deliverable", subject_type=ContentType.objects.get_for_model(Version), subject_id=version.pk, account=job.account,
        language="en", title="Poster", reference=str(version), data={}, file=stored, sha256=stored.sha256, created_at=NOW, created_by=cast.ae,
    )  # fmt: skip
    request = SignRequest.objects.create(
        document=document,
        account=job.account,
        expires_at=NOW,
        requested_at=NOW,
        requested_by=cast.ae,
        sent_at=NOW,
        outcome="approved",
        closed_at=NOW,
    )
    Signatory.objects.create(
        request=request,
        contact=cast.contact,
        name=who,
        email=cast.contact.email,
        language="en",
        zone_name="UTC",
        decided_at=NOW,
        answer="approve",
    )
    SealedDocument.objects.create(request=request, file=stored, sha256=SHA, chain_head="0" * 64, certificate="x", sealed_at=NOW)
    return version


def text_of(invoice: Invoice) -> str:
    assert invoice.file is not None
    with invoice.file.file.open("rb") as content:
        reader = pypdf.PdfReader(BytesIO(content.read()))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_rendered_once_and_mailed(cast: Cast, make_issued: Make) -> None:
    job = make_job(cast.account, cast.ae)
    sign_off(cast, job)
    make_contact(cast.acme, "books@acme.example", "Bo Ok", language="es", gets_invoices=True)
    invoice = make_issued(line(job, "1234.50", description="Poster & <b>print</b>"), order_number="PO-77", note="Thank you")
    assert documents.render_document(invoice.pk, now=NOW)
    invoice.refresh_from_db()
    first = invoice.file
    text = text_of(invoice)
    for words in (
        "2026-00001", "Norte & Oriente S.L.", "B-12345678", "Acme S.L.", "B-ACM", "PO-77", "24 November 2026", "24 December 2026",
        "Poster & <b>print</b>", "ACM-26-0001", "€1,234.50", "21%", "€259.25", "€1,493.75", "ES91 2100 0418 4502 0005 1332",
        "Marta Ortega", "ACM-26-0001-D01 V1", "Thank you",
    ):  # fmt: skip
        assert words in text, words
    assert SHA in text.replace(" ", "")
    assert first is not None
    mails = OutgoingMail.objects.filter(letter="billing.invoice").order_by("pk")
    assert [(mail.to_email, mail.language) for mail in mails] == [("marta@acme.example", "en"), ("books@acme.example", "es")]
    assert all(list(mail.attachments.all()) == [first] for mail in mails)
    assert not documents.render_document(invoice.pk, now=NOW)
    tasks.render_invoice(invoice.pk)
    invoice.refresh_from_db()
    assert (invoice.file, OutgoingMail.objects.count()) == (first, 2)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "24 November 2026"),
        ("es", "24 de noviembre de 2026"),
        ("ru", "24 ноября 2026"),
        ("zh-hans", "2026年11月24日"),
        ("ar", "2026"),
    ],
)
def test_in_the_clients_language(cast: Cast, make_issued: Make, language: str, words: str) -> None:
    Client.objects.filter(pk=cast.acme.pk).update(language=language)
    invoice = make_issued()
    assert documents.render_document(invoice.pk, now=NOW)
    invoice.refresh_from_db()
    text = text_of(invoice)
    assert words in text
    assert "2026-00001" in text


def test_a_credit_note_says_what_it_rectifies(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    note = actions.credit_invoice(invoice, reason="Billed to the wrong brand", by=cast.finance, now=NOW)
    assert documents.render_document(note.pk, now=NOW)
    note.refresh_from_db()
    text = text_of(note)
    for words in ("Credit note 2026-R-00001", "Rectifies invoice 2026-00001", "Billed to the wrong brand"):
        assert words in text
    assert "IBAN" not in text
    assert OutgoingMail.objects.get(letter="billing.credit_note").to_email == "marta@acme.example"


def test_the_wall(cast: Cast, make_issued: Make) -> None:
    """Signatures of another client never stand on ours."""
    theirs = make_job(cast.rival_account, cast.outsider)
    sign_off(cast, theirs, who="Rosa Rival")
    invoice = make_issued()
    assert invoice.frozen["signoffs"] == []


def test_sent_again(cast: Cast, make_issued: Make) -> None:
    from agency.errors import Refused

    invoice = make_issued()
    with pytest.raises(Refused, match="PDF"):
        actions.send_again(invoice, cast.contact, by=cast.ae, now=NOW)
    documents.render_document(invoice.pk, now=NOW)
    invoice.refresh_from_db()
    with pytest.raises(Refused):
        actions.send_again(invoice, cast.rival_contact, by=cast.ae, now=NOW)
    actions.send_again(invoice, cast.second_contact, by=cast.ae, now=NOW)
    actions.send_again(invoice, cast.contact, by=cast.finance, now=NOW)
    sent = OutgoingMail.objects.filter(letter="billing.invoice").order_by("pk").values_list("to_email", flat=True)
    assert list(sent) == ["marta@acme.example", "sam@acme.example", "marta@acme.example"]


def test_not_to_someone_who_left(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    documents.render_document(invoice.pk, now=NOW)
    mail = OutgoingMail.objects.get(letter="billing.invoice")
    assert letter_named(mail.letter).still_wanted(mail)
    Contact.objects.filter(pk=cast.contact.pk).update(archived_at=NOW)
    assert not letter_named(mail.letter).still_wanted(mail)
