"""Colleagues: invited, given roles, handed over, sent on their way."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency import words
from agency.audit import SYSTEM, Acts, record
from agency.errors import Refused

from .. import mails
from ..changes import apply, refuse_if_stale
from ..handover import registered
from ..models import Account, Role, RoleGrant, TeamMember, User
from ..permissions import require
from .accounts import add_to_team, end_membership

PROFILE_FIELDS = ("full_name", "phone", "title", "language", "zone_name")


@transaction.atomic
def invite_user(*, email: str, facts: Mapping[str, Any], roles: Iterable[str], by: User, now: datetime) -> User:
    """Make a colleague known and mail them a link to choose a password. Raises Refused when the address is known already."""
    require(by, "users.manage")
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("There is already a colleague with the address %(email)s.") % {"email": email})
    user = _new_user(email, facts, _some_role(roles))
    record("user.invited", user, by=by, now=now, new={"email": email, "roles": sorted(user.roles)})
    mails.invitation(user, by=by, now=now)
    return user


@transaction.atomic
def invite_again(user: User, *, by: User, now: datetime) -> None:
    """Mail the invitation once more. Refused when the colleague has chosen a password already, or has left."""
    require(by, "users.manage")
    if not user.is_active or user.has_usable_password():
        raise Refused(_("%(person)s doesn't wait for an invitation.") % {"person": user})
    record("user.invited_again", user, by=by, now=now)
    mails.invitation(user, by=by, now=now)


@transaction.atomic
def create_first_administrator(*, email: str, full_name: str, now: datetime) -> User:
    """The one who starts an empty agency. Refused as soon as there is anybody."""
    if User.objects.exists():
        raise Refused(_("There are colleagues already. An administrator can invite more from the page People."))
    user = _new_user(email.strip().lower(), {"full_name": full_name}, {Role.ADMINISTRATOR})
    record("user.invited", user, by=SYSTEM, now=now, new={"email": user.email, "roles": [Role.ADMINISTRATOR]})
    return user


@transaction.atomic
def edit_user(user: User, *, facts: Mapping[str, Any], seen: str = "", by: Acts, now: datetime) -> User:
    """Correct a colleague's name, telephone, title, language or zone. Raises Stale when `seen` no longer fits."""
    require(by, "users.manage")
    return _edit(user, facts, seen, by=by, now=now)


@transaction.atomic
def edit_profile(user: User, *, facts: Mapping[str, Any], by: User, now: datetime) -> User:
    """A colleague's own profile; everyone may, for themselves only."""
    if user.pk != by.pk:
        require(by, "users.manage")
    return _edit(user, facts, "", by=by, now=now)


@transaction.atomic
def change_roles(user: User, *, roles: Iterable[str], by: Acts, now: datetime) -> User:
    """Give other roles; all sessions of the colleague end. Refused for the last administrator and for no role at all."""
    require(by, "users.manage")
    user = _locked(user)
    before, after = set(user.roles), _some_role(roles)
    if before == after:
        return user
    if Role.ADMINISTRATOR in before - after:
        _not_the_last_administrator(user)
    user.role_grants.exclude(role__in=after).delete()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in after - before)
    _cut_sessions(user)
    record("user.roles_changed", user, by=by, now=now, old={"roles": sorted(before)}, new={"roles": sorted(after)})
    return User.objects.get(pk=user.pk)


@transaction.atomic
def deactivate_user(user: User, *, by: User, now: datetime) -> User:
    """The colleague has left: sessions end, no login, off every team. Refused while they lead an account (hand over first)."""
    require(by, "users.manage")
    user = _locked(user)
    if user.pk == by.pk:
        raise Refused(_("You can't deactivate yourself. Ask another administrator."))
    _not_the_last_administrator(user)
    if not user.is_active:
        return user
    left = whats_left(user, by=by, now=now)
    if left:
        sentence = _("%(person)s still has: %(things)s. Hand that over first.")
        raise Refused(sentence % {"person": user, "things": words.listed(left)})
    for member in TeamMember.objects.current().filter(user=user).select_related("account__client", "user"):
        end_membership(member, by=by, now=now)
    apply(user, {"is_active": False})
    _cut_sessions(user)
    record("user.deactivated", user, by=by, now=now)
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: Acts, now: datetime) -> User:
    """The colleague is back; teams are joined anew."""
    require(by, "users.manage")
    user = _locked(user)
    if not user.is_active:
        apply(user, {"is_active": True})
        _cut_sessions(user)
        record("user.reactivated", user, by=by, now=now)
    return user


