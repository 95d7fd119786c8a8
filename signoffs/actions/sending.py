"""Sending a document out to be signed, and mending what went wrong on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Contact, Role, User
from accounts.permissions import require
from accounts.visibility import accounts_for
from agency import audit
from agency.errors import Refused, WrongState

from .. import mails, reminders
from ..evidence import add_event
from ..links import renew
from ..models import Document, Signatory, SignRequest
from ..signables import signable_for
from .locking import lock, lock_open, signatories_of

DEFAULT_DAYS, MOST_DAYS = 14, 30
MOST_SIGNATORIES = 30


@dataclass(frozen=True)
class Asked:
    """One person asked to sign: a contact by link, or a colleague in the app. `turn` counts when they sign in turn."""

    contact: Contact | None = None
    user: User | None = None
    role: Literal["approver", "participant", "copy"] = "approver"
    turn: int = 1

    @property
    def person(self) -> Contact | User:
        person = self.contact or self.user
        if person is None:
            raise ValueError("Asked needs a contact or a user.")
        return person


@transaction.atomic
def send_for_signature(
    document: Document,
    *,
    signatories: Sequence[Asked],
    in_turn: bool = False,
    wanted_by: datetime | None = None,
    expires_at: datetime | None = None,
    message: str = "",
    code_required: bool | None = None,
    by: User,
    now: datetime,
) -> SignRequest:
    """Ask people to sign a frozen document. The mails go out when its bytes are made, in one transaction with them.

    `expires_at` is 14 days from `now` by default, 30 at most; `wanted_by` is what the client is told. `code_required`: None
    takes the kind's own habit. Raises Refused when somebody may not be asked, with the sentence for the sender.
    """
    require(by, "signoffs.send")
    expires_at = expires_at or now + timedelta(days=DEFAULT_DAYS)
    _check_request(document, wanted_by, expires_at, message, now)
    check_signatories(document, signatories, by=by)
    if code_required is None:
        code_required = signable_for(document).code_by_default
    request = SignRequest.objects.create(
        document=document, account=document.account, in_turn=in_turn, message=message.strip(), code_required=code_required,
        wanted_by=wanted_by, expires_at=expires_at, requested_at=now, requested_by=by,
    )  # fmt: skip
    rows = Signatory.objects.bulk_create(_signatory(request, asked) for asked in signatories)
    _record(request, rows, by=by, now=now)
    document.refresh_from_db()
    if document.file_id:
        start(request, now=now)
    return request


def _record(request: SignRequest, rows: Sequence[Signatory], *, by: User, now: datetime) -> None:
    """What was asked of whom: the first event of the request's chain, and the agency's own record."""
    document = request.document
    add_event(
        request, "requested", now=now, by=by.full_name, document=document.pk, kind=document.kind, title=document.title,
        reference=document.reference, in_turn=request.in_turn, code_required=request.code_required,
        expires=request.expires_at.isoformat(),
        signatories=[{"name": row.name, "role": row.role, "turn": row.turn} for row in rows],
    )  # fmt: skip
    names = ", ".join(row.name for row in rows)
    audit.record("signoff.requested", request, by=by, now=now, new={"to": names}, reason=request.message)


def _check_request(document: Document, wanted_by: datetime | None, expires_at: datetime, message: str, now: datetime) -> None:
    if not now < expires_at <= now + timedelta(days=MOST_DAYS):
        raise Refused(_("The link must end in the future, and within %(days)s days.") % {"days": MOST_DAYS})
    if wanted_by and not now < wanted_by <= expires_at:
        raise Refused(_("The answer must be wanted in the future, and before the link ends."))
    if len(message) > 2000:
        raise Refused(_("The personal note must be 2,000 characters or less."))
    if document.requests.filter(outcome="").exists():
        raise WrongState(_("This document is already out for signature. Withdraw that request before you send a new one."))
    if not signable_for(document).is_current(document):
        raise WrongState(_("There is a newer version of this document. Send that one."))


def check_signatories(document: Document, signatories: Sequence[Asked], *, by: User) -> None:
    """Whether these people may be asked to sign this. Raises Refused with a sentence about the first who may not."""
    if not any(asked.role == Signatory.Role.APPROVER for asked in signatories):
        raise Refused(_("Select who approves: at least one person must."))
    if len(signatories) > MOST_SIGNATORIES:
        raise Refused(_("At most %(most)s people can sign one document.") % {"most": MOST_SIGNATORIES})
    people = [(type(asked.person).__name__, asked.person.pk) for asked in signatories]
    if len(set(people)) < len(people):
        raise Refused(_("Somebody is named twice. Name each person once."))
    for asked in signatories:
        if asked.contact:
            _check_contact(document, asked.contact, asked.role, by)
        else:
            _check_colleague(document, asked.person)


def _check_contact(document: Document, contact: Contact, role: str, by: User) -> None:
    name = {"name": contact.full_name}
    if contact.client_id != document.account.client_id:
        raise Refused(_("%(name)s doesn't work for this client.") % name)
    if not contact.is_active:
        raise Refused(_("%(name)s is archived. Choose another contact.") % name)
    if not contact.letters_allowed and not by.has_role(Role.DIRECTOR):
        raise Refused(
            _("%(name)s may not be written to: the account team doesn't write to top management. Ask a director to send it.")
            % name
        )
    if role == Signatory.Role.APPROVER and not contact.may_sign(document.kind, document.amount):
        raise Refused(
            _(
                "%(name)s isn't entered as somebody who may sign this kind of document, or not for this amount. Choose another "
                "approver, or ask a manager to change the contact's authority."
            )
            % name
        )


def _check_colleague(document: Document, user: Contact | User) -> None:
    if not isinstance(user, User) or not user.is_active or not accounts_for(user).filter(pk=document.account_id).exists():
        raise Refused(_("%(name)s isn't on the account's team, so can't sign this.") % {"name": user.full_name})


def _signatory(request: SignRequest, asked: Asked) -> Signatory:
    person = asked.person
    with translation.override(request.document.language):
        title = person.paper_title if isinstance(person, User) else person.title
    return Signatory(
        request=request, contact=asked.contact, user=asked.user, name=person.full_name, title=title, email=person.email,
        language=person.language, zone_name=person.zone.key, role=asked.role, turn=max(asked.turn, 1),
    )  # fmt: skip


def start(request: SignRequest, *, now: datetime) -> None:
    """The document's bytes are there: invite the first turn and tell the copies. In the caller's transaction; once."""
    request = lock(request.pk)
    if request.sent_at or not request.is_open:
        return
    request.sent_at = now
    request.save(update_fields=["sent_at"])
    document = request.document
    add_event(request, "document", now=now, sha256=document.sha256, bytes=document.file.size if document.file else None)
    for signatory in signatories_of(request):
        if signatory.is_copy:
            invite(signatory, now=now)
    invite_next(request, now=now)


def invite_next(request: SignRequest, *, now: datetime) -> None:
    """Invite whoever's turn it is: everyone at once, or the first turn in which somebody still has to answer."""
    waiting = [
        s for s in signatories_of(request) if not s.is_copy and not s.decided_at and not s.revoked_at and not s.delegated_to_id
    ]
    turn = min((s.turn for s in waiting), default=0)
    for signatory in waiting:
        if not signatory.invited_at and (not request.in_turn or signatory.turn == turn):
            invite(signatory, now=now)


