"""One of everything an account can own, made by the actions people use; every text and file name carries a word.

    graph = make_graph(account, team, "quokka")      papers are quick stand-ins
    with real_papers(): make_graph(…)                papers are rendered and sealed (some seconds)

The moments lie in the days before the real now, because pages and links look at the real clock.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image
from pypdf import PdfWriter

from accounts.actions import edit_brand
from accounts.models import Account, Brand, Client, Contact, Role, TeamMember, User
from agency import clock, doorbell, files
from agency.models import OutgoingMail, PaperTry, StoredFile
from billing import actions as billing
from billing import chase
from billing import documents as invoice_papers
from billing.models import ChaseLetter, Invoice, Payment
from jobsheets import actions as jobs
from jobsheets import tasks as sheet_tasks
from jobsheets.checklist import CHECKLIST
from jobsheets.models import Assignment, Deliverable, Job, ReferenceFile, SheetIssue, Version
from meetings import actions as meetings
from meetings.models import Meeting, Minutes, NextStep
from reporting import actions as reports
from reporting.models import StatusReport
from reporting.slots import slots_around
from signoffs import actions as signing
from signoffs.links import token_of
from signoffs.models import Delegation, Document, Signatory, SignRequest
from signoffs.rendering import render_document
from signoffs.sealing import seal
from tests.cast import Cast, make_client, make_contact, make_user

#: What stands in every text that colleagues write for each other alone: it must not be seen in front of the client it is about.
INSIDE = "Ouzel"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_real: ContextVar[bool] = ContextVar("real", default=False)


@dataclass
class Team:
    """Who acts for the agency: the first six are on the account's team."""

    ae: User
    teammate: User
    planner: User
    manager: User
    creative: User
    creative_director: User
    director: User
    finance: User

    @classmethod
    def of(cls, cast: Cast) -> "Team":
        return cls(**{part.name: getattr(cast, part.name) for part in fields(cls)})

    @property
    def on_the_account(self) -> list[User]:
        return [self.ae, self.teammate, self.planner, self.manager, self.creative, self.creative_director]


def make_team(tag: str, *, director: User, finance: User) -> Team:
    """A second team of the same agency."""
    roles = {
        "ae": Role.AE, "teammate": Role.COORDINATOR, "planner": Role.PLANNER, "manager": Role.MANAGER,
        "creative": Role.CREATIVE, "creative_director": Role.CREATIVE_DIRECTOR,
    }  # fmt: skip
    people = {name: make_user(f"{name}.{tag}@agency.example", role, name=f"{name.title()} {tag}") for name, role in roles.items()}
    return Team(**people, director=director, finance=finance)


def make_side(word: str, code: str, team: Team, *, language: str = "en", now: datetime | None = None) -> Account:
    """A client whose every text carries the word, with a brand, two more people on it later, and the team on its account."""
    client = make_client(
        code, f"Client {word}", language=language, address=f"{word} Street 1\nLondon", tax_id=f"T-{word}"[:40], zone_name="Europe/London",
        country="GB",
    )  # fmt: skip
    brand = Brand.objects.create(client=client, name=f"Brand {word}")
    account = Account.objects.create(client=client, brand=brand, name=f"Account {word}", lead=team.ae)
    since = (now or clock.now()) - 120 * DAY
    TeamMember.objects.bulk_create(
        TeamMember(account=account, user=user, since=since, does=f"does {word}") for user in team.on_the_account
    )
    return account


@contextmanager
def real_papers() -> Iterator[None]:
    """Render and seal what is made inside, with a certificate of its own."""
    with TemporaryDirectory() as folder:
        target = f"{folder}/seal.p12"
        subprocess.run([sys.executable, "scripts/make_seal.py", target], check=True, cwd=settings.BASE_DIR)
        with override_settings(SEAL_PKCS12=target, SEAL_PASSPHRASE="countersign"):
            seal.signer.cache_clear()
            token = _real.set(True)
            try:
                yield
            finally:
                _real.reset(token)
                seal.signer.cache_clear()


