"""The chase: which invoice has reached which step of the plan, and the one letter a day that says so.

A step is due on a local day: reminders on the client's calendar, the escalation on the agency's. What has come due since
is asked, never "is it today": a missed run catches up, with the latest step only; a double run finds nothing left to do.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import Client, Contact, Role, User
from agency import clock

from . import mails
from .models import ChaseItem, ChaseLetter, ChaseStep, Invoice

Letter = ChaseStep.Letter


@dataclass(frozen=True)
class Reached:
    """An invoice and the steps it has reached: the latest gets a letter, unless it came too late to be meant; the others don't."""

    invoice: Invoice
    steps: tuple[ChaseStep, ...]
    step: ChaseStep | None

    @property
    def missed(self) -> list[ChaseStep]:
        return [step for step in self.steps if step != self.step]


def day_of(step: ChaseStep, invoice: "Dated") -> date:
    """On which local day an invoice reaches a step.

    The escalation waits until the invoice is past due, where terms are longer than the plan's days.
    """
    assert invoice.issued_on
    assert invoice.due_on
    anchor = invoice.due_on if step.anchor == ChaseStep.Anchor.DUE else invoice.issued_on
    day = anchor + timedelta(days=step.days)
    return max(day, invoice.due_on + timedelta(days=1)) if step.letter == Letter.ESCALATION else day


def steps() -> list[ChaseStep]:
    return list(ChaseStep.objects.all())


def to_chase(client: Client | None = None, only: Invoice | None = None) -> Sequence[Invoice]:
    """Unpaid invoices whose chase isn't paused, with the steps they have done; all, one client's, or only one."""
    found = (
        Invoice.objects.unpaid().filter(chase_paused_at=None).select_related("account__client").prefetch_related("chase_items")
    )
    if only:
        found = found.filter(pk=only.pk)
    return list((found.filter(account__client=client) if client else found).order_by("due_on", "pk"))


def reached(invoice: Invoice, plan: Iterable[ChaseStep], today: date, *, escalation: bool) -> Reached | None:
    """Which steps of one kind (reminders, or the escalation) the invoice has reached by `today` and not done yet."""
    done = {item.step_id for item in invoice.chase_items.all()}
    mine = [step for step in plan if (step.letter == Letter.ESCALATION) == escalation]
    due = sorted(
        (step for step in mine if step.pk not in done and day_of(step, invoice) <= today), key=lambda step: day_of(step, invoice)
    )
    if not due:
        return None
    latest = due[-1]
    return Reached(invoice, tuple(due), latest if _still_meant(latest, invoice, today) else None)


def _still_meant(step: ChaseStep, invoice: Invoice, today: date) -> bool:
    """A friendly word before the due date makes no sense after it, nor on the day the invoice itself went out."""
    if step.letter != Letter.BEFORE_DUE:
        return True
    assert invoice.issued_on
    assert invoice.due_on
    return today <= invoice.due_on and day_of(step, invoice) > invoice.issued_on


def chase_payments(at: datetime, *, only: Invoice | None = None) -> list[dict[str, Any]]:
    """Queue every reminder and escalation that has come due by `at`; answers what was queued, for people and scripts.

    `only` leaves every other invoice as it is. Run twice, or by two at once, it changes nothing the second time.
    """
    clients = {invoice.account.client_id for invoice in to_chase(only=only)}
    queued: list[dict[str, Any]] = []
    for client in Client.objects.filter(pk__in=clients).order_by("pk"):
        with transaction.atomic():
            locked = Client.objects.select_for_update().get(pk=client.pk)
            queued += _chase_client(locked, at, only)
    return queued


def _chase_client(client: Client, at: datetime, only: Invoice | None) -> list[dict[str, Any]]:
    """One client's reminders and escalation, under lock: nobody else is chasing them now."""
    plan, invoices = steps(), to_chase(client, only)
    contacts: list[Contact | User] = list(mails.billing_contacts(client))
    letters = _write(client, contacts, _all_reached(invoices, plan, clock.local(at, client.zone).date(), False), at)
    agency_day = clock.local(at, clock.agency_zone()).date()
    letters += _write(client, list(directors()), _all_reached(invoices, plan, agency_day, True), at)
    return letters


