"""Material hung on the sheet: logos, plans, photographs, texts."""

from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from agency import audit
from agency.errors import NotPermitted, Refused
from agency.files import store_upload

from ..models import Job, ReferenceFile
from .common import in_state, locked, text

_GOING = (Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD)
MAX_REFERENCES = 100


def may_refer(job: Job, by: User) -> bool:
    """The account side, traffic, and whoever works on the job; while the job lives."""
    return job.status in _GOING and (may(by, "jobs.edit") or job.assignments.filter(user=by, removed_at=None).exists())


def _may_change(job: Job, by: User) -> None:
    if not may(by, "jobs.edit") and not job.assignments.filter(user=by, removed_at=None).exists():
        raise NotPermitted(_("Reference files are kept by the account team and by those who work on the job."))


@transaction.atomic
def add_reference(job: Job, upload: File, note: str, *, by: User, now: datetime) -> ReferenceFile:
    """Hang a file on the sheet. Raises Refused when the file can't be taken."""
    row = locked(job)
    _may_change(row, by)
    in_state(row, *_GOING)
    if row.references.filter(removed_at=None).count() >= MAX_REFERENCES:
        raise Refused(_("This job has %(n)s reference files. Remove some, or put them into one ZIP.") % {"n": MAX_REFERENCES})
    note = text(note, 200)
    made = ReferenceFile.objects.create(job=row, file=store_upload(upload, now=now), note=note, by=by, at=now)
    audit.record("job.reference_added", row, by=by, now=now, new={"file": made.file.name})
    return made


@transaction.atomic
def remove_reference(reference: ReferenceFile, *, by: User, now: datetime) -> None:
    """Take a file off the sheet; it is kept, but no longer shown."""
    row = locked(reference.job)
    _may_change(row, by)
    in_state(row, *_GOING)
    if ReferenceFile.objects.filter(pk=reference.pk, removed_at=None).update(removed_at=now):
        audit.record("job.reference_removed", row, by=by, now=now, old={"file": reference.file.name})
