"""What the client's page shows of this floor, ready for the partials in templates/accounts/.

context.update(client_panels(client, request.user))
{% include "accounts/_facts.html" %} · "_accounts.html" · "_brands.html" · "_contacts.html"
"""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from agency import words

from . import choices
from .forms.base import WEEKDAYS
from .models import Client, TeamMember, User
from .visibility import accounts_for


def client_panels(client: Client, user: User) -> dict[str, Any]:
    """client, facts, accounts (the visible ones, each with `shown_team`), brands, contacts: four queries."""
    team = Prefetch("team", TeamMember.objects.current().select_related("user"), to_attr="shown_team")
    accounts = accounts_for(user).filter(client=client).select_related("lead", "brand").prefetch_related(team)
    return {
        "client": client,
        "facts": client_facts(client),
        "accounts": accounts.order_by("archived_at", "name", "pk"),
        "brands": client.brands.order_by("archived_at", "name", "pk"),
        "contacts": client.contacts.prefetch_related("authorities").order_by("archived_at", "full_name", "pk"),
    }


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
