"""What the job delivers. On an open job a change here is a change of the sheet: it is issued again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency import audit
from agency.errors import Refused

from ..models import Deliverable, Job
from .common import in_state, locked, reason_given, text
from .sheet import Stale, issue_again

_GOING = (Job.Status.DRAFT, Job.Status.OPEN, Job.Status.HELD)
MAX_DELIVERABLES = 99


@transaction.atomic
def add_deliverable(
    job: Job, *, title: str, specification: str = "", due_at: datetime | None = None, by: User, now: datetime
) -> Deliverable:
    """Order one more thing, numbered D01, D02 … within the job; a dropped number isn't given again."""
    require(by, "jobs.edit")
    row = _writable(job)
    last = row.deliverables.aggregate(last=Max("position"))["last"] or 0
    if last >= MAX_DELIVERABLES:
        raise Refused(_("A job holds %(n)s deliverables at most. Open another job for the rest.") % {"n": MAX_DELIVERABLES})
    made = Deliverable(job=row, position=last + 1)
    _write(made, title, specification, due_at)
    made.save(force_insert=True)
    audit.record("deliverable.added", made, by=by, now=now)
    _changed(row, by=by, now=now)
    return made


@transaction.atomic
def edit_deliverable(
    deliverable: Deliverable, *, revision: int, title: str, specification: str, due_at: datetime | None, by: User, now: datetime
) -> Deliverable:
    """Change what is ordered. `revision` is the job's, as it was read; raises Stale when the sheet was changed since."""
    require(by, "jobs.edit")
    job = _writable(deliverable.job)
    if job.revision != revision:
        raise Stale(job)
    row = job.deliverables.get(pk=deliverable.pk)
    if row.dropped_at:
        raise Refused(_("This deliverable is no longer wanted."))
    old = (row.title, row.specification, row.due_at)
    _write(row, title, specification, due_at)
    if (row.title, row.specification, row.due_at) == old:
        return row
    row.save(update_fields=["title", "specification", "due_at"])
    facts = {"title": row.title, "specification": row.specification}
    audit.record("deliverable.edited", row, by=by, now=now, old={"title": old[0], "specification": old[1]}, new=facts)
    _changed(job, by=by, now=now)
    return row


@transaction.atomic
def drop_deliverable(deliverable: Deliverable, reason: str, *, by: User, now: datetime) -> None:
    """It is no longer wanted: what waits for the client's answer is withdrawn; what was made stays on file."""
    from .lifecycle import delivered_if_done, withdraw_all

    require(by, "jobs.edit")
    reason = reason_given(reason)
    job = _writable(deliverable.job)
    if not job.deliverables.filter(pk=deliverable.pk, dropped_at=None).update(dropped_at=now):
        raise Refused(_("This deliverable is no longer wanted."))
    audit.record("deliverable.dropped", deliverable, by=by, now=now, reason=reason)
    withdraw_all(deliverable.versions.filter(sent_at__isnull=False, answer=""), reason=reason, by=by, now=now)
    _changed(job, by=by, now=now)
    delivered_if_done(job, by=by, now=now)


@transaction.atomic
def reopen_deliverable(deliverable: Deliverable, reason: str, *, by: User, now: datetime) -> None:
    """The client thought again after signing: the deliverable is wanted anew, and its next version will be signed."""
    require(by, "jobs.submit")
    reason = reason_given(reason)
    job = locked(deliverable.job)
    in_state(job, Job.Status.OPEN, Job.Status.HELD)
    if not job.deliverables.filter(pk=deliverable.pk, signed_off_at__isnull=False).update(signed_off_at=None):
        raise Refused(_("This deliverable isn't signed off."))
    Job.objects.filter(pk=job.pk).update(delivered_at=None)
    audit.record("deliverable.reopened", deliverable, by=by, now=now, reason=reason)


def _writable(job: Job) -> Job:
    row = locked(job)
    if row.status == Job.Status.APPROVAL:
        raise Refused(_("This sheet is being approved. Take it back first, then change it."))
    in_state(row, *_GOING)
    return row


def _write(row: Deliverable, title: str, specification: str, due_at: datetime | None) -> None:
    row.title, row.specification, row.due_at = text(title, 120), text(specification, 2000), due_at
    if not row.title:
        raise Refused(_("Write what is delivered, such as “Poster”."))
    if due_at and due_at > row.job.due_at:
        raise Refused(_("A deliverable can't be due after its job. Move the job's due date first."))


def _changed(job: Job, *, by: User, now: datetime) -> None:
    job.revision += 1
    job.save(update_fields=["revision"])
    issue_again(job, by=by, now=now)
