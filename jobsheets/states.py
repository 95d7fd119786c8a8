"""Where a deliverable and a job stand, and whose turn it is: one answer for lists, pages, reports and My day.

`load_deliverables` reads all that is needed in a fixed number of queries, however many there are. `for_the_client` (while one is
in the room) leaves out what isn't released: what happens in the house until then is the agency's own affair.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Max, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import words
from signoffs.models import Signatory

from .models import Approval, Assignment, Deliverable, Job, SheetIssue, Version

#: The states of a deliverable, with their word and the colour's role.
WORDS: dict[str, tuple[str | Promise, str]] = {
    "dropped": (gettext_lazy("no longer wanted"), ""),
    "signed_off": (gettext_lazy("signed off"), "done"),
    "small_changes": (gettext_lazy("signed off, small changes to make"), "due"),
    "waiting": (gettext_lazy("not begun"), ""),
    "in_work": (gettext_lazy("in work"), "now"),
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


def load_deliverables(deliverables: "QuerySet[Deliverable]", *, for_the_client: bool = False) -> list[Deliverable]:
    """The deliverables with `state` and `current` (newest version or None) set on each; four queries, however many there are."""
    people = Prefetch("job__assignments", _working(), to_attr="at_work")
    rows = list(deliverables.select_related("job__account__client", "job__owner").prefetch_related(people))
    set_states(rows, for_the_client=for_the_client)
    return rows


def _working() -> "QuerySet[Assignment]":
    return Assignment.objects.filter(removed_at=None).select_related("user")


def set_states(rows: Iterable[Any], unanswered: Iterable[Signatory] | None = None, *, for_the_client: bool = False) -> None:
    """Set `state` and `current` on deliverables whose jobs and people are at hand.

    `unanswered`: the client's people who have something to answer, where the caller has them already.
    """
    newest = newest_versions(rows, for_the_client=for_the_client)
    waiting = names_by_version(unanswered_about(newest.values()) if unanswered is None else unanswered)
    for row in rows:
        row.current = newest.get(row.pk)
        row.state = state_of(row, row.current, waiting.get(row.current.pk, []) if row.current else [])
        if for_the_client and row.state.key == "waiting" and row.job.opened_at:
            row.state = replace(row.state, key="in_work")


def newest_versions(rows: Iterable[Deliverable], *, for_the_client: bool = False) -> dict[int, Any]:
    """By deliverable: its newest version, with what the last check and the last release of it said.

    `check_at` and `check_passed`, `word_at`, `word_released` and `word_reason`; None where there was none.
    """
    mine = {row.pk: row for row in rows}
    shown = Version.objects.for_the_client() if for_the_client else Version.objects.all()
    newer = shown.filter(deliverable=OuterRef("deliverable"), number__gt=OuterRef("number"))
    versions = (
        shown.filter(~Exists(newer), deliverable__in=mine)
        .select_related("file", "by")
        .annotate(
            check_at=F("checks__at"), check_passed=F("checks__passed"),
            word_at=F("releases__at"), word_released=F("releases__released"), word_reason=F("releases__reason"),
        )
        .order_by("-checks__at", "-checks__pk", "-releases__at", "-releases__pk")
    )  # fmt: skip
    found: dict[int, Any] = {}
    for version in versions if mine else []:
        # A row for each check and each release: the first is the last of both.
        found.setdefault(version.deliverable_id, version).deliverable = mine[version.deliverable_id]
    return found


def unanswered_about(versions: Iterable[Version]) -> Iterable[Signatory]:
    """Clients' people who have something to answer about these versions."""
    wanted = [version.pk for version in versions if version.sent_at and not version.answer]
    if not wanted:
        return []
    found = Signatory.objects.unanswered().filter(
        contact__isnull=False,
        request__document__subject_type=ContentType.objects.get_for_model(Version),
        request__document__subject_id__in=wanted,
    )
    return found.select_related("request__document").defer("request__document__data").order_by("turn", "pk")


def names_by_version(unanswered: Iterable[Signatory]) -> dict[int, list[str]]:
    """Who hasn't answered, by version."""
    kind, found = ContentType.objects.get_for_model(Version), defaultdict[int, list[str]](list)
    for signatory in unanswered:
        if signatory.request.document.subject_type_id == kind.pk:
            found[signatory.request.document.subject_id].append(signatory.name)
    return found


def state_of(row: Deliverable, newest: Any, waiting: list[str]) -> State:
    """Of one deliverable and its newest version (of `newest_versions`)."""
    makers, owner = _makers(row), (row.job.owner.full_name,)
    if row.dropped_at:
        return State("dropped", row.dropped_at, (), newest)
    if newest is None:
        return State("waiting", row.job.opened_at, makers or owner, None)
    maker = (newest.by.full_name,)
    if row.signed_off_at:
        return _signed_off(row, newest, maker, owner)
    if newest.answer:
        key = {"changes": "changes", "declined": "declined"}.get(newest.answer, "reopened")
        return State(key, newest.answered_at, owner if key == "declined" else maker, newest)
    if newest.sent_at:
        return State("client", newest.sent_at, tuple(waiting) or (row.job.account.client.name,), newest)
    return _in_house(row, newest, maker, owner)