def _blank(template: str, context: dict[str, Any], *, language: str, title: str) -> bytes:
    """A valid PDF of one empty page, different for every title."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": title})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@contextmanager
def quick_papers() -> Iterator[None]:
    """What is made inside are stand-ins, unless real papers were asked for; nobody rings for their tasks."""
    with ExitStack() as stack:
        stack.enter_context(doorbell.muted())
        if not _real.get():
            for place in ("agency.pdf.render", "jobsheets.tasks.render"):
                stack.enter_context(patch(place, _blank))
            stack.enter_context(patch.object(seal, "put_seal", lambda pdf, **_words: pdf))
            stack.enter_context(patch.object(seal, "signer", lambda: SimpleNamespace(signing_cert=None)))
            stack.enter_context(patch.object(seal, "certificate_of", lambda _certificate: "test"))
        yield


def picture(name: str, colour: str) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (160, 120), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@dataclass
class Graph:
    """The things, for pages' arguments. What isn't here is reached from them."""

    word: str
    now: datetime
    account: Account
    team: Team
    contact: Contact
    second_contact: Contact
    archived_contact: Contact
    job: Job = field(init=False)
    draft_job: Job = field(init=False)
    submitted_job: Job = field(init=False)
    deliverable: Deliverable = field(init=False)
    version: Version = field(init=False)
    reference: ReferenceFile = field(init=False)
    issue: SheetIssue = field(init=False)
    request: SignRequest = field(init=False)  # signed and sealed
    open_request: SignRequest = field(init=False)
    open_signatory: Signatory = field(init=False)
    delegation: Delegation = field(init=False)
    meeting: Meeting = field(init=False)
    coming_meeting: Meeting = field(init=False)
    minutes: Minutes = field(init=False)
    step: NextStep = field(init=False)
    draft: Invoice = field(init=False)
    invoice: Invoice = field(init=False)
    credited: Invoice = field(init=False)
    payment: Payment = field(init=False)
    chase_letter: ChaseLetter | None = field(init=False, default=None)
    report: StatusReport = field(init=False)
    open_report: StatusReport = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)  # of the client's emailed links, by what they are about

    @property
    def client(self) -> Client:
        return self.account.client

    # The names by which tests/contracts/urls.py asks for things.

    @property
    def acme(self) -> Client:
        return self.account.client

    @property
    def brand(self) -> Brand | None:
        return self.account.brand

    @property
    def teammate(self) -> User:
        return self.team.teammate

    @property
    def member(self) -> TeamMember:
        return TeamMember.objects.get(account=self.account, user=self.team.teammate)

    @property
    def assignment(self) -> Assignment:
        return Assignment.objects.get(job=self.job)

    @property
    def signrequest(self) -> SignRequest:
        return self.delegation.signatory.request

    @property
    def signatory(self) -> Signatory:
        return self.delegation.signatory

    @property
    def mail(self) -> OutgoingMail:
        return OutgoingMail.objects.filter(account=self.account).latest("pk")

    def text(self, words: str) -> str:
        return f"{words} {self.word}".strip()

    def inside(self, words: str) -> str:
        """Said among colleagues."""
        return self.long(f"{words} ({INSIDE})")

    def long(self, words: str) -> str:
        return f"{words}, and that in more than ten characters. {self.word}".strip()


def make_graph(account: Account, team: Team, word: str = "", *, now: datetime | None = None) -> Graph:
    """One of everything, some of it in several states. `team` must be on the account's team."""
    now = now or clock.now()
    graph = _people(account, team, word, now)
    with quick_papers():
        _main_job(graph)
        _other_jobs(graph)
        _signoffs(graph)
        _meetings(graph)
        _invoices(graph)
        _reports(graph)
        _rest(graph)
    return graph


def _people(account: Account, team: Team, word: str, now: datetime) -> Graph:
    client, tag = account.client, (word or account.client.code).lower()
    signs = ("deliverable", "minutes", "job_sheet")
    facts = {
        "gets_invoices": True,
        "gets_reports": True,
        "part": "decides",
        "phone": f"+44 {word}"[:40],
        "notes": f"Likes calls {word} {INSIDE}",
    }
    contact = make_contact(client, f"marta@{tag}.example", f"Marta {word}".strip(), *signs, title=f"Marketing {word}", **facts)
    second = make_contact(client, f"sam@{tag}.example", f"Sam {word}".strip(), *signs, title=f"Brand {word}")
    gone = make_contact(client, f"gone@{tag}.example", f"Gone {word}".strip(), archived_at=now - DAY)
    return Graph(word, now, account, team, contact, second, gone)


