"""Jobs as rows: sheet, approvals, people, deliverables, versions, checks, releases, and what went to the client."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import Contact, User
from agency import audit
from agency.money import digits
from jobsheets.checklist import CHECKLIST, NOT_OK, OK
from jobsheets.issues import BRIEF
from jobsheets.models import (
    Approval,
    Assignment,
    Deliverable,
    Job,
    Override,
    QualityCheck,
    ReferenceFile,
    Release,
    SheetIssue,
    Version,
)  # fmt: skip

from .course import Course, Round, Strand
from .files import Files
from .house import House, Place, role_on_paper
from .ledger import Ledger
from .papers import Desk, Paper, hand, said

#: Between a job's subject and what tells it from others like it.
COMMA = {"ar": "، ", "zh-hans": "，"}
#: What one deliverable costs, in euros.
PRICES = (900, 1400, 1900, 2600, 3400, 4800, 7200, 9600, 14500)


@dataclass(frozen=True)
class Billable:
    """What money needs to know of a job, long after its rows are written."""

    job: int
    number: str
    title: str
    place: Place
    price: Decimal
    created: datetime
    opened: datetime
    delivered: datetime | None
    client_order: str


class Writer:
    """Writes one job after the other; oldest first, so that keys and numbers follow time."""

    def __init__(self, house: House, ledger: Ledger, files: Files, desk: Desk, now: datetime) -> None:
        self.house, self.ledger, self.files, self.desk, self.now = house, ledger, files, desk, now

    def write(self, course: Course, place: Place, number: str, rng: Random) -> Billable:
        job = self._job(course, place, number, rng)
        rows = self._deliverables(job, course, place, rng)
        self._approvals(job, course, place)
        makers = place.makers if len(place.makers) > 1 else [*place.makers, place.planner]
        makers = rng.sample(makers, min(len(makers), rng.choice([2, 2, 2, 3])))
        if course.submitted:
            self._assign(job, makers, course)
        if course.opened:
            self._issue(job, rows, course, place)
        for row, strand in zip(rows, course.strands, strict=True):
            Piece(self, job, row, strand, place, makers, rng).write()
        self._life(job, course, place, rng)
        if rng.random() < 0.1:
            self._reference(job, place, rng)
        price = job.budget or Decimal(0)
        assert course.opened or not course.delivered
        return Billable(job.pk, job.number, job.title, place, price, course.created, course.opened or course.created, course.delivered, job.client_order)  # fmt: skip

    def _job(self, course: Course, place: Place, number: str, rng: Random) -> Job:
        words, client = place.words, place.client
        subject, kind = rng.choice(words.subjects)
        turn = rng.choice(words.turns) % {"year": course.created.year}
        title = f"{subject}{COMMA.get(client.language, ', ')}{turn}" if turn and ", " not in subject else subject
        if rng.random() < 0.03:
            title = rng.choice(words.long_titles)
        price = sum(rng.choice(PRICES) for _strand in course.strands) * place.rate
        budget = Decimal(round(price, -2 if price > 1000 else 0)).quantize(Decimal(1).scaleb(-min(digits(client.currency), 2)))
        returned = course.returned and not course.strategy and self._came_back(course)
        return self.ledger.add(
            Job(
                account=place.account, number=number, title=title[:120], kind=kind, owner=place.lead, due_at=course.due,
                client_order=f"PO-{rng.randint(1000, 99999)}" if client.order_number_required or rng.random() < 0.2 else "",
                background=rng.choice(words.backgrounds), objective=rng.choice(words.objectives), audience=rng.choice(words.audiences),
                message=rng.choice(words.messages), tone=rng.choice(words.tones), budget=budget,
                instructions=rng.choice(words.notes) if rng.random() < 0.3 else "",
                status=status_of(course, self.now), revision=course.revision, returned_reason=rng.choice(words.changes) if returned else "",
                created_by=place.lead, created_at=course.created, submitted_at=course.submitted, opened_at=course.opened,
                delivered_at=course.delivered, closed_at=course.closed,
            )
        )  # fmt: skip

    def _came_back(self, course: Course) -> bool:
        return status_of(course, self.now) == Job.Status.DRAFT

    def _deliverables(self, job: Job, course: Course, place: Place, rng: Random) -> list[Deliverable]:
        rows = []
        titles = rng.sample(place.words.pieces, min(len(course.strands), len(place.words.pieces)))
        for position, strand in enumerate(course.strands, start=1):
            title, specification = titles[(position - 1) % len(titles)]
            rows.append(
                self.ledger.add(
                    Deliverable(job=job, position=position, title=title, specification=specification, signed_off_at=strand.signed)
                )
            )
        return rows

    def _approvals(self, job: Job, course: Course, place: Place) -> None:
        note = self.ledger.note
        account = place.account
        note("job.created", job, by=place.lead, at=course.created, account=account, title=job.title)
        if course.returned:
            reason = job.returned_reason or place.words.changes[0]
            facts: dict[str, Any] = {"side": Approval.Side.STRATEGY, "revision": 1, "approved": False, "reason": reason}
            self.ledger.add(Approval(job=job, by=place.planner, at=course.returned, **facts))
            note("job.returned", job, by=place.planner, at=course.returned, account=account, reason=reason)
        sides = (
            (Approval.Side.STRATEGY, place.planner, course.strategy),
            (Approval.Side.CREATIVE, place.creative_director, course.opened),
        )
        for side, by, at in sides:
            if at:
                self.ledger.add(Approval(job=job, side=side, revision=course.revision, approved=True, by=by, at=at))
        if course.opened:
            note("job.opened", job, by=place.creative_director, at=course.opened, account=account)

    def _assign(self, job: Job, makers: list[User], course: Course) -> None:
        assert course.submitted
        for maker, read in zip(makers, [*course.acknowledged, None, None, None], strict=False):
            self.ledger.add(
                Assignment(
                    job=job, user=maker, craft=maker.title, assigned_at=course.submitted, assigned_by=job.owner,
                    acknowledged_issue=1 if read else None, acknowledged_at=read,
                )
            )  # fmt: skip

    def _issue(self, job: Job, rows: list[Deliverable], course: Course, place: Place) -> None:
        assert course.opened
        self.ledger.add(
            SheetIssue(
                job=job,
                number=1,
                data=frozen_sheet(job, rows, course, place),
                issued_at=course.opened,
                issued_by=place.creative_director,
                file=self.files.paper(place.client.language, f"{job.number} 1", at=course.opened),
            )
        )

    def _life(self, job: Job, course: Course, place: Place, rng: Random) -> None:
        note, account = self.ledger.note, place.account
        if course.delivered:
            note("job.delivered", job, by=audit.SYSTEM, at=course.delivered, account=account)
        if course.closed:
            note("job.closed", job, by=self.house.anyone("finance", rng), at=course.closed, account=account)
        for at, action in ((course.held, "job.held"), (course.cancelled, "job.cancelled")):
            if at:
                note(action, job, by=place.lead, at=at, account=account, reason=rng.choice(place.words.reasons))
        if course.opened and rng.random() < 0.006:
            director, reason = self.house.anyone("director", rng), rng.choice(place.words.reasons)
            self.ledger.add(
                Override(job=job, gate="version", status=Job.Status.APPROVAL, reason=reason, by=director, at=course.opened)
            )
            note("job.overridden", job, by=director, at=course.opened, account=account, reason=reason, thing="version")

    def _reference(self, job: Job, place: Place, rng: Random) -> None:
        stored = self.files.version(rng.choice(place.words.pieces)[0], rng.randrange(99), at=job.created_at)
        self.ledger.add(ReferenceFile(job=job, file=stored, note="", by=place.lead, at=job.created_at))


def status_of(course: Course, now: datetime) -> str:
    """The job's state after these steps."""
    if course.cancelled:
        return Job.Status.CANCELLED
    if course.closed:
        return Job.Status.CLOSED
    if course.held:
        return Job.Status.HELD
    if course.opened:
        return Job.Status.OPEN
    again = course.returned is None or bool(course.strategy) or course.revision == 2
    return Job.Status.APPROVAL if course.submitted and again else Job.Status.DRAFT


