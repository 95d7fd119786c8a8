"""The steps of a walk: request, sheet, work, sign-off, minutes, invoice, chase, report."""

import contextlib
import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from agency import clock, pdf
from agency.errors import WrongState
from agency.mail import mails_about
from agency.models import OutgoingMail
from billing import actions as money
from billing.chase import chase_payments
from jobsheets import actions as work
from jobsheets.checklist import KEYS, OK
from meetings import actions as talking
from reporting.compose import compose
from reporting.mails import context_of, title_of
from reporting.models import StatusReport
from signoffs.actions import Asked
from signoffs.models import SealedDocument, SignRequest

from .artwork import Piece, as_pdf
from .links import path_in
from .paper import Paper
from .people import PASSWORD
from .walk import Failed, Step, Walk, expect

BRIEF = {
    "title": "River hoarding", "kind": "outdoor", "client_order": "PO-7718", "budget": Decimal(7200),
    "background": "The scaffolding on the river side comes down in spring; until then ten thousand people a day walk past it.",
    "objective": "Sixty viewings booked from the hoarding's own number by the end of January.",
    "audience": "People who walk to work along the river, 28 to 45, renting within two miles.",
    "message": "You could be home by now.", "support": "Eleven minutes on foot to London Bridge, measured.",
    "tone": "Dry, confident, no exclamation marks.", "mandatories": "Developer's address, EPC rating, computer-generated image notice.",
    "sizes": "2400 × 1200 mm, set of six, 1:10 artwork.",
}  # fmt: skip
ART = Piece(
    "skyline", "sea", "screen", "You could be home by now", "Apartments on the river, from 3 December", "Harbour Lofts", "en"
)
CHANGES = "Please make the logo smaller, and say “from the first week of December” instead of a date."


def at_hour(now: datetime, *, days: int, hour: int) -> datetime:
    """So many days from now, at that hour of the agency's clock."""
    zone = clock.agency_zone()
    return clock.at_local(clock.local(now, zone).date() + timedelta(days=days), time(hour), zone)


def log_in(walk: Walk) -> str:
    walk.staff.log_in("ae@demo.example", PASSWORD)
    walk.staff.get(reverse("client_detail", args=[walk.account.client.code]))
    return "Ana Ruiz, through the log-in form; the client's page opens"


def talk_through(walk: Walk) -> str:
    now = clock.now()
    facts = talking.MeetingFacts(
        title="Hoarding on the river side: what it must do", kind="call", starts_at=now - timedelta(minutes=40), ends_at=now,
        purpose="Understand the request before any work is ordered.", contacts=[walk.signer], colleagues=[walk.by("ae")],
        agenda=["What the hoarding must achieve", "What must stand on it", "When and what it may cost"],
    )  # fmt: skip
    walk.meeting = talking.create_meeting(walk.account, facts, by=walk.by("ae"), now=now)
    return f"{walk.meeting.serial}, a call with {walk.signer.full_name}"


def write_sheet(walk: Walk) -> str:
    now = clock.now()
    walk.job = work.create_with_deliverables(
        account=walk.account, deliverables=[("Hoarding panel", "2400 × 1200 mm, PDF/X-4, 1:10")], by=walk.by("ae"), now=now,
        due_at=at_hour(now, days=9, hour=18), **BRIEF,
    )  # fmt: skip
    work.assign(walk.job, walk.by("creative"), "art direction", by=walk.by("ae"), now=now)
    walk.row = walk.job.deliverables.get()
    walk.paper = Paper(walk.job.number)
    walk.staff.get(walk.job.get_absolute_url())
    return f"{walk.job.number} {walk.job.title}"


def meet_gate(walk: Walk) -> str:
    try:
        upload(walk, 1)
    except WrongState as refusal:
        return str(refusal)
    raise Failed("A version was taken although the sheet isn't approved.")


def approve(walk: Walk) -> str:
    work.submit_for_approval(walk.job, by=walk.by("ae"), now=clock.now())
    work.approve(walk.job, "strategy", by=walk.by("planner"), now=clock.now())
    work.approve(walk.job, "creative", by=walk.by("creative.director"), now=clock.now())
    walk.job.refresh_from_db()
    expect(walk.job.status == "open", f"The job is {walk.job.status}, not open.")
    walk.keep(walk.job.issues.get(number=1).file, "job_sheet")
    return "strategy by Omar Haddad, creative direction by Lena Krug; the job is open"


