"""Approval: strategy and creative direction read the sheet; both words open the job."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may, require
from agency import audit
from agency.errors import NotPermitted, Refused
from agency.transitions import move

from .. import issues, mails
from ..models import Approval, Job
from .common import in_state, locked, reason_given
from .sheet import require_complete

Side = Approval.Side
ACTIONS = {Side.STRATEGY: "jobs.approve_strategy", Side.CREATIVE: "jobs.approve_creative"}


@transaction.atomic
def submit_for_approval(job: Job, *, by: User, now: datetime) -> Job:
    """Send the draft to its approvers. Raises Refused, naming what the brief lacks."""
    require(by, "jobs.submit")
    row = locked(job)
    in_state(row, Job.Status.DRAFT)
    require_complete(row)
    # A new revision: the words given to an earlier submission don't count for this one.
    facts: dict[str, Any] = {"revision": row.revision + 1, "submitted_at": now, "returned_reason": ""}
    move(row, Job.Status.APPROVAL, by=by, now=now, action="job.submitted", **facts)
    mails.ask_to_approve(row, by=by, now=now)
    return row


@transaction.atomic
def take_back(job: Job, *, by: User, now: datetime) -> Job:
    """Take a sheet back from approval to change it; words already given lapse."""
    require(by, "jobs.submit")
    row = locked(job)
    move(row, Job.Status.DRAFT, by=by, now=now, action="job.taken_back", only_from=Job.Status.APPROVAL)
    return row


@transaction.atomic
def approve(job: Job, side: str, *, by: User, now: datetime) -> Job:
    """Approve the sheet for one side, "strategy" or "creative". The second word opens the job and issues its sheet.

    A director may stand in on either side. Raises NotPermitted, or Refused for the sheet's own author and a repeated word.
    """
    row = _for_word(job, side, by=by)
    Approval.objects.create(job=row, side=side, revision=row.revision, approved=True, by=by, at=now)
    audit.record("job.approved", row, by=by, now=now, new={"side": side})
    if {word.side for word in words(row)} == set(Side.values):
        _open(row, by=by, now=now)
    return row


def _open(row: Job, *, by: User, now: datetime) -> None:
    move(row, Job.Status.OPEN, by=by, now=now, action="job.opened", opened_at=now, returned_reason="")
    issue = issues.issue(row, by=by, now=now)
    mails.tell_opened(row, by=by, now=now)
    mails.ask_to_acknowledge(row, issue, by=by, now=now)


@transaction.atomic
def return_job(job: Job, side: str, reason: str, *, by: User, now: datetime) -> Job:
    """Send the sheet back to its author with a reason; it is a draft again."""
    row = _for_word(job, side, by=by)
    reason = reason_given(reason)
    Approval.objects.create(job=row, side=side, revision=row.revision, approved=False, reason=reason, by=by, at=now)
    move(row, Job.Status.DRAFT, by=by, now=now, action="job.returned", reason=reason, returned_reason=reason)
    mails.tell_returned(row, side, reason, by=by, now=now)
    return row


def _for_word(job: Job, side: str, *, by: User) -> Job:
    """The locked job, if `by` may say a word for `side` now."""
    if side not in Side.values:
        raise Refused(_("Say which side you approve: strategy or creative direction."))
    require(by, ACTIONS[Side(side)])
    row = locked(job)
    in_state(row, Job.Status.APPROVAL)
    if by.pk in (row.created_by_id, row.owner_id):
        raise NotPermitted(_("You wrote this sheet; someone else must approve it."))
    if any(word.side == side for word in words(row)):
        raise Refused(_("This side has been approved already."))
    return row


def words(job: Job) -> list[Approval]:
    """The approvals given to the present submission."""
    return list(job.approvals.filter(revision=job.revision, approved=True).select_related("by"))


def open_side(job: Job, user: User) -> str:
    """The side that waits for this colleague's word, or nothing. Directors stand in where nobody has answered."""
    if job.status != Job.Status.APPROVAL or user.pk in (job.created_by_id, job.owner_id):
        return ""
    given = {word.side for word in words(job)}
    return next((str(side) for side, action in ACTIONS.items() if side not in given and may(user, action)), "")
