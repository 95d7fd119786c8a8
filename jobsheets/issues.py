"""The job sheet as it is frozen at each issue, and what changed from one issue to the next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from accounts.models import User

from .models import Job, SheetIssue

#: The fields of the brief in the order of the sheet.
BRIEF = (
    "background", "objective", "audience", "message", "support", "tone", "mandatories", "sizes", "dates", "instructions",
)  # fmt: skip
#: Everything that stands on the sheet as a single value.
FACTS = ("title", "kind", "due_at", "client_order", *BRIEF, "budget")


def freeze(job: Job) -> dict[str, Any]:
    """All that stands on the sheet now, as plain values; labels follow the reader's language when it is shown."""
    account = job.account
    return {
        "revision": job.revision,
        "number": job.number,
        "title": job.title,
        "kind": job.kind,
        "client": account.client.name,
        "account": account.name,
        "brand": account.brand.name if account.brand else "",
        "owner": job.owner.full_name,
        "due_at": job.due_at.isoformat(),
        "client_order": job.client_order,
        "budget": str(job.budget) if job.budget is not None else "",
        "currency": account.client.currency,
        "zone": account.client.zone_name,
        **{name: getattr(job, name) for name in BRIEF},
        "deliverables": [
            {
                "number": f"D{row.position:02d}",
                "title": row.title,
                "specification": row.specification,
                "due_at": row.due_at.isoformat() if row.due_at else "",
            }
            for row in job.deliverables.wanted()
        ],
        "approvals": [
            {"side": word.side, "name": word.by.full_name, "at": word.at.isoformat()}
            for word in job.approvals.filter(approved=True).select_related("by").order_by("at", "pk")
            if word.at >= (job.submitted_at or word.at)
        ],
    }


def issue(job: Job, *, by: User, now: datetime) -> SheetIssue:
    """Freeze the sheet as its next issue and have its PDF made. The caller holds the job's row."""
    from agency.doorbell import ring

    from .tasks import render_issue

    last = job.issues.aggregate(last=Max("number"))["last"] or 0
    made = SheetIssue.objects.create(job=job, number=last + 1, data=freeze(job), issued_at=now, issued_by=by)
    ring(render_issue, made.pk)
    return made


def latest(job: Job) -> SheetIssue | None:
    """The issue that is in force."""
    return job.issues.order_by("-number").first()


@dataclass(frozen=True)
class Change:
    """One line of the sheet that differs from the issue before."""

    label: str | Promise
    before: Any
    after: Any


def changes(before: SheetIssue, after: SheetIssue) -> list[Change]:
    """What someone who read `before` must know about `after`."""
    found = [
        Change(field_label(name), shown(name, before.data), shown(name, after.data))
        for name in (*FACTS, "owner")
        if before.data.get(name) != after.data.get(name)
    ]
    old, new = ({row["number"]: row for row in issue.data.get("deliverables", [])} for issue in (before, after))
    for number in sorted(old.keys() | new.keys()):
        if old.get(number) != new.get(number):
            found.append(Change(number, _line(old.get(number)), _line(new.get(number))))
    return found


def field_label(name: str) -> str | Promise:
    return Job._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def shown(name: str, data: dict[str, Any]) -> Any:
    """A frozen value as templates show it: dates as dates, choices as words."""
    value = data.get(name) or ""
    if name == "due_at":
        return parse_datetime(value) if value else None
    if name == "kind":
        return dict(Job.Kind.choices).get(value, value)
    if name == "budget" and value:
        return f"{value} {data.get('currency', '')}"
    return value


def _line(row: dict[str, Any] | None) -> str:
    return " · ".join(filter(None, [row["title"], row["specification"]])) if row else ""
