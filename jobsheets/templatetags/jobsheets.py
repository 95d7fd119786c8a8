"""Tags of this app's pages, letters and documents. Load with {% load jobsheets %}."""

from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from agency import words

from .. import issues
from ..checklist import LABELS
from ..models import Deliverable, Job, Version

register = template.Library()


@register.simple_tag
def job_facts(job: Job) -> list[tuple[str, Any]]:
    """(label, value) pairs of a job for a letter: number, client, due, account executive."""
    return [
        (_("Job"), job.number),
        (_("Client"), f"{job.account.client.name} · {job.account.name}"),
        (_("Due"), words.when(job.due_at)),
        (_("Account executive"), job.owner.full_name),
    ]


@register.simple_tag
def version_facts(version: Version) -> list[tuple[str, Any]]:
    """(label, value) pairs of a version for a letter."""
    deliverable = version.deliverable
    job = deliverable.job
    return [
        (_("Deliverable"), deliverable.number),
        (_("Job"), job.title),
        (_("Client"), f"{job.account.client.name} · {job.account.name}"),
        (_("File"), f"{version.file.name} ({filesizeformat(version.file.size)})"),
        (_("Due"), words.when(deliverable.due_at or job.due_at)),
    ]


@register.filter
def brief_label(name: str) -> Any:
    """The words for a field of the sheet."""
    return issues.field_label(name)


@register.filter
def check_label(key: str) -> Any:
    """The words of a line of the checklist; an old line that is no longer asked shows its key."""
    return LABELS.get(key, key)


@register.filter
def due_of(deliverable: Deliverable) -> Any:
    """By when it is wanted: its own date, or the job's."""
    return deliverable.due_at or deliverable.job.due_at
