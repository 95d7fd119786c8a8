"""The disk is full: the kernel refuses every byte beyond the first four kilobytes of a file, to the web server and to the worker.

An upload is refused with a sentence and the form keeps its text; a document and a sealed PDF that could not be stored are made
by themselves as soon as there is room. Nothing is lost, doubled, or left lying about.
"""

import resource
import secrets
from datetime import timedelta
from pathlib import Path

from agency import clock
from agency.models import OutgoingMail, PaperTry, StoredFile
from jobsheets import actions as jobs
from jobsheets.models import Job, ReferenceFile
from signoffs import actions as signing
from signoffs.models import Document, SealedDocument, SignRequest
from signoffs.rendering import render_document

from .. import papers, world
from ..figures import Figure, exactly, told
from ..staff import logged_in
from ..stage import Stage

FOUR_KILOBYTES = 4096
SENTENCE = "no room for files"
NOTE = "The plan of the shop, second floor."


def run(stage: Stage) -> list[Figure]:
    if not hasattr(resource, "prlimit"):
        return [told("skipped", "only Linux can limit the files of a process that runs")]
    house = papers.make_house(world.make_team(1).leads[0])
    job = jobs.create_job(
        account=house.account, title="Opening", due_at=clock.now() + timedelta(days=9), by=house.lead, now=clock.now()
    )
    signed = _signed(house)
    stage.start("mail", "web")
    files = _uploads(stage, house, job)
    return files + _worker(stage, house, signed)


def _signed(house: papers.House) -> SignRequest:
    """Answered, and waiting to be sealed: the bell that rings the worker is lost."""
    from agency.doorbell import muted

    with muted():
        request = papers.send_minutes(house, "Signed")
        render_document(request.document_id, now=clock.now())
        signatory = request.signatories.get()
        signatory.request.document.refresh_from_db()
        given = signing.Given("confirm", signatory.request.document.sha256, signing.Signature(signatory.name))
        signing.record_decision(signatory, given, now=clock.now())
    return request


def _limit(stage: Stage, name: str, size: int | None) -> None:
    """No file of the service's may grow beyond so many bytes; None gives it all the room there is. Needs no root."""
    service = stage.service(name)
    for pid in [service.pid, *service.children()]:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


def _media(stage: Stage) -> set[Path]:
    return {path for path in stage.media.rglob("*") if path.is_file()}


def _uploads(stage: Stage, house: papers.House, job: Job) -> list[Figure]:
    """A file that Django keeps in memory, and one that it puts on the disk while it comes in."""
    browser, path, figures = logged_in(stage, house.lead), f"/jobs/{job.number}/references/", []
    for words, size in (("a small file", 100_000), ("a large file", 2_000_000)):
        content = b"%PDF-1.7\n" + secrets.token_bytes(size)
        before, rows, entries = _media(stage), StoredFile.objects.count(), ReferenceFile.objects.count()
        _limit(stage, "web", FOUR_KILOBYTES)
        refused = browser.upload(path, "plan.pdf", content, note=NOTE)
        left = (len(_media(stage) - before), StoredFile.objects.count() - rows, ReferenceFile.objects.count() - entries)
        _limit(stage, "web", None)
        taken = browser.upload(path, "plan.pdf", content, note=NOTE)
        kept = ReferenceFile.objects.order_by("pk")[entries:]
        figures += [
            exactly(f"{words}: refused with a sentence", SENTENCE in refused.body and 400 <= refused.status < 500, True),
            exactly(f"{words}: the form keeps its text", NOTE in refused.body, True),
            exactly(f"{words}: files, rows and entries left behind", str(left), "(0, 0, 0)"),
            exactly(f"{words}: with room again it is taken, once", (taken.status, len(kept)) == (302, 1), True),
            exactly(f"{words}: whole", kept[0].file.size if len(kept) == 1 else 0, len(content)),
        ]
    return figures


def _worker(stage: Stage, house: papers.House, signed: SignRequest) -> list[Figure]:
    stage.start("worker")
    stage.wait_for(lambda: len(stage.service("worker").children()) >= 4, 60, "the worker's children")
    _limit(stage, "worker", FOUR_KILOBYTES)
    before = _media(stage)
    unmade = papers.send_minutes(house, "Not made yet")  # rings the worker
    stage.start("beat")
    stage.wait_for(lambda: PaperTry.objects.exclude(error="").count() >= 2, stage.minutes(20), "both papers to fail")
    errors = set(PaperTry.objects.exclude(error="").values_list("error", flat=True))
    left = len(_media(stage) - before)
    made = Document.objects.filter(pk=unmade.document_id, file__isnull=False).count() + SealedDocument.objects.count()
    mails = OutgoingMail.objects.filter(letter__in=["signoffs.sealed", "signoffs.signed"]).count()
    _limit(stage, "worker", None)
    stage.wait_for(lambda: _is_done(unmade, signed), stage.minutes(30), "both papers to come by themselves")
    stage.wait_for(
        lambda: not OutgoingMail.objects.exclude(status__in=["sent", "suppressed"]).exists(),
        stage.minutes(15),
        "the mails to leave",
    )
    sealed = OutgoingMail.objects.filter(letter="signoffs.signed").count()
    return [
        exactly("worker: what colleagues read is the sentence", all(SENTENCE in error for error in errors), True),
        exactly("worker: papers, mails and files made meanwhile", f"{made}, {mails}, {left}", "0, 0, 0"),
        exactly("worker: papers that came by themselves", Document.objects.exclude(file=None).count(), 2),
        exactly("worker: sealed PDFs", SealedDocument.objects.count(), 1),
        exactly("worker: letters with it to the client", sealed, 1),
        exactly("worker: files that no row names", len(_media(stage)) - _named(), 0),
    ]


def _is_done(unmade: SignRequest, signed: SignRequest) -> bool:
    return (
        SignRequest.objects.filter(pk=unmade.pk, sent_at__isnull=False).exists()
        and SealedDocument.objects.filter(request=signed).exists()
    )


def _named() -> int:
    """How many files rows name, pictures included."""
    names = StoredFile.objects.values_list("file", "preview", "thumbnail")
    return len({name for row in names for name in row if name})
