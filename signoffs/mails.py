"""The letters of the engine: who gets which, and whether it is still wanted when its turn comes.

The rows hold [[link]] and [[code]]; what they stand for is derived from the link key while the mail is being sent.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Role, User
from agency import clock
from agency.mail import Recipient, queue, register_letter
from agency.models import OutgoingMail, StoredFile

from .links import code_digits, current_url
from .models import Delegation, OneTimeCode, Signatory, SignRequest
from .signables import signable_for
from .standing import approves, said_of

ATTACH_AT_MOST = 10 * 1024 * 1024
#: Keys begin with the letter's cause, then the signatory and the number of the link it carries.
KEY = re.compile(r"(?:sign|remind|signed|refused|passed):(\d+):(\d+)")


def _signatory_of(mail: OutgoingMail) -> tuple[Signatory | None, int]:
    found = KEY.match(mail.key)
    if not found:
        return None, 0
    signatories = Signatory.objects.select_related("request", "contact")
    return signatories.filter(pk=int(found[1])).first(), int(found[2])


def _link(mail: OutgoingMail) -> Mapping[str, str]:
    signatory, number = _signatory_of(mail)
    if signatory is None or signatory.link_number != number:
        return {}
    return {"link": _page_of(signatory)}


def _page_of(signatory: Signatory) -> str:
    if signatory.contact_id:
        return current_url(signatory)
    return settings.SITE_URL + reverse("signoff_sign", args=[signatory.request_id])


def _link_open(mail: OutgoingMail) -> bool:
    """Whether the link in this letter is the one in force, and its reader still has something to do or to read."""
    signatory, number = _signatory_of(mail)
    if signatory is None or signatory.link_number != number or signatory.email != mail.to_email:
        return False
    if signatory.contact and not signatory.contact.is_active:
        return False
    if signatory.is_copy:
        return signatory.request.outcome not in ("withdrawn", "superseded")
    waiting = not (signatory.decided_at or signatory.delegated_to_id or signatory.revoked_at)
    return waiting and signatory.request.is_open and signatory.request.expires_at > clock.now()


def _contact_active(mail: OutgoingMail) -> bool:
    signatory, _number = _signatory_of(mail)
    return signatory is None or signatory.contact is None or signatory.contact.is_active


def _code_of(mail: OutgoingMail) -> OneTimeCode | None:
    return OneTimeCode.objects.filter(pk=int(mail.key.removeprefix("code:"))).select_related("signatory").first()


def _code_alive(mail: OutgoingMail) -> bool:
    code = _code_of(mail)
    return code is not None and code.used_at is None and code.expires_at > clock.now()


def _code(mail: OutgoingMail) -> Mapping[str, str]:
    code = _code_of(mail)
    return {"code": code_digits(code)} if code else {}


register_letter("signoffs.request", still_wanted=_link_open, when_in_doubt="ask", secrets=_link)
register_letter("signoffs.copy", still_wanted=_link_open, when_in_doubt="ask", secrets=_link)
register_letter("signoffs.reminder", still_wanted=_link_open, when_in_doubt="ask", secrets=_link)
register_letter("signoffs.code", still_wanted=_code_alive, when_in_doubt="resend", secrets=_code)
register_letter("signoffs.signed", still_wanted=_contact_active, when_in_doubt="resend", secrets=_link)
register_letter("signoffs.sealed")
register_letter("signoffs.answered")
register_letter("signoffs.over", still_wanted=_contact_active)
register_letter("signoffs.delegate_proposed")
register_letter("signoffs.delegate_refused", still_wanted=_link_open, secrets=_link)
register_letter("signoffs.passed_on", still_wanted=_contact_active)
register_letter("signoffs.expired")
register_letter("signoffs.heads")


def _context(request: SignRequest) -> dict[str, Any]:
    """What every letter about a request knows. Callables are asked while the letter is worded, in the reader's language."""
    document, signable = request.document, signable_for(request.document)
    return {
        "request": request,
        "document": document,
        "client": request.account.client,
        "sender": request.requested_by,
        "ask": lambda: signable.ask(document),
        "what": lambda: signable.subject_line(document),
        "kind": signable.name,
    }


def _to_signatory(letter: str, signatory: Signatory, key: str, *, now: datetime, **more: Any) -> OutgoingMail:
    request = signatory.request
    attachments: tuple[StoredFile, ...] = more.pop("attachments", ())
    return queue(
        letter, to=Recipient(signatory.email, signatory.name, signatory.language, signatory.zone), key=key, about=request, now=now, attachments=attachments,
        reply_to=request.requested_by.email, sender_name=request.requested_by.full_name, thread=f"signrequest:{request.pk}",
        context={**_context(request), "signatory": signatory, "link": "[[link]]", **more},
    )  # fmt: skip


def agency_people(request: SignRequest) -> list[User]:
    """Whom the agency's letters go to: the account's lead and whoever sent it, once each, if they still work here."""
    people = {person.pk: person for person in (request.account.lead, request.requested_by)}
    return [person for person in people.values() if person.is_active]


