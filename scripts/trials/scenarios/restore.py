"""The drill: database and files are saved, the host is gone, an empty one is filled from what was saved; step by step as
docs/operations.md says.

Everything is there and is what it was, what must not change can't be changed, numbers go on, and nothing is mailed until
somebody releases it.
"""

import json
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.db import IntegrityError, connection
from servers import postgres_programs

from accounts.models import Role, User
from agency import clock, doorbell
from agency.models import OutgoingMail, StoredFile
from billing import actions as billing
from billing.documents import render_document as render_invoice
from billing.models import Invoice
from jobsheets import actions as jobs
from jobsheets.models import Job
from signoffs import actions as signing
from signoffs.models import SignRequest
from signoffs.rendering import render_document
from signoffs.sealing.seal import seal_request

from .. import papers, world
from ..figures import Figure, exactly, told
from ..stage import DATABASE, Stage

WAITING = OutgoingMail.objects.exclude(status__in=["sent", "suppressed"])


@dataclass(frozen=True)
class Saved:
    """What an operator has after the nightly backup."""

    dump: Path
    media: Path


def run(stage: Stage) -> list[Figure]:
    with doorbell.muted():
        _business(stage)
    last = Invoice.objects.issued().filter(kind=Invoice.Kind.INVOICE).latest("number").number
    counts, waiting = _counts(), WAITING.count()
    saved = _save(stage)
    _lose_the_host(stage)
    _restore(stage, saved)
    again = _counts()
    stage.manage("migrate", "--verbosity", "0")
    stage.manage("hold_mail", "--reason", "restored from last night")
    record = json.loads(stage.manage("verify_record", "--json"))
    figures = [
        exactly("tables with as many rows as before", sum(counts[name] == again.get(name) for name in counts), len(counts)),
        told("rows", sum(counts.values())),
        exactly("verify_record: things wrong", sum(found["wrong"] for found in record.values()), 0),
        told("verify_record: things looked at", sum(found["seen"] for found in record.values())),
        exactly("changes of the record refused by the database", _refused(), "3 of 3"),
    ]
    figures += _work_goes_on(stage, last, waiting)
    stage.stop("worker", "beat")
    return [*figures, exactly("verify_record finds the one file that is damaged then", _finds_damage(stage), True)]


def _business(stage: Stage) -> None:
    """Signed and unsigned papers, an invoice that is paid in part, one that is approved, and mails that haven't left."""
    team = world.make_team(1)
    books, house, now = world.make_user("books", Role.FINANCE), papers.make_house(team.leads[0]), clock.now()
    for number in range(3 if stage.short else 12):
        request = papers.send_minutes(house, f"Meeting {number}")
        render_document(request.document_id, now=now)
        signatory = request.signatories.select_related("request__document").get()
        if number % 3 < 2:
            given = signing.Given("confirm", signatory.request.document.sha256, signing.Signature(signatory.name))
            signing.record_decision(signatory, given, now=clock.now())
            seal_request(request.pk, now=clock.now())
    job = jobs.create_job(account=house.account, title="Opening", due_at=now + timedelta(days=9), by=house.lead, now=now)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.OPEN, opened_at=now)
    job.refresh_from_db()
    invoices = [_approved(house, job, team) for _ in range(4)]
    for invoice in invoices[:3]:
        billing.issue_invoice(invoice, by=books, now=clock.now())
        render_invoice(invoice.pk, now=clock.now())
    billing.record_payment({invoices[0]: Decimal(400)}, received_on=clock.now().date(), by=books, now=clock.now())
    credit = billing.credit_invoice(invoices[1], reason="The wrong quantity.", by=books, now=clock.now())
    render_invoice(credit.pk, now=clock.now())


def _approved(house: papers.House, job: Job, team: world.Team) -> Invoice:
    lines = [billing.LineData(job, "Poster", Decimal(1), Decimal(1000), Decimal(21))]
    invoice = billing.create_invoice(house.account, lines, by=house.lead, now=clock.now())
    billing.request_billing(invoice, by=house.lead, now=clock.now())
    billing.approve_billing(invoice, by=team.director, now=clock.now())
    return invoice