def acknowledge(walk: Walk) -> str:
    work.acknowledge(walk.job, 1, by=walk.by("creative"), now=clock.now())
    return "Leo Park has read issue 1"


def upload(walk: Walk, number: int) -> None:
    piece = (
        replace(ART, version=2)
        if number == 1
        else replace(ART, version=3, line="Apartments on the river, from the first week of December")
    )
    name = f"{clock.now():%y%m%d} hoarding panel V{number}.pdf"
    note = "" if number == 1 else CHANGES
    walk.version = work.upload_version(
        walk.row, ContentFile(as_pdf(piece), name=name), note, by=walk.by("creative"), now=clock.now()
    )


def upload_first(walk: Walk) -> str:
    upload(walk, 1)
    walk.keep(walk.version.file, "version")
    return f"{walk.version}, {walk.version.sha256[:12]}"


def upload_second(walk: Walk) -> str:
    upload(walk, 2)
    walk.keep(walk.version.file, "version")
    return f"{walk.version}, {walk.version.sha256[:12]}"


def check(walk: Walk) -> str:
    items = [{"key": key, "answer": OK, "note": ""} for key in sorted(KEYS)]
    made = work.record_quality_check(walk.version, items, sha256=walk.version.sha256, by=walk.by("mei"), now=clock.now())
    expect(made.passed, "The check didn't pass.")
    return "by Tan Mei, who didn't make it"


def release(walk: Walk) -> str:
    work.release_version(walk.version, sha256=walk.version.sha256, by=walk.by("creative.director"), now=clock.now())
    return "by Lena Krug"


def send(walk: Walk) -> str:
    now = clock.now()
    walk.request = work.send_version_to_client(walk.version, signatories=[Asked(contact=walk.signer)], by=walk.by("ae"), now=now)
    walk.request.refresh_from_db()
    expect(walk.request.sent_at, "The document wasn't made, so no link went out.")
    walk.keep(walk.request.document.file, "document")
    walk.staff.get(walk.request.get_absolute_url())
    return f"{walk.request.document.reference} to {walk.signer.full_name}"


def link_of(walk: Walk) -> str:
    """The path of the client's link, out of the mail that was stored for them."""
    mail = mails_about(walk.request).filter(letter="signoffs.request").first()
    path = path_in(mail) if mail else ""
    expect(path, "No mail with a link was queued for the client.")
    return path


def answer(walk: Walk, value: str, text: str = "") -> None:
    """Open the emailed link, choose an answer, check it, confirm it: three pages, as on a telephone."""
    path = link_of(walk)
    page = walk.phone.get(path)
    page = walk.phone.post(path, page, answer=value, typed_name=walk.signer.full_name, text=text)
    expect('value="confirm"' in page, "The page that shows everything once more didn't come.")
    walk.phone.post(path, page, step="confirm")
    walk.request.refresh_from_db()


def look_only(walk: Walk) -> str:
    path = link_of(walk)
    for _again in range(3):
        walk.phone.get(path)
    signatory = walk.request.signatories.get()
    expect(signatory.seen_at is None and signatory.decided_at is None, "Opening the link changed something.")
    return "three times; nothing is recorded by looking"


def ask_changes(walk: Walk) -> str:
    answer(walk, "changes", text=CHANGES)
    expect(walk.request.outcome == SignRequest.Outcome.CHANGES, f"The request is {walk.request.outcome!r}.")
    keep_sealed(walk)
    return CHANGES


def client_approves(walk: Walk) -> str:
    answer(walk, "approved")
    expect(walk.request.outcome == SignRequest.Outcome.APPROVED, f"The request is {walk.request.outcome!r}.")
    walk.row.refresh_from_db()
    expect(walk.row.signed_off_at, "The deliverable isn't signed off.")
    return f"{walk.signer.full_name} signed {walk.request.document.reference}"


def keep_sealed(walk: Walk) -> Path:
    sealed = SealedDocument.objects.select_related("file").get(request=walk.request)
    return walk.paper.keep(sealed.file, "sealed")


def seal(walk: Walk) -> str:
    path = keep_sealed(walk)
    through_link = walk.phone.bytes_of(link_of(walk) + "sealed/")
    expect(through_link == path.read_bytes(), "The client's link gives another file than the sealed one.")
    return path.name


