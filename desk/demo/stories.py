"""How a job of the demo agency goes along the chain: each step by the action a colleague or a client's contact uses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from accounts.models import User
from billing import actions as money
from billing.models import Invoice
from jobsheets import actions as work
from jobsheets.checklist import KEYS, OK
from jobsheets.models import Deliverable, Job, Version
from signoffs import actions as signing
from signoffs.models import Signatory, SignRequest

from .artwork import as_pdf, as_png
from .directory import Directory
from .jobs import Item, Order, Stage
from .play import Days, Story

#: What each deliverable of a job reaches, where the first isn't enough to show life.
ITEM_STAGES: dict[str, tuple[str, ...]] = {
    "changes": ("changes", "sent", "signed"),
    "released": ("released", "uploaded"),
    "sent": ("sent", "signed"),
    "uploaded": ("uploaded", "checked"),
}
#: The stages of one deliverable, in order; a job's later stages have all of them signed.
ITEM_ORDER = ("working", "uploaded", "checked", "released", "sent", "signed")
BEFORE_WORK = frozenset({"draft", "approval", "returned", "opened", "cancelled", "held"})
RETURN_REASONS = {
    "es": "“Todo el mundo” son dos públicos. Elige uno y dime qué hace hoy cuando necesita luz.",
    "en": "The audience is two audiences. Pick one.",
}


class JobStory:
    """One order, told as a generator (desk/demo/play.py)."""

    def __init__(self, order: Order, directory: Directory, days: Days) -> None:
        self.order, self.days, self.directory = order, days, directory
        self.account = directory.accounts[order.code, order.account]
        self.users = directory.users
        self.ae = self.account.lead
        self.maker, self.checker = self.creatives()

    def creatives(self) -> tuple[User, User]:
        """Who makes it and who checks it: two creatives of the team, never the same."""
        team = set(self.account.team.current().values_list("user", flat=True))
        found = [self.users[login] for login in ("creative", "mei", "ivan") if self.users[login].pk in team]
        return found[0], found[1] if len(found) > 1 else self.users["planner"]

    def tell(self) -> Story:
        order = self.order
        clock = self.days.ago(order.age, 9, 40)
        now = yield clock
        job = self.write(now)
        if order.stage == "draft":
            return
        clock += timedelta(hours=1, minutes=20)
        now = yield clock
        work.submit_for_approval(job, by=self.ae, now=now)
        if order.stage == "approval":
            clock += timedelta(hours=3)
            now = yield clock
            work.approve(job, "strategy", by=self.users["planner"], now=now)
            return
        if order.stage == "returned":
            clock += timedelta(hours=4)
            now = yield clock
            reason = RETURN_REASONS.get(self.account.client.language, RETURN_REASONS["en"])
            work.return_job(job, "strategy", reason, by=self.users["planner"], now=now)
            return
        now = yield from self.open(job, clock)
        if order.stage in BEFORE_WORK:
            yield from self.stop_early(job, now)
            return
        yield from self.make(job, now)

    def write(self, now: datetime) -> Job:
        order = self.order
        job = work.create_job(
            account=self.account,
            by=self.ae,
            now=now,
            title=order.title,
            kind=order.kind,
            due_at=max(self.days.ahead(order.due), now + timedelta(days=7)) if order.due < 0 else self.days.ahead(order.due),
            objective=order.objective,
            audience=order.audience,
            message=order.message,
            tone=order.tone,
            background=order.objective,
            mandatories=order.mandatories,
            sizes="\n".join(f"{item.title}: {item.specification}" for item in order.items),
            budget=Decimal(order.price),
            client_order=f"PO-{4500 + order.age}" if self.account.client.order_number_required else "",
        )
        for item in order.items:
            work.add_deliverable(job, title=item.title, specification=item.specification, by=self.ae, now=now)
        if order.items:
            work.assign(job, self.maker, self.maker.title, by=self.ae, now=now)
        job.refresh_from_db()
        return job

    def open(self, job: Job, clock: datetime) -> Iterator[datetime]:
        """Both approvals, then the maker's acknowledgement (but for a job that has only just opened)."""
        now = yield clock + timedelta(hours=2)
        work.approve(job, "strategy", by=self.users["planner"], now=now)
        now = yield now + timedelta(hours=1, minutes=15)
        work.approve(job, "creative", by=self.users["creative.director"], now=now)
        job.refresh_from_db()
        if self.order.stage == "opened":
            return now
        now = yield now + timedelta(hours=2)
        work.acknowledge(job, 1, by=self.maker, now=now)
        return now

    def stop_early(self, job: Job, now: datetime) -> Iterator[datetime]:
        if self.order.stage == "held":
            now = yield now + timedelta(days=2)
            work.hold(
                job,
                "Бюджет серии ещё не утверждён." if self.order.code == "VRB" else "The budget isn't confirmed yet.",
                by=self.ae,
                now=now,
            )
        elif self.order.stage == "cancelled":
            now = yield now + timedelta(days=3)
            work.cancel(job, "The client moved the budget to the key visual.", by=self.ae, now=now)

    def make(self, job: Job, now: datetime) -> Iterator[datetime]:
        """Work on the deliverables, then money."""
        order = self.order
        rows = list(job.deliverables.order_by("position"))
        stages = ITEM_STAGES.get(order.stage, ())
        for place, (row, item) in enumerate(zip(rows, order.items, strict=True)):
            stage = stages[place] if place < len(stages) else self.item_stage(order.stage)
            now = yield from self.deliver(row, item, stage, now + timedelta(hours=1))
        if order.stage in {"requested", "billing_approved", "invoiced", "part_paid", "paid", "closed"}:
            yield from self.bill(job, now)

    @staticmethod
    def item_stage(stage: Stage) -> str:
        return stage if stage in {*ITEM_ORDER, "changes", "second_sent"} else "signed"

    def deliver(self, row: Deliverable, item: Item, stage: str, clock: datetime) -> Iterator[datetime]:
        """One deliverable through upload, check, release, sending and the client's answer."""
        if stage == "working":
            return clock
        version, now = yield from self.version(row, item, clock + timedelta(hours=20), up_to=stage)
        if stage in {"uploaded", "checked", "released"}:
            return now
        anchor = self.days.ago(self.order.step_age + (3 if stage == "second_sent" else 0), 15, 50)
        answers = {"changes", "second_sent", "signed"}
        now = yield max(now + timedelta(minutes=40), anchor - (timedelta(days=1) if stage in answers else timedelta()))
        request = self.send(version, now)
        if stage == "sent":
            return now
        now = yield now + timedelta(hours=19)
        if stage == "signed":
            self.answer(request, "approved", self.order.answer, now)
            return now
        self.answer(request, "changes", self.order.answer, now)
        if stage == "second_sent":
            second = Item(item.title, item.specification, type(item.piece)(**{**vars(item.piece), "version": 2}))
            version, now = yield from self.version(
                row, second, now + timedelta(hours=5), up_to="released", note=self.order.answer
            )
            now = yield max(now + timedelta(minutes=30), self.days.ago(self.order.step_age, 16, 10))
            self.send(version, now)
        return now

    def version(self, row: Deliverable, item: Item, clock: datetime, *, up_to: str, note: str = "") -> Iterator[datetime]:
        """Upload, check and release; stops where `up_to` says."""
        now = yield clock
        version = work.upload_version(row, artwork(row, item, now), note, by=self.maker, now=now)
        if up_to == "uploaded":
            return version, now
        now = yield now + timedelta(hours=1, minutes=30)
        items = [{"key": key, "answer": OK, "note": ""} for key in sorted(KEYS)]
        work.record_quality_check(version, items, sha256=version.sha256, by=self.checker, now=now)
        if up_to == "checked":
            return version, now
        now = yield now + timedelta(minutes=50)
        work.release_version(version, sha256=version.sha256, by=self.users["creative.director"], now=now)
        return version, now

    def send(self, version: Version, now: datetime) -> SignRequest:
        decides = self.directory.deciding(self.account)
        return work.send_version_to_client(version, signatories=[signing.Asked(contact=decides)], by=self.ae, now=now)

    def answer(self, request: SignRequest, answer: str, text: str, now: datetime) -> None:
        """What the client's contact does by the emailed link."""
        request.refresh_from_db()
        signatory = Signatory.objects.get(request=request)
        signing.mark_seen(signatory, now=now - timedelta(minutes=7))
        given = signing.Given(
            answer=answer_value(request, answer),
            shown_sha256=request.document.sha256,
            signature=signing.Signature(typed_name=signatory.name),
            text=text,
            language=signatory.language,
        )
        signing.record_decision(signatory, given, now=now)

    def bill(self, job: Job, now: datetime) -> Iterator[datetime]:
        """Billing request, approval, issue, and what was paid; as far as the order's stage goes."""
        order, stage = self.order, self.order.stage
        issued_on = self.days.ago(order.step_age, 11, 30)
        now = yield max(now + timedelta(hours=3), issued_on - timedelta(days=1))
        client = self.account.client
        line = money.LineData(job, f"{job.title}", Decimal(1), Decimal(order.price), client.tax_rate)
        invoice = money.create_invoice(self.account, [line], order_number=job.client_order, by=self.ae, now=now)
        money.request_billing(invoice, by=self.ae, now=now)
        if stage == "requested":
            return
        now = yield now + timedelta(hours=4)
        money.approve_billing(invoice, by=self.users["manager"], now=now)
        if stage == "billing_approved":
            return
        now = yield max(now + timedelta(hours=2), issued_on)
        money.issue_invoice(invoice, by=self.users["finance"], now=now)
        yield from self.collect(job, invoice, now)

    def collect(self, job: Job, invoice: Invoice, now: datetime) -> Iterator[datetime]:
        finance, stage = self.users["finance"], self.order.stage
        invoice.refresh_from_db()
        if stage == "part_paid":
            now = yield now + timedelta(days=20)
            half = totals_half(invoice)
            money.record_payment({invoice: half}, received_on=now.date(), reference="1/2", by=finance, now=now)
        if stage in {"paid", "closed"}:
            now = yield now + timedelta(days=26)
            money.record_payment(
                {invoice: invoice.open_amount}, received_on=now.date(), reference=job.number, by=finance, now=now
            )
        if stage == "closed":
            now = yield now + timedelta(days=1)
            work.close(job, by=finance, now=now)


def totals_half(invoice: Invoice) -> Decimal:
    """Half of the invoice, to the cent."""
    return (invoice.open_amount / 2).quantize(Decimal("0.01"))


def answer_value(request: SignRequest, wanted: str) -> str:
    """The value of the answer of this kind of document that approves, or the one that asks for changes."""
    from signoffs.signables import signable_for

    answers = signable_for(request.document).answers
    approves = wanted == "approved"
    return next(answer.value for answer in answers if answer.approves == approves)


def artwork(row: Deliverable, item: Item, now: datetime) -> ContentFile:
    """The drawn piece as the file a creative would hand in: `261124 opening ad V1.pdf`; screens as pictures."""
    number = row.versions.count() + 1
    stem = f"{now:%y%m%d} {item.title} V{number}"
    if item.piece.format in {"screen", "story", "square", "banner"}:
        return ContentFile(as_png(item.piece), name=f"{stem}.png")
    return ContentFile(as_pdf(item.piece), name=f"{stem}.pdf")
