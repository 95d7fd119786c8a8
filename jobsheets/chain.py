"""The job's part of the chain: sheet written, approved, acknowledged, work signed off. Money follows from other floors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agency import words

from .models import Approval, Job
from .states import unacknowledged


@dataclass(frozen=True)
class ChainStep:
    """One link, as templates/cs/chain.html shows it."""

    label: str
    state: Literal["done", "now", "todo", "late", "client"]
    note: str = ""
    url: str = ""


def steps(job: Any, *, now: datetime) -> list[ChainStep]:
    """The links of a job loaded by `states.load_jobs`."""
    found = [_sheet(job), _approved(job), _acknowledged(job), *_work(job, now)]
    return found if job.status != Job.Status.CANCELLED else [_over(step) for step in found]


def _over(step: ChainStep) -> ChainStep:
    """Nothing is expected of a cancelled job."""
    return step if step.state == "done" else ChainStep(step.label, "todo", "", step.url)


def _by(moment: datetime, *names: str) -> str:
    return " · ".join(filter(None, [words.day(words.in_zone(moment), "short"), words.listed(names)]))


def _sheet(job: Any) -> ChainStep:
    from django.urls import reverse

    url = reverse("job_sheet", args=[job.number])
    if job.status == Job.Status.DRAFT:
        return ChainStep(_("Job sheet"), "late" if job.came_back else "now", job.owner.full_name, url)
    return ChainStep(_("Job sheet"), "done", _by(job.created_at, job.owner.full_name), url)


def _approved(job: Any) -> ChainStep:
    if job.opened_at:
        given = [word for word in job.approvals.all() if word.approved and word.at >= (job.submitted_at or word.at)]
        names = dict.fromkeys(word.by.full_name for word in reversed(given))
        return ChainStep(_("Approved"), "done", _by(job.opened_at, *names))
    if job.status == Job.Status.APPROVAL:
        given = [word for word in job.approvals.all() if word.approved and word.revision == job.revision]
        n, of = len(given), len(Approval.Side)
        return ChainStep(_("Approved"), "now", _("%(n)s of %(of)s") % {"n": n, "of": of})
    return ChainStep(_("Approved"), "todo")


def _acknowledged(job: Any) -> ChainStep:
    label = _("Acknowledged")
    if not job.opened_at:
        return ChainStep(label, "todo")
    people, unread = len(job.at_work), unacknowledged(job)
    if not people:
        return ChainStep(label, "now" if job.status == Job.Status.OPEN else "todo", _("nobody is on it yet"))
    if unread:
        note = _("%(n)s of %(of)s") % {"n": people - len(unread), "of": people}
        return ChainStep(label, "now" if job.status == Job.Status.OPEN else "todo", note)
    last = max(row.acknowledged_at for row in job.at_work)
    return ChainStep(label, "done", _by(last, *(row.user.full_name for row in job.at_work)))


def _work(job: Any, now: datetime) -> list[ChainStep]:
    """Work, and its signing off."""
    total = len(job.wanted)
    note = _("%(n)s of %(of)s signed off") % {"n": job.signed, "of": total}
    if total and job.signed == total:
        at = max(row.signed_off_at for row in job.wanted)
        return [ChainStep(_("Work"), "done", note), ChainStep(_("Signed off"), "done", _by(at))]
    due = pgettext("job", "due %(day)s") % {"day": words.day(words.in_zone(job.due_at), "short")}
    begun = job.status == Job.Status.OPEN and job.at_work and not unacknowledged(job)
    if not begun:
        return [ChainStep(_("Work"), "todo", note if job.signed else ""), ChainStep(_("Signed off"), "todo", due)]
    with_client = any(row.state.key == "client" for row in job.wanted)
    signing: Literal["late", "client", "todo"] = "late" if job.due_at < now else "client" if with_client else "todo"
    return [ChainStep(_("Work"), "now", note), ChainStep(_("Signed off"), signing, due)]
