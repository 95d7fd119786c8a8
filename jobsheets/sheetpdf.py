"""What the PDF of a job sheet's issue shows."""

from typing import Any

from . import issues
from .models import SheetIssue


def context_of(issue: SheetIssue) -> dict[str, Any]:
    """The frozen sheet as sections, and what changed since the issue before."""
    data = issue.data
    before = SheetIssue.objects.filter(job=issue.job, number__lt=issue.number).order_by("-number").first()
    return {
        "issue": issue,
        "data": data,
        "changes": issues.changes(before, issue) if before else [],
    }


def sections(data: dict[str, Any]) -> list[tuple[Any, str]]:
    """The brief's parts that say something, each with its heading."""
    return [(issues.field_label(name), data[name]) for name in issues.BRIEF if data.get(name)]
