"""Contacts, and what they may sign."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agency.audit import Acts, record
from agency.errors import Refused

from ..changes import apply, refuse_if_stale
from ..models import Client, Contact, SigningAuthority
from ..permissions import require

CONTACT_FIELDS = (
    "full_name", "email", "phone", "title", "language", "zone_name", "seniority", "part", "letters_allowed",
    "gets_invoices", "gets_reports", "gets_minutes", "notes",
)  # fmt: skip


@transaction.atomic
def create_contact(client: Client, *, facts: Mapping[str, Any], by: Acts, now: datetime) -> Contact:
    """Add a person at the client; what they may sign is decided apart. Raises Refused when their address is there already."""
    require(by, "contacts.edit")
    client = Client.objects.select_for_update().get(pk=client.pk)  # two with one address can't come at once
    facts = _lowered(facts)
    _address_is_free(client, facts["email"])
    contact = Contact.objects.create(client=client, **{name: facts[name] for name in CONTACT_FIELDS if name in facts})
    record("contact.created", contact, by=by, now=now, new=facts)
    return contact


@transaction.atomic
def edit_contact(contact: Contact, *, facts: Mapping[str, Any], seen: str = "", by: Acts, now: datetime) -> Contact:
    """Correct a contact. What was already sent or signed keeps the name and address of then."""
    require(by, "contacts.edit")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    refuse_if_stale(contact, CONTACT_FIELDS, seen)
    facts = _lowered(facts)
    _address_is_free(contact.client, facts.get("email", contact.email), contact)
    old, new = apply(contact, {name: facts[name] for name in CONTACT_FIELDS if name in facts})
    if new:
        record("contact.edited", contact, by=by, now=now, old=old, new=new)
    return contact


@transaction.atomic
def set_authorities(contact: Contact, *, may_sign: Mapping[str, Decimal | None], by: Acts, now: datetime) -> Contact:
    """Write the contact's lines of the may-sign register anew.

    `may_sign`: kind of document → up to which amount (the client's currency; None: any). Kinds left out may not be signed.
    """
    require(by, "contacts.authorise")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    before = {line.kind: line.up_to for line in contact.authorities.all()}
    after = {str(kind): amount for kind, amount in may_sign.items()}
    if before == after:
        return contact
    contact.authorities.all().delete()
    SigningAuthority.objects.bulk_create(
        SigningAuthority(contact=contact, kind=kind, up_to=up_to) for kind, up_to in after.items()
    )
    record("contact.authorised", contact, by=by, now=now, old={"may_sign": _plain(before)}, new={"may_sign": _plain(after)})
    return contact


@transaction.atomic
def archive_contact(contact: Contact, *, by: Acts, now: datetime) -> Contact:
    """The contact has left, or is no longer to be written to: open links stop, no letter is sent any more."""
    require(by, "contacts.edit")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.archived_at is None:
        apply(contact, {"archived_at": now})
        record("contact.archived", contact, by=by, now=now)
    return contact


@transaction.atomic
def restore_contact(contact: Contact, *, by: Acts, now: datetime) -> Contact:
    """Write to a contact again."""
    require(by, "contacts.edit")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.archived_at is not None:
        apply(contact, {"archived_at": None})
        record("contact.restored", contact, by=by, now=now)
    return contact


def _lowered(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strip().lower() if name == "email" else value for name, value in facts.items()}


def _plain(lines: Mapping[str, Decimal | None]) -> dict[str, str]:
    return {kind: "" if amount is None else str(amount) for kind, amount in sorted(lines.items())}


def _address_is_free(client: Client, email: str, but: Contact | None = None) -> None:
    taken = Contact.objects.filter(client=client, email__iexact=email)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Refused(_("%(client)s already has a contact with the address %(email)s.") % {"client": client, "email": email})