def _all_reached(invoices: Iterable[Invoice], plan: Iterable[ChaseStep], today: date, escalation: bool) -> list[Reached]:
    plan = list(plan)
    return [found for invoice in invoices if (found := reached(invoice, plan, today, escalation=escalation))]


def directors() -> Sequence[User]:
    return list(User.objects.active().with_role(Role.DIRECTOR).order_by("pk"))


def _write(client: Client, readers: Sequence[Contact | User], found: Sequence[Reached], at: datetime) -> list[dict[str, Any]]:
    """One letter to each reader about all invoices that reached a step. Without a reader the steps stay due, and are shown."""
    if not found or not readers:
        return []
    days = {reader: clock.local(at, reader.zone).date() for reader in readers}
    if any(_written_on(client, reader, day) for reader, day in days.items()):
        return []  # one letter a day: the rest goes tomorrow
    ChaseItem.objects.bulk_create(ChaseItem(invoice=one.invoice, step=step, at=at) for one in found for step in one.missed)
    told = [one for one in found if one.step]
    items = ChaseItem.objects.bulk_create(ChaseItem(invoice=one.invoice, step=one.step, at=at) for one in told)
    return [_letter(client, reader, day, items, at) for reader, day in days.items()] if items else []


def _written_on(client: Client, reader: Contact | User, day: date) -> bool:
    return ChaseLetter.objects.filter(client=client, local_day=day, **_as_reader(reader)).exists()


def _as_reader(reader: Contact | User) -> dict[str, Contact | User]:
    return {"contact": reader} if isinstance(reader, Contact) else {"user": reader}


def _letter(client: Client, reader: Contact | User, day: date, items: Sequence[ChaseItem], at: datetime) -> dict[str, Any]:
    letter = ChaseLetter.objects.create(client=client, local_day=day, created_at=at, **_as_reader(reader))
    letter.items.set(items)
    invoices = [item.invoice for item in items]
    mail = mails.escalate(letter, invoices, now=at) if letter.user_id else mails.remind(letter, invoices, now=at)
    return {
        "key": mail.key,
        "client": client.code,
        "to": mail.to_email,
        "letter": mail.letter,
        "subject": mail.subject,
        "not_before": mail.due_at.isoformat(),
        "invoices": [{"number": item.invoice.number, "step": item.step.letter, "days": item.step.days} for item in items],
    }


class Dated(Protocol):
    """An issued invoice, or its dates alone."""

    pk: int
    issued_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class Coming:
    """The next step of an invoice, and on which day it is reached."""

    pk: int
    step: ChaseStep
    day: date


def coming(invoice: Dated, plan: Iterable[ChaseStep], done: Iterable[int]) -> Coming | None:
    """The next step of the plan the invoice hasn't done yet; nothing for one that has been through it."""
    left = [(day_of(step, invoice), step.position, step) for step in plan if step.pk not in done]
    if not left:
        return None
    day, _position, step = min(left)
    return Coming(invoice.pk, step, day)


def coming_for(user: User, plan: Sequence[ChaseStep], until: date) -> list[Coming]:
    """What invoices the user sees reach by a day, the next first. Two queries of bare dates: there may be thousands."""
    rows = Invoice.objects.visible_to(user).unpaid().filter(chase_paused_at=None).order_by()
    done: dict[int, set[int]] = defaultdict(set)
    for invoice, step in ChaseItem.objects.filter(invoice__in=rows).order_by().values_list("invoice", "step"):
        done[invoice].add(step)
    dated = rows.values_list("pk", "issued_on", "due_on", named=True)
    found = [coming(row, plan, done[row.pk]) for row in dated]
    return sorted((one for one in found if one and one.day <= until), key=lambda one: (one.day, one.pk))


def history(invoice: Invoice) -> list[ChaseItem]:
    """The steps an invoice has been through, newest first, each with its letters."""
    letters = Prefetch("letters", ChaseLetter.objects.select_related("contact", "user"))
    items = ChaseItem.objects.select_related("step").prefetch_related(letters)
    prefetch_related_objects([invoice], Prefetch("chase_items", items))
    return list(invoice.chase_items.all())
