"""Accounts and their teams: who is on a team sees the account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agency.audit import Acts, record
from agency.errors import Refused

from ..changes import apply, refuse_if_stale
from ..models import Account, Brand, Client, TeamMember, User
from ..openwork import open_work
from ..permissions import require

ACCOUNT_FIELDS = ("name", "brand", "lead")


@transaction.atomic
def create_account(client: Client, *, name: str, brand: Brand | None, lead: User, by: User, now: datetime) -> Account:
    """Open an account with a client. The lead joins its team, and so does the creator unless they see all anyway.

    Raises Refused: the name is taken there, the brand is another client's, the lead has left.
    """
    require(by, "accounts.manage")
    client = Client.objects.select_for_update().get(pk=client.pk)  # two of one name can't come at once
    if client.archived_at:
        raise Refused(_("%(client)s is archived. Restore the client first.") % {"client": client})
    _fits(client, name=name, brand=brand, lead=lead)
    account = Account.objects.create(client=client, name=name, brand=brand, lead=lead)
    record("account.created", account, by=by, now=now, new={"name": name, "brand": brand, "lead": lead})
    add_to_team(account, lead, "", by=by, now=now)
    if not by.sees_all:
        add_to_team(account, by, "", by=by, now=now)
    return account


@transaction.atomic
def edit_account(account: Account, *, facts: Mapping[str, Any], seen: str = "", by: Acts, now: datetime) -> Account:
    """Change name, brand or lead (who joins the team). Raises Stale when `seen` no longer fits."""
    require(by, "accounts.manage")
    account = Account.objects.select_for_update().get(pk=account.pk)
    refuse_if_stale(account, ACCOUNT_FIELDS, seen)
    facts = {name: facts[name] for name in ACCOUNT_FIELDS if name in facts}
    _fits(account.client, **{"name": account.name, "brand": account.brand, "lead": account.lead, **facts}, but=account)
    old, new = apply(account, facts)
    if new:
        record("account.edited", account, by=by, now=now, old=old, new=new)
    if "lead" in new:
        add_to_team(account, account.lead, "", by=by, now=now)
    return account


def lock_for_work(account: Account) -> Account:
    """The account as it is now, held until the transaction ends: nobody archives it while work is opened on it.

    Raises Refused when it, or its client, is archived.
    """
    rows = Account.objects.select_for_update(of=("self", "client"), no_key=True).select_related("client")
    account = rows.get(pk=account.pk)
    if account.archived_at or account.client.archived_at:
        raise Refused(_("%(account)s is archived. Choose another account.") % {"account": account})
    return account


@transaction.atomic
def archive_account(account: Account, *, by: Acts, now: datetime) -> Account:
    """End the work for an account; its papers stay. Refused while anything is open on it."""
    require(by, "accounts.manage")
    account = Account.objects.select_for_update().get(pk=account.pk)
    if still_open := open_work(account, now=now):
        raise Refused(_("This account can't be archived yet: %(open)s") % {"open": " ".join(still_open)})
    if account.archived_at is None:
        apply(account, {"archived_at": now})
        record("account.archived", account, by=by, now=now)
    return account


@transaction.atomic
def restore_account(account: Account, *, by: Acts, now: datetime) -> Account:
    """Take an archived account back into work."""
    require(by, "accounts.manage")
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.archived_at is not None:
        apply(account, {"archived_at": None})
        record("account.restored", account, by=by, now=now)
    return account


@transaction.atomic
def join_team(account: Account, user: User, *, does: str = "", by: Acts, now: datetime) -> TeamMember:
    """Put a colleague on the team: from now on they see the account and can be given work on it."""
    require(by, "accounts.manage")
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not user.is_active:
        raise Refused(_("%(person)s has left the agency. Choose somebody else.") % {"person": user})
    return add_to_team(account, user, does, by=by, now=now)


@transaction.atomic
def leave_team(member: TeamMember, *, by: Acts, now: datetime) -> TeamMember:
    """Take a colleague off the team: they no longer see the account. Refused for its lead."""
    require(by, "accounts.manage")
    member = TeamMember.objects.select_for_update().get(pk=member.pk)
    if member.until is not None:
        return member
    if member.account.lead_id == member.user_id:
        raise Refused(_("%(person)s leads this account. Choose another lead first.") % {"person": member.user})
    end_membership(member, by=by, now=now)
    return member


def add_to_team(account: Account, user: User, does: str, *, by: Acts, now: datetime) -> TeamMember:
    """The membership, made if there is none; inside the transaction of an action that has asked permission."""
    member, joined = TeamMember.objects.get_or_create(
        account=account, user=user, until=None, defaults={"since": now, "does": does}
    )
    if joined:
        record("account.joined", account, by=by, now=now, new={"person": user, "does": does})
    elif does and apply(member, {"does": does})[0]:
        record("account.does", account, by=by, now=now, new={"person": user, "does": does})
    return member


def end_membership(member: TeamMember, *, by: Acts, now: datetime) -> None:
    apply(member, {"until": now})
    record("account.left", member.account, by=by, now=now, new={"person": member.user})


def _fits(client: Client, *, name: str, brand: Brand | None, lead: User, but: Account | None = None) -> None:
    if brand is not None and brand.client_id != client.pk:
        raise Refused(_("Choose a brand of this client."))
    if not lead.is_active:
        raise Refused(_("%(person)s has left the agency. Choose somebody else.") % {"person": lead})
    taken = Account.objects.filter(client=client, name__iexact=name)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Refused(_("%(client)s already has an account named %(name)s.") % {"client": client, "name": name})
