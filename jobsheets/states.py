"""Where a deliverable and a job stand, and whose turn it is: one answer for lists, pages, reports and My day.

`load_deliverables` reads all that is needed in a fixed number of queries, however many there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoffs.models import Signatory

from .models import Approval, Assignment, Deliverable, Job, QualityCheck, Release, SheetIssue, Version

#: The states of a deliverable, with their word and the colour's role.
WORDS: dict[str, tuple[str | Promise, str]] = {
    "dropped": (gettext_lazy("no longer wanted"), ""),
    "signed_off": (gettext_lazy("signed off"), "done"),
    "small_changes": (gettext_lazy("signed off, small changes to make"), "due"),
    "waiting": (gettext_lazy("not begun"), ""),
    "check": (gettext_lazy("to be checked"), "now"),
    "flawed": (gettext_lazy("check not passed"), "late"),
    "release": (gettext_lazy("to be released"), "now"),
    "refused": (gettext_lazy("not released"), "late"),
    "ready": (gettext_lazy("ready to send"), "due"),
    "client": (gettext_lazy("with the client"), "client"),
    "changes": (gettext_lazy("changes needed"), "late"),
    "declined": (gettext_lazy("declined"), "late"),
    "reopened": (gettext_lazy("reopened"), "due"),
}


@dataclass(frozen=True)
class State:
    """Where a deliverable stands: `key` (of WORDS), since when, who has to act (names), and on which version."""

    key: str
    since: datetime | None
    turn: tuple[str, ...]
    version: Version | None

    @property
    def word(self) -> str:
        return str(WORDS[self.key][0])

    @property
    def role(self) -> str:
        return WORDS[self.key][1]

    @property
    def is_settled(self) -> bool:
        return self.key in ("signed_off", "dropped")

    # {% state %} asks for these names
    state_word = word
    state_role = role


def with_state(deliverables: "QuerySet[Deliverable]") -> "QuerySet[Deliverable]":
    """Deliverables with their versions (newest first), checks, releases and people: five queries in all."""
    versions = (
        Version.objects.select_related("file", "by")
        .order_by("-number")
        .prefetch_related(
            Prefetch("checks", QualityCheck.objects.select_related("by")),
            Prefetch("releases", Release.objects.select_related("by")),
        )
    )
    people = Assignment.objects.filter(removed_at=None).select_related("user")
    return deliverables.select_related("job__account__client", "job__owner").prefetch_related(
        Prefetch("versions", versions), Prefetch("job__assignments", people, to_attr="at_work")
    )


def load_deliverables(deliverables: "QuerySet[Deliverable]") -> list[Deliverable]:
    """The deliverables with `state` and `current` (newest version or None) set on each; a fixed number of queries."""
    rows = list(with_state(deliverables))
    waiting = waiting_signatories(version for row in rows for version in row.versions.all()[:1] if version.sent_at)
    for row in rows:
        set_state(row, waiting)
    return rows


def set_state(row: Deliverable, waiting: dict[int, list[str]]) -> None:
    newest = next(iter(row.versions.all()), None)
    row.current = newest  # type: ignore[attr-defined]
    row.state = state_of(row, newest, waiting.get(newest.pk, []) if newest else [])  # type: ignore[attr-defined]


def waiting_signatories(versions: Iterable[Version]) -> dict[int, list[str]]:
    """For versions that are with the client: the names of those who haven't answered, by version."""
    from django.contrib.contenttypes.models import ContentType

    wanted = [version.pk for version in versions if not version.answer]
    found: dict[int, list[str]] = defaultdict(list)
    if not wanted:
        return found
    rows = Signatory.objects.filter(
        request__outcome="", decided_at=None, revoked_at=None, delegated_to=None, contact__isnull=False,
        request__document__subject_type=ContentType.objects.get_for_model(Version), request__document__subject_id__in=wanted,
    ).exclude(role=Signatory.Role.COPY)  # fmt: skip
    for name, version in rows.order_by("turn", "pk").values_list("name", "request__document__subject_id"):
        found[version].append(name)
    return found


def state_of(row: Deliverable, newest: Version | None, waiting: list[str]) -> State:
    """Of one deliverable whose versions, checks and releases are at hand."""
    makers, owner = _makers(row), (row.job.owner.full_name,)
    if row.dropped_at:
        return State("dropped", row.dropped_at, (), newest)
    if newest is None:
        return State("waiting", row.job.opened_at, makers or owner, None)
    maker = (newest.by.full_name,)
    if row.signed_off_at:
        return _signed_off(row, newest, maker)
    if newest.answer:
        key = {"changes": "changes", "declined": "declined"}.get(newest.answer, "reopened")
        return State(key, newest.answered_at, owner if key == "declined" else maker, newest)
    if newest.sent_at:
        return State("client", newest.sent_at, tuple(waiting) or (row.job.account.client.name,), newest)
    return _in_house(row, newest, maker, owner)