BRIEF = (
    "background", "objective", "audience", "message", "support", "tone", "mandatories", "sizes", "dates", "instructions",
)  # fmt: skip


def _sheet(graph: Graph, title: str) -> dict[str, Any]:
    brief = {name: graph.text(f"The {name} of {title}") for name in BRIEF}
    return brief | {
        "title": graph.text(title), "kind": "print", "due_at": graph.now + 9 * DAY, "client_order": graph.text("PO 7"),
        "budget": Decimal("12000"),
    }  # fmt: skip


def _main_job(graph: Graph) -> None:
    """Open, with three deliverables: one signed off, one with the client in its second version, one being worked on."""
    team, at = graph.team, graph.now - 50 * DAY
    job = jobs.create_job(account=graph.account, by=team.ae, now=at, **_sheet(graph, "Opening weekend"))
    made = [
        jobs.add_deliverable(job, title=graph.text(title), specification=graph.text("50 × 70 cm"), by=team.ae, now=at)
        for title in ("Poster", "Leaflet", "Banner")
    ]
    graph.reference = jobs.add_reference(job, picture(f"plan-{graph.word}.png", "grey"), graph.text("Map"), by=team.ae, now=at)
    jobs.assign(job, team.creative, graph.text("layout"), by=team.ae, now=at)
    job.refresh_from_db()
    jobs.submit_for_approval(job, by=team.ae, now=at)
    jobs.return_job(job, "strategy", graph.inside("The audience is too wide"), by=team.planner, now=at + HOUR)
    job.refresh_from_db()
    jobs.submit_for_approval(job, by=team.ae, now=at + 2 * HOUR)
    jobs.approve(job, "strategy", by=team.planner, now=at + 3 * HOUR)
    job = jobs.approve(job, "creative", by=team.creative_director, now=at + 4 * HOUR)
    jobs.ask_question(job, graph.inside("Which logo do we use"), by=team.creative, now=at + 5 * HOUR)
    jobs.acknowledge(job, job.issues.latest("number").number, by=team.creative, now=at + 6 * HOUR)
    graph.job, graph.issue = job, job.issues.latest("number")
    graph.deliverable = made[0]
    graph.made = made  # type: ignore[attr-defined]


def _version(graph: Graph, deliverable: Deliverable, colour: str, at: datetime) -> Version:
    """Uploaded, refused and passed at the check, released."""
    team, name = graph.team, f"{colour}-{graph.word}.png"
    version = jobs.upload_version(deliverable, picture(name, colour), graph.text("What changed"), by=team.creative, now=at)
    for answer in ("not_ok", "ok"):
        items = [{"key": line.key, "answer": answer, "note": graph.text(f"Look here {INSIDE}")} for line in CHECKLIST]
        note = graph.inside("Have another look")
        jobs.record_quality_check(version, items, sha256=version.sha256, note=note, by=team.teammate, now=at + HOUR)
    jobs.refuse_release(
        version, graph.inside("Not yet like this"), sha256=version.sha256, by=team.creative_director, now=at + HOUR
    )
    items = [{"key": line.key, "answer": "ok", "note": ""} for line in CHECKLIST]
    jobs.record_quality_check(version, items, sha256=version.sha256, by=team.teammate, now=at + 2 * HOUR)
    jobs.release_version(version, sha256=version.sha256, by=team.creative_director, now=at + 3 * HOUR)
    return version


