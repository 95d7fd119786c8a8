"""Writing the sheet: create, edit, copy, move its date, hand it over."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import lock_for_work
from accounts.models import Account, User
from accounts.permissions import require
from agency import audit, words
from agency.clock import agency_zone, local
from agency.errors import Refused
from agency.numbering import next_number

from .. import issues, mails
from ..models import Deliverable, Job, SheetIssue
from .common import future, in_state, locked, reason_given, require_on_team

#: What a person writes on a sheet.
EDITABLE = ("title", "kind", "owner", "due_at", "client_order", *issues.BRIEF, "budget")
_OPEN = (Job.Status.OPEN, Job.Status.HELD)


class Stale(Refused):
    """Someone else changed the sheet since it was read; `job` is how it stands now."""

    def __init__(self, job: Job) -> None:
        super().__init__(_("Someone changed this job sheet while you were writing. Compare both, then save again."))
        self.job = job


@transaction.atomic
def create_job(*, account: Account, by: User, now: datetime, copied_from: Job | None = None, **facts: Any) -> Job:
    """Write a new sheet (a draft) with the next number of the client's series for the agency's year, such as ACM-26-0042.

    `facts` are fields of EDITABLE; the owner is `by` unless given. Raises NotPermitted, or Refused when the account is
    archived, the owner isn't on its team, or the facts are incomplete.
    """
    require(by, "jobs.create")
    account = lock_for_work(account)
    job = Job(account=account, created_by=by, created_at=now, copied_from=copied_from, **_known(facts))
    if not job.owner_id:
        job.owner = by
    require_on_team(account, job.owner)
    year = f"{local(now, agency_zone()):%y}"
    job.number = f"{account.client.code}-{year}-{next_number(f'job:{account.client_id}:{year}'):04d}"
    _check(job)
    future(job.due_at, now)
    job.save(force_insert=True)
    audit.record("job.created", job, by=by, now=now, new={"title": job.title})
    return job


@transaction.atomic
def create_with_deliverables(
    *, account: Account, deliverables: list[tuple[str, str]], by: User, now: datetime, **facts: Any
) -> Job:
    """A new sheet together with what it orders: (title, specification) of each deliverable."""
    job = create_job(account=account, by=by, now=now, **facts)
    _order(job, deliverables)
    return job


def _order(job: Job, wanted: list[tuple[str, str]]) -> None:
    Deliverable.objects.bulk_create(
        Deliverable(job=job, position=place, title=title, specification=specification)
        for place, (title, specification) in enumerate(wanted, start=1)
    )


@transaction.atomic
def edit_job(job: Job, *, revision: int, by: User, now: datetime, **facts: Any) -> Job:
    """Change what stands on the sheet. On an open or held job this issues the sheet again, and asks for new acknowledgements.

    `revision` is the one the writer read; raises Stale when the sheet was changed since. A sheet in approval is taken back first.
    """
    require(by, "jobs.edit")
    row = locked(job)
    if row.revision != revision:
        raise Stale(row)
    if row.status == Job.Status.APPROVAL:
        raise Refused(_("This sheet is being approved. Take it back first, then change it."))
    in_state(row, Job.Status.DRAFT, *_OPEN)
    old = {name: getattr(row, name) for name in EDITABLE}
    for name, value in _known(facts).items():
        setattr(row, name, value)
    changed = [name for name in EDITABLE if getattr(row, name) != old[name]]
    if not changed:
        return row
    if "owner" in changed:
        require_on_team(row.account, row.owner)
    if "due_at" in changed:
        future(row.due_at, now)
    _check(row)
    if row.status in _OPEN:
        require_complete(row)
    _save_edit(row, changed)
    facts_of = {name: _plain(old[name]) for name in changed}, {name: _plain(getattr(row, name)) for name in changed}
    audit.record("job.edited", row, by=by, now=now, old=facts_of[0], new=facts_of[1])
    issue_again(row, by=by, now=now)
    return row


def _save_edit(row: Job, changed: list[str]) -> None:
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])


def issue_again(job: Job, *, by: User, now: datetime) -> None:
    """After a change to an open or held job: the next issue, and a letter to everyone who must read it."""
    if job.status in _OPEN:
        made = issues.issue(job, by=by, now=now)
        _supersede_older(made, by=by, now=now)
        audit.record("job.issued", job, by=by, now=now, new={"issue": made.number})
        mails.ask_to_acknowledge(job, made, by=by, now=now)


def _supersede_older(made: SheetIssue, *, by: User, now: datetime) -> None:
    """What the client has of an older issue can no longer be signed."""
    from signoffs.actions import supersede_requests

    for older in SheetIssue.objects.filter(job=made.job, number__lt=made.number):
        supersede_requests(older, by=by, now=now)


@transaction.atomic
def move_due_date(job: Job, due_at: datetime, *, reason: str, by: User, now: datetime) -> Job:
    """Move the job's due date, as traffic does; on an open job the sheet is issued again. Raises Refused without a reason."""
    require(by, "jobs.edit")
    reason = reason_given(reason)
    row = locked(job)
    in_state(row, Job.Status.DRAFT, *_OPEN)
    old = row.due_at
    if old == due_at:
        return row
    row.due_at = future(due_at, now)
    _save_edit(row, ["due_at"])
    moved: dict[str, Any] = {"old": {"due_at": old.isoformat()}, "new": {"due_at": due_at.isoformat()}}
    audit.record("job.due_moved", row, by=by, now=now, reason=reason, **moved)
    issue_again(row, by=by, now=now)
    return row


