"""The pages that follow the frozen ones: what was answered and whose hands, then how each signature was given."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agency import pdf
from agency.files import make_previews
from agency.words import beside

from ..models import Event, Signatory, SignRequest
from ..origin import NOT_RECORDED
from ..standing import DECLINED, approves, lines_said, said_of

TEMPLATE = "pdf/signoffs/signatures.html"


def render_pages(request: SignRequest, signatories: list[Signatory], events: list[Event], *, now: datetime) -> bytes:
    """The signature page and the certificate page, in the document's language, as a tagged PDF of their own."""
    document = request.document
    with translation.override(document.language):
        context = {
            "document": document,
            "request": request,
            "outcome": request.get_outcome_display(),
            "answers": [_answer(s) for s in signatories if s.decided_at],
            "silent": [_silent(s) for s in signatories if not s.decided_at and not s.is_copy],
            "hands": [_hand(s) for s in signatories if s.decided_at] + list(document.data.get("hands", [])),
            "certificates": [_certificate(s, events) for s in signatories if s.decided_at],
            "head": events[-1].hash if events else "",
            "events": len(events),
            "zone": request.account.client.zone,
            "verify_at": format_html('<bdi dir="ltr">{}/verify/</bdi>', settings.SITE_URL.split("://", 1)[-1]),
            "sealed_at": now,
        }
        return pdf.render(TEMPLATE, context, language=document.language, title=f"{document.title} · {document.reference}")


def _answer(signatory: Signatory) -> dict[str, Any]:
    role = "late" if signatory.answer == DECLINED else "" if approves(signatory) else "due"
    return {
        "name": signatory.name,
        "words": said_of(signatory),
        "text": signatory.text,
        "role": role,
        "lines": lines_said(signatory),
    }


def _silent(signatory: Signatory) -> dict[str, str]:
    if signatory.delegated_to:
        return {"name": signatory.name, "why": _("passed it on to %(name)s") % {"name": signatory.delegated_to.name}}
    return {"name": signatory.name, "why": _("did not answer") if signatory.invited_at else _("was not asked any more")}


def _hand(signatory: Signatory) -> dict[str, Any]:
    """A signature as it stands among the hands."""
    picture = signatory.signature_image
    if picture:
        make_previews(picture)
    if signatory.user_id:
        how = _("signed in the agency's application")
    elif signatory.request.code_required:
        how = _("by link to %(email)s, code confirmed") % {"email": signatory.email}
    else:
        how = _("by link to %(email)s") % {"email": signatory.email}
    where = signatory.title
    if signatory.contact:
        where = beside(signatory.title, signatory.contact.client.name)
    return {
        "name": signatory.name, "typed": signatory.typed_name, "role": where, "what": said_of(signatory),
        "at": signatory.decided_at, "how": how, "picture": f"countersign-file:{picture.pk}/preview" if picture else "",
    }  # fmt: skip


def _certificate(signatory: Signatory, events: list[Event]) -> dict[str, Any]:
    """How one signature was given, from the event that recorded it and nothing else."""
    event = next((e for e in events if e.kind == "decided" and e.data["signatory"] == signatory.name and _at(e, signatory)), None)
    data = event.data if event else {}

    def known(name: str) -> str:
        value = data.get(name)
        return _("not recorded") if value in (None, "", NOT_RECORDED) else str(value)

    codes = {"passed": pgettext("one-time code", "passed"), "not asked for": _("not asked for")}
    entered = {"link": _("emailed link"), "app": _("signed in"), "app, second factor": _("signed in, second factor")}
    return {
        "signatory": signatory, "event": event, "typed_name": known("typed_name"), "intent": said_of(signatory),
        "kind": signatory.get_signature_kind_display(), "sent_to": known("sent_to"), "sent_at": signatory.invited_at,
        "seen_at": signatory.seen_at, "decided_at": signatory.decided_at, "code": codes.get(data.get("code", ""), known("code")),
        "entered": entered.get(data.get("from_entered", ""), known("from_entered")), "address": known("from_address"),
        "agent": known("from_agent"), "languages": known("from_languages"), "consent": known("consent"),
        "consent_version": known("consent_version"), "consent_sha256": known("consent_sha256"),
        "document_sha256": known("document_sha256"), "hash": event.hash if event else _("not recorded"),
    }  # fmt: skip


def _at(event: Event, signatory: Signatory) -> bool:
    return bool(signatory.decided_at and abs((event.at - signatory.decided_at).total_seconds()) < 1)