def _other_jobs(graph: Graph) -> None:
    team, at = graph.team, graph.now - 3 * DAY
    graph.draft_job = jobs.create_job(account=graph.account, by=team.ae, now=at, **_sheet(graph, "Radio"))
    for name in ("submitted", "returned", "held", "cancelled"):
        job = jobs.create_job(account=graph.account, by=team.ae, now=at, **_sheet(graph, f"Job {name}"))
        jobs.add_deliverable(job, title=graph.text("Card"), specification="A6", by=team.ae, now=at)
        job.refresh_from_db()
        jobs.submit_for_approval(job, by=team.ae, now=at)
        if name == "submitted":
            graph.submitted_job = job
            continue
        if name == "returned":
            jobs.return_job(job, "strategy", graph.inside("The audience is too wide"), by=team.planner, now=at + HOUR)
            continue
        jobs.approve(job, "strategy", by=team.planner, now=at + HOUR)
        job = jobs.approve(job, "creative", by=team.creative_director, now=at + HOUR)
        if name == "held":
            jobs.assign(job, team.creative, graph.text("copy"), by=team.ae, now=at + HOUR)
            jobs.ask_question(job, graph.inside("Which logo do we use"), by=team.creative, now=at + HOUR)
            jobs.hold(job, graph.inside("The client thinks it over"), by=team.ae, now=at + 2 * HOUR)
            job.refresh_from_db()
            jobs.override_gate(job, "version", graph.inside("They asked for one more idea"), by=team.director, now=at + 3 * HOUR)
        else:
            asked = [signing.Asked(contact=graph.contact)]
            _render(jobs.send_sheet_to_client(job, signatories=asked, by=team.ae, now=at + HOUR), at + HOUR)
            jobs.cancel(job, graph.long("The budget went elsewhere"), by=team.ae, now=at + 2 * HOUR)


def _render(request: SignRequest, now: datetime) -> SignRequest:
    render_document(request.document_id, now=now)
    request.refresh_from_db()
    return request


def _answer(
    graph: Graph, request: SignRequest, answer: str, *, text: str = "", lines: dict[str, str] | None = None, now: datetime
) -> None:
    """The client's contact answers, and the closed request is sealed."""
    signatory = request.signatories.get(contact=graph.contact)
    document = Document.objects.get(pk=request.document_id)
    name = signing.Signature(typed_name=graph.text("Marta"))
    given = signing.Given(answer, document.sha256, name, text=text, line_texts=lines or {})
    signing.record_decision(signatory, given, now=now)
    seal.seal_request(request.pk, now=now)
    request.refresh_from_db()


def token(signatory: Signatory) -> str:
    """The token of the emailed link in force."""
    signatory.refresh_from_db()
    return token_of(signatory.pk, signatory.link_number)


def _signoffs(graph: Graph) -> None:
    team, at, made = graph.team, graph.now - 40 * DAY, graph.made  # type: ignore[attr-defined]
    asked = [signing.Asked(contact=graph.contact), signing.Asked(user=team.manager, role="participant")]
    first = _version(graph, made[0], "red", at)
    note = graph.long("Please look at the colours")
    sent = jobs.send_version_to_client(first, signatories=asked[:1], message=note, by=team.ae, now=at + DAY)
    _answer(graph, _render(sent, at + DAY), "small_changes", text=graph.long("A larger logo"), now=at + 2 * DAY)
    graph.request, graph.version = sent, first
    graph.tokens["signed"] = token(sent.signatories.get(contact=graph.contact))

    second = _version(graph, made[1], "green", at)
    sent = jobs.send_version_to_client(second, signatories=asked[:1], message=note, by=team.ae, now=at + DAY)
    _answer(graph, _render(sent, at + DAY), "changes", text=graph.long("Another headline"), now=at + 2 * DAY)
    graph.tokens["changes"] = token(sent.signatories.get(contact=graph.contact))
    newer, late = _version(graph, made[1], "blue", at + 3 * DAY), graph.now - 2 * DAY
    asked = [*asked, signing.Asked(contact=graph.second_contact, role="copy")]
    sent = jobs.send_version_to_client(newer, signatories=asked, message=note, by=team.ae, now=late)
    graph.open_request = _render(sent, late)
    graph.open_signatory = graph.open_request.signatories.get(contact=graph.contact)
    graph.tokens["open"] = token(graph.open_signatory)
    graph.tokens["copy"] = token(graph.open_request.signatories.get(contact=graph.second_contact))
    signing.mark_seen(graph.open_signatory, now=late + HOUR)
    signing.remind_due(now=graph.now)

    working = jobs.upload_version(
        made[2], picture(f"ink-{graph.word}.png", "black"), graph.text("First"), by=team.creative, now=late
    )
    assert working.number == 1
    sheet = jobs.send_sheet_to_client(graph.job, signatories=asked[:1], message=note, code_required=True, by=team.ae, now=late)
    _render(sheet, late)
    signatory = sheet.signatories.get(contact=graph.contact)
    signing.request_code(signatory, now=late + HOUR)
    graph.tokens["sheet"] = token(signatory)
    graph.delegation = signing.propose_delegate(
        signatory, name=graph.text("Pat"), email=f"pat@{(graph.word or 'acme').lower()}.example", reason=graph.long("Pat decides"),
        now=graph.now - DAY,
    )  # fmt: skip
    graph.job.refresh_from_db()


