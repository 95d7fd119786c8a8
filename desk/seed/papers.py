"""Papers that were sent to be signed: document, request, signatories, the chain of evidence, the seal.

Each event carries the hash the real chain would (signoffs/evidence.py), each signatory the digest of the link they were sent
(signoffs/links.py), so that open links open and closed chains hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Contact, User
from agency.models import StoredFile
from signoffs import reminders
from signoffs.actions.sending import DEFAULT_DAYS
from signoffs.consent import consent
from signoffs.evidence import event_hash, iso
from signoffs.hands import How
from signoffs.links import renew
from signoffs.models import Document, Event, SealedDocument, Signatory, SignRequest
from signoffs.origin import Origin
from signoffs.signables import answer_of
from signoffs.standing import DECLINED

from .files import Files
from .house import Place, role_on_paper
from .ledger import Ledger
from .post import Post
from .seals import Sealer

Outcome = SignRequest.Outcome
_OUTCOMES = {
    "approved": Outcome.APPROVED,
    "small_changes": Outcome.APPROVED,
    "confirm": Outcome.APPROVED,
    "declined": Outcome.DECLINED,
}
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
)


@cache
def said(language: str, words: str) -> str:
    """One of the product's own texts in a paper's language."""
    with translation.override(language):
        return gettext(words)


@cache
def signed_in(language: str) -> str:
    with translation.override(language):
        return str(How.PASSWORD.label)


def hand(user: User, what: str, at: datetime, language: str) -> dict[str, str]:
    """As signoffs.hands.hand() words it."""
    return {
        "name": user.full_name, "role": role_on_paper(user, language), "what": said(language, what), "at": at.isoformat(),
        "how": signed_in(language),
    }  # fmt: skip


@dataclass
class Paper:
    """What is sent: frozen as it was, by whom and when, and how it ended."""

    kind: str
    subject: models.Model
    place: Place
    title: str
    reference: str
    data: dict[str, Any]
    by: User
    sent: datetime
    signers: Sequence[Contact]
    copies: Sequence[Contact] = ()
    attachments: Sequence[StoredFile] = ()
    wanted_by: datetime | None = None
    seen: datetime | None = None
    answered: datetime | None = None
    answer: str = ""
    text: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    ended: tuple[str, datetime] | None = None  # expired, superseded, withdrawn: without an answer
    reason: str = ""


class Desk:
    """Writes papers into the ledger."""

    def __init__(self, ledger: Ledger, files: Files, sealer: Sealer, post: Post, rng: Random, now: datetime) -> None:
        self.ledger, self.files, self.sealer, self.post, self.rng, self.now = ledger, files, sealer, post, rng, now
        self.rendered = timedelta(seconds=3)

    def send(self, paper: Paper) -> tuple[Document, SignRequest]:
        document, request = self._freeze(paper), self._request(paper)
        request.document = document
        rows = self._signatories(paper, request)
        chain = Chain(self.ledger, request)
        self._begin(chain, paper, request, rows)
        for row in rows:
            self._ask(chain, paper, request, row)
        if request.outcome:
            self._end(chain, paper, request, rows)
        elif paper.sent < self.now:
            for row in rows:
                if not row.is_copy and not row.decided_at:
                    row.remind_at = reminders.next_time(row, after=self.now)
        return document, request

    def _freeze(self, paper: Paper) -> Document:
        language = paper.place.client.language
        stored = self.files.paper(language, paper.reference, at=paper.sent + self.rendered)
        document = self.ledger.add(
            Document(
                kind=paper.kind, subject_type=ContentType.objects.get_for_model(paper.subject), subject_id=paper.subject.pk,
                account=paper.place.account, language=language, title=paper.title[:200], reference=paper.reference, data=paper.data,
                file=stored, sha256=stored.sha256, created_at=paper.sent, created_by=paper.by,
            )
        )  # fmt: skip
        for attached in paper.attachments:
            self.ledger.put(Document.attachments.through, document_id=document.pk, storedfile_id=attached.pk)
        return document

    def _request(self, paper: Paper) -> SignRequest:
        outcome, closed = paper.ended or ("", None)
        if paper.answered:
            outcome, closed = _OUTCOMES.get(paper.answer, Outcome.CHANGES), paper.answered
        return self.ledger.add(
            SignRequest(
                account=paper.place.account, message="", wanted_by=paper.wanted_by, expires_at=paper.sent + timedelta(days=DEFAULT_DAYS),
                requested_at=paper.sent, requested_by=paper.by, sent_at=paper.sent + self.rendered, outcome=outcome, closed_at=closed,
                reason=paper.reason, head_mailed_at=closed and closed + timedelta(hours=9) if closed and closed < self.now - timedelta(hours=9) else None,
            )
        )  # fmt: skip

    def _signatories(self, paper: Paper, request: SignRequest) -> list[Signatory]:
        """Who signs, in order; the last of several signers answers last, a refusal by the first closes it for the others."""
        rows: list[Signatory] = []
        asked = [(contact, Signatory.Role.APPROVER) for contact in paper.signers] + [
            (c, Signatory.Role.COPY) for c in paper.copies
        ]
        for contact, role in asked:
            row = Signatory(
                request=request, contact=contact, name=contact.full_name, title=contact.title, email=contact.email,
                language=contact.language, zone_name=contact.zone_name or paper.place.client.zone_name, role=role,
                invited_at=paper.sent + self.rendered,
            )  # fmt: skip
            row.pk = self.ledger.key(Signatory)
            renew(row)
            self._answer(row, paper, request, first=not rows)
            rows.append(self.ledger.add(row))
        return rows

    def _answer(self, row: Signatory, paper: Paper, request: SignRequest, *, first: bool) -> None:
        if row.is_copy:
            return
        if first:
            row.seen_at = paper.seen
        if not paper.answered or not (first or request.outcome == Outcome.APPROVED):
            return
        row.seen_at = paper.seen or paper.answered
        row.decided_at, row.answer = paper.answered, paper.answer
        row.typed_name, row.signature_kind = row.name, Signatory.SignatureKind.TYPED
        if first:
            row.text, row.line_texts = paper.text, paper.lines

    def _begin(self, chain: "Chain", paper: Paper, request: SignRequest, rows: list[Signatory]) -> None:
        document = request.document
        chain.add(
            "requested", paper.sent, by=paper.by.full_name, document=document.pk, kind=document.kind, title=document.title,
            reference=document.reference, in_turn=False, code_required=False, expires=request.expires_at.isoformat(),
            signatories=[{"name": row.name, "role": row.role, "turn": row.turn} for row in rows],
        )  # fmt: skip
        assert request.sent_at
        assert document.file
        chain.add("document", request.sent_at, sha256=document.sha256, bytes=document.file.size)
        for row in rows:
            chain.add("invited", request.sent_at, signatory=row.name, email=row.email, link=row.link_number)
            self._mail(paper, request, row)

    def _mail(self, paper: Paper, request: SignRequest, row: Signatory) -> None:
        assert row.contact
        letter = "signoffs.copy" if row.is_copy else "signoffs.request"
        self.post.write(
            letter, f"sign:{row.pk}:{row.link_number}", row.contact, f"{paper.title} · {paper.reference}", request, at=paper.sent + self.rendered,
            client=paper.place.client, account=paper.place.account, sender=paper.by, link=True,
        )  # fmt: skip

    def _ask(self, chain: "Chain", paper: Paper, request: SignRequest, row: Signatory) -> None:
        if row.seen_at:
            origin = self._origin().as_dict()
            chain.add("seen", row.seen_at, signatory=row.name, **{f"from_{name}": value for name, value in origin.items()})
        if row.decided_at:
            self._decide(chain, request, row)

    def _decide(self, chain: "Chain", request: SignRequest, row: Signatory) -> None:
        """All that is known about an answer, as signoffs.actions.deciding writes it down."""
        document, agreed = request.document, consent_in(row.language)
        answer = None if row.answer == DECLINED else answer_of(document, row.answer)
        assert row.decided_at
        chain.add(
            "decided", row.decided_at, signatory=row.name, role=row.role, typed_name=row.typed_name, signature=row.signature_kind,
            signature_sha256=None, answer=row.answer, intent=str(answer.label) if answer else "I can't sign this", text=row.text,
            lines=row.line_texts, document=document.pk, reference=document.reference, document_sha256=document.sha256,
            consent_version=agreed.version, consent_language=agreed.language, consent_sha256=agreed.sha256, consent=agreed.text,
            sent_to=row.email, link=row.link_number, code="not asked for", seen=iso(row.seen_at or row.decided_at),
            server_time=iso(row.decided_at), zone=row.zone_name,
            **{f"from_{name}": value for name, value in self._origin().as_dict().items()},
        )  # fmt: skip

    def _origin(self) -> Origin:
        address = f"203.0.113.{self.rng.randint(1, 254)}"
        return Origin(address=address, agent=self.rng.choice(AGENTS), entered="link")

    def _end(self, chain: "Chain", paper: Paper, request: SignRequest, rows: list[Signatory]) -> None:
        closed = request.closed_at
        assert closed
        who = next(
            (row.name for row in rows if row.decided_at),
            "Countersign" if request.outcome == Outcome.EXPIRED else paper.by.full_name,
        )
        chain.add("closed", closed, outcome=str(request.outcome), reason=paper.reason or None, by=who)
        sealed_at = closed + timedelta(seconds=2)
        stored = self.sealer.seal(request, at=sealed_at)
        self.ledger.add(
            SealedDocument(
                request=request,
                file=stored,
                sha256=stored.sha256,
                chain_head=chain.head,
                certificate=self.sealer.certificate,
                sealed_at=sealed_at,
            )
        )
        chain.add("sealed", sealed_at, sha256=stored.sha256, certificate=self.sealer.certificate)


@cache
def consent_in(language: str) -> Any:
    return consent(language)


class Chain:
    """The events of one request, each with the hash of the one before."""

    def __init__(self, ledger: Ledger, request: SignRequest) -> None:
        self.ledger, self.request = ledger, request
        self.place, self.head = 0, ""

    def add(self, kind: str, at: datetime, /, **data: Any) -> None:
        self.place += 1
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        previous, self.head = self.head, event_hash(self.request.pk, self.place, kind, iso(at), data, self.head)
        self.ledger.put(
            Event, request_id=self.request.pk, sequence=self.place, kind=kind, at=at, data=data, previous_hash=previous, hash=self.head
        )  # fmt: skip