def _signed_off(row: Deliverable, newest: Version, maker: tuple[str, ...], owner: tuple[str, ...]) -> State:
    """Small changes promised to the client are made in the next version: checked and released as any other, not shown again."""
    if newest.answer == Version.Answer.SMALL_CHANGES:
        return State("small_changes", newest.answered_at, maker, newest)
    if not newest.answer and (made := _in_house(row, newest, maker, owner)).key != "ready":
        return made
    return State("signed_off", row.signed_off_at, (), newest)


def _in_house(row: Deliverable, newest: Any, maker: tuple[str, ...], owner: tuple[str, ...]) -> State:
    if newest.word_released:
        return State("ready", newest.word_at, owner, newest)
    if newest.word_at and (newest.check_at is None or newest.word_at >= newest.check_at):
        return State("refused", newest.word_at, maker, newest)
    if newest.check_at is None:
        others = tuple(name for name in _makers(row) if name not in maker)
        return State("check", newest.at, others or owner, newest)
    if not newest.check_passed:
        return State("flawed", newest.check_at, maker, newest)
    return State("release", newest.check_at, (str(_("Creative director")),), newest)


def _makers(row: Deliverable) -> tuple[str, ...]:
    return tuple(assignment.user.full_name for assignment in _at_work(row.job))


def _at_work(job: Job) -> list[Assignment]:
    at_work = getattr(job, "at_work", None)
    if at_work is None:
        at_work = job.at_work = list(_working().filter(job=job))  # type: ignore[attr-defined]
    return list(at_work)


@dataclass(frozen=True)
class Step:
    """What a job needs next and whose turn it is."""

    word: str
    turn: tuple[str, ...]
    role: str = ""


def load_jobs(jobs: "QuerySet[Job]", unanswered: Iterable[Signatory] | None = None, *, for_the_client: bool = False) -> list[Job]:
    """Jobs with `next` (a Step), `wanted` (their deliverables, with state), `signed` (how many are signed off) set on each.

    Five queries, however many there are; `unanswered` as for `set_states`.
    """
    rows = list(with_words(jobs))
    settle(rows, unanswered, for_the_client=for_the_client)
    return rows


def approved_by(side: str) -> Exists:
    """Whether that side approved the sheet as it reads now, of a job."""
    return Exists(Approval.objects.filter(job=OuterRef("pk"), revision=OuterRef("revision"), approved=True, side=side))


def with_words(jobs: "QuerySet[Job]") -> "QuerySet[Job]":
    """Jobs with their client and owner, which sides approved the sheet as it reads now, and the number of the issue in force."""
    issues = SheetIssue.objects.filter(job=OuterRef("pk")).order_by("-number")
    sides = {f"{side}_given": approved_by(side) for side in Approval.Side.values}
    return jobs.select_related("account__client", "owner").annotate(**sides, issue_number=Subquery(issues.values("number")[:1]))


def settle(jobs: Iterable[Any], unanswered: Iterable[Signatory] | None = None, *, for_the_client: bool = False) -> None:
    """Set `at_work`, `wanted`, `signed` and `next` on jobs that were read `with_words`; `unanswered` as for `set_states`."""
    by_pk = {job.pk: job for job in jobs}
    prefetch_related_objects(list(by_pk.values()), Prefetch("assignments", _working(), to_attr="at_work"))
    deliverables = list(Deliverable.objects.wanted().filter(job__in=by_pk).order_by("position"))
    by_job: dict[int, list[Deliverable]] = defaultdict(list)
    for row in deliverables:
        row.job = by_pk[row.job_id]
        by_job[row.job_id].append(row)
    set_states(deliverables, unanswered, for_the_client=for_the_client)
    for job in by_pk.values():
        job.came_back = bool(job.returned_reason) and not for_the_client
        job.wanted = by_job[job.pk]
        job.signed = sum(row.signed_off_at is not None for row in job.wanted)
        job.next = next_step(job)


def next_step(job: Any) -> Step:
    """What stands between the job and its end."""
    status, owner = job.status, (job.owner.full_name,)
    if status == Job.Status.DRAFT:
        return Step(_("Revise: the sheet came back") if job.came_back else _("Finish the job sheet"), owner)
    if status == Job.Status.APPROVAL:
        lacking = [str(side.label) for side in Approval.Side if not getattr(job, f"{side}_given")]
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
        "in_work",
        "waiting",
    ]
    unsettled = [row for row in job.wanted if not row.state.is_settled]
    if not unsettled:
        return Step(_("Close the job"), (str(_("Finance")),), "done")
    row = min(unsettled, key=lambda row: (pressing.index(row.state.key), row.position))
    # The title may run the other way than the reader's language: it is isolated.
    return Step(words.labelled(row.state.word, f"\u2068{row.title}\u2069"), row.state.turn, row.state.role)


def unacknowledged(job: Any) -> list[Assignment]:
    """Who works on the job without having read the issue in force."""
    if not hasattr(job, "issue_number"):
        job.issue_number = job.issues.aggregate(last=Max("number"))["last"]
    return [row for row in _at_work(job) if row.acknowledged_issue != (job.issue_number or 0)]
