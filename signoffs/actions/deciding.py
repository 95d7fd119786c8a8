"""Answers: exactly one counts per signatory, and only about the very document that was shown."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agency import audit
from agency.errors import Refused, WrongState
from agency.files import store_bytes
from agency.models import StoredFile

from .. import mails
from ..consent import consent
from ..evidence import add_event, iso
from ..models import Delegation, Signatory, SignRequest
from ..origin import UNKNOWN, Origin
from ..signables import Answer, answer_of, signable_for
from ..standing import DECLINED, stage_of
from .closing import close
from .locking import lock, signatories_of
from .sending import invite_next

TEXT_LEAST, TEXT_MOST = 10, 2000


@dataclass(frozen=True)
class Signature:
    """How a name was given: typed, or drawn or uploaded (then with a PNG we have re-encoded)."""

    typed_name: str
    kind: str = Signatory.SignatureKind.TYPED
    image: bytes = b""


@dataclass(frozen=True)
class Given:
    """An answer as it came in."""

    answer: str
    shown_sha256: str
    signature: Signature
    text: str = ""
    line_texts: dict[str, str] = field(default_factory=dict)
    language: str = "en"  # of the page it was given on
    code_passed: bool = False  # by this browser, checked by the caller


@dataclass(frozen=True)
class Receipt:
    """What counts. `counted` is False when an earlier answer (or another click) had already been recorded."""

    signatory: Signatory
    counted: bool


class NewerVersion(WrongState):
    """The document shown is no longer the newest; the page shows the newer one."""


class CodeNeeded(Refused):
    """The one-time code has to be entered first."""


def record_decision(signatory: Signatory, given: Given, *, origin: Origin = UNKNOWN, now: datetime) -> Receipt:
    """Record one of the answers of the document's kind. The same receipt comes back however often it is sent.

    Raises NewerVersion, CodeNeeded, WrongState or Refused, with nothing changed.
    """
    return _record(signatory, given, origin=origin, now=now)


def decline(signatory: Signatory, given: Given, *, origin: Origin = UNKNOWN, now: datetime) -> Receipt:
    """ "I can't sign this": a refusal with its reason (`given.text`). Closes the request; everyone concerned is told."""
    return _record(signatory, given, origin=origin, now=now, declines=True)


@transaction.atomic
def _record(signatory: Signatory, given: Given, *, origin: Origin, now: datetime, declines: bool = False) -> Receipt:
    request = lock(signatory.request_id)
    signatory = next(row for row in signatories_of(request) if row.pk == signatory.pk)
    if signatory.decided_at:
        return Receipt(signatory, False)
    _check_open(signatory, given, now)
    answer = None if declines else _checked_answer(request, given)
    text = _checked_text(given, needed=declines or bool(answer and answer.needs_text))
    lines = _checked_lines(request, given, answer)
    if not given.signature.typed_name.strip() or len(given.signature.typed_name.strip()) > 120:
        raise Refused(_("Enter your name, in 120 characters or less."))
    facts = {
        "decided_at": now, "seen_at": signatory.seen_at or now, "answer": answer.value if answer else DECLINED, "text": text,
        "line_texts": lines, "typed_name": given.signature.typed_name.strip(), "signature_kind": given.signature.kind,
        "signature_image": _image(given.signature, now), "remind_at": None,
    }  # fmt: skip
    rows = Signatory.objects.filter(pk=signatory.pk, decided_at=None, revoked_at=None, delegated_to=None)
    if not rows.filter(request__outcome="").update(**facts):
        return Receipt(Signatory.objects.get(pk=signatory.pk), False)
    for name, value in facts.items():
        setattr(signatory, name, value)
    Delegation.objects.filter(signatory=signatory, settled_at=None).update(settled_at=now, accepted=False)
    _write_down(signatory, given, answer, origin, now)
    _follow(request, signatory, answer, now)
    return Receipt(signatory, True)


def _check_open(signatory: Signatory, given: Given, now: datetime) -> None:
    request = signatory.request
    if signatory.revoked_at or (signatory.contact and not signatory.contact.is_active):
        raise WrongState(_("This link no longer works."))
    stage = stage_of(signatory, now=now)
    if stage == "superseded":
        raise NewerVersion(_("There is a newer version of this document. Nothing was recorded."))
    if stage != "open":
        raise WrongState(_("This can't be answered any more. Nothing was recorded."))
    if given.shown_sha256 != request.document.sha256:
        raise NewerVersion(_("The page you answered showed another document. Read this one, then answer. Nothing was recorded."))
    if request.code_required and signatory.contact_id and not given.code_passed:
        raise CodeNeeded(_("Enter the code we mailed to you first. Nothing was recorded."))


def _checked_answer(request: SignRequest, given: Given) -> Answer:
    answer = answer_of(request.document, given.answer)
    if answer is None:
        raise Refused(_("Select your answer."))
    return answer


def _checked_text(given: Given, *, needed: bool) -> str:
    text = given.text.strip()
    if len(text) > TEXT_MOST:
        raise Refused(_("Your text must be 2,000 characters or less."))
    if needed and len(text) < TEXT_LEAST and not any(given.line_texts.values()):
        raise Refused(_("Tell us what is wrong, in at least 10 characters."))
    return text


def _checked_lines(request: SignRequest, given: Given, answer: Answer | None) -> dict[str, str]:
    if answer is None or not answer.takes_lines:
        return {}
    known = {key for key, _words in signable_for(request.document).lines(request.document)}
    lines = {key: text.strip() for key, text in given.line_texts.items() if text.strip()}
    if not set(lines) <= known or any(len(text) > TEXT_MOST for text in lines.values()):
        raise Refused(_("An objection must belong to one line, in 2,000 characters or less."))
    return lines


def _image(signature: Signature, now: datetime) -> StoredFile | None:
    if not signature.image:
        return None
    return store_bytes(signature.image, "signature.png", "image/png", now=now, pictures=True)


def _write_down(signatory: Signatory, given: Given, answer: Answer | None, origin: Origin, now: datetime) -> None:
    """The evidence of the answer, all of it in one event, and the entry in the history."""
    request, document = signatory.request, signatory.request.document
    agreed = consent(given.language)
    code = "not asked for" if not request.code_required or signatory.user_id else "passed"
    evidence: dict[str, Any] = {
        "signatory": signatory.name, "role": signatory.role, "typed_name": signatory.typed_name,
        "signature": signatory.signature_kind,
        "signature_sha256": hashlib.sha256(given.signature.image).hexdigest() if given.signature.image else None,
        "answer": signatory.answer, "intent": str(answer.label) if answer else "I can't sign this", "text": signatory.text,
        "lines": signatory.line_texts, "document": document.pk, "reference": document.reference,
        "document_sha256": document.sha256, "consent_version": agreed.version, "consent_language": agreed.language,
        "consent_sha256": agreed.sha256, "consent": agreed.text, "sent_to": signatory.email, "link": signatory.link_number,
        "code": code, "seen": iso(signatory.seen_at or now), "server_time": iso(now), "zone": signatory.zone_name,
        **{f"from_{name}": value for name, value in origin.as_dict().items()},
    }  # fmt: skip
    add_event(request, "decided", now=now, **evidence)
    verb = "signoff.declined" if answer is None else ("signoff.approved" if answer.approves else "signoff.changes_wanted")
    audit.record(verb, request, by=signatory, now=now, reason=signatory.text)


def _follow(request: SignRequest, signatory: Signatory, answer: Answer | None, now: datetime) -> None:
    """What the answer leads to: the request closes, or the next turn is invited; the agency is told either way."""
    if answer is None:
        close(request, SignRequest.Outcome.DECLINED, by=signatory, now=now)
    elif not answer.approves:
        close(request, SignRequest.Outcome.CHANGES, by=signatory, now=now)
    elif not request.signatories.asked().filter(role=Signatory.Role.APPROVER, decided_at=None).exists():
        close(request, SignRequest.Outcome.APPROVED, by=signatory, now=now)
    else:
        invite_next(request, now=now)
    mails.queue_answered(signatory, now=now)


@transaction.atomic
def mark_seen(signatory: Signatory, *, origin: Origin = UNKNOWN, now: datetime) -> bool:
    """The first human sign on the page (pointer, key or scroll). Answers whether it was the first."""
    request = lock(signatory.request_id)
    rows = Signatory.objects.filter(pk=signatory.pk, seen_at=None, decided_at=None, invited_at__isnull=False)
    if not request.is_open or not rows.update(seen_at=now):
        return False
    where = {f"from_{name}": value for name, value in origin.as_dict().items()}
    add_event(request, "seen", now=now, signatory=signatory.name, **where)
    return True
