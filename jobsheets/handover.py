"""What a leaver leaves behind on jobs: those they own go to the successor; their places on others are given up."""

from datetime import datetime

from django.utils.translation import ngettext

from accounts.handover import register_handover
from accounts.models import User
from agency import audit

from .actions.sheet import hand_over_job
from .models import Assignment, Job

_ALIVE = (Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD)


def jobs_of_leaver(leaver: User, successor: User | None, *, by: audit.Acts, now: datetime) -> list[str]:
    """Living jobs the leaver owns, and work they were given; the successor inherits both. Without one, only says what there is."""
    owned = Job.objects.filter(owner=leaver, status__in=_ALIVE).select_related("account__client")
    places = Assignment.objects.filter(user=leaver, removed_at=None, job__status__in=_ALIVE).select_related(
        "job__account__client"
    )
    n, m = len(owned), len(places)
    if successor is not None:
        for job in owned:
            hand_over_job(job, successor, by=by, now=now)
        for place in places:
            _pass_on(place, successor, by=by, now=now)
    said = []
    if n:
        said.append(ngettext("%(n)s job they own", "%(n)s jobs they own", n) % {"n": n})
    if m:
        said.append(ngettext("%(n)s job they work on", "%(n)s jobs they work on", m) % {"n": m})
    return said


def _pass_on(place: Assignment, successor: User, *, by: audit.Acts, now: datetime) -> None:
    """The successor takes the leaver's place, and must acknowledge the sheet before working on it."""
    job = place.job
    Assignment.objects.filter(pk=place.pk).update(removed_at=now)
    audit.record("job.unassigned", job, by=by, now=now, old={"who": place.user.full_name})
    if not job.assignments.filter(user=successor, removed_at=None).exists():
        Assignment.objects.create(job=job, user=successor, craft=place.craft, assigned_at=now, assigned_by=place.assigned_by)
        audit.record("job.assigned", job, by=by, now=now, new={"who": successor.full_name, "craft": place.craft})


register_handover(jobs_of_leaver)
