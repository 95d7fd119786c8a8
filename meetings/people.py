"""Who may be at a meeting, and who signs its minutes: asked by forms, actions and pages alike."""

from collections.abc import Iterable

from accounts.models import Account, Contact, User
from accounts.visibility import colleagues_who_see

from .models import Meeting

#: The kind of document in the may-sign register.
KIND = "minutes"


def colleagues_for(account: Account | None) -> Iterable[User]:
    """Colleagues who may be invited: those who see the account; for an internal meeting everyone."""
    users = User.objects.active() if account is None else colleagues_who_see(account)
    return users.order_by("full_name", "pk")


def contacts_for(account: Account | None) -> Iterable[Contact]:
    """The people of that client, and of no other."""
    if account is None:
        return Contact.objects.none()
    return Contact.objects.filter(client=account.client_id, archived_at=None).select_related("client").order_by("full_name", "pk")


def addressable(account: Account) -> list[Contact]:
    """Contacts who get meeting minutes and whom we may write to, with what they may sign."""
    wanted = Contact.objects.filter(client=account.client_id, archived_at=None, gets_minutes=True, letters_allowed=True)
    return list(wanted.select_related("client").prefetch_related("authorities").order_by("full_name", "pk"))


def signers_and_copies(meeting: Meeting) -> tuple[list[Contact], list[Contact]]:
    """Who is asked to sign by default, and who gets a copy: those who were there; who of them may sign, signs.

    When none of them may, whoever else at the client may sign is asked.
    """
    assert meeting.account is not None
    people = addressable(meeting.account)
    there = set(meeting.attendees.filter(present=True, contact__isnull=False).values_list("contact", flat=True))
    present = [contact for contact in people if contact.pk in there]
    signers = [contact for contact in present if contact.may_sign(KIND)]
    signers = signers or [contact for contact in people if contact.may_sign(KIND)][:1]
    return signers, [contact for contact in present if contact not in signers]
