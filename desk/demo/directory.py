"""Puts the demo agency's people and clients into an empty database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts import actions
from accounts.models import Account, Client, Contact, RoleGrant, User
from agency.models import Agency

from .people import AGENCY, COLLEAGUES, COMPANIES, PASSWORD, Colleague, Company


@dataclass
class Directory:
    """Who is who, by login; and accounts by client code and name."""

    users: dict[str, User]
    accounts: dict[tuple[str, str], Account]

    def deciding(self, account: Account) -> Contact:
        """The contact who signs for the client."""
        return account.client.contacts.filter(part=Contact.Part.DECIDES, letters_allowed=True)[0]


def load_directory(now: datetime) -> Directory:
    """Write agency, colleagues and clients as they stood at `now`; the director and the administrator are who took them on."""
    load_agency()
    password = make_password(PASSWORD)  # once: it is the same for all, and hashing takes its time by design
    users = {colleague.login: load_colleague(colleague, password) for colleague in COLLEAGUES}
    accounts: dict[tuple[str, str], Account] = {}
    for company in COMPANIES:
        accounts |= load_company(company, users, now)
    return Directory(users, accounts)


def load_agency() -> None:
    agency = Agency.current()
    for name, value in AGENCY.items():
        setattr(agency, name, value)
    agency.save()


def load_colleague(colleague: Colleague, password: str) -> User:
    user = User.objects.create(
        email=f"{colleague.login}@demo.example",
        password=password,
        full_name=colleague.name,
        title=colleague.title,
        language=colleague.language,
        zone_name=AGENCY["zone_name"],
        phone="+34 960 000 1" + f"{sum(map(ord, colleague.login)) % 90 + 10}",
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in colleague.roles)
    return user


def load_company(company: Company, users: dict[str, User], now: datetime) -> dict[tuple[str, str], Account]:
    director = users["director"]
    facts: dict[str, Any] = {
        "name": company.name,
        "legal_name": company.legal_name,
        "address": company.address,
        "tax_id": company.tax_id,
        "currency": company.currency,
        "tax_rate": company.tax_rate,
        "payment_days": company.payment_days,
        "language": company.language,
        "zone_name": company.zone,
        "country": company.country,
        "working_week": company.working_week,
        "report_slot": company.report_slot,
        "order_number_required": company.order_number_required,
    }
    first, *others = company.accounts
    client = actions.create_client(
        code=company.code, facts=facts, account_name=first[0], lead=users[first[2]], by=director, now=now
    )
    brands = {name: actions.create_brand(client, name=name, by=director, now=now) for name in company.brands}
    for name, brand, lead in others:
        actions.create_account(client, name=name, brand=brands.get(brand), lead=users[lead], by=director, now=now)
    found = {}
    for account in client.accounts.all():
        if account.name == first[0] and first[1]:
            account = actions.edit_account(account, facts={"brand": brands[first[1]]}, by=director, now=now)
        for login in company.team:
            if login != first[2]:
                actions.join_team(account, users[login], by=director, now=now)
        found[company.code, account.name] = account
    load_contacts(client, company, director, now)
    return found


def load_contacts(client: Client, company: Company, director: User, now: datetime) -> None:
    for person in company.people:
        facts = {
            "full_name": person.name,
            "email": person.email,
            "title": person.title,
            "phone": person.phone,
            "language": company.language,
            "seniority": person.seniority,
            "part": person.part,
            "letters_allowed": person.letters,
            "gets_invoices": person.invoices,
            "gets_reports": person.reports,
            "gets_minutes": bool(person.signs),
            "notes": person.notes,
        }
        contact = actions.create_contact(client, facts=facts, by=director, now=now)
        if person.signs:
            actions.set_authorities(contact, may_sign=dict.fromkeys(person.signs), by=director, now=now)
