"""Who does the work, and that they have read the sheet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency import audit
from agency.errors import NotPermitted, Refused

from .. import issues, mails
from ..models import Assignment, Job
from .common import in_state, locked, require_on_team, text

_GOING = (Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD)


@transaction.atomic
def assign(job: Job, user: User, craft: str, *, by: User, now: datetime) -> Assignment:
    """Put a colleague of the account's team to work on the job; on an open one they are asked to acknowledge the sheet."""
    require(by, "jobs.assign")
    row = locked(job)
    in_state(row, *_GOING)
    require_on_team(row.account, user)
    craft = text(craft, 80)
    if not craft:
        raise Refused(_("Write what they do on this job, such as copy or art direction."))
    if row.assignments.filter(user=user, removed_at=None).exists():
        raise Refused(_("%(name)s is already on this job.") % {"name": user.full_name})
    made = Assignment.objects.create(job=row, user=user, craft=craft, assigned_at=now, assigned_by=by)
    audit.record("job.assigned", row, by=by, now=now, new={"who": user.full_name, "craft": craft})
    issue = issues.latest(row)
    if issue and row.status == Job.Status.OPEN:
        mails.ask_to_acknowledge(row, issue, by=by, now=now, only=[user])
    return made


@transaction.atomic
def unassign(assignment: Assignment, *, by: User, now: datetime) -> None:
    """Take a colleague off the job. What they did stays under their name."""
    require(by, "jobs.assign")
    row = locked(assignment.job)
    in_state(row, *_GOING)
    if not Assignment.objects.filter(pk=assignment.pk, removed_at=None).update(removed_at=now):
        raise Refused(_("%(name)s is no longer on this job.") % {"name": assignment.user.full_name})
    audit.record("job.unassigned", row, by=by, now=now, old={"who": assignment.user.full_name})


@transaction.atomic
def acknowledge(job: Job, issue_number: int, *, by: User, now: datetime) -> Assignment:
    """ "I have read this": the assignee signs for the issue they read. Repeating it changes nothing.

    Raises Refused when the sheet was issued again meanwhile, NotPermitted for who isn't on the job.
    """
    require(by, "jobs.acknowledge")
    row = locked(job)
    in_state(row, Job.Status.OPEN, Job.Status.HELD)
    mine = assignment_of(row, by)
    issue = issues.latest(row)
    if issue is None or issue.number != issue_number:
        raise Refused(_("The job sheet was changed meanwhile. Read what changed, then acknowledge it."))
    if mine.acknowledged_issue == issue.number:
        return mine
    mine.acknowledged_issue, mine.acknowledged_at, mine.question = issue.number, now, ""
    mine.save(update_fields=["acknowledged_issue", "acknowledged_at", "question"])
    audit.record("job.acknowledged", row, by=by, now=now, new={"issue": issue.number})
    return mine


@transaction.atomic
def ask_question(job: Job, question: str, *, by: User, now: datetime) -> Assignment:
    """Instead of acknowledging: something on the sheet isn't clear. The account executive is told."""
    require(by, "jobs.acknowledge")
    row = locked(job)
    in_state(row, Job.Status.OPEN, Job.Status.HELD)
    mine = assignment_of(row, by)
    question = text(question, 2000)
    if not question:
        raise Refused(_("Write your question."))
    if mine.question == question:
        return mine
    mine.question = question
    mine.save(update_fields=["question"])
    audit.record("job.questioned", row, by=by, now=now, reason=question)
    mails.tell_question(row, question, by=by, now=now)
    return mine


def assignment_of(job: Job, user: User) -> Assignment:
    """This colleague's place on the job."""
    found = job.assignments.filter(user=user, removed_at=None).first()
    if found is None:
        raise NotPermitted(_("You aren't on this job. Ask its account executive to put you on it."))
    return found