@transaction.atomic
def copy_job(source: Job, *, title: str, due_at: datetime, by: User, now: datetime) -> Job:
    """A new draft with the brief and the wanted deliverables of another job of the account; people, files and dates aren't copied."""
    facts = {name: getattr(source, name) for name in (*issues.BRIEF, "kind", "budget") if name != "dates"}
    job = create_job(account=source.account, by=by, now=now, copied_from=source, title=title, due_at=due_at, **facts)
    _order(job, [(row.title, row.specification) for row in source.deliverables.wanted().order_by("position")])
    return job


@transaction.atomic
def hand_over_job(job: Job, to: User, *, by: audit.Acts, now: datetime) -> Job:
    """Give a job to another colleague of the account's team, as when its owner leaves. No new issue: what is ordered stays.

    Part of handing over everything of a leaver, which has asked permission.
    """
    row = locked(job)
    if row.owner_id == to.pk:
        return row
    require_on_team(row.account, to)
    old, row.owner = row.owner, to
    _save_edit(row, ["owner"])
    audit.record("job.handed_over", row, by=by, now=now, old={"owner": old.full_name}, new={"owner": to.full_name})
    return row


#: Without these nobody can work: what is it for, whom does it speak to, what does it say, what is ordered.
REQUIRED = ("objective", "audience", "message")


def missing(job: Job) -> list[str]:
    """What the brief still lacks before it can be approved, as the words on the form."""
    lacking = [str(issues.field_label(name)) for name in REQUIRED if not getattr(job, name).strip()]
    if not job.deliverables.wanted().exists():
        lacking.append(_("at least one deliverable"))
    return lacking


def require_complete(job: Job) -> None:
    if lacking := missing(job):
        raise Refused(_("The brief isn't complete yet. Still to be written: %(fields)s.") % {"fields": words.listed(lacking)})


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(EDITABLE):
        raise TypeError(f"Not a field of the sheet: {', '.join(sorted(unknown))}")
    return facts


def _check(job: Job) -> None:
    """The model's own limits, as a sentence."""
    try:
        job.clean_fields(exclude=["number"] if not job.number else [])
    except ValidationError as error:
        labels = [str(issues.field_label(name)) for name in error.message_dict]
        raise Refused(_("Check these fields: %(fields)s.") % {"fields": words.listed(labels)}) from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | None) else str(value)