def verify(walk: Walk) -> str:
    path = Path(walk.paper.files[-1]["path"])
    whole = path.read_bytes()
    expect(judged(path) == "unchanged", "verify_document doesn't call the sealed PDF unchanged.")
    expect("cs-result done" in shown(walk, whole), "/verify/ doesn't call the sealed PDF unchanged.")
    middle = len(whole) // 2
    broken = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    other = path.with_name(path.name + ".one-byte-changed")
    other.write_bytes(broken)
    try:
        expect(judged(other) == "changed", "verify_document overlooks a changed byte.")
    finally:
        other.unlink()
    expect("cs-result late" in shown(walk, broken), "/verify/ overlooks a changed byte.")
    return "genuine; with one bit changed it isn't"


def judged(path: Path) -> str:
    """The verdict of `manage.py verify_document`."""
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify_document", str(path), stdout=out)
    return str(json.loads(out.getvalue())["status"])


def shown(walk: Walk, data: bytes) -> str:
    """The public page's verdict on a file."""
    path = reverse("verify")
    page = walk.phone.get(path)
    return walk.phone.post(path, page, file=SimpleUploadedFile("signed.pdf", data, "application/pdf"))


def send_minutes(walk: Walk) -> str:
    ae, now = walk.by("ae"), clock.now()
    minutes = talking.start_minutes(walk.meeting, by=ae, now=now)
    agreed = ("Sixty viewings by the end of January, counted on the hoarding's own number.",
              "Address, EPC rating and the image notice; no price.", "Up before 3 December, for £7,200 net.")  # fmt: skip
    topics = [line.topic for line in minutes.lines.all()]
    talking.edit_minutes(
        minutes,
        lines=[talking.LineFacts(topic, "", said) for topic, said in zip(topics, agreed, strict=True)],
        steps=[talking.StepFacts("Send the fitting times of the scaffolding", walk.signer, at_hour(now, days=3, hour=12))],
        present=[attendee.pk for attendee in walk.meeting.attendees.all()],
        revision=minutes.revision,
        by=ae,
        now=now,
    )
    minutes.refresh_from_db()
    walk.request = talking.send_minutes(minutes, signers=[walk.signer], revision=minutes.revision, by=ae, now=clock.now())
    walk.request.refresh_from_db()
    expect(walk.request.sent_at, "The minutes' PDF wasn't made, so no link went out.")
    walk.minutes = minutes
    return f"{walk.meeting.serial} to {walk.signer.full_name}"


def sign_minutes(walk: Walk) -> str:
    answer(walk, "confirm")
    walk.minutes.refresh_from_db()
    expect(walk.minutes.status == "confirmed", f"The minutes are {walk.minutes.status}.")
    return keep_sealed(walk).name


def request_billing(walk: Walk) -> str:
    client = walk.account.client
    line = money.LineData(walk.job, walk.job.title, Decimal(1), Decimal(7200), client.tax_rate)
    walk.invoice = money.create_invoice(walk.account, [line], order_number="PO-7718", by=walk.by("ae"), now=clock.now())
    money.request_billing(walk.invoice, by=walk.by("ae"), now=clock.now())
    money.approve_billing(walk.invoice, by=walk.by("manager"), now=clock.now())
    return "asked by Ana Ruiz, approved by Mónica Silva"


def issue(walk: Walk) -> str:
    money.issue_invoice(walk.invoice, by=walk.by("finance"), now=clock.now())
    walk.invoice.refresh_from_db()
    walk.keep(walk.invoice.file, "invoice")
    mails = mails_about(walk.invoice).filter(letter="billing.invoice")
    expect(mails.exists(), "The invoice wasn't mailed.")
    signed = walk.invoice.frozen["signoffs"]
    expect(signed, "The invoice doesn't name the sign-off behind it.")
    return f"{walk.invoice.number}, £{walk.invoice.gross:,.2f}, mailed to {', '.join(mail.to_email for mail in mails)}"


