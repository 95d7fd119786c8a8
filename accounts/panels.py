"""What the client's page shows of this floor, ready for the partials in templates/accounts/.

client, accounts = client_with_accounts(user, code)
context.update(client_panels(client, accounts))
{% include "accounts/_facts.html" %} · "_accounts.html" · "_brands.html" · "_contacts.html"
"""

from typing import Any

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.http import Http404
from django.utils.translation import gettext as _

from agency import words

from . import choices
from .forms.base import WEEKDAYS
from .models import Account, Client, Contact, SigningAuthority, User
from .visibility import accounts_for, get_visible_or_404


def client_with_accounts(user: User, code: str) -> tuple[Client, list[Account]]:
    """The client with that code and those of its accounts that the user sees, each with `shown_team`; or 404.

    An account that is seen brings its client along; a client of whom none is seen is asked for by itself.
    """
    if not code.isalnum():
        raise Http404
    members = FilteredRelation("team", condition=Q(team__until=None))
    rows = accounts_for(user).filter(client__code=code).select_related("client", "lead", "brand").annotate(member=members)
    rows = rows.annotate(member_name=F("member__user__full_name"), member_does=F("member__does"))
    accounts: dict[int, Any] = {}
    for row in rows.order_by("archived_at", "name", "pk", "member_name", "member"):  # a row for each member of the team
        account = accounts.setdefault(row.pk, row)
        account.shown_team = [
            *getattr(account, "shown_team", []),
            *([(row.member_name, row.member_does)] if row.member_name else []),
        ]
    found = list(accounts.values())
    client: Client = found[0].client if found else get_visible_or_404(Client.objects, user, code=code)
    return client, found


def add_accounts(clients: list[Any], user: User) -> None:
    """Set `shown_accounts` on each client: those the user sees, with who leads them. One query for all."""
    accounts = accounts_for(user).filter(client__in=clients, archived_at=None).select_related("lead").order_by("name", "pk")
    by_client: dict[int, list[Account]] = {}
    for account in accounts:
        by_client.setdefault(account.client_id, []).append(account)
    for client in clients:
        client.shown_accounts = by_client.get(client.pk, [])


def client_panels(client: Client, accounts: list[Account]) -> dict[str, Any]:
    """client, facts, accounts, brands, contacts (each with `shown_authorities`): two queries."""
    return {
        "client": client,
        "facts": client_facts(client),
        "accounts": accounts,
        "brands": client.brands.order_by("archived_at", "name", "pk"),
        "contacts": _contacts(client),
    }


def _contacts(client: Client) -> list[Contact]:
    """The client's people with their lines of the may-sign register, in one query: a row for each line."""
    rows = client.contacts.annotate(signs=F("authorities__kind"), up_to=F("authorities__up_to"))
    contacts: dict[int, Any] = {}
    for row in rows.order_by("archived_at", "full_name", "pk", "signs"):
        contact = contacts.setdefault(row.pk, row)
        line = [SigningAuthority(contact=contact, kind=row.signs, up_to=row.up_to)] if row.signs else []
        contact.shown_authorities = [*getattr(contact, "shown_authorities", []), *line]
    return list(contacts.values())


def client_facts(client: Client) -> list[tuple[str, Any]]:
    """Label and value, for cs/facts.html."""
    days = dict(WEEKDAYS)
    held = _("held") if client.report_held else client.get_report_slot_display()
    return [
        (_("Legal name"), client.legal_name),
        (_("Address"), client.address),
        (_("Country"), dict(choices.countries()).get(client.country, client.country)),
        (_("Tax ID"), client.tax_id),
        (_("Currency"), client.currency),
        (_("Tax rate"), f"{client.tax_rate.normalize():f} %"),
        (_("Days to pay"), client.payment_days),
        (_("Order number"), _("required on invoices") if client.order_number_required else ""),
        (_("Language"), dict(settings.LANGUAGES).get(client.language, client.language)),
        (_("Time zone"), choices.zone_label(client.zone_name)),
        (_("Working days"), words.listed(days[day] for day in client.working_week if day in days)),
        (_("Status report"), held),
    ]