def _facts(graph: Graph, title: str, starts_at: datetime, **more: Any) -> Any:
    values: dict[str, Any] = {
        "title": graph.text(title), "kind": "meeting", "purpose": graph.text("To agree"), "starts_at": starts_at,
        "ends_at": starts_at + HOUR, "place": graph.text("Room"), "agenda": [graph.text("Poster"), graph.text("Radio")],
        "contacts": [graph.contact, graph.second_contact], "colleagues": [graph.team.ae, graph.team.manager],
    }  # fmt: skip
    return meetings.MeetingFacts(**(values | more))


def _write(graph: Graph, meeting: Meeting, at: datetime) -> Minutes:
    minutes = meetings.start_minutes(meeting, by=graph.team.ae, now=at)
    meetings.edit_minutes(
        minutes,
        lines=[meetings.LineFacts(graph.text("Poster"), graph.text("Too dark"), graph.text("A lighter sky")),
               meetings.LineFacts(graph.text("Radio"), "", graph.text("Twenty seconds"))],
        steps=[meetings.StepFacts(graph.text("Send the spot"), graph.team.ae, at + 2 * DAY),
               meetings.StepFacts(graph.text("Send the logo"), graph.contact, at + 3 * DAY)],
        present=[attendee.pk for attendee in meeting.attendees.all()], revision=minutes.revision, by=graph.team.ae, now=at,
    )  # fmt: skip
    minutes.refresh_from_db()
    return minutes


def _meetings(graph: Graph) -> None:
    """One whose minutes are disputed, one with the client, one without minutes, one to come, one cancelled."""
    ae = graph.team.ae
    for days, fate in ((9, "disputed"), (2, "sent")):
        starts = graph.now - days * DAY
        meeting = meetings.create_meeting(graph.account, _facts(graph, f"Meeting {fate}", starts), by=ae, now=starts - DAY)
        meetings.send_agenda(meeting, by=ae, now=starts - HOUR)
        minutes = _write(graph, meeting, starts + 2 * HOUR)
        note = graph.long("As we said")
        request = meetings.send_minutes(
            minutes, signers=[graph.contact], copies=[graph.second_contact], message=note, revision=minutes.revision, by=ae,
            now=starts + 3 * HOUR,
        )  # fmt: skip
        _render(request, starts + 3 * HOUR)
        graph.tokens[fate] = token(request.signatories.get(contact=graph.contact))
        if fate == "disputed":
            lines = {"2": graph.long("Thirty seconds")}
            _answer(graph, request, "wrong", text=graph.long("Line two is wrong"), lines=lines, now=starts + 5 * HOUR)
        graph.meeting, graph.minutes = meeting, minutes
        graph.step = minutes.steps.get(user=ae)
    ended = graph.now - 5 * HOUR
    unminuted = meetings.create_meeting(graph.account, _facts(graph, "Call", ended), by=ae, now=ended - DAY)
    assert unminuted.minuted_at is None
    coming = _facts(graph, "Next week", graph.now + 2 * DAY)
    graph.coming_meeting = meetings.create_meeting(graph.account, coming, by=ae, now=graph.now - DAY)
    cancelled = meetings.create_meeting(graph.account, coming, by=ae, now=graph.now - DAY)
    meetings.cancel_meeting(cancelled, reason=graph.inside("Nobody is there"), by=ae, now=graph.now - HOUR)