def frozen_sheet(job: Job, rows: list[Deliverable], course: Course, place: Place) -> dict[str, Any]:
    """The sheet at its issue; the same as jobsheets.issues.freeze() reads from the database (a test compares them)."""
    assert course.strategy
    assert course.opened
    return {
        "revision": job.revision, "number": job.number, "title": job.title, "kind": job.kind, "client": place.client.name,
        "account": place.account.name, "brand": place.account.brand.name if place.account.brand else "", "owner": job.owner.full_name,
        "due_at": job.due_at.isoformat(), "client_order": job.client_order, "budget": str(job.budget), "currency": place.client.currency,
        "zone": place.client.zone_name, **{name: getattr(job, name) for name in BRIEF},
        "deliverables": [
            {"number": row.code, "title": row.title, "specification": row.specification, "due_at": ""} for row in rows
        ],
        "approvals": [
            {"side": "strategy", "name": place.planner.full_name, "at": course.strategy.isoformat()},
            {"side": "creative", "name": place.creative_director.full_name, "at": course.opened.isoformat()},
        ],
    }  # fmt: skip


@dataclass
class Piece:
    """One deliverable of a job on its way."""

    writer: Writer
    job: Job
    row: Deliverable
    strand: Strand
    place: Place
    makers: list[User]
    rng: Random

    def write(self) -> None:
        maker, checker = self.rng.sample(self.makers, 2)
        shape = self.rng.randrange(1000)
        before: dict[str, Any] | None = None
        for number, one in enumerate(self.strand.rounds, start=1):
            version = self._version(number, one, maker, shape + number)
            if one.checked:
                self._check(version, one, checker)
            if one.word:
                self._release(version, one)
            if one.sent:
                self._send(version, one, maker, checker, before)
            if version.answer and version.answered_at:
                before = {
                    "version": number,
                    "answer": version.answer,
                    "text": version.answer_text,
                    "at": version.answered_at.isoformat(),
                }

    def _version(self, number: int, one: Round, maker: User, shape: int) -> Version:
        files, words = self.writer.files, self.place.words
        stored = files.version(f"{self.row.title} V{number}", shape, at=one.uploaded)
        answered = bool(one.answered)
        gone = one.replaced or (one.lapsed and not one.sent_again)
        version = self.writer.ledger.add(
            Version(
                deliverable=self.row, number=number, file=stored, sha256=stored.sha256, by=maker, at=one.uploaded,
                note=self.rng.choice(words.notes) if number > 1 else "", sent_at=None if gone else one.sent_again or one.sent,
                answer=one.end if answered else "", answered_at=one.answered, answer_text=self._text(one) if answered else "",
            )
        )  # fmt: skip
        note = self.writer.ledger.note
        note(
            "version.uploaded",
            version,
            by=maker,
            at=one.uploaded,
            account=self.place.account,
            file=stored.name,
            sha256=stored.sha256,
        )
        return version

    def _text(self, one: Round) -> str:
        words = self.place.words
        texts = {"changes": words.changes, "small_changes": words.small_changes, "declined": words.declines}.get(one.end)
        return self.rng.choice(texts) if texts else ""

    def _check(self, version: Version, one: Round, checker: User) -> None:
        wrong = self.rng.choice(CHECKLIST).key if one.end == "flawed" else ""
        words = self.place.words
        items = [{"key": line.key, "answer": OK, "note": ""} for line in CHECKLIST]
        for item in items:
            if item["key"] == wrong:
                item |= {"answer": NOT_OK, "note": self.rng.choice(words.flaws)}
        assert one.checked
        self.writer.ledger.put(
            QualityCheck, version_id=version.pk, sha256=version.sha256, items=items, passed=not wrong, by_id=checker.pk, at=one.checked
        )  # fmt: skip

    def _release(self, version: Version, one: Round) -> None:
        assert one.word
        released = one.end != "refused"
        reason = "" if released else self.rng.choice(self.place.words.changes)
        by = self.place.creative_director
        self.writer.ledger.put(
            Release, version_id=version.pk, sha256=version.sha256, released=released, reason=reason, by_id=by.pk, at=one.word
        )  # fmt: skip

    def _send(self, version: Version, one: Round, maker: User, checker: User, before: dict[str, Any] | None) -> None:
        place, desk = self.place, self.writer.desk
        signers = place.signers[:2] if len(place.signers) > 1 and self.rng.random() < 0.15 else place.signers[:1]
        copies: list[Contact] = [c for c in place.copies if c not in signers][:1] if self.rng.random() < 0.15 else []
        assert one.sent
        sendings = [one.sent] if not one.sent_again else [one.sent, one.sent_again]
        for sent in sendings:
            last = sent == sendings[-1]
            data = self._frozen(version, one, maker, checker, before, sent)
            ended = ("superseded", one.replaced) if last and one.replaced else None
            if one.lapsed and sent == one.sent:
                ended = ("expired", one.lapsed)
            words = said(place.client.language, "%(title)s, version %(n)s") % {"title": self.row.title, "n": version.number}
            desk.send(
                Paper(
                    "deliverable", version, place, words, f"{self.row.number} V{version.number}", data, self.job.owner, sent, signers, copies,
                    [version.file], seen=one.seen if last else None, answered=one.answered if last else None,
                    answer=version.answer if last else "", text=version.answer_text if last else "", ended=ended,
                )
            )  # fmt: skip
        if one.answered:
            note, account = self.writer.ledger.note, place.account
            note("version.answered", version, by=signers[0], at=one.answered, account=account, reason=version.answer_text, answer=version.answer)  # fmt: skip
            if self.strand.signed == one.answered:
                note("deliverable.signed_off", self.row, by=signers[0], at=one.answered, account=account)

    def _frozen(
        self, version: Version, one: Round, maker: User, checker: User, before: dict[str, Any] | None, sent: datetime
    ) -> dict[str, Any]:
        """The same as jobsheets.documents.version_data() with the hands (a test compares them)."""
        job, row, file, place = self.job, self.row, version.file, self.place
        language, director = place.client.language, place.creative_director
        assert one.checked
        assert one.word
        return {
            "job": {"number": job.number, "title": job.title, "client": place.client.name, "account": place.account.name},
            "owner": {"name": job.owner.full_name, "phone": job.owner.phone, "email": job.owner.email},
            "deliverable": {"number": row.number, "title": row.title, "specification": row.specification},
            "version": version.number,
            "note": version.note,
            "file": {
                "id": file.pk, "name": file.name, "size": file.size, "content_type": file.content_type, "kind": file.kind,
                "width": file.width, "height": file.height, "sha256": version.sha256,
            },
            "made": {"name": maker.full_name, "at": version.at.isoformat()},
            "checked": {"name": checker.full_name, "at": one.checked.isoformat(), "count": len(CHECKLIST), "of": len(CHECKLIST)},
            "released": {"name": director.full_name, "title": role_on_paper(director, language), "at": one.word.isoformat()},
            "zone": place.client.zone_name,
            "sent_at": sent.isoformat(),
            "before": before,
            "hands": [
                hand(maker, "made it", version.at, language), hand(checker, "quality check", one.checked, language),
                hand(director, "released it", one.word, language), hand(job.owner, "sent it", sent, language),
            ],
        }  # fmt: skip