def _save(stage: Stage) -> Saved:
    """The database first, the files after it; `cp` does here what rsync would."""
    saved = Saved(stage.folder / "saved.dump", stage.folder / "saved-media")
    database = f"--dbname={stage.env['DATABASE_URL']}"
    _do(postgres_programs() / "pg_dump", "--format=custom", "--no-owner", f"--file={saved.dump}", database)
    saved.media.mkdir()
    _do("cp", "--archive", f"{stage.media}/.", saved.media)
    return saved


def _lose_the_host(stage: Stage) -> None:
    """What is left is an empty database and an empty folder."""
    connection.close()
    stage.sql("template1", f"DROP DATABASE {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
    stage.empty_media()
    stage.flush_redis()


def _restore(stage: Stage, saved: Saved) -> None:
    database = f"--dbname={stage.env['DATABASE_URL']}"
    _do(postgres_programs() / "pg_restore", "--no-owner", "--exit-on-error", database, saved.dump)
    _do("cp", "--archive", f"{saved.media}/.", stage.media)


def _do(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _counts() -> dict[str, int]:
    """Rows by table."""
    with connection.cursor() as cursor:
        counts = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = cursor.fetchone()[0]
        return counts


def _refused() -> str:
    """How many of the changes that must be impossible are."""
    changes = (
        "UPDATE signoffs_event SET kind = 'other'",
        "DELETE FROM agency_auditentry",
        "UPDATE billing_invoice SET gross = gross + 1 WHERE status = 'issued'",
    )
    refused = 0
    for change in changes:
        try:
            with connection.cursor() as cursor:
                cursor.execute(change)
        except IntegrityError:
            refused += 1
    return f"{refused} of {len(changes)}"


def _work_goes_on(stage: Stage, last: str, waiting: int) -> list[Figure]:
    """An invoice is issued and its letter waits with the others, until the mail is released."""
    invoice = Invoice.objects.get(status=Invoice.Status.APPROVED)
    stage.start("mail", "worker", "beat")
    billing.issue_invoice(invoice, by=User.objects.get(email="books@agency.example"), now=clock.now())
    letter = OutgoingMail.objects.filter(letter="billing.invoice", object_id=invoice.pk)
    stage.wait_for(letter.exists, stage.minutes(20), "the letter with the new invoice")
    swept = _sweeps(stage)
    stage.wait_for(lambda: _sweeps(stage) >= swept + 3, stage.minutes(15), "three sweeps")
    early = len(stage.mail.taken())
    stage.manage("release_mail")
    stage.wait_for(lambda: not WAITING.exists(), stage.minutes(20), "the mails to leave")
    left = [message.message_id for message in stage.mail.taken()]
    sent = OutgoingMail.objects.filter(status="sent").count()
    answered = SignRequest.objects.exclude(closed_at=None).count()
    invoice.refresh_from_db()
    return [
        exactly("the next invoice", str(invoice.number), f"{last[:-5]}{int(last[-5:]) + 1:05d}"),
        exactly("mails that left before they were released", early, 0),
        exactly("mails that left then, once each", f"{len(set(left))} of {len(left)}", f"{sent} of {sent}"),
        told("mails that waited", waiting),
        exactly("links nobody needs any more, never mailed", OutgoingMail.objects.count() - sent, answered),
    ]


def _sweeps(stage: Stage) -> int:
    """How often the worker has swept since the stage was set."""
    return sum("Task agency.tasks.sweep" in line and "succeeded" in line for line in stage.log("worker").splitlines())


def _finds_damage(stage: Stage) -> bool:
    """One byte of one file is changed behind the product's back: whether that, and nothing else, is found."""
    stored = StoredFile.objects.earliest("pk")
    path = stage.media / str(stored.file.name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    try:
        stage.manage("verify_record")
    except RuntimeError as error:
        wrong = [line.strip() for line in str(error).splitlines() if line.startswith("  ")]
        return wrong == [f"file {stored.pk} ({stored.file.name}): its bytes have changed"]
    return False
