"""What jobs ask of a colleague now, for My day."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account, Role, TeamMember, User
from accounts.permissions import may
from accounts.todo import Todo
from agency import words

from .actions.approval import ACTIONS
from .actions.work import flaws
from .models import Assignment, Deliverable, Job, SheetIssue, Version
from .states import approved_by, load_deliverables

#: How far ahead My day looks for work that is due.
SOON = timedelta(hours=36)
#: More than this many rows help nobody; the most urgent come first anyway.
MOST = 100
#: What the rows say, and no more is read: of a job, and of somebody's place on one.
OF_JOB = (
    "number", "title", "status", "returned_reason", "submitted_at", "opened_at", "delivered_at", "created_by",
    "owner__full_name", "account__client__name",
)  # fmt: skip
OF_PERSON = (
    "question", "craft", "acknowledged_issue", "assigned_at", "user__full_name", "job__number", "job__title",
    "job__account__client__name",
)  # fmt: skip


def todos(user: User, now: datetime) -> list[Todo]:
    """Sheets to approve, revise and acknowledge; questions; versions to check, release, send, correct; work that is due."""
    if user.room:  # what colleagues ask of each other isn't for the client's eyes
        return [*_of_deliverables(user, now)]
    return [*_of_jobs(user), *_of_people(user), *_of_deliverables(user, now)]


def _sheet(job: Job) -> str:
    return reverse("job_sheet", args=[job.number])


def _client(job: Job) -> str:
    return job.account.client.name


def _of_jobs(user: User) -> Iterator[Todo]:
    """Sheets to approve or to revise, jobs without people, jobs to close: what has waited longest first."""
    mine, closes = Q(owner=user) | Q(created_by=user), may(user, "jobs.close")
    came_back = Q(status=Job.Status.DRAFT) & ~Q(returned_reason="")
    wanted = mine & (came_back | Q(status=Job.Status.OPEN, staffed=False))
    sides = [side for side, action in ACTIONS.items() if may(user, action)]
    if sides:
        wanted |= _to_approve(user) & _lacks_one_of(sides)
    if closes:
        owing = Deliverable.objects.owing_small_changes().values("job")
        wanted |= Q(status=Job.Status.OPEN, delivered_at__isnull=False) & ~Q(pk__in=owing)
    staffed = Exists(Assignment.objects.filter(job=OuterRef("pk"), removed_at=None))
    rows: Any = Job.objects.visible_to(user).annotate(staffed=staffed).filter(wanted).select_related("account__client", "owner")
    for job in rows.order_by(Coalesce("delivered_at", "submitted_at", "created_at"), "pk").only(*OF_JOB)[:MOST]:
        if job.status == Job.Status.DRAFT:
            yield _revise(job)
        elif job.status == Job.Status.APPROVAL:
            yield _approve(job)
        elif job.status == Job.Status.OPEN:
            if closes and job.delivered_at:
                yield _close(job)
            if not job.staffed and user.pk in (job.owner_id, job.created_by_id):
                yield _put_people(job)


def _to_approve(user: User) -> Q:
    """Specialists are asked; directors only where the team has no specialist."""
    others = Q(status=Job.Status.APPROVAL) & ~Q(created_by=user) & ~Q(owner=user)
    return others if user.has_role(Role.PLANNER, Role.CREATIVE_DIRECTOR) else others & ~Q(account__in=_specialists())


def _lacks_one_of(sides: Iterable[str]) -> Q:
    return reduce(or_, (Q(~approved_by(side)) for side in sides))


def _specialists() -> Any:
    """Accounts whose team has both a planner and a creative director: a director needn't stand in there."""
    planners, directors = (
        TeamMember.objects.current().filter(user__is_active=True, user__role_grants__role=role).values("account")
        for role in (Role.PLANNER, Role.CREATIVE_DIRECTOR)
    )
    return Account.objects.filter(Q(pk__in=planners) & Q(pk__in=directors)).values("pk")


