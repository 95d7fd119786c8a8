"""What a status report says: read from one account's jobs and papers, frozen as JSON. Money is left out.

States are codes and moments ISO texts: the words come when it is read, in the reader's language.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import Account
from agency import clock
from jobsheets.models import Deliverable, Job, Version
from meetings.models import Meeting, NextStep
from signoffs.models import Signatory, SignRequest

WEEK = timedelta(days=7)
MOST = 60  # rows of one part; what is beyond is counted


def compose(account: Account, *, since: datetime, now: datetime) -> dict[str, Any]:
    """The content of a report made at `now` about what happened after `since`: only this account's matters."""
    requests = _waiting_requests(account)
    jobs = _jobs(account)
    return {
        "since": since.isoformat(),
        "until": now.isoformat(),
        "zone": account.client.zone_name,
        "done": _done(account, since, now),
        "jobs": [_job(job, requests) for job in jobs[:MOST]],
        "more_jobs": max(len(jobs) - MOST, 0),
        "next": _next(account, jobs, now),
        "waiting": _waiting(account, requests),
    }


def with_comments(content: dict[str, Any], comments: dict[str, str]) -> dict[str, Any]:
    """The same content with the AE's words (job number → comment) put beside the jobs."""
    jobs = [{**job, "comment": comments.get(job["number"], job.get("comment", ""))} for job in content["jobs"]]
    return {**content, "jobs": jobs}


def comments_of(content: dict[str, Any]) -> dict[str, str]:
    return {job["number"]: job["comment"] for job in content["jobs"] if job.get("comment")}


def _jobs(account: Account) -> list[Job]:
    """The client's jobs in work; a sheet that is still a draft isn't ordered yet."""
    shown = [Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD]
    pieces = Deliverable.objects.wanted().order_by("due_at", "position").prefetch_related(
        Prefetch("versions", Version.objects.order_by("-number").only("pk", "deliverable", "number", "sent_at", "answer"))
    )  # fmt: skip
    rows = Job.objects.filter(account=account, status__in=shown).select_related("owner")
    return list(rows.prefetch_related(Prefetch("deliverables", pieces, to_attr="wanted")).order_by("due_at", "pk"))


def _waiting_requests(account: Account) -> list[SignRequest]:
    people = Signatory.objects.filter(contact__isnull=False, decided_at=None, revoked_at=None, delegated_to=None)
    people = people.exclude(role=Signatory.Role.COPY)
    rows = SignRequest.objects.open().filter(account=account, sent_at__isnull=False).select_related("document")
    return list(rows.prefetch_related(Prefetch("signatories", people, to_attr="asked")).order_by("sent_at", "pk"))


def _done(account: Account, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """What was signed off, delivered or closed since the last report."""
    pieces = Deliverable.objects.wanted().filter(job__account=account, signed_off_at__gt=since, signed_off_at__lte=now)
    rows = [
        {"what": d.title, "job": d.job.title, "number": d.number, "state": "signed_off", "at": d.signed_off_at.isoformat()}
        for d in pieces.select_related("job").order_by("signed_off_at", "pk")[:MOST]
        if d.signed_off_at
    ]
    jobs = Job.objects.filter(account=account, status=Job.Status.CLOSED, closed_at__gt=since, closed_at__lte=now)
    rows += [
        {"what": job.title, "job": "", "number": job.number, "state": "closed", "at": job.closed_at.isoformat()}
        for job in jobs.order_by("closed_at", "pk")[:MOST]
        if job.closed_at
    ]
    return rows


def _job(job: Any, requests: list[SignRequest]) -> dict[str, Any]:
    """One job in work: where it stands, what comes next, who, and when it is due."""
    left = [piece for piece in job.wanted if piece.signed_off_at is None]
    # ACM-26-0042-D03 V1, and ACM-26-0042 #2 for the sheet itself
    with_client = [r for r in requests if r.document.reference.startswith((f"{job.number}-", f"{job.number} "))]
    first = left[0] if left else None
    return {
        "number": job.number,
        "title": job.title,
        "state": _state(job, left, with_client),
        "next": first.title if first else "",
        "who": job.owner.full_name,
        "due_at": ((first.due_at if first else None) or job.due_at).isoformat(),
        "signed_off": len(job.wanted) - len(left),
        "pieces": len(job.wanted),
        "comment": "",
    }


def _state(job: Any, left: list[Any], with_client: list[SignRequest]) -> str:
    if job.status == Job.Status.HELD:
        return "held"
    if job.status == Job.Status.APPROVAL:
        return "preparing"
    if with_client:
        return "with_client"
    if job.wanted and not left:
        return "signed_off"
    if any(v.answer == Version.Answer.CHANGES for piece in left for v in list(piece.versions.all())[:1]):
        return "changing"
    return "working"


def _next(account: Account, jobs: list[Any], now: datetime) -> list[dict[str, Any]]:
    """What falls due by the end of the client's next week: pieces of work, the agency's next steps, meetings."""
    zone = account.client.zone
    today = clock.local(now, zone).date()
    after_next = today - timedelta(days=today.weekday()) + timedelta(days=14)
    end = clock.at_local(after_next, datetime.min.time(), zone)
    rows: list[dict[str, Any]] = []
    for job in jobs:
        for piece in [p for p in job.wanted if p.signed_off_at is None]:
            due = piece.due_at or job.due_at
            if now <= due < end and job.status == Job.Status.OPEN:
                rows.append(_row("piece", piece.title, piece.number, job.owner.full_name, due))
        if not job.wanted and now <= job.due_at < end and job.status == Job.Status.OPEN:
            rows.append(_row("piece", job.title, job.number, job.owner.full_name, job.due_at))
    ours = NextStep.objects.open().filter(minutes__meeting__account=account, user__isnull=False, due_at__gte=now, due_at__lt=end)
    for step in ours.select_related("user", "minutes__meeting")[:MOST]:
        if step.user and step.due_at:
            rows.append(_row("step", step.text, step.minutes.meeting.serial, step.user.full_name, step.due_at))
    meetings = Meeting.objects.filter(account=account, cancelled_at=None, starts_at__gte=now, starts_at__lt=end)
    rows += [
        _row("meeting", m.title, m.serial, m.called_by.full_name, m.starts_at)
        for m in meetings.select_related("called_by")[:MOST]
    ]
    return sorted(rows, key=lambda row: (datetime.fromisoformat(row["due_at"]), row["number"]))[:MOST]


def _row(kind: str, what: str, number: str, who: str, due: datetime) -> dict[str, Any]:
    return {"kind": kind, "what": what, "number": number, "who": who, "due_at": due.isoformat()}


def _waiting(account: Account, requests: list[Any]) -> list[dict[str, Any]]:
    """What waits on the client: documents to sign, and next steps of theirs."""
    rows = [
        {
            "kind": "sign", "what": r.document.title, "number": r.document.reference, "who": [s.name for s in r.asked],
            "since": r.sent_at.isoformat(), "due_at": r.deadline.isoformat(),
        }
        for r in requests
        if r.asked
    ]  # fmt: skip
    theirs = NextStep.objects.open().filter(Q(minutes__meeting__account=account), contact__isnull=False)
    for step in theirs.select_related("contact", "minutes__meeting")[:MOST]:
        since = step.minutes.sent_at or step.minutes.created_at
        rows.append(
            {
                "kind": "step", "what": step.text, "number": step.minutes.meeting.serial,
                "who": [step.contact.full_name] if step.contact else [], "since": since.isoformat(),
                "due_at": step.due_at.isoformat() if step.due_at else "",
            }
        )  # fmt: skip
    return rows[:MOST]
