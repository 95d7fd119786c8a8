"""What is frozen when a version or a job sheet is sent to be signed: plain values, all that the pages and the PDF show."""

from datetime import datetime
from typing import Any

from .checklist import NOT_APPLICABLE
from .issues import BRIEF
from .models import Release, SheetIssue, Version


def version_data(version: Version, *, sent_at: datetime) -> dict[str, Any]:
    """A deliverable's version: the artwork's facts, who checked and released it, what was said about the one before."""
    deliverable = version.deliverable
    job, file = deliverable.job, version.file
    check = version.checks.select_related("by").get(pk=version.checks.first().pk)  # type: ignore[union-attr]
    release = version.releases.select_related("by").get(released=True)
    return {
        "job": {"number": job.number, "title": job.title, "client": job.account.client.name, "account": job.account.name},
        "owner": {"name": job.owner.full_name, "phone": job.owner.phone, "email": job.owner.email},
        "deliverable": {
            "number": deliverable.number, "title": deliverable.title, "specification": deliverable.specification,
        },
        "version": version.number,
        "note": version.note,
        "file": {
            "id": file.pk, "name": file.name, "size": file.size, "content_type": file.content_type, "kind": file.kind,
            "width": file.width, "height": file.height, "sha256": version.sha256,
        },
        "made": {"name": version.by.full_name, "at": version.at.isoformat()},
        "checked": {
            "name": check.by.full_name, "at": check.at.isoformat(),
            "count": sum(item["answer"] != NOT_APPLICABLE for item in check.items), "of": len(check.items),
        },
        "released": _released(release),
        "zone": job.account.client.zone_name,
        "sent_at": sent_at.isoformat(),
        "before": _before(version),
    }  # fmt: skip


def _released(release: Release) -> dict[str, str]:
    return {"name": release.by.full_name, "title": release.by.paper_title, "at": release.at.isoformat()}


def _before(version: Version) -> dict[str, Any] | None:
    """The last version the client answered: what they saw and said."""
    last = version.deliverable.versions.filter(number__lt=version.number).exclude(answer="").first()
    if last is None:
        return None
    seen = last.answered_at or last.at
    return {"version": last.number, "answer": last.answer, "text": last.answer_text, "at": seen.isoformat()}


def sheet_data(issue: SheetIssue) -> dict[str, Any]:
    """A job sheet's issue, as the client may read it: what is ordered and why; the agency's own remarks stay inside."""
    kept = {name: issue.data.get(name, "") for name in ("number", "title", "kind", "client", "account", "brand", "owner", "due_at",
            "client_order", "budget", "currency", "deliverables", *(name for name in BRIEF if name != "instructions"))}  # fmt: skip
    return kept | {
        "issue": issue.number,
        "issued_at": issue.issued_at.isoformat(),
        "approvals": issue.data.get("approvals", []),
        "zone": issue.job.account.client.zone_name,
    }