def play_chase(walk: Walk) -> str:
    """The days of the plan, for this invoice only; rolled back, so that no other letter of the client moves by a day."""
    told = []
    with transaction.atomic():
        for when, letter in chase_days(walk):
            queued = chase_payments(when, only=walk.invoice)
            expect([mail["letter"] for mail in queued] == [letter], f"On {when:%d %b} the chase queued {queued}.")
            walk.ahead += [
                {name: mail[name] for name in ("key", "letter", "to", "subject")} | PLAYED | {"at": when.isoformat()}
                for mail in queued
            ]
            told.append(f"{when:%d %b} {letter.partition('.')[2]} to {queued[0]['to']}")
        transaction.set_rollback(True)
    return "played ahead: " + ", ".join(told)


#: Of letters that were worded, shown and taken back.
PLAYED = {"status": "played ahead"}


def chase_days(walk: Walk) -> list[tuple[datetime, str]]:
    """Five days before due, three and fourteen after, and 45 days after the invoice date."""
    issued, due = walk.invoice.issued_on, walk.invoice.due_on
    if not (issued and due):
        raise Failed("The invoice has no dates.")
    days = [(due + timedelta(days=n), "billing.reminder") for n in (-5, 3, 14)]
    days.append((issued + timedelta(days=45), "billing.escalation"))
    return [(clock.at_local(day, time(14), clock.agency_zone()), letter) for day, letter in sorted(days)]


def pay(walk: Walk) -> str:
    now = clock.now()
    today = clock.local(now, clock.agency_zone()).date()
    open_amount = walk.invoice.open_amount
    money.record_payment(
        {walk.invoice: open_amount}, received_on=today, reference="HARBOUR LOFTS", by=walk.by("finance"), now=now
    )
    walk.invoice.refresh_from_db()
    with transaction.atomic():
        queued = [mail for when, _letter in chase_days(walk) for mail in chase_payments(when, only=walk.invoice)]
        transaction.set_rollback(True)
    expect(not queued, f"The paid invoice is still chased: {queued}")
    return f"£{open_amount:,.2f} received; played ahead again, nobody is reminded"


def close(walk: Walk) -> str:
    work.close(walk.job, by=walk.by("finance"), now=clock.now())
    walk.job.refresh_from_db()
    expect(walk.job.status == "closed", f"The job is {walk.job.status}.")
    walk.staff.get(walk.job.get_absolute_url())
    return "by Felipe Oro"


def report(walk: Walk) -> str:
    """As the client's next status report will say it; composed and made, not sent: its hour is the client's."""
    now = clock.now()
    content = compose(walk.account, since=now - timedelta(days=7), now=now)
    expect(walk.job.number in json.dumps(content["done"]), "The report doesn't say that the job is done.")
    made = StatusReport(account=walk.account, language=walk.account.client.language, content=content, composed_at=now, due_at=now)
    data = pdf.render("pdf/reporting/report.html", context_of(made), language=made.language, title=title_of(made))
    return walk.paper.keep_bytes(data, f"{walk.account.client.code} status report.pdf", "status_report").name


def log_out(walk: Walk) -> str:
    walk.staff.log_out()
    rows = OutgoingMail.objects.filter(pk__gt=walk.last_mail)
    stuck = [mail.letter for mail in rows if mail.status in ("failed", "in_doubt", "held")]
    expect(not stuck, f"Mails that didn't leave: {stuck}")
    return f"{rows.count()} mails, {len(walk.files())} files"


STEPS: list[Step] = [
    ("logged in", log_in),
    ("request talked through with the client", talk_through),
    ("job sheet written", write_sheet),
    ("work refused before approval", meet_gate),
    ("sheet approved", approve),
    ("sheet acknowledged", acknowledge),
    ("version 1 uploaded", upload_first),
    ("version 1 checked", check),
    ("version 1 released", release),
    ("version 1 sent to the client", send),
    ("client opens the link", look_only),
    ("client asks for changes", ask_changes),
    ("version 2 uploaded", upload_second),
    ("version 2 checked", check),
    ("version 2 released", release),
    ("version 2 sent to the client", send),
    ("client approves", client_approves),
    ("signed PDF sealed", seal),
    ("sealed PDF verified", verify),
    ("minutes sent to the client", send_minutes),
    ("client signs the minutes", sign_minutes),
    ("billing requested and approved", request_billing),
    ("invoice issued and mailed", issue),
    ("payment chased", play_chase),
    ("payment recorded, chase stops", pay),
    ("job closed", close),
    ("status report composed", report),
    ("logged out", log_out),
]