def _approve(job: Job) -> Todo:
    return Todo(
        icon="approve", what=_("Approve the job sheet “%(title)s”") % {"title": job.title},
        why=_("%(name)s asks for your word") % {"name": job.owner.full_name}, client=_client(job),
        url=_sheet(job), button=_("Approve or return"), number=job.number, since=job.submitted_at,
    )  # fmt: skip


def _revise(job: Job) -> Todo:
    return Todo(
        icon="withdraw", what=_("Job sheet “%(title)s” came back") % {"title": job.title},
        why=words.quoted(job.returned_reason[:160]), client=_client(job), url=_sheet(job), button=_("Revise the brief"),
        button_url=reverse("job_edit", args=[job.number]), number=job.number, since=job.submitted_at,
    )  # fmt: skip


def _put_people(job: Job) -> Todo:
    return Todo(
        icon="people", what=_("Put people on “%(title)s”") % {"title": job.title}, why=_("the job is open and nobody works on it"),
        client=_client(job), url=_sheet(job), button=_("Choose people"), button_url=reverse("job_people", args=[job.number]),
        number=job.number, since=job.opened_at,
    )  # fmt: skip


def _close(job: Job) -> Todo:
    return Todo(
        icon="lock", what=_("Close the job “%(title)s”") % {"title": job.title},
        why=_("everything is signed off"), client=_client(job), url=_sheet(job), button=_("Close the job"),
        button_url=reverse("job_close", args=[job.number]), number=job.number, since=job.delivered_at,
    )  # fmt: skip


def _of_people(user: User) -> Iterator[Todo]:
    """Sheets whose issue in force this colleague hasn't read, and what others ask about theirs."""
    mine = Q(user=user, question="", job__status=Job.Status.OPEN) & ~Q(acknowledged_issue=F("issue_number"))
    asked = Q(job__owner=user, job__status__in=[Job.Status.OPEN, Job.Status.HELD]) & ~Q(question="")
    latest = SheetIssue.objects.filter(job=OuterRef("job")).order_by("-number")
    rows = (
        Assignment.objects.visible_to(user)
        .filter(removed_at=None)
        .annotate(issue_number=Subquery(latest.values("number")[:1]), issued_at=Subquery(latest.values("issued_at")[:1]))
    )
    rows = rows.filter(mine | asked).select_related("job__account__client", "user")
    for row in rows.only(*OF_PERSON)[:MOST]:
        if row.question:
            yield _answer(row)
        elif row.issue_number:
            yield _acknowledge(row)


def _acknowledge(row: Any) -> Todo:
    again = row.acknowledged_issue is not None
    what = _("Read again: the job sheet “%(title)s” has changed") if again else _("Acknowledge the job sheet “%(title)s”")
    return Todo(
        icon="brief", what=what % {"title": row.job.title}, why=row.craft, client=_client(row.job), url=_sheet(row.job),
        button=_("Read it"), number=row.job.number, since=max(row.issued_at, row.assigned_at),
    )  # fmt: skip


def _answer(row: Any) -> Todo:
    return Todo(
        icon="answer", what=_("%(name)s asks about “%(title)s”") % {"name": row.user.full_name, "title": row.job.title},
        why=words.quoted(row.question[:160]), client=_client(row.job), url=_sheet(row.job), button=_("Open the job sheet"),
        number=row.job.number,
    )  # fmt: skip


def _of_deliverables(user: User, now: datetime) -> Iterator[Todo]:
    """Whatever waits in the house on a deliverable of an open job: whose turn it is decides whom it is shown to."""
    on_it = Assignment.objects.filter(user=user, removed_at=None).values("job")
    rows = Deliverable.objects.visible_to(user).wanted().filter(job__status=Job.Status.OPEN)
    if not may(user, "versions.release"):
        rows = rows.filter(Q(job__owner=user) | Q(job__in=on_it))
    promised = Version.objects.filter(deliverable=OuterRef("pk"), answer=Version.Answer.SMALL_CHANGES)
    unsettled = Q(signed_off_at=None) | Exists(promised)
    loaded: list[Any] = load_deliverables(
        rows.filter(unsettled).order_by("job__due_at", "position", "pk")[:MOST], for_the_client=bool(user.room)
    )
    prefetch_related_objects([row.current for row in loaded if row.state.key == "flawed"], "checks")
    for row in loaded:
        if todo := _of_deliverable(row, user, now):
            yield todo


