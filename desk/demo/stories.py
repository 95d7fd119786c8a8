"""How a job of the demo agency goes along the chain: each step by the action a colleague or a client's contact uses."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from django.core.files.base import ContentFile

from accounts.models import User
from agency import clock
from billing import actions as money
from billing.models import Invoice
from jobsheets import actions as work
from jobsheets.checklist import KEYS, NOT_OK, OK
from jobsheets.models import Deliverable, Job, Version
from signoffs import actions as signing
from signoffs.models import Signatory, SignRequest

from .artwork import as_pdf, as_png
from .directory import Directory
from .jobs import Item, Order, Stage
from .play import Days, Steps, Story

#: What each deliverable of a job reaches, where the first isn't enough to show life.
ITEM_STAGES: dict[str, tuple[str, ...]] = {
    "changes": ("changes", "sent", "signed"),
    "released": ("released", "uploaded"),
    "sent": ("sent", "signed"),
    "uploaded": ("uploaded", "checked"),
}
#: The stages of one deliverable, in order; a job's later stages have all of them signed.
ITEM_ORDER = ("working", "uploaded", "checked", "released", "sent", "signed")
BEFORE_WORK = frozenset({"opened", "cancelled", "held"})
BILLED = frozenset({"requested", "billing_approved", "invoiced", "part_paid", "paid", "credited"})
ANSWERED = frozenset({"changes", "second_sent", "signed"})
RETURN_REASONS = {
    "es": "«Todo el mundo» son dos públicos. Elige uno y dime qué hace hoy cuando necesita luz.",
    "en": "The audience is two audiences. Pick one.",
}
CREDITED = "Se emitió a otra sociedad del grupo; se emite de nuevo a Café Azulejo."
HELD_REASONS = {"ru": "Бюджет серии ещё не утверждён.", "en": "The budget isn't confirmed yet."}
#: What a job sheet begins with, in the client's language.
BACKGROUNDS = {
    (
        "CLZ",
        "Retail",
    ): "Casa Luz abre su tercera tienda, en la calle Colón de Valencia. Vende lámparas y muebles para quien reforma su casa.",
    (
        "CLZ",
        "Taller",
    ): "Luz Taller hace a mano series de treinta lámparas. Se venden en la tienda y en cuatro librerías de Valencia.",
    ("MLK", "鲜奶"): "晨光在杭州有六万户订奶家庭，对手降价后新客增长放缓。品牌不打价格战，讲新鲜。",
    ("VRB", "Книги"): "Издательство выпускает около сорока книг в год. Две трети продаж дают независимые магазины и ярмарки.",
    ("NUR", "المشروبات"): "غيّرت نور عبوتها هذا العام، وتنافسها علامتان مستوردتان في المنطقة الوسطى.",
    ("HBL", "Property"): "112 apartments on the south bank. Phase one sold out in May; phase two opens before Christmas.",
    ("PLS", "Podcasts"): "Pulse makes eleven shows. The new season of its best-known one starts in three weeks.",
    ("AZU", "Cafeterías"): "Azulejo tiene nueve cafeterías en la ciudad y una clientela que vuelve todas las mañanas.",
    ("HAI", "住宅"): "海岸线项目距海三百米，示范区十二月开放，周边同期有两个新盘。",
}


class JobStory:
    """One order, told as a generator (desk/demo/play.py)."""

    def __init__(self, order: Order, directory: Directory, days: Days) -> None:
        self.order, self.days, self.directory = order, days, directory
        self.account = directory.accounts[order.code, order.account]
        self.client = self.account.client
        self.users = directory.users
        self.ae = self.account.lead
        self.maker, self.checker = self.creatives()

    def creatives(self) -> tuple[User, User]:
        """Who makes it and who checks it: two creatives of the team, never the same."""
        team = set(self.account.team.current().values_list("user", flat=True))
        found = [self.users[login] for login in ("ivan", "creative", "mei") if self.users[login].pk in team]
        return found[0], found[1] if len(found) > 1 else self.users["planner"]

    def odd(self, now: datetime) -> timedelta:
        """People don't work by the quarter of an hour: some minutes and seconds, always the same for the same step."""
        return timedelta(seconds=crc32(f"{self.order.title}{now}".encode()) % 1500)

    def later(self, now: datetime, **after: float) -> datetime:
        """So much after `now` and some minutes, in the agency's working hours."""
        return self.days.at_work(now + timedelta(**after) + self.odd(now))

    def theirs(self, now: datetime, **after: float) -> datetime:
        """So much after `now` and some minutes, when the client is at work."""
        return self.days.at_work(now + timedelta(**after) + self.odd(now), self.client.zone, self.client.working_week)

    def tell(self) -> Story:
        stage = self.order.stage
        now = yield self.days.ago(self.order.age, 9, 40) + self.odd(self.days.until)
        job = self.write(now)
        if stage == "draft":
            return
        now = yield self.later(now, hours=1, minutes=20)
        work.submit_for_approval(job, by=self.ae, now=now)
        if stage == "submitted":
            return
        now = yield self.later(now, hours=3)
        if stage == "returned":
            reason = RETURN_REASONS.get(self.client.language, RETURN_REASONS["en"])
            work.return_job(job, "strategy", reason, by=self.users["planner"], now=now)
            return
        work.approve(job, "strategy", by=self.users["planner"], now=now)
        if stage == "approval":
            return
        now = yield self.later(now, hours=1, minutes=15)
        work.approve(job, "creative", by=self.users["creative.director"], now=now)
        job.refresh_from_db()
        if stage == "opened":
            return
        now = yield self.later(now, hours=2)
        work.acknowledge(job, 1, by=self.maker, now=now)
        if stage in BEFORE_WORK:
            yield from self.stop_early(job, now)
        else:
            yield from self.make(job, now)

    def write(self, now: datetime) -> Job:
        order = self.order
        due = self.days.ahead(order.due) if order.due >= 0 else self.days.ago(-order.due, 18)
        job = work.create_with_deliverables(
            account=self.account, by=self.ae, now=now, title=order.title, kind=order.kind,
            due_at=max(due, now + timedelta(days=7)), background=BACKGROUNDS[order.code, order.account],
            objective=order.objective, audience=order.audience, message=order.message, tone=order.tone,
            mandatories=order.mandatories, sizes="\n".join(f"{item.title}: {item.specification}" for item in order.items),
            budget=Decimal(order.price), deliverables=[(item.title, item.specification) for item in order.items],
            client_order=f"PO-{4500 + order.age}" if self.client.order_number_required else "",
        )  # fmt: skip
        if order.items:
            work.assign(job, self.maker, self.maker.title, by=self.ae, now=now)
            work.assign(job, self.checker, self.checker.title, by=self.ae, now=now)
        job.refresh_from_db()
        return job

    def stop_early(self, job: Job, now: datetime) -> Steps[None]:
        if self.order.stage == "held":
            now = yield self.later(now, days=2)
            work.hold(job, HELD_REASONS[self.client.language], by=self.ae, now=now)
        else:
            now = yield self.later(now, days=3)
            work.cancel(job, "The client moved the budget to the key visual.", by=self.ae, now=now)

    def make(self, job: Job, now: datetime) -> Steps[None]:
        """Work on the deliverables, then money."""
        order = self.order
        now = yield self.later(now, minutes=50)
        work.acknowledge(job, 1, by=self.checker, now=now)
        began = now
        rows = zip(job.deliverables.order_by("position"), order.items, ITEM_STAGES.get(order.stage, ()), strict=False)
        plain = zip(job.deliverables.order_by("position"), order.items, [self.item_stage(order.stage)] * 9, strict=False)
        pieces = list(rows) or list(plain)
        for row, item, stage in sorted(pieces, key=lambda piece: self.sent_at(piece[2], piece[0].position)):
            now = yield from self.deliver(row, item, stage, began)
        if order.stage in BILLED:
            yield from self.bill(job, now)

    @staticmethod
    def item_stage(stage: Stage) -> str:
        return stage if stage in {*ITEM_ORDER, "changes", "second_sent"} else "signed"

    def deliver(self, row: Deliverable, item: Item, stage: str, start: datetime) -> Steps[datetime]:
        """One deliverable through upload, check, release, sending and the client's answer."""
        if stage == "working":
            return start
        first, sent = row.position == 1, self.sent_at(stage, row.position)
        upload = max(self.later(start, hours=20), self.days.at_work(sent - timedelta(days=1, hours=5)))
        if self.order.flaw and first:
            upload = yield from self.fail_once(row, item, upload)
        version, now = yield from self.version(row, item, upload, up_to=stage)
        if stage in {"uploaded", "checked", "released"}:
            return now
        now = yield max(self.later(now, minutes=40), sent)
        request = self.send(version, now)
        if stage == "sent":
            return now
        now = yield self.theirs(now, hours=19)
        if stage == "signed":
            self.answer(request, "approved", self.order.answer if first else "", now)
            return now
        self.answer(request, "changes", self.order.answer, now)
        if stage == "second_sent":
            now = yield from self.second_round(row, item, now)
        return now

    def fail_once(self, row: Deliverable, item: Item, start: datetime) -> Steps[datetime]:
        """A first version the check sends back; answers when the next one is ready."""
        now = yield start
        first = replace(item, piece=replace(item.piece, version=2))
        version = work.upload_version(row, artwork(row, first, now), by=self.maker, now=now)
        now = yield self.later(now, hours=2)
        found = {"content": self.order.flaw}
        items = [{"key": key, "answer": NOT_OK if key in found else OK, "note": found.get(key, "")} for key in sorted(KEYS)]
        work.record_quality_check(version, items, sha256=version.sha256, by=self.checker, now=now)
        return self.later(now, hours=5)

    def sent_at(self, stage: str, place: int) -> datetime:
        """When the client got it: so that its last step is as old as the order says."""
        order = self.order
        billed = 3 if order.stage in BILLED else 0
        earlier = {"second_sent": 4, "changes": 1, "signed": 1}.get(stage, 0) + billed + (place - 1 if stage == "signed" else 0)
        return self.days.ago(order.step_age + earlier, 15, 20) + self.odd(self.days.until)

    def second_round(self, row: Deliverable, item: Item, now: datetime) -> Steps[datetime]:
        second = replace(item, piece=replace(item.piece, version=2))
        version, now = yield from self.version(
            row, second, self.later(now, hours=5), up_to="released", note=self.order.changed
        )  # fmt: skip
        now = yield max(self.later(now, minutes=30), self.days.ago(self.order.step_age, 16, 10))
        self.send(version, now)
        return now

    def version(
        self, row: Deliverable, item: Item, start: datetime, *, up_to: str, note: str = ""
    ) -> Steps[tuple[Version, datetime]]:
        """Upload, check and release; stops where `up_to` says."""
        now = yield start
        version = work.upload_version(row, artwork(row, item, now), note, by=self.maker, now=now)
        if up_to == "uploaded":
            return version, now
        now = yield self.later(now, hours=1, minutes=30)
        items = [{"key": key, "answer": OK, "note": ""} for key in sorted(KEYS)]
        work.record_quality_check(version, items, sha256=version.sha256, by=self.checker, now=now)
        if up_to == "checked":
            return version, now
        now = yield self.later(now, minutes=50)
        work.release_version(version, sha256=version.sha256, by=self.users["creative.director"], now=now)
        return version, now

    def send(self, version: Version, now: datetime) -> SignRequest:
        decides = self.directory.deciding(self.account)
        return work.send_version_to_client(version, signatories=[signing.Asked(contact=decides)], by=self.ae, now=now)

    def answer(self, request: SignRequest, answer: str, text: str, now: datetime) -> None:
        """What the client's contact does by the emailed link; an approval with words asks for small changes."""
        request.refresh_from_db()
        signatory = Signatory.objects.get(request=request)
        signing.mark_seen(signatory, now=now - timedelta(minutes=7))
        value = "small_changes" if answer == "approved" and text else answer
        signing.record_decision(signatory, given(signatory, value, text), now=now)

    def bill(self, job: Job, now: datetime) -> Steps[None]:
        """Close, billing request, approval, issue, and what was paid; as far as the order's stage goes."""
        stage, issued_on = self.order.stage, self.days.ago(self.order.step_age, 11, 30)
        if stage not in {"requested", "billing_approved"}:
            now = yield self.later(now, hours=2)
            work.close(job, by=self.users["finance"], now=now)
        now = yield max(self.later(now, hours=1), self.days.at_work(issued_on - timedelta(days=1)))
        invoice, now = yield from self.invoice(job, now, issued_on)
        if stage == "credited":
            now = yield self.later(now, days=2)
            money.credit_invoice(invoice, reason=CREDITED, by=self.users["finance"], now=now)
            now = yield self.later(now, hours=1)
            invoice, now = yield from self.invoice(job, now, now)
        if stage in {"part_paid", "paid", "credited"}:
            now = yield self.later(now, days=20)
            invoice.refresh_from_db()
            amount = totals_half(invoice) if stage == "part_paid" else invoice.open_amount
            day = clock.local(now, self.days.zone).date()
            reference = f"{invoice.number} 1/2" if stage == "part_paid" else str(invoice.number)
            money.record_payment({invoice: amount}, received_on=day, reference=reference, by=self.users["finance"], now=now)

    def invoice(self, job: Job, now: datetime, issued_on: datetime) -> Steps[tuple[Invoice, datetime]]:
        """One invoice over the whole job, as far as the order's stage goes."""
        line = money.LineData(job, job.title, Decimal(1), Decimal(self.order.price), self.client.tax_rate)
        invoice = money.create_invoice(self.account, [line], order_number=job.client_order, by=self.ae, now=now)
        money.request_billing(invoice, by=self.ae, now=now)
        if self.order.stage != "requested":
            now = yield self.later(now, hours=3)
            money.approve_billing(invoice, by=self.users["manager"], now=now)
        if self.order.stage not in {"requested", "billing_approved"}:
            now = yield max(self.later(now, hours=2), issued_on)
            money.issue_invoice(invoice, by=self.users["finance"], now=now)
        return invoice, now


def totals_half(invoice: Invoice) -> Decimal:
    """Half of the invoice, to the cent."""
    return (invoice.open_amount / 2).quantize(Decimal("0.01"))


def given(signatory: Signatory, answer: str, text: str = "", lines: dict[str, str] | None = None) -> signing.Given:
    """An answer as the contact gives it on the page, in their language."""
    return signing.Given(
        answer=answer,
        shown_sha256=signatory.request.document.sha256,
        signature=signing.Signature(typed_name=signatory.name),
        text=text,
        line_texts=lines or {},
        language=signatory.language,
    )


def artwork(row: Deliverable, item: Item, now: datetime) -> ContentFile:
    """The drawn piece as the file a creative would hand in: `261124 opening ad V1.pdf`; screens as pictures."""
    number = row.versions.count() + 1
    stem = f"{now:%y%m%d} {item.title} V{number}"
    if item.piece.format in {"screen", "story", "square", "banner"}:
        return ContentFile(as_png(item.piece), name=f"{stem}.png")
    return ContentFile(as_pdf(item.piece), name=f"{stem}.pdf")
