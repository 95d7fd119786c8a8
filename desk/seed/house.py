"""Who works at the seeded agency, who its clients are, and for each account who does what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation

from accounts.models import Account, Brand, Client, Contact, SigningAuthority, TeamMember, User

from ..demo.directory import load_agency, load_colleague
from ..demo.people import PASSWORD, Company, Person
from .ledger import Ledger
from .names import RATES, colleagues, companies
from .size import DAYS, Size
from .texts import WORDS, Words


@dataclass
class Place:
    """One account with the people around it. `share` is its part of the agency's work, `since` the day it came to us."""

    account: Account
    client: Client
    share: float
    since: datetime
    lead: User
    makers: list[User]
    planner: User
    manager: User
    creative_director: User
    coordinator: User | None
    signers: list[Contact]  # of deliverables; the first decides
    minute_takers: list[Contact]  # who sign minutes
    copies: list[Contact]
    billing: list[Contact]

    @property
    def words(self) -> Words:
        return WORDS[self.client.language]

    @property
    def rate(self) -> float:
        """Units of the client's currency to the euro."""
        return RATES[self.client.currency]


@dataclass
class House:
    users: dict[str, User]
    roles: dict[str, list[User]]
    places: list[Place]

    def anyone(self, role: str, rng: Random) -> User:
        return rng.choice(self.roles[role])

    @property
    def director(self) -> User:
        return self.users["director"]


@cache
def role_on_paper(user: User, language: str) -> str:
    """A colleague's title as papers in that language have it."""
    with translation.override(language):
        return user.paper_title


@transaction.atomic
def furnish(size: Size, ledger: Ledger, rng: Random, now: datetime) -> House:
    """Write agency, colleagues, clients and accounts."""
    load_agency()
    role_on_paper.cache_clear()
    password, began = make_password(PASSWORD), now - timedelta(days=DAYS + 30)
    staff = colleagues(rng, size.colleagues)
    house = House({}, {}, [])
    for one in staff:
        user = house.users[one.login] = load_colleague(one, password)
        for role in one.roles:
            house.roles.setdefault(role, []).append(user)
    User.objects.update(joined_at=began)
    found = list(companies(rng, size.clients, staff))
    shares = _shares(len(found), rng)
    for company, share in zip(found, shares, strict=True):
        since = began if rng.random() < 0.75 else began + timedelta(days=rng.randint(60, DAYS - 200))
        _take_on(company, share, since, house, ledger, rng)
    ledger.flush()
    return house


def _shares(number: int, rng: Random) -> list[float]:
    """A fifth of the clients bring most of the work, in any number of clients; languages are mixed among large and small."""
    shares = [(100 * n / number + 5) ** -1.5 for n in range(number)]
    rng.shuffle(shares)
    # The demo's first client, whom the log-in ae@ leads, is a large one: as large at any scale.
    large = shares.index(sorted(shares, reverse=True)[number // 25])
    shares[0], shares[large] = shares[large], shares[0]
    return shares


def _take_on(company: Company, share: float, since: datetime, house: House, ledger: Ledger, rng: Random) -> None:
    client = ledger.add(
        Client(
            code=company.code, name=company.name, legal_name=company.legal_name, address=company.address, tax_id=company.tax_id,
            currency=company.currency, tax_rate=company.tax_rate, payment_days=company.payment_days, language=company.language,
            zone_name=company.zone, country=company.country, working_week=company.working_week, report_slot=company.report_slot,
            order_number_required=company.order_number_required, report_held=rng.random() < 0.02,
        )
    )  # fmt: skip
    ledger.note("client.created", client, by=house.director, at=since, account=None, client=client)
    brands = {name: ledger.add(Brand(client=client, name=name)) for name in company.brands}
    people = [_contact(client, company, person, ledger, rng) for person in company.people]
    signs = {kind: [c for c, may in people if kind in may and c.letters_allowed] for kind in ("deliverable", "minutes")}
    for name, brand, login in company.accounts:
        lead = house.users[login]
        account = ledger.add(Account(client=client, brand=brands.get(brand), name=name, lead=lead))
        ledger.note("account.created", account, by=house.director, at=since, account=account, lead=lead.full_name)
        team = list(dict.fromkeys([lead, *(house.users[one] for one in company.team)]))
        for user in team:
            ledger.add(TeamMember(account=account, user=user, since=since))
        if rng.random() < 0.3:  # somebody was here before
            former = house.anyone("ae", rng)
            if former not in team:
                ledger.add(TeamMember(account=account, user=former, since=since, until=since + timedelta(days=40)))
        house.places.append(_place(account, share / len(company.accounts), since, team, signs, [c for c, _may in people], house))


def _contact(client: Client, company: Company, person: Person, ledger: Ledger, rng: Random) -> tuple[Contact, tuple[str, ...]]:
    """A contact and the kinds of papers they sign. Now and then one speaks another language than their company."""
    language = rng.choice(list(WORDS)) if rng.random() < 0.07 else company.language
    contact = ledger.add(
        Contact(
            client=client, full_name=person.name, email=person.email, title=person.title, phone=person.phone,
            language=language, seniority=person.seniority, part=person.part, letters_allowed=person.letters,
            gets_invoices=person.invoices, gets_reports=person.reports, gets_minutes=bool(person.signs), notes=person.notes,
        )
    )  # fmt: skip
    for kind in person.signs:
        ledger.add(SigningAuthority(contact=contact, kind=kind))
    return contact, person.signs


def _place(
    account: Account,
    share: float,
    since: datetime,
    team: list[User],
    signs: dict[str, list[Contact]],
    people: list[Contact],
    house: House,
) -> Place:
    def having(role: str) -> list[User]:
        return [user for user in team if user in house.roles.get(role, ())]

    return Place(
        account=account, client=account.client, share=share, since=since, lead=account.lead, makers=having("creative"),
        planner=having("planner")[0], manager=having("manager")[0], creative_director=having("creative_director")[0],
        coordinator=next(iter(having("coordinator")), None), signers=signs["deliverable"], minute_takers=signs["minutes"],
        copies=[c for c in people if c.gets_reports and c not in signs["deliverable"][:1]], billing=[c for c in people if c.gets_invoices],
    )  # fmt: skip
