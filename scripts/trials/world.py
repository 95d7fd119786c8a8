"""A small agency with as many accounts as wanted, each with one contact who gets its weekly report; reports are due now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, product
from string import ascii_uppercase

from allauth.mfa.models import Authenticator

from accounts.models import Account, Client, Contact, Role, RoleGrant, TeamMember, User
from agency import clock
from agency.models import Agency


@dataclass(frozen=True)
class Team:
    director: User
    leads: list[User]


def make_team(leads: int = 5) -> Team:
    Agency.objects.update_or_create(pk=1, defaults={"name": "Northwind Studio", "zone_name": "UTC", "working_week": "1234567"})
    return Team(
        director=make_user("director", Role.DIRECTOR), leads=[make_user(f"lead-{number}", Role.AE) for number in range(leads)]
    )


def make_user(name: str, role: Role) -> User:
    """With the second factor that production asks of some roles."""
    user = User.objects.create_user(f"{name}@agency.example", full_name=f"{name.title()} of the agency")
    RoleGrant.objects.create(user=user, role=role)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "trial"})
    return user


def make_accounts(team: Team, count: int, *, overdue: int, names: dict[int, str] | None = None) -> None:
    """`count` clients with an account and a contact each. The first `overdue` reports should have left an hour or two ago and
    are caught up at once; those of the others are open for review and leave by themselves within the hour.

    `names[n]` begins the address of the nth contact: the mail server goes by it.
    """
    now = clock.now()
    past, soon = _zone(now, 19), _zone(now, 17 if now.minute < 30 else 16)
    clients = [
        Client(
            code=code, name=f"Client {code}", legal_name=f"Client {code} Ltd", country="", zone_name=zone,
            working_week=str(clock.local(now, zone).isoweekday()),
        )
        for code, zone in zip(_codes(count), [past] * overdue + [soon] * (count - overdue), strict=True)
    ]  # fmt: skip
    clients = Client.objects.bulk_create(clients)
    leads = team.leads
    accounts = Account.objects.bulk_create(
        Account(client=client, name="Retail", lead=leads[number % len(leads)]) for number, client in enumerate(clients)
    )
    TeamMember.objects.bulk_create(
        TeamMember(account=account, user=account.lead, since=now - timedelta(days=30)) for account in accounts
    )
    Contact.objects.bulk_create(
        Contact(
            client=client, full_name=f"Reader of {client.code}", gets_reports=True,
            email=f"{(names or {}).get(number, 'reader')}-{number}@client.example",
        )
        for number, client in enumerate(clients)
    )  # fmt: skip


def _codes(count: int) -> Iterator[str]:
    return islice(("".join(letters) for letters in product(ascii_uppercase, repeat=3)), count)


def _zone(now: object, hour: int) -> str:
    """A zone where clocks show that hour now."""
    offset = (hour - now.hour + 11) % 24 - 11  # type: ignore[attr-defined]
    return f"Etc/GMT{-offset:+d}"
