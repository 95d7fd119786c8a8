""" "Not the right person?": a signatory names somebody else; it counts when the agency has confirmed who that is."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from accounts.permissions import require
from agency import audit
from agency.errors import Refused, WrongState

from .. import mails, reminders
from ..evidence import add_event
from ..models import Delegation, Signatory
from ..origin import UNKNOWN, Origin
from ..standing import stage_of
from .locking import lock, lock_open, signatories_of
from .sending import Asked, check_signatories, invite

MOST_TIMES = 4


def times_passed_on(signatory: Signatory) -> int:
    """How often this place in the request was passed on or offered, by everyone who held it."""
    places = {signatory.pk}
    holders = dict(Signatory.objects.filter(request=signatory.request_id).values_list("pk", "delegated_to"))
    while before := {pk for pk, to in holders.items() if to in places} - places:
        places |= before
    return Delegation.objects.filter(signatory__in=places).count()


@transaction.atomic
def propose_delegate(
    signatory: Signatory, *, name: str, email: str, reason: str, origin: Origin = UNKNOWN, now: datetime
) -> Delegation:
    """A contact says who should sign instead. Nothing moves until a colleague confirms; at most four times."""
    request = lock(signatory.request_id)
    signatory = next(row for row in signatories_of(request) if row.pk == signatory.pk)
    name, email, reason = name.strip(), email.strip(), reason.strip()
    if stage_of(signatory, now=now) != "open":
        raise WrongState(_("This can't be passed on any more. Nothing was recorded."))
    _check_proposal(signatory, name, email, reason)
    if Delegation.objects.filter(signatory=signatory, settled_at=None).exists():
        raise WrongState(_("You have already named somebody. We confirm it before it takes effect."))
    if times_passed_on(signatory) >= MOST_TIMES:
        raise Refused(_("This has been passed on too often. Call us, so that we find the right person together."))
    delegation = Delegation.objects.create(signatory=signatory, name=name, email=email, reason=reason, proposed_at=now)
    add_event(
        request, "delegate_proposed", now=now, signatory=signatory.name, name=name, email=email, reason=reason,
        **{f"from_{key}": value for key, value in origin.as_dict().items()},
    )  # fmt: skip
    audit.record("signoff.delegate_proposed", request, by=signatory, now=now, new={"to": name}, reason=reason)
    mails.queue_delegate_proposed(delegation, now=now)
    return delegation


def _check_proposal(signatory: Signatory, name: str, email: str, reason: str) -> None:
    if not name or len(name) > 120:
        raise Refused(_("Enter the name of the person who should sign, in 120 characters or less."))
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("Enter an email address, such as name@example.com.")) from None
    if email.casefold() == signatory.email.casefold():
        raise Refused(_("This is your own address. Enter the address of the person who should sign instead."))
    if not reason or len(reason) > 2000:
        raise Refused(_("Say why somebody else should sign, in 2,000 characters or less."))


def _open_delegation(delegation: Delegation, *, by: User) -> tuple[Delegation, Signatory]:
    require(by, "signoffs.confirm_delegate")
    request = lock_open(delegation.signatory.request_id)
    delegation = Delegation.objects.get(pk=delegation.pk)
    signatory = next(row for row in signatories_of(request) if row.pk == delegation.signatory_id)
    if delegation.settled_at or signatory.decided_at:
        raise WrongState(_("This has been settled already. Reload the page to see how."))
    return delegation, signatory


@transaction.atomic
def confirm_delegate(delegation: Delegation, contact: Contact, *, by: User, now: datetime) -> Signatory:
    """The agency confirms the new signatory: a contact of this client with the authority. The old link then says so.

    Raises Refused when that contact may not sign this. The contact is made beforehand, on the client's page or by the form.
    """
    delegation, old = _open_delegation(delegation, by=by)
    request = old.request
    check_signatories(request.document, [Asked(contact=contact, role="approver")], by=by)
    if any(row.contact_id == contact.pk and not row.is_copy for row in signatories_of(request)):
        raise Refused(_("%(name)s is already one of the signatories.") % {"name": contact.full_name})
    new = Signatory.objects.create(
        request=request, contact=contact, name=contact.full_name, title=contact.title, email=contact.email,
        language=contact.language, zone_name=contact.zone.key, role=old.role, turn=old.turn,
    )  # fmt: skip
    Signatory.objects.filter(pk=old.pk).update(delegated_to=new, remind_at=None)
    Delegation.objects.filter(pk=delegation.pk).update(settled_at=now, settled_by=by, accepted=True, new_signatory=new)
    add_event(request, "delegated", now=now, signatory=old.name, to=new.name, email=new.email, confirmed_by=by.full_name)
    audit.record("signoff.delegated", request, by=by, now=now, old={"to": old.name}, new={"to": new.name})
    invite(new, now=now)
    mails.queue_passed_on(old, new, now=now)
    return new


@transaction.atomic
def refuse_delegate(delegation: Delegation, *, by: User, now: datetime) -> Signatory:
    """The agency doesn't agree: the signatory stays asked, is told, and is reminded again."""
    delegation, signatory = _open_delegation(delegation, by=by)
    Delegation.objects.filter(pk=delegation.pk).update(settled_at=now, settled_by=by, accepted=False)
    signatory.remind_at = reminders.next_time(signatory, after=now)
    signatory.save(update_fields=["remind_at"])
    add_event(signatory.request, "delegate_refused", now=now, signatory=signatory.name, name=delegation.name, by=by.full_name)
    audit.record("signoff.delegate_refused", signatory.request, by=by, now=now, new={"to": delegation.name})
    mails.queue_delegate_refused(delegation, now=now)
    return signatory
