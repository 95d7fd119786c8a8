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
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value, prefetch_related_objects

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


def to_chase(plan: Iterable[ChaseStep], at: datetime, only: Invoice | None = None) -> "QuerySet[Invoice]":
    """Unpaid invoices whose chase isn't paused and that have reached a step they haven't done; all, or at most one.

    `reached` says which steps these are. The database is asked first, because they are few among very many.
    """
    found = Invoice.objects.unpaid().filter(_has_reached_a_step(plan, at), chase_paused_at=None)
    return found.filter(pk=only.pk) if only else found


def _has_reached_a_step(plan: Iterable[ChaseStep], at: datetime) -> Q:
    """Reminders by the clients' days, of which there are up to three at one moment; the escalation by the agency's."""
    zones: dict[date, list[str]] = {}
    for zone in Client.objects.order_by().values_list("zone_name", flat=True).distinct():
        zones.setdefault(clock.local(at, zone).date(), []).append(zone)
    found = Q(pk__in=[])
    for step in plan:
        if step.letter == Letter.ESCALATION:
            found |= _has_reached(step, clock.local(at, clock.agency_zone()).date())
            continue
        for day, there in zones.items():
            found |= Q(account__client__zone_name__in=there) & _has_reached(step, day)
    return found


def _has_reached(step: ChaseStep, today: date) -> Any:
    """`day_of` as a question to the database."""
    anchor = "due_on" if step.anchor == ChaseStep.Anchor.DUE else "issued_on"
    day_has_come = Q(**{f"{anchor}__lte": today - timedelta(days=step.days)})
    if step.letter == Letter.ESCALATION:
        day_has_come &= Q(due_on__lt=today)
    return day_has_come & ~Exists(ChaseItem.objects.filter(invoice=OuterRef("pk"), step=step))


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
    plan = steps()
    due: dict[int, list[int]] = defaultdict(list)
    for client, invoice in to_chase(plan, at, only).order_by("account__client").values_list("account__client", "pk"):
        due[client].append(invoice)
    queued: list[dict[str, Any]] = []
    for client, invoices in due.items():
        with transaction.atomic():
            locked = Client.objects.select_for_update().get(pk=client)
            queued += _chase_client(locked, invoices, plan, at)
    return queued


def _chase_client(client: Client, due: Sequence[int], plan: Sequence[ChaseStep], at: datetime) -> list[dict[str, Any]]:
    """One client's reminders and escalation, under lock: nobody else is chasing them now, so what these invoices are is read again."""
    theirs = Invoice.objects.unpaid().filter(pk__in=due, chase_paused_at=None).select_related("account__lead", "file")
    invoices = list(theirs.prefetch_related("chase_items").order_by("due_on", "pk"))
    letters: list[dict[str, Any]] = []
    if reminders := _all_reached(invoices, plan, clock.local(at, client.zone).date(), False):
        letters += _write(client, mails.billing_contacts(client), reminders, at)
    if escalations := _all_reached(invoices, plan, clock.local(at, clock.agency_zone()).date(), True):
        letters += _write(client, directors(), escalations, at)
    return letters


def _all_reached(invoices: Iterable[Invoice], plan: Sequence[ChaseStep], today: date, escalation: bool) -> list[Reached]:
    return [found for invoice in invoices if (found := reached(invoice, plan, today, escalation=escalation))]


def directors() -> Sequence[User]:
    return list(User.objects.active().with_role(Role.DIRECTOR).order_by("pk"))


def _write(client: Client, readers: Sequence[Contact | User], found: Sequence[Reached], at: datetime) -> list[dict[str, Any]]:
    """One letter to each reader about all invoices that reached a step. Without a reader the steps stay due, and are shown."""
    if not readers:
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
    letter.items.add(*items)
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


@dataclass(frozen=True)
class ComingUp:
    """What invoices the user sees reach by a day, the next first; sliced like a list, and no more is read than asked for."""

    user: User
    plan: Sequence[ChaseStep]
    until: date

    def __getitem__(self, part: slice) -> list[Coming]:
        """One query: of each step the next ones by due date, without those who have done it."""
        rows = Invoice.objects.visible_to(self.user).unpaid().filter(chase_paused_at=None)
        parts = [
            Invoice.objects.filter(
                pk__in=rows.filter(_has_reached(step, self.until)).order_by("due_on", "pk").values("pk")[: part.stop]
            )
            .order_by()
            .annotate(place=Value(place))
            .values_list("pk", "issued_on", "due_on", "place", named=True)
            for place, step in enumerate(self.plan)
        ]
        found: dict[int, Coming] = {}
        for row in parts[0].union(*parts[1:], all=True) if parts else []:
            one = Coming(row.pk, self.plan[row.place], day_of(self.plan[row.place], row))
            found[row.pk] = min(found.get(row.pk, one), one, key=lambda one: (one.day, one.step.position))
        return sorted(found.values(), key=lambda one: (one.day, one.pk))[part]


def history(invoice: Invoice) -> list[ChaseItem]:
    """The steps an invoice has been through, newest first, each with its letters."""
    letters = Prefetch("letters", ChaseLetter.objects.select_related("contact", "user"))
    items = ChaseItem.objects.select_related("step").prefetch_related(letters)
    prefetch_related_objects([invoice], Prefetch("chase_items", items))
    return list(invoice.chase_items.all())
