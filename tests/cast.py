"""The cast of every test: one agency, two clients that must never meet, and a colleague for each role.

`make_cast()` builds it in a handful of inserts; factories below add what a test needs and nothing else.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Account, Brand, Client, Contact, Role, RoleGrant, SigningAuthority, TeamMember, User
from jobsheets.models import Job

#: A Tuesday, ten in the morning in Madrid.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "countersign-tests"


def make_user(email: str, *roles: str, name: str = "", language: str = "en", password: str | None = None, **facts: Any) -> User:
    user = User(email=email, full_name=name or email.split("@")[0].title(), language=language, zone_name="Europe/Madrid", **facts)
    if password is None:
        user.set_unusable_password()  # hashing is slow; tests log in by force_login
    else:
        user.set_password(password)
    user.save()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


def make_client(code: str, name: str, **facts: Any) -> Client:
    values: dict[str, Any] = {
        "legal_name": f"{name} S.L.",
        "address": "Calle Mayor 1\n28013 Madrid",
        "tax_id": f"B-{code}",
        "currency": "EUR",
        "tax_rate": Decimal("21"),
    }
    return Client.objects.create(code=code, name=name, **(values | facts))


def make_contact(client: Client, email: str, name: str, *signs: str, **facts: Any) -> Contact:
    contact = Contact.objects.create(client=client, email=email, full_name=name, **({"language": client.language} | facts))
    SigningAuthority.objects.bulk_create(SigningAuthority(contact=contact, kind=kind) for kind in signs)
    return contact


def join(account: Account, *users: User) -> None:
    TeamMember.objects.bulk_create(TeamMember(account=account, user=user, since=NOW - timedelta(days=90)) for user in users)


def make_job(account: Account, owner: User, **facts: Any) -> Job:
    """A job as it stands in the database, in any state; the way there is tested in tests/jobsheets."""
    status = facts.pop("status", Job.Status.OPEN)
    number = facts.pop("number", f"{account.client.code}-26-{Job.objects.filter(account__client=account.client).count() + 1:04d}")
    values: dict[str, Any] = {
        "title": "Opening weekend",
        "due_at": NOW + timedelta(days=10),
        "objective": "Fill the shop on the opening weekend.",
        "created_by": owner,
        "created_at": NOW - timedelta(days=5),
        "opened_at": NOW - timedelta(days=4) if status in {"open", "held", "closed"} else None,
        "closed_at": NOW - timedelta(days=1) if status == "closed" else None,
    }
    return Job.objects.create(account=account, owner=owner, number=number, status=status, **(values | facts))


@dataclass
class Cast:
    """Who is who. `acme` is ours (the AE, teammate, planner, creatives are on it); `rival` is the outsider's."""

    acme: Client
    rival: Client
    account: Account
    rival_account: Account
    brand: Brand
    contact: Contact  # at Acme: decides, may sign everything, gets everything
    second_contact: Contact  # at Acme: influences, may sign nothing
    rival_contact: Contact
    ae: User
    teammate: User
    outsider: User  # an AE on the rival's account only
    coordinator: User
    planner: User
    manager: User
    director: User
    creative: User
    second_creative: User
    creative_director: User
    traffic: User
    finance: User
    admin: User
    staff: list[User] = field(default_factory=list)


def make_cast() -> Cast:
    acme = make_client("ACM", "Acme", language="en", zone_name="Europe/London", country="GB")
    rival = make_client("RIV", "Rival & Sons", language="es")
    brand = Brand.objects.create(client=acme, name="Acme Shoes")
    people = {
        "ae": make_user("ae@agency.example", Role.AE, name="Ana Ruiz"),
        "teammate": make_user("teammate@agency.example", Role.AE, name="Tom Mate"),
        "outsider": make_user("outsider@agency.example", Role.AE, name="Otto Out"),
        "coordinator": make_user("coordinator@agency.example", Role.COORDINATOR, name="Cora Lee"),
        "planner": make_user("planner@agency.example", Role.PLANNER, name="Omar Haddad"),
        "manager": make_user("manager@agency.example", Role.MANAGER, name="Mona Silva"),
        "director": make_user("director@agency.example", Role.DIRECTOR, name="Dora Klein"),
        "creative": make_user("creative@agency.example", Role.CREATIVE, name="Leo Park"),
        "second_creative": make_user("creative2@agency.example", Role.CREATIVE, name="Mei Tan"),
        "creative_director": make_user("cd@agency.example", Role.CREATIVE_DIRECTOR, name="Lena Krug"),
        "traffic": make_user("traffic@agency.example", Role.TRAFFIC, name="Tara Fox"),
        "finance": make_user("finance@agency.example", Role.FINANCE, name="Fina Gold"),
        "admin": make_user("admin@agency.example", Role.ADMINISTRATOR, name="Adam Root"),
    }
    account = Account.objects.create(client=acme, brand=brand, name="Retail", lead=people["ae"])
    rival_account = Account.objects.create(client=rival, name="Everything", lead=people["outsider"])
    on_acme = ("ae", "teammate", "coordinator", "planner", "manager", "creative", "second_creative", "creative_director")
    join(account, *(people[name] for name in on_acme))
    join(rival_account, people["outsider"])
    everything = ("deliverable", "minutes", "job_sheet")
    return Cast(
        acme=acme,
        rival=rival,
        account=account,
        rival_account=rival_account,
        brand=brand,
        contact=make_contact(
            acme, "marta@acme.example", "Marta Ortega", *everything, title="Marketing director",
            part="decides", gets_invoices=True, gets_reports=True,
        ),
        second_contact=make_contact(acme, "sam@acme.example", "Sam Reed", title="Brand manager"),
        rival_contact=make_contact(
            rival, "rosa@rival.example", "Rosa Rival", *everything, part="decides", gets_invoices=True, gets_reports=True
        ),
        staff=list(people.values()),
        **people,
    )  # fmt: skip
