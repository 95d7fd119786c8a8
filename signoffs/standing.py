"""Where a signatory stands: read from facts, never from a field set by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from .models import Signatory, SignRequest
from .signables import answer_of, signable_for

DECLINED = "declined"

#: What the page behind a link shows.
Stage = Literal[
    "open", "copy", "answered", "passed_on", "waiting_turn", "preparing",
    "expired", "withdrawn", "superseded", "closed",
]  # fmt: skip
_OUTCOMES: dict[str, Stage] = {"expired": "expired", "withdrawn": "withdrawn", "superseded": "superseded"}


def stage_of(signatory: Signatory, *, now: datetime) -> Stage:
    """What this signatory can do now, or why they can't any more."""
    request = signatory.request
    if signatory.decided_at:
        return "answered"
    if signatory.delegated_to_id:
        return "passed_on"
    if signatory.is_copy:
        return _OUTCOMES.get(request.outcome, "copy")
    if request.outcome:
        return _OUTCOMES.get(request.outcome, "closed")
    if now >= request.expires_at:
        return "expired"
    if not signable_for(request.document).is_current(request.document):
        return "superseded"
    if not request.sent_at:
        return "preparing"
    return "open" if signatory.invited_at else "waiting_turn"


@dataclass(frozen=True)
class Standing:
    """For a colleague: one word, its colour role, since when."""

    word: str
    role: str
    since: datetime | None = None


def standing_of(signatory: Signatory, *, now: datetime) -> Standing:
    """What the agency reads beside a signatory's name."""
    request = signatory.request
    if signatory.decided_at:
        return _answered(signatory, request)
    if signatory.delegated_to_id:
        return Standing(_("passed on"), "", None)
    if signatory.revoked_at:
        return Standing(_("revoked"), "", signatory.revoked_at)
    if signatory.is_copy:
        return Standing(_("informed") if signatory.invited_at else _("not yet informed"), "", signatory.invited_at)
    if request.outcome:
        return Standing(_("did not answer"), "", request.closed_at)
    if signatory.contact_id and signatory.contact and not signatory.contact.is_active:
        return Standing(_("has left the client"), "late", signatory.contact.archived_at)
    if not signatory.invited_at:
        return Standing(_("waits for their turn") if request.sent_at else _("being prepared"), "", None)
    if now >= request.expires_at:
        return Standing(_("expired"), "late", request.expires_at)
    role = "client" if signatory.contact_id else "now"
    if signatory.seen_at:
        return Standing(_("seen, not answered"), role, signatory.seen_at)
    return Standing(_("sent, not answered"), role, signatory.invited_at)


def _answered(signatory: Signatory, request: SignRequest) -> Standing:
    if signatory.answer == DECLINED:
        return Standing(_("can't sign"), "late", signatory.decided_at)
    answer = answer_of(request.document, signatory.answer)
    approves = bool(answer and answer.approves)
    # The sentence of the sealed PDF without its full stop: the label asks ("Approve"), this says what was done ("Approved").
    word = str(answer.said).rstrip(".。") if answer else signatory.answer
    return Standing(word, "done" if approves else "due", signatory.decided_at)


def said_of(signatory: Signatory) -> str:
    """The sentence of an answer, for result pages and the sealed PDF, in the active language."""
    if signatory.answer == DECLINED:
        return _("Can't sign this.")
    answer = answer_of(signatory.request.document, signatory.answer)
    return str(answer.said) if answer else ""


def lines_said(signatory: Signatory) -> list[tuple[str, str]]:
    """What they said line by line, each with the words of its line rather than its number."""
    document = signatory.request.document
    named = dict(signable_for(document).lines(document))
    return [(named.get(key, key), text) for key, text in signatory.line_texts.items()]


def approves(signatory: Signatory) -> bool:
    answer = answer_of(signatory.request.document, signatory.answer)
    return bool(answer and answer.approves)
