"""Invoices, payments and the chase as rows: numbered without a gap in the order of their days, summed by the product's own sums."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import Contact, User
from agency import clock
from agency.money import quantize, totals
from billing import chase
from billing.freezing import frozen_facts, signed_signoffs
from billing.models import (
    Allocation,
    ChaseItem,
    ChaseLetter,
    ChaseStep,
    Invoice,
    InvoiceLine,
    Payment,
    TaxLine,
)  # fmt: skip
from jobsheets.models import Job

from .course import at_work
from .files import Files
from .house import House
from .jobs import Billable
from .ledger import Ledger
from .post import Post

#: Of all invoices: credit notes, and those that aren't issued yet.
CREDITED, DRAFTS = 0.012, 0.005


@dataclass(frozen=True)
class Bill:
    """One invoice that is meant: of which job, on which day, what part of its price."""

    at: datetime
    job: Billable
    part: Decimal
    credits: int | None = None  # place in the list of what it takes back


def plan(jobs: list[Billable], number: int, rng: Random, now: datetime) -> list[Bill]:
    """So many invoices in the order of their days: one or more for each job that may be billed, and some taken back."""
    credit_notes = round(number * CREDITED)
    billable = [job for job in jobs if job.delivered and now - job.delivered > timedelta(days=2)]
    if not billable:
        return []
    parts: Tally[int] = Tally(range(len(billable)))
    parts.update(rng.choices(range(len(billable)), k=max(number - credit_notes - len(billable), 0)))
    bills = [bill for place in range(len(billable)) for bill in _bills(billable[place], parts[place], rng, now)]
    bills = sorted(bills, key=lambda bill: bill.at)[: number - credit_notes]
    issued = range(int(len(bills) * 0.97))
    several = [place for place in issued if bills[place].part < 1]  # what is taken back is billed again
    for place in sorted(rng.sample(several, min(credit_notes, len(several)))):
        at = at_work(bills[place].at + timedelta(days=rng.randint(1, 6)), rng)
        bills.append(Bill(min(at, now), bills[place].job, bills[place].part, credits=place))
    return bills


def _bills(job: Billable, parts: int, rng: Random, now: datetime) -> Iterator[Bill]:
    """Instalments from the opening on; the last one soon after everything was signed."""
    assert job.delivered
    end = job.delivered + timedelta(hours=rng.expovariate(1 / 60))
    for n in range(1, parts + 1):
        at = job.opened + (end - job.opened) * n / parts
        yield Bill(min(at_work(at, rng), now), job, Decimal(1) / parts)


class Books:
    """Writes the bills in the order of their days."""

    def __init__(self, house: House, ledger: Ledger, files: Files, post: Post, rng: Random, now: datetime) -> None:
        self.house, self.ledger, self.files, self.post, self.rng, self.now = house, ledger, files, post, rng, now
        self.zone = clock.agency_zone()
        self.today = clock.local(now, self.zone).date()
        self.steps: Sequence[ChaseStep] = chase.steps()
        self.series: Tally[str] = Tally()  # the name of agency.numbering's counter → the last number
        self.letters: dict[tuple[int, str, int, date], int] = {}

    def write(self, bills: list[Bill], most: int = 500) -> None:
        """All of them; credit notes stand at the end of the list and go to their day."""
        taken_back = {bill.credits: bill for bill in bills if bill.credits is not None}
        order = sorted(range(len(bills)), key=lambda place: (bills[place].at, place))
        drafts = set(order[len(order) - round(len(order) * DRAFTS) :])
        originals: dict[int, tuple[Invoice, list[InvoiceLine]]] = {}
        for start in range(0, len(order), most):
            chunk = order[start : start + most]
            signed = self._signed(bills[place].job for place in chunk)
            for place in chunk:
                bill = bills[place]
                if bill.credits is not None:
                    if bill.credits in originals:
                        self._credit_note(bill, *originals.pop(bill.credits))
                    continue
                credit = taken_back.get(place)
                made = self._invoice(bill, credit, signed, draft=place in drafts and credit is None)
                if credit:
                    originals[place] = made
            self.ledger.flush_if()

    def _signed(self, jobs: Any) -> dict[str, list[dict[str, str]]]:
        """The signatures behind some jobs, read once for all of them."""
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for one in signed_signoffs(Job(pk=job.job) for job in jobs):
            found[one["job"]].append(one)
        return found

    def _invoice(
        self, bill: Bill, credit: Bill | None, signed: dict[str, list[dict[str, str]]], *, draft: bool
    ) -> tuple[Invoice, list[InvoiceLine]]:
        place, rng = bill.job.place, self.rng
        manager, finance = place.manager, self.house.anyone("finance", rng)
        asked, approved = bill.at - timedelta(hours=rng.uniform(8, 60)), bill.at - timedelta(hours=rng.uniform(1, 7))
        status = rng.choice(["draft", "requested", "requested", "approved"]) if draft else Invoice.Status.ISSUED
        invoice = Invoice(
            account=place.account, status=status, currency=place.client.currency, order_number=bill.job.client_order,
            payment_days=place.client.payment_days, created_by=place.lead, created_at=asked - timedelta(minutes=20),
        )  # fmt: skip
        if status != Invoice.Status.DRAFT:
            invoice.requested_by, invoice.requested_at = place.lead, asked
        if status in (Invoice.Status.APPROVED, Invoice.Status.ISSUED):
            invoice.approved_by, invoice.approved_at = manager, approved
        self.ledger.add(invoice)
        lines = self._lines(invoice, bill)
        if status == Invoice.Status.ISSUED:
            invoice.issued_by, invoice.issued_at = finance, bill.at
            at = bill.at.isoformat()
            self._issue(invoice, lines, bill, [one for one in signed[bill.job.number] if one["at"] <= at])
            if credit:
                invoice.settled, invoice.credited_at = invoice.gross or Decimal(0), credit.at
            else:
                self._collect(invoice, place.billing, finance)
        note = self.ledger.note
        if invoice.requested_at:
            note("invoice.requested", invoice, by=place.lead, at=asked, account=place.account)
        if invoice.issued_at:
            note("invoice.issued", invoice, by=finance, at=bill.at, account=place.account, number=invoice.number)
            for reader in place.billing:
                self.post.write(
                    "billing.invoice", f"invoice:{invoice.pk}:{reader.pk}", reader, f"{invoice.number} · {bill.job.title}", invoice, at=bill.at,
                    client=place.client, account=place.account, sender=place.lead,
                )  # fmt: skip
        return invoice, lines

    def _lines(self, invoice: Invoice, bill: Bill) -> list[InvoiceLine]:
        words, client, rng = bill.job.place.words, bill.job.place.client, self.rng
        net = bill.job.price * bill.part
        texts = [words.lines[0], *rng.sample(words.lines[1:], rng.choice([0, 0, 0, 1, 2]))]
        shares = [Decimal(1)] if len(texts) == 1 else [Decimal("0.8"), *[Decimal("0.2") / (len(texts) - 1)] * (len(texts) - 1)]
        return [
            self.ledger.add(
                InvoiceLine(
                    invoice=invoice, position=position, job_id=bill.job.job, description=(text % {"title": bill.job.title})[:300],
                    quantity=Decimal(1), unit_price=quantize(net * share, client.currency), tax_rate=client.tax_rate,
                    issued=invoice.is_issued,
                )
            )
            for position, (text, share) in enumerate(zip(texts, shares, strict=True), start=1)
        ]  # fmt: skip

    def _issue(self, invoice: Invoice, lines: list[InvoiceLine], bill: Bill, signed: list[dict[str, str]]) -> None:
        """Number, day, sums, frozen texts and paper."""
        credit_note = invoice.is_credit_note
        assert invoice.issued_at
        day = clock.local(invoice.issued_at, self.zone).date()
        series = f"{'credit' if credit_note else 'invoice'}:{day.year}"
        self.series[series] += 1
        invoice.number = f"{day.year}-{'R-' if credit_note else ''}{self.series[series]:05d}"
        invoice.issued_on, invoice.due_on = day, day if credit_note else day + timedelta(days=invoice.payment_days)
        sums = totals(lines, invoice.currency)
        invoice.net, invoice.tax, invoice.gross = sums.net, sums.tax, sums.gross
        for tax in sums.taxes:
            self.ledger.put(TaxLine, invoice_id=invoice.pk, rate=tax.rate, base=tax.base, amount=tax.amount)
        for line in lines:
            line.job = Job(pk=bill.job.job, number=bill.job.number, title=bill.job.title)
        invoice.frozen = frozen_facts(invoice, lines, signoffs=signed)
        invoice.file = self.files.paper(bill.job.place.client.language, invoice.number, at=invoice.issued_at)

    def _credit_note(self, bill: Bill, original: Invoice, lines: list[InvoiceLine]) -> None:
        finance, place = original.issued_by, bill.job.place
        reason = self.rng.choice(place.words.reasons)
        note = self.ledger.add(
            Invoice(
                kind=Invoice.Kind.CREDIT_NOTE, credits=original, credit_reason=reason, account=original.account, status=Invoice.Status.ISSUED,
                currency=original.currency, order_number=original.order_number, payment_days=original.payment_days, created_by=finance,
                created_at=bill.at, issued_by=finance, issued_at=bill.at,
            )
        )  # fmt: skip
        mirrored = [
            self.ledger.add(
                InvoiceLine(
                    invoice=note, position=line.position, job_id=line.job_id, description=line.description, quantity=line.quantity,
                    unit_price=line.unit_price, tax_rate=line.tax_rate, issued=True,
                )
            )
            for line in lines
        ]  # fmt: skip
        self._issue(note, mirrored, bill, [])
        note.settled = note.gross or Decimal(0)
        assert finance
        self.ledger.note("invoice.credited", original, by=finance, at=bill.at, account=place.account, reason=reason, credit_note=note.number)  # fmt: skip

    def _collect(self, invoice: Invoice, readers: list[Contact], finance: User) -> None:
        """Reminders until the money came; some pay early, most a little late, a few not at all."""
        assert invoice.due_on
        paid_on = self._paid_on(invoice)
        part = self.rng.random() < 0.04
        if paid_on and paid_on <= self.today:
            amount = quantize((invoice.gross or Decimal(0)) / 2, invoice.currency) if part else invoice.gross or Decimal(0)
            self._pay(invoice, amount, paid_on, finance)
            rest = invoice.open_amount
            later = paid_on + timedelta(days=self.rng.randint(10, 40))
            if rest and later <= self.today:
                self._pay(invoice, rest, later, finance)
                paid_on = later
            elif rest:
                paid_on = None
        elif self.today - invoice.due_on > timedelta(days=10) and self.rng.random() < 0.15:
            invoice.chase_paused_at = self.now - timedelta(days=self.rng.randint(1, 9))
            invoice.chase_paused_reason = self.rng.choice(("Disputed; the account manager talks to them.", "Promised for the end of the month."))  # fmt: skip
        self._remind(invoice, readers, paid_on)

    def _paid_on(self, invoice: Invoice) -> date | None:
        assert invoice.due_on
        assert invoice.issued_on
        if self.today - invoice.issued_on < timedelta(days=300) and self.rng.random() < 0.01:
            return None
        late = self.rng.choices([self.rng.randint(-12, 0), self.rng.randint(1, 12), self.rng.randint(13, 60)], [52, 38, 10])[0]
        return max(invoice.due_on + timedelta(days=late), invoice.issued_on + timedelta(days=2))

    def _pay(self, invoice: Invoice, amount: Decimal, day: date, finance: User) -> None:
        at = min(clock.at_local(day, time(9, self.rng.randrange(60)), self.zone), self.now)
        facts: dict[str, Any] = {"account": invoice.account, "received_on": day, "amount": amount, "currency": invoice.currency, "by": finance, "at": at}  # fmt: skip
        if self.rng.random() < 0.003:  # entered on the wrong invoice first
            wrong = {"reversed_at": at, "reversed_by": finance, "reversed_reason": "Entered on the wrong invoice."}
            payment = self.ledger.add(Payment(reference=str(invoice.number), **facts, **wrong))
            self.ledger.put(Allocation, payment_id=payment.pk, invoice_id=invoice.pk, amount=amount)
        payment = self.ledger.add(Payment(reference=str(invoice.number), **facts))
        self.ledger.put(Allocation, payment_id=payment.pk, invoice_id=invoice.pk, amount=amount)
        invoice.settled += amount
        self.ledger.note(
            "payment.recorded", invoice, by=finance, at=at, account=invoice.account, amount=str(amount), currency=invoice.currency,
            money=f"{amount} {invoice.currency}", reference=str(invoice.number),
        )  # fmt: skip

    def _remind(self, invoice: Invoice, readers: list[Contact], paid_on: date | None) -> None:
        """The steps of the plan it reached before it was paid, each with its letters; one letter a day to one reader."""
        until = min(
            paid_on or self.today,
            clock.local(invoice.chase_paused_at, self.zone).date() if invoice.chase_paused_at else self.today,
        )
        for step in self.steps:
            day = chase.day_of(step, invoice)
            if day > until or (paid_on and day >= paid_on) or (invoice.issued_on and day <= invoice.issued_on):
                continue
            at = clock.at_local(day, time(7), self.zone)
            item = self.ledger.add(ChaseItem(invoice=invoice, step=step, at=at))
            people: Sequence[User | Contact] = (
                self.house.roles["director"] if step.letter == ChaseStep.Letter.ESCALATION else readers
            )
            for reader in people:
                letter = self._letter(invoice, reader, day, at)
                self.ledger.put(ChaseLetter.items.through, chaseletter_id=letter, chaseitem_id=item.pk)

    def _letter(self, invoice: Invoice, reader: User | Contact, day: date, at: datetime) -> int:
        client = invoice.account.client
        key = (client.pk, type(reader).__name__, reader.pk, day)
        if key not in self.letters:
            who = {"contact": reader} if isinstance(reader, Contact) else {"user": reader}
            letter = self.ledger.add(ChaseLetter(client=client, local_day=day, created_at=at, **who))
            self.letters[key] = letter.pk
            kind = "billing.reminder" if letter.contact_id else "billing.escalation"
            self.post.write(
                kind, letter.key, reader, f"{invoice.number} · {client.name}", letter, at=at, client=client, account=invoice.account,
                sender=invoice.account.lead,
            )  # fmt: skip
        return self.letters[key]
