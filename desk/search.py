"""Finding things by number or by words, always within what the searcher may see."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Client, Contact, User
from accounts.permissions import may
from agency import words
from agency.money import format_money
from billing.models import Invoice
from billing.models.invoices import InvoiceQuerySet
from jobsheets.models import Deliverable, Job
from meetings.models import Meeting

#: How many of each kind a results page shows.
SHOWN = 10
SHORTEST = 2
#: A word in the names of more accounts' clients than this narrows nothing.
FEW = 500

JOB = re.compile(r"[A-Z]{2,5}-\d{2}-\d{4}")
DELIVERABLE = re.compile(r"([A-Z]{2,5}-\d{2}-\d{4})-D(\d{2})")
MEETING = re.compile(r"(?:[A-Z]{2,5}-)?M-\d{2}-\d{4}")
INVOICE = re.compile(r"\d{4}-(?:R-)?\d{5}")
CLIENT = re.compile(r"[A-Z]{2,5}")


def _invoices(user: User) -> InvoiceQuerySet:
    """Whoever may not look at invoices isn't told either that there are some."""
    found: InvoiceQuerySet = Invoice.objects.visible_to(user)
    return found if may(user, "invoices.view") else found.none()


def exact(query: str, user: User) -> Any:
    """The one thing whose number `query` is, if the user may see it; None otherwise."""
    number = query.strip().upper()
    finders: list[tuple[re.Pattern[str], Callable[[re.Match[str]], QuerySet[Any]]]] = [
        (JOB, lambda found: Job.objects.visible_to(user).select_related("account__client").filter(number=number)),
        (
            DELIVERABLE,
            lambda found: (
                Deliverable.objects.visible_to(user).select_related("job").filter(job__number=found[1], position=int(found[2]))
            ),
        ),
        (MEETING, lambda found: Meeting.objects.visible_to(user).filter(serial=number)),
        (INVOICE, lambda found: _invoices(user).filter(number=number)),
        (CLIENT, lambda found: Client.objects.visible_to(user).filter(code=number)),
    ]
    for pattern, find in finders:
        if found := pattern.fullmatch(number):
            return find(found).first()
    return None


@dataclass(frozen=True)
class Hit:
    """One line of the results: the thing's title, its number, and the client it belongs to."""

    url: str
    title: str
    number: str
    under: str
    thing: Any = None  # whose state is shown; None for what has none


@dataclass(frozen=True)
class Group:
    """The hits of one kind, and whether there are more than shown."""

    name: str | Promise
    icon: str
    hits: list[Hit]
    more: bool


@dataclass(frozen=True)
class Kind:
    """What is searched, in which fields, and how a hit is shown: (title, number, under).

    PostgreSQL finds words in these fields by the indexes of migrations/0001_search_indexes.py: a new field needs one too.
    """

    name: str | Promise
    icon: str
    queryset: Callable[[User], QuerySet[Any]]
    fields: tuple[str, ...]
    shown: Callable[[Any], tuple[str, str, str]]
    stateful: bool = False
    by_client: bool = False  # whether the words may also stand in the name of the client


def _client(meeting: Meeting) -> str:
    return meeting.account.client.name if meeting.account else ""


def _day(moment: datetime) -> str:
    return words.day(words.in_zone(moment))


KINDS = (
    Kind(
        _("Clients"),
        "client",
        lambda user: Client.objects.visible_to(user),
        ("name", "legal_name", "code"),
        lambda client: (client.name, client.code, client.legal_name),
    ),
    Kind(
        _("Jobs"),
        "job",
        lambda user: Job.objects.visible_to(user).select_related("account__client"),
        ("title", "number"),
        lambda job: (job.title, job.number, job.client.name),
        stateful=True,
        by_client=True,
    ),
    Kind(
        _("Deliverables"),
        "deliverable",
        lambda user: Deliverable.objects.visible_to(user).wanted().select_related("job__account__client"),
        ("title",),
        lambda one: (one.title, one.number, f"{one.job.client.name} · {one.job.title}"),
    ),
    Kind(
        _("Contacts"),
        "person",
        lambda user: Contact.objects.visible_to(user).select_related("client"),
        ("full_name", "email", "title"),
        lambda contact: (contact.full_name, "", " · ".join(filter(None, (contact.client.name, contact.title)))),
    ),
    Kind(
        _("Meetings"),
        "meeting",
        lambda user: Meeting.objects.visible_to(user).select_related("account__client"),
        ("title", "serial"),
        lambda meeting: (meeting.title, meeting.serial, " · ".join(filter(None, (_client(meeting), _day(meeting.starts_at))))),
    ),
    Kind(
        _("Invoices"),
        "invoice",
        lambda user: _invoices(user).issued().select_related("account__client"),
        ("number", "order_number"),
        lambda invoice: (invoice.client.name, invoice.number, format_money(invoice.gross, invoice.currency)),
        stateful=True,
        by_client=True,
    ),
)


def by_words(query: str, user: User) -> list[Group]:
    """Clients, jobs, deliverables, contacts, meetings and invoices whose names contain every word of `query`."""
    asked = query.split()[:6]
    of_clients = clients_named(asked, user)
    groups = []
    for kind in KINDS:
        condition = Q()
        for word in asked:
            condition &= somewhere(word, kind.fields) | (of_clients[word] if kind.by_client else Q())
        rows = list(kind.queryset(user).filter(condition)[: SHOWN + 1])
        if rows:
            hits = [Hit(row.get_absolute_url(), *kind.shown(row), row if kind.stateful else None) for row in rows[:SHOWN]]
            groups.append(Group(kind.name, kind.icon, hits, len(rows) > SHOWN))
    return groups


def somewhere(word: str, fields: tuple[str, ...]) -> Q:
    """The word stands in at least one of the fields."""
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition


def clients_named(words: list[str], user: User) -> dict[str, Q]:
    """For each word the condition that the client of a job or an invoice has it in its name.

    By the keys of their accounts, asked for once: PostgreSQL can't use an index for a word that stands either here or in a
    joined table. A word in very many names is left to the join: there is enough of what it matches to stop early.
    """
    named = {word: Q(client__name__icontains=word) for word in words}
    holds = [ExpressionWrapper(condition, BooleanField()) for condition in named.values()]
    rows = Account.objects.visible_to(user).filter(Q(*named.values(), _connector=Q.OR)).order_by().values_list("pk", *holds)
    found = list(rows)
    conditions = {}
    for column, word in enumerate(named, start=1):
        keys = [row[0] for row in found if row[column]]
        conditions[word] = Q(account__in=keys) if len(keys) <= FEW else Q(account__client__name__icontains=word)
    return conditions