@transaction.atomic
def hand_over(leaver: User, successor: User, *, by: Acts, now: datetime) -> list[str]:
    """Give everything the leaver leads, owns or is on a team of to the successor, in one step. Answers what went over.

    Raises Refused when both are the same or the successor has left.
    """
    require(by, "users.manage")
    leaver, successor = _locked(leaver), _locked(successor)
    if leaver.pk == successor.pk:
        raise Refused(_("Choose somebody else to hand over to."))
    if not successor.is_active:
        raise Refused(_("%(person)s has left the agency. Choose somebody else.") % {"person": successor})
    told = led_by(leaver)
    for member in TeamMember.objects.current().filter(user=leaver).select_related("account__client", "user"):
        add_to_team(member.account, successor, member.does, by=by, now=now)
    for account in Account.objects.select_for_update(of=("self",)).filter(lead=leaver).select_related("client"):
        apply(account, {"lead": successor})
        add_to_team(account, successor, "", by=by, now=now)
        record("account.edited", account, by=by, now=now, old={"lead": leaver}, new={"lead": successor})
    for function in registered():
        told += function(leaver, successor, by=by, now=now)
    for member in TeamMember.objects.current().filter(user=leaver).select_related("account__client", "user"):
        end_membership(member, by=by, now=now)
    record("user.handed_over", leaver, by=by, now=now, new={"successor": successor, "what": told})
    return told


@transaction.atomic
def reset_second_factor(user: User, *, by: User, now: datetime) -> User:
    """Take away a lost second factor; sessions end and the colleague is told. They set up a new one at the next login."""
    require(by, "users.manage")
    if user.pk == by.pk:
        raise Refused(_("You can't reset your own second factor here. Ask another administrator."))
    user = _locked(user)
    if Authenticator.objects.filter(user=user).delete()[0]:
        _cut_sessions(user)
        record("user.second_factor_reset", user, by=by, now=now)
        mails.security_notice(user, "second_factor_reset", now=now)
    return user


def whats_left(user: User, *, by: Acts, now: datetime) -> list[str]:
    """What has to be handed over before the colleague can be deactivated, a phrase for each kind."""
    found = led_by(user)
    for function in registered():
        found += function(user, None, by=by, now=now)
    return found


def led_by(user: User) -> list[str]:
    n = Account.objects.filter(lead=user).count()
    return [ngettext("%(n)s account to lead", "%(n)s accounts to lead", n) % {"n": n}] if n else []


def _new_user(email: str, facts: Mapping[str, Any], roles: set[str]) -> User:
    user = User(email=email, **{name: facts[name] for name in PROFILE_FIELDS if name in facts})
    user.set_unusable_password()
    user.save()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


def _edit(user: User, facts: Mapping[str, Any], seen: str, *, by: Acts, now: datetime) -> User:
    user = _locked(user)
    refuse_if_stale(user, PROFILE_FIELDS, seen)
    old, new = apply(user, {name: facts[name] for name in PROFILE_FIELDS if name in facts})
    if new:
        record("user.edited", user, by=by, now=now, old=old, new=new)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _cut_sessions(user: User) -> None:
    apply(user, {"session_epoch": user.session_epoch + 1})


def _some_role(roles: Iterable[str]) -> set[str]:
    chosen = {str(role) for role in roles}
    if not chosen or not chosen <= set(Role.values):
        raise Refused(_("Choose at least one role."))
    return chosen


def _not_the_last_administrator(user: User) -> None:
    """Locks all administrators, so that two can't go at the same moment."""
    others = User.objects.active().with_role(Role.ADMINISTRATOR).select_for_update().exclude(pk=user.pk)
    if user.has_role(Role.ADMINISTRATOR) and user.is_active and not list(others):
        raise Refused(_("%(person)s is the last administrator. Make somebody else one first.") % {"person": user})