def _signed_off(row: Deliverable, newest: Version, maker: tuple[str, ...]) -> State:
    """Small changes promised to the client are made in the next version, which isn't shown again."""
    if newest.answer == Version.Answer.SMALL_CHANGES:
        return State("small_changes", newest.answered_at, maker, newest)
    return State("signed_off", row.signed_off_at, (), newest)


def _in_house(row: Deliverable, newest: Version, maker: tuple[str, ...], owner: tuple[str, ...]) -> State:
    check, word = next(iter(newest.checks.all()), None), next(iter(newest.releases.all()), None)
    if word and word.released:
        return State("ready", word.at, owner, newest)
    if word and (check is None or word.at >= check.at):
        return State("refused", word.at, maker, newest)
    if check is None:
        others = tuple(name for name in _makers(row) if name not in maker)
        return State("check", newest.at, others or owner, newest)
    if not check.passed:
        return State("flawed", check.at, maker, newest)
    return State("release", check.at, (str(_("Creative director")),), newest)


def _makers(row: Deliverable) -> tuple[str, ...]:
    return tuple(assignment.user.full_name for assignment in _at_work(row.job))


def _at_work(job: Job) -> list[Assignment]:
    at_work = getattr(job, "at_work", None)
    if at_work is None:
        at_work = job.at_work = list(job.assignments.filter(removed_at=None).select_related("user"))  # type: ignore[attr-defined]
    return list(at_work)


@dataclass(frozen=True)
class Step:
    """What a job needs next and whose turn it is."""

    word: str
    turn: tuple[str, ...]
    role: str = ""


def load_jobs(jobs: "QuerySet[Job]") -> list[Job]:
    """Jobs with `next` (a Step), `wanted` (their deliverables, with state), `signed` (how many are signed off) set on each."""
    people = Assignment.objects.filter(removed_at=None).select_related("user")
    rows: list[Any] = list(
        jobs.select_related("account__client", "account__brand", "owner", "copied_from").prefetch_related(
            Prefetch("assignments", people, to_attr="at_work"),
            Prefetch("approvals", Approval.objects.select_related("by")),
            Prefetch("issues", SheetIssue.objects.only("pk", "job", "number", "issued_at", "file").order_by("-number")),
        )
    )
    by_job: dict[int, list[Deliverable]] = defaultdict(list)
    ordered = Deliverable.objects.wanted().filter(job__in=[row.pk for row in rows])
    for deliverable in load_deliverables(ordered.order_by("position")):
        by_job[deliverable.job_id].append(deliverable)
    for row in rows:
        settle(row, by_job[row.pk])
    return rows


def settle(job: Any, wanted: list[Deliverable]) -> None:
    """Set `wanted`, `signed` and `next` on a job whose people, approvals and issues are at hand."""
    job.wanted = wanted
    job.signed = sum(row.signed_off_at is not None for row in wanted)
    job.next = next_step(job)


def next_step(job: Any) -> Step:
    """What stands between the job and its end."""
    status, owner = job.status, (job.owner.full_name,)
    if status == Job.Status.DRAFT:
        return Step(_("Revise: the sheet came back") if job.returned_reason else _("Finish the job sheet"), owner)
    if status == Job.Status.APPROVAL:
        given = {word.side for word in job.approvals.all() if word.approved and word.revision == job.revision}
        lacking = [str(side.label) for side in Approval.Side if side not in given]
        return Step(_("Approve the job sheet"), tuple(lacking), "due")
    if status == Job.Status.HELD:
        return Step(_("On hold"), owner, "late")
    if status != Job.Status.OPEN:
        return Step("", ())
    return _open_step(job, owner)


def _open_step(job: Any, owner: tuple[str, ...]) -> Step:
    if not job.at_work:
        return Step(_("Put people on the job"), owner, "due")
    if unread := unacknowledged(job):
        return Step(_("Acknowledge the job sheet"), tuple(row.user.full_name for row in unread), "now")
    if not job.wanted:
        return Step(_("Say what is delivered"), owner, "due")
    pressing = [
        "changes",
        "declined",
        "flawed",
        "refused",
        "ready",
        "release",
        "check",
        "small_changes",
        "reopened",
        "client",
        "waiting",
    ]
    unsettled = [row for row in job.wanted if not row.state.is_settled]
    if not unsettled:
        return Step(_("Close the job"), (str(_("Finance")),), "done")
    row = min(unsettled, key=lambda row: (pressing.index(row.state.key), row.position))
    # The title may run the other way than the reader's language: it is isolated.
    return Step(f"\u2068{row.title}\u2069: {row.state.word}", row.state.turn, row.state.role)


def unacknowledged(job: Any) -> list[Assignment]:
    """Who works on the job without having read the issue in force."""
    latest = next(iter(job.issues.all()), None)
    number = latest.number if latest else 0
    return [row for row in _at_work(job) if row.acknowledged_issue != number]
