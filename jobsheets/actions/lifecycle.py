"""The job's life after it was opened: hold, resume, cancel, close, reopen, and the director's override."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import require
from agency import audit, words
from agency.errors import Refused
from agency.transitions import move

from .. import gate, mails
from ..models import Job, Override, SheetIssue, Version
from .common import locked, reason_given

Status = Job.Status


@transaction.atomic
def hold(job: Job, reason: str, *, by: User, now: datetime) -> Job:
    """Stop the work for a while. Links the client has stay open: an answer is always welcome."""
    require(by, "jobs.hold")
    row = locked(job)
    move(row, Status.HELD, by=by, now=now, action="job.held", reason=reason_given(reason), only_from=Status.OPEN)
    mails.tell_stopped(row, "held", reason, by=by, now=now)
    return row


@transaction.atomic
def resume(job: Job, *, by: User, now: datetime) -> Job:
    """Go on with a job that was on hold."""
    require(by, "jobs.hold")
    row = locked(job)
    move(row, Status.OPEN, by=by, now=now, action="job.resumed", only_from=Status.HELD)
    mails.tell_stopped(row, "resumed", "", by=by, now=now)
    return row


@transaction.atomic
def cancel(job: Job, reason: str, *, by: User, now: datetime) -> Job:
    """End a job for good, with a reason; whatever waits for the client's signature is withdrawn."""
    require(by, "jobs.cancel")
    reason = reason_given(reason)
    row = locked(job)
    move(row, Status.CANCELLED, by=by, now=now, action="job.cancelled", reason=reason)
    withdraw_all([*row.issues.all(), *_with_client(row)], reason=reason, by=by, now=now)
    mails.tell_stopped(row, "cancelled", reason, by=by, now=now)
    return row


@transaction.atomic
def close(job: Job, *, by: User, now: datetime) -> Job:
    """Finance stops the job card: from here on no cost lands on it. Raises Refused while anything is in flight."""
    require(by, "jobs.close")
    row = locked(job)
    if obstacles := in_flight(row):
        raise Refused(" ".join(obstacles))
    move(row, Status.CLOSED, by=by, now=now, action="job.closed", closed_at=now, only_from=Status.OPEN)
    return row


@transaction.atomic
def reopen(job: Job, reason: str, *, by: User, now: datetime) -> Job:
    """Open a closed job again, with a reason."""
    require(by, "jobs.reopen")
    row = locked(job)
    reason = reason_given(reason)
    move(row, Status.OPEN, by=by, now=now, action="job.reopened", reason=reason, only_from=Status.CLOSED, closed_at=None)
    return row


@transaction.atomic
def override_gate(job: Job, thing: str, reason: str, *, by: User, now: datetime) -> Override:
    """A director lets `thing` (a key of gate.ALLOWED) pass while the job is in its present state; recorded and counted."""
    require(by, "jobs.override")
    if thing not in gate.ALLOWED:
        raise Refused(_("Choose what may pass."))
    reason = reason_given(reason)
    row = locked(job)
    if gate.may(row, thing):  # type: ignore[arg-type]
        raise Refused(_("This passes already; no override is needed."))
    made = Override.objects.create(job=row, gate=thing, status=row.status, reason=reason, by=by, at=now)
    audit.record("job.overridden", row, by=by, now=now, reason=reason, new={"thing": thing})
    return made


def in_flight(job: Job) -> list[str]:
    """What must be settled before the job is closed, as sentences."""
    found = []
    waiting = _with_client(job).count()
    if waiting:
        found.append(
            ngettext(
                "%(n)s version waits for the client's answer: wait for it, or withdraw it.",
                "%(n)s versions wait for the client's answer: wait for them, or withdraw them.",
                waiting,
            )
            % {"n": waiting}
        )
    unsigned = [row.number for row in job.deliverables.wanted().filter(signed_off_at=None)]
    if unsigned:
        found.append(
            _("Not signed off yet: %(numbers)s. Have them signed, or drop what is no longer wanted.")
            % {"numbers": words.listed(unsigned)}
        )
    owing = [row.number for row in job.deliverables.owing_small_changes()]
    if owing:
        found.append(_("Small changes still to be made, checked and released: %(numbers)s.") % {"numbers": words.listed(owing)})
    return found


def delivered_if_done(job: Job, *, by: audit.Acts, now: datetime) -> bool:
    """Note the moment when everything wanted is signed off; answers whether that is now."""
    wanted = job.deliverables.wanted()
    done = wanted.exists() and not wanted.filter(signed_off_at=None).exists()
    if done and Job.objects.filter(pk=job.pk, delivered_at=None).exclude(status=Status.DRAFT).update(delivered_at=now):
        audit.record("job.delivered", job, by=audit.SYSTEM, now=now)  # nobody decides it: it follows
        return True
    return False


def _with_client(job: Job) -> QuerySet[Version]:
    return Version.objects.filter(deliverable__job=job, sent_at__isnull=False, answer="")


def withdraw_all(subjects: Iterable[SheetIssue | Version], *, reason: str, by: User, now: datetime) -> None:
    """Withdraw every open sign request about these things; the client is told by the engine."""
    from signoffs.actions import withdraw_request
    from signoffs.models import SignRequest

    for subject in list(subjects):
        for request in SignRequest.objects.open().about(subject):
            withdraw_request(request, reason=reason, by=by, now=now)