def _of_deliverable(row: Any, user: User, now: datetime) -> Todo | None:
    on_it = any(place.user_id == user.pk for place in row.job.at_work)
    owner, version = row.job.owner_id == user.pk, row.current
    made = version is not None and version.by_id == user.pk
    facts = {"title": row.title, "n": version.number if version else 1, "client": _client(row.job)}
    key, upload = row.state.key, reverse("version_upload", args=[row.number])
    if key == "check" and may(user, "versions.check") and not made and (on_it or (owner and not _other_hands(row))):
        url = reverse("version_check", args=[row.number, version.number])
        return _row(row, "checked", _("Check “%(title)s” V%(n)s") % facts, _made_by(row), _("Check it"), url)
    if key == "release" and may(user, "versions.release"):
        return _row(row, "release", _("Release “%(title)s” V%(n)s") % facts, _("checked, all in order"), _("Look at it"))
    if key == "ready" and owner:
        url = reverse("version_send", args=[row.number, version.number])
        what = _("Send “%(title)s” V%(n)s for sign-off") % facts
        return _row(row, "send", what, _("checked and released"), _("Send for sign-off"), url)
    if key == "declined" and owner:
        return _row(row, "call", _("%(client)s declined “%(title)s” V%(n)s") % facts, version.answer_text, _("Open it"))
    if may(user, "versions.upload") and (made or (on_it and key == "waiting")):
        return _of_maker(row, facts, upload, now)
    return _due(row, facts, owner, now)


def _of_maker(row: Any, facts: dict[str, Any], upload: str, now: datetime) -> Todo | None:
    """What goes back to whoever makes it."""
    key, version = row.state.key, row.current
    if key == "changes":
        why = _said(_("the client asks for changes"), version.answer_text)
        return _row(row, "version", _("Make the next version of “%(title)s”") % facts, why, _("Upload version"), upload)
    if key == "small_changes":
        why = _said(_("signed off with small changes"), version.answer_text)
        return _row(row, "version", _("Make the small changes to “%(title)s”") % facts, why, _("Upload version"), upload)
    if key in ("flawed", "refused"):
        why = (version.word_reason if key == "refused" else flaws(version.checks.all()[0]))[:160]
        return _row(row, "version", _("Correct “%(title)s” V%(n)s") % facts, why, _("Upload version"), upload)
    if key == "waiting" and _due_at(row) < now + SOON:
        return _row(row, "deliverable", _("Make “%(title)s”") % facts, row.specification[:160], _("Upload version"), upload)
    return None


def _due(row: Any, facts: dict[str, Any], owner: bool, now: datetime) -> Todo | None:
    """Whoever owns the job hears what is due soon or late and isn't with the client."""
    if not owner or row.state.is_settled or _due_at(row) >= now + SOON or row.state.key in ("client", "small_changes"):
        return None
    why = _("%(state)s · %(turn)s") % {"state": row.state.word, "turn": words.listed(row.state.turn)}
    return _row(row, "late" if _due_at(row) < now else "clock", _("“%(title)s” is due") % facts, why, _("See where it stands"))


def _due_at(row: Any) -> datetime:
    due: datetime = row.due_at or row.job.due_at
    return due


def _other_hands(row: Any) -> bool:
    """Whether someone else on the job could check it."""
    return any(place.user_id != row.current.by_id for place in row.job.at_work)


def _made_by(row: Any) -> str:
    return _("made by %(name)s") % {"name": row.current.by.full_name}


def _said(what: str, said: str) -> str:
    return words.labelled(words.quoted(said[:160]), what) if said else what


def _row(row: Any, icon: str, what: str, why: str, button: str, button_url: str = "") -> Todo:
    return Todo(
        icon=icon, what=what, why=why, url=row.get_absolute_url(), button=button, button_url=button_url, client=_client(row.job), number=row.number,
        due_at=_due_at(row), since=row.state.since,
    )  # fmt: skip