def invite(signatory: Signatory, *, now: datetime) -> None:
    """Give a signatory their link and queue its mail, in the caller's transaction."""
    signatory.invited_at = now
    if signatory.contact_id:
        renew(signatory)
    else:
        signatory.link_number += 1
    if not signatory.is_copy:
        signatory.remind_at = reminders.next_time(signatory)
    signatory.save(update_fields=["invited_at", "link_number", "token_digest", "remind_at"])
    add_event(signatory.request, "invited", now=now, signatory=signatory.name, email=signatory.email, link=signatory.link_number)
    mails.queue_request(signatory, now=now)


def _waiting_signatory(signatory: Signatory, *, by: User) -> Signatory:
    """The signatory, its request locked: invited and still to answer. Raises Refused otherwise."""
    require(by, "signoffs.manage")
    request = lock_open(signatory.request_id)
    found = next(row for row in signatories_of(request) if row.pk == signatory.pk)
    if found.decided_at or found.delegated_to_id or found.revoked_at:
        raise WrongState(_("%(name)s has already answered or passed it on.") % {"name": found.name})
    if not found.invited_at:
        raise WrongState(_("%(name)s has not been written to yet.") % {"name": found.name})
    return found


@transaction.atomic
def resend(signatory: Signatory, *, by: User, now: datetime) -> Signatory:
    """Mail the link again: a new one, the one before is dead. Raises Refused when there is nothing to resend."""
    signatory = _waiting_signatory(signatory, by=by)
    _send_again(signatory, "resent", now=now)
    audit.record("signoff.resent", signatory.request, by=by, now=now, new={"to": signatory.name})
    return signatory


def _send_again(signatory: Signatory, kind: str, *, now: datetime, **facts: str) -> None:
    if signatory.contact_id:
        renew(signatory)
    else:
        signatory.link_number += 1
    signatory.code_passed_at = None
    signatory.remind_at = reminders.next_time(signatory, after=now)
    signatory.save(update_fields=["email", "link_number", "token_digest", "code_passed_at", "remind_at"])
    add_event(
        signatory.request, kind, now=now, signatory=signatory.name, email=signatory.email, link=signatory.link_number, **facts
    )
    mails.queue_request(signatory, now=now)


@transaction.atomic
def correct_address_and_resend(signatory: Signatory, email: str, *, by: User, now: datetime) -> Signatory:
    """The address was wrong: correct it on the contact and here, and send a new link. The old link is dead."""
    signatory = _waiting_signatory(signatory, by=by)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("Enter an email address, such as name@example.com.")) from None
    contact = signatory.contact
    if contact is None:
        raise Refused(_("A colleague's address is changed by an administrator, on the colleague's page."))
    if email == signatory.email:
        raise Refused(_("This is the address it was sent to. Use “Send again” instead."))
    if Contact.objects.filter(client=contact.client_id, email__iexact=email).exclude(pk=contact.pk).exists():
        raise Refused(_("Another contact of this client already has this address. Withdraw, and send it to that contact."))
    old = contact.email
    Contact.objects.filter(pk=contact.pk).update(email=email)
    signatory.email = email
    _send_again(signatory, "address_corrected", now=now)
    audit.record("signoff.address_corrected", contact, by=by, now=now, old={"email": old}, new={"email": email})
    return signatory


@transaction.atomic
def pause_reminders(signatory: Signatory, paused: bool, *, by: User, now: datetime) -> Signatory:
    """Stop or resume one signatory's reminders; when resumed, the next one follows the rhythm from today."""
    signatory = _waiting_signatory(signatory, by=by)
    signatory.reminders_paused = paused
    signatory.remind_at = reminders.next_time(signatory, after=now)
    signatory.save(update_fields=["reminders_paused", "remind_at"])
    audit.record(
        "signoff.reminders_paused" if paused else "signoff.reminders_resumed", signatory.request, by=by, now=now,
        new={"to": signatory.name},
    )  # fmt: skip
    return signatory