def _draft(graph: Graph, at: datetime) -> Invoice:
    line = billing.LineData(graph.job, graph.text("Layout and artwork"), Decimal("2"), Decimal("600"), Decimal("21"))
    values = {"order_number": graph.text("PO 7"), "note": graph.text("Thank you"), "payment_days": 10}
    return billing.create_invoice(graph.account, [line], by=graph.team.ae, now=at, **values)


def _issue(graph: Graph, at: datetime) -> Invoice:
    team, invoice = graph.team, _draft(graph, at)
    billing.request_billing(invoice, by=team.ae, now=at)
    billing.approve_billing(invoice, by=team.manager, now=at)
    billing.issue_invoice(invoice, by=team.finance, now=at)
    invoice_papers.render_document(invoice.pk, now=at)
    invoice.refresh_from_db()
    return invoice


def _invoices(graph: Graph) -> None:
    """A draft that was returned, one requested, one issued, part-paid and chased, one credited."""
    team, at = graph.team, graph.now - 36 * DAY
    graph.draft = _draft(graph, at)
    billing.request_billing(graph.draft, by=team.ae, now=at)
    billing.return_billing(graph.draft, reason=graph.inside("The price is wrong"), by=team.manager, now=at + HOUR)
    billing.request_billing(_draft(graph, graph.now - DAY), by=team.ae, now=graph.now - DAY)
    graph.credited = _issue(graph, at)
    billing.credit_invoice(graph.credited, reason=graph.long("Billed twice"), by=team.finance, now=at + DAY)
    for note in Invoice.objects.issued().filter(file=None):
        invoice_papers.render_document(note.pk, now=at + DAY)
    graph.invoice = _issue(graph, at)
    day = clock.local(at + 5 * DAY, clock.agency_zone()).date()
    for amount, again in ((Decimal("50"), True), (Decimal("100"), False)):
        paid = billing.record_payment(
            {graph.invoice: amount}, received_on=day, reference=graph.text("Bank 42"), by=team.finance, now=at + 5 * DAY
        )
        if again:
            billing.reverse_payment(paid, reason=graph.inside("Another client's"), by=team.finance, now=at + 6 * DAY)
        graph.payment = paid
        graph.invoice.refresh_from_db()
    chase.chase_payments(graph.now - HOUR)
    graph.chase_letter = ChaseLetter.objects.filter(client=graph.client).first()
    billing.pause_chase(graph.invoice, reason=graph.inside("They promised to pay"), by=team.finance, now=graph.now)
    graph.invoice.refresh_from_db()


def _reports(graph: Graph) -> None:
    """Last week's report sent, this week's in review."""
    past = next(iter(slots_around(graph.client, graph.now - 7 * DAY)))
    report = reports.compose_report(graph.account, past, now=past.review_at)
    comments = {graph.job.number: graph.text("On its way")}
    reports.edit_report(
        report,
        introduction=graph.text("A good week"),
        comments=comments,
        revision=report.revision,
        by=graph.team.ae,
        now=past.review_at,
    )
    report.refresh_from_db()
    reports.send_report(report, by=graph.team.ae, now=past.review_at)
    report.refresh_from_db()
    reports.deliver(report, now=past.review_at)
    graph.report = report
    coming = next(slot for slot in slots_around(graph.client, graph.now) if slot.due_at > graph.now)
    graph.open_report = reports.compose_report(graph.account, coming, now=graph.now)
    reports.hold_report(graph.open_report, reason=graph.inside("The client is away"), by=graph.team.ae, now=graph.now)
    graph.open_report.refresh_from_db()


def _rest(graph: Graph) -> None:
    """What the background tasks of jobs would have made, and what went wrong on the way."""
    edit_brand(graph.brand, name=graph.text("New brand"), by=graph.team.manager, now=graph.now)
    OutgoingMail.objects.filter(pk=graph.mail.pk).update(last_error=graph.text("550 No such user"), headers={"X-To": graph.word})
    for issue in SheetIssue.objects.filter(file=None):
        sheet_tasks.render_issue(issue.pk)
    for stored in StoredFile.objects.filter(kind="image", preview=""):
        files.make_previews(stored)
    PaperTry.objects.create(
        content_type=ContentType.objects.get_for_model(SheetIssue), object_id=graph.issue.pk, again_at=graph.now,
        error=graph.inside("No glyph in the font"),
    )  # fmt: skip