def _to_agency(letter: str, request: SignRequest, key: str, *, now: datetime, reply_to: str = "", **more: Any) -> None:
    for person in agency_people(request):
        queue(
            letter, to=Recipient.of(person), key=f"{key}:{person.pk}", about=request, now=now, reply_to=reply_to,
            attachments=more.get("attachments", ()), thread=f"signrequest:{request.pk}:agency",
            context={**_context(request), "sender": None, "link": settings.SITE_URL + request.get_absolute_url(), **more},
        )  # fmt: skip


def queue_request(signatory: Signatory, *, now: datetime) -> OutgoingMail:
    """The link itself (for a copy: to read). Its key makes it once per link."""
    letter = "signoffs.copy" if signatory.is_copy else "signoffs.request"
    return _to_signatory(letter, signatory, f"sign:{signatory.pk}:{signatory.link_number}", now=now, others=_others(signatory))


def _others(signatory: Signatory) -> list[str]:
    rows = signatory.request.signatories.asked().exclude(pk=signatory.pk)
    return [str(name) for name in rows.values_list("name", flat=True)]


def queue_reminder(signatory: Signatory, *, now: datetime) -> OutgoingMail:
    key = f"remind:{signatory.pk}:{signatory.link_number}:{signatory.reminded_count}"
    return _to_signatory("signoffs.reminder", signatory, key, now=now, others=_others(signatory))


def queue_code(code: OneTimeCode, *, now: datetime) -> OutgoingMail:
    return _to_signatory("signoffs.code", code.signatory, f"code:{code.pk}", now=now, code="[[code]]")


def queue_over(signatory: Signatory, *, now: datetime) -> OutgoingMail | None:
    """ "There is nothing left to sign", to whoever had an open link, saying why."""
    if signatory.contact and not signatory.contact.is_active:
        return None
    return _to_signatory("signoffs.over", signatory, f"over:{signatory.pk}", now=now, outcome=signatory.request.outcome)


def queue_answered(signatory: Signatory, *, now: datetime) -> None:
    """An answer came in: the agency hears at once, and can reply to the person who gave it."""
    request = signatory.request
    waiting = [row.name for row in request.signatories.asked().filter(decided_at=None)]
    _to_agency(
        "signoffs.answered", request, f"answered:{signatory.pk}", now=now, reply_to=signatory.email, signatory=signatory,
        said=lambda: said_of(signatory), approves=approves(signatory), waiting=waiting,
    )  # fmt: skip


def queue_expired(request: SignRequest, *, now: datetime) -> None:
    names = [row.name for row in Signatory.objects.waiting_in(request)]
    _to_agency("signoffs.expired", request, f"expired:{request.pk}", now=now, names=names)


def queue_delegate_proposed(delegation: Delegation, *, now: datetime) -> None:
    signatory = delegation.signatory
    _to_agency(
        "signoffs.delegate_proposed", signatory.request, f"delegate:{delegation.pk}", now=now, reply_to=signatory.email,
        signatory=signatory, delegation=delegation,
    )  # fmt: skip


def queue_delegate_refused(delegation: Delegation, *, now: datetime) -> OutgoingMail:
    signatory = delegation.signatory
    key = f"refused:{signatory.pk}:{signatory.link_number}:{delegation.pk}"
    return _to_signatory("signoffs.delegate_refused", signatory, key, now=now, delegation=delegation)


def queue_passed_on(old: Signatory, new: Signatory, *, now: datetime) -> OutgoingMail:
    return _to_signatory("signoffs.passed_on", old, f"passed:{old.pk}:{old.link_number}", now=now, new_name=new.name)


def _said(signatory: Signatory) -> str:
    """What they answered; asked while the letter is worded, so that it speaks the letter's language."""
    return said_of(signatory) if signatory.decided_at else ""


def queue_sealed(request: SignRequest, sealed: StoredFile, *, now: datetime) -> None:
    """The sealed PDF: to everyone who answered and to the copies, to the lead and the sender. Attached up to 10 MB."""
    attachments = (sealed,) if sealed.size <= ATTACH_AT_MOST else ()
    more: dict[str, Any] = {"outcome": request.outcome, "attached": bool(attachments), "attachments": attachments}
    told = {person.pk for person in agency_people(request)}
    for signatory in request.signatories.select_related("contact", "request__requested_by", "request__account__client"):
        signatory.request = request
        if signatory.user_id in told or not (signatory.decided_at or (signatory.is_copy and signatory.invited_at)):
            continue
        key = f"signed:{signatory.pk}:{signatory.link_number}"
        _to_signatory("signoffs.signed", signatory, key, now=now, said=partial(_said, signatory), **more)
    _to_agency("signoffs.sealed", request, f"sealed:{request.pk}", now=now, **more)


def queue_heads(heads: list[tuple[SignRequest, str]], *, now: datetime) -> OutgoingMail | None:
    """The day's closed chains, to a director, outside this database: who changes a row later can't change that mail."""
    director = User.objects.active().with_role(Role.DIRECTOR).order_by("pk").first()
    if director is None or not heads:
        return None
    day = clock.local(now, clock.agency_zone()).date()
    return queue(
        "signoffs.heads", to=Recipient.of(director), key=f"heads:{day.isoformat()}", about=None, now=now,
        context={"heads": heads, "today": day},
    )  # fmt: skip
