"""Clients and their brands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agency.audit import Acts, record
from agency.errors import Refused

from ..changes import apply, refuse_if_stale
from ..models import Account, Brand, Client, User
from ..openwork import open_work
from ..permissions import require
from .accounts import add_to_team

#: What an edit of a client may change; the code begins every number of its papers and stays.
CLIENT_FIELDS = (
    "name", "legal_name", "address", "tax_id", "currency", "tax_rate", "payment_days", "language", "zone_name", "country",
    "working_week", "report_slot", "report_held", "order_number_required",
)  # fmt: skip


@transaction.atomic
def create_client(*, code: str, facts: Mapping[str, Any], account_name: str, lead: User, by: User, now: datetime) -> Client:
    """Take on a client, with the first account and who leads it; the creator joins the team unless they see all anyway.

    Raises Refused when the code is taken (also by an archived client).
    """
    require(by, "clients.create")
    if Client.objects.filter(code=code).exists():
        raise Refused(_("The code %(code)s is already taken. Choose another one.") % {"code": code})
    _must_be_active(lead)
    facts = {name: facts[name] for name in CLIENT_FIELDS if name in facts}
    client = Client.objects.create(code=code, **facts)
    record("client.created", client, by=by, now=now, new={"code": code, **facts})
    account = Account.objects.create(client=client, name=account_name, lead=lead)
    record("account.created", account, by=by, now=now, new={"name": account_name, "lead": lead})
    add_to_team(account, lead, "", by=by, now=now)
    if not by.sees_all:
        add_to_team(account, by, "", by=by, now=now)
    return client


@transaction.atomic
def edit_client(client: Client, *, facts: Mapping[str, Any], seen: str = "", by: Acts, now: datetime) -> Client:
    """Correct a client's facts. Issued papers keep what stood on them. Raises Stale when `seen` no longer fits."""
    require(by, "clients.edit")
    client = Client.objects.select_for_update().get(pk=client.pk)
    refuse_if_stale(client, CLIENT_FIELDS, seen)
    old, new = apply(client, {name: facts[name] for name in CLIENT_FIELDS if name in facts})
    if new:
        record("client.edited", client, by=by, now=now, old=old, new=new)
    return client


@transaction.atomic
def archive_client(client: Client, *, by: Acts, now: datetime) -> Client:
    """Put a client away: out of lists and choices, found only when asked for. Refused while anything is open there."""
    require(by, "clients.archive")
    client = Client.objects.select_for_update().get(pk=client.pk)
    still_open = {account.name: open_work(account, now=now) for account in client.accounts.all()}
    if told := [f"{name}: {' '.join(sentences)}" for name, sentences in still_open.items() if sentences]:
        raise Refused(_("This client can't be archived yet. %(open)s") % {"open": " ".join(told)})
    if client.archived_at is None:
        apply(client, {"archived_at": now})
        record("client.archived", client, by=by, now=now)
    return client


@transaction.atomic
def restore_client(client: Client, *, by: Acts, now: datetime) -> Client:
    """Take an archived client back into work."""
    require(by, "clients.archive")
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.archived_at is not None:
        apply(client, {"archived_at": None})
        record("client.restored", client, by=by, now=now)
    return client


@transaction.atomic
def create_brand(client: Client, *, name: str, by: Acts, now: datetime) -> Brand:
    """Add a brand of the client. Raises Refused when it has one of that name."""
    require(by, "accounts.manage")
    client = Client.objects.select_for_update().get(pk=client.pk)  # two of one name can't come at once
    _brand_name_is_free(client, name)
    brand = Brand.objects.create(client=client, name=name)
    record("brand.created", brand, by=by, now=now, new={"name": name})
    return brand


@transaction.atomic
def edit_brand(brand: Brand, *, name: str, by: Acts, now: datetime) -> Brand:
    """Rename a brand."""
    require(by, "accounts.manage")
    brand = Brand.objects.select_for_update().get(pk=brand.pk)
    _brand_name_is_free(brand.client, name, brand)
    old, new = apply(brand, {"name": name})
    if new:
        record("brand.edited", brand, by=by, now=now, old=old, new=new)
    return brand


@transaction.atomic
def archive_brand(brand: Brand, *, by: Acts, now: datetime) -> Brand:
    """Put a brand away; accounts that look after it keep it."""
    require(by, "accounts.manage")
    old, _new = apply(brand, {"archived_at": brand.archived_at or now})
    if old:
        record("brand.archived", brand, by=by, now=now)
    return brand


@transaction.atomic
def restore_brand(brand: Brand, *, by: Acts, now: datetime) -> Brand:
    """Offer a brand again for new accounts."""
    require(by, "accounts.manage")
    old, _new = apply(brand, {"archived_at": None})
    if old:
        record("brand.restored", brand, by=by, now=now)
    return brand


def _brand_name_is_free(client: Client, name: str, but: Brand | None = None) -> None:
    taken = Brand.objects.filter(client=client, name__iexact=name)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Refused(_("%(client)s already has a brand named %(name)s.") % {"client": client, "name": name})


def _must_be_active(user: User) -> None:
    if not user.is_active:
        raise Refused(_("%(person)s has left the agency. Choose somebody else.") % {"person": user})
