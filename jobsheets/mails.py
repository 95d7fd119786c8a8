"""This app's letters. Each is worded in its reader's language; none goes to who caused it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from agency import audit
from agency.mail import Recipient, queue, register_letter
from agency.models import OutgoingMail
from signoffs.mails import agency_people
from signoffs.models import SignRequest

from .models import Assignment, Job, SheetIssue, Version


def _job_in(*states: str) -> Any:
    def wanted(mail: OutgoingMail) -> bool:
        return isinstance(mail.about, Job) and mail.about.status in states

    return wanted


def _newest_version(mail: OutgoingMail) -> bool:
    """Nobody needs to look at a version that was replaced or answered."""
    version = mail.about
    if not isinstance(version, Version) or version.answer:
        return False
    return not version.deliverable.versions.filter(number__gt=version.number).exists()


register_letter("jobsheets.approve", still_wanted=_job_in("approval"))
register_letter("jobsheets.returned", still_wanted=_job_in("draft"))
register_letter("jobsheets.opened")
register_letter("jobsheets.acknowledge", still_wanted=_job_in("open", "held"))
register_letter("jobsheets.question", still_wanted=_job_in("open", "held"))
register_letter("jobsheets.stopped")
register_letter("jobsheets.check", still_wanted=_newest_version)
register_letter("jobsheets.release", still_wanted=_newest_version)
register_letter("jobsheets.released", still_wanted=_newest_version)
register_letter("jobsheets.refused")
register_letter("jobsheets.answered")
register_letter("jobsheets.sheet_answered")


def _send(
    letter: str, people: Iterable[User], key: str, context: dict[str, Any], about: Job | Version, by: audit.Acts, now: datetime
) -> None:
    """One letter to each, but not to who caused it."""
    who = audit.actor(by)
    job = about if isinstance(about, Job) else about.deliverable.job
    facts = {
        "job": job,
        "client": job.account.client,
        "by": who.name,
        "sheet_path": reverse("job_sheet", args=[job.number]),
    }
    facts |= context
    if isinstance(by, User):
        facts["sender"] = by
    for user in {user.pk: user for user in people if user.is_active}.values():
        if who.kind == "user" and user.pk == who.id:
            continue
        queue(
            letter, to=Recipient.of(user), key=f"{key}:{user.pk}", context=facts, about=about,
            # a client's person doesn't write in the agency's name, but an answer goes to them
            sender_name=who.name if who.kind == "user" else "", reply_to=_reply_to(by), now=now,
        )  # fmt: skip


def _reply_to(by: audit.Acts) -> str:
    return str(getattr(by, "email", ""))


def ask_to_approve(job: Job, *, by: User, now: datetime) -> None:
    """To the planners and creative directors on the team; where there is none, to the directors."""
    from .actions.approval import ACTIONS

    for side, action in ACTIONS.items():
        people = approvers(job, action)
        key = f"job-approve:{job.pk}:{job.revision}:{side}"
        _send("jobsheets.approve", people, key, {"side": side.label, "side_key": str(side)}, job, by, now)


def approvers(job: Job, action: str) -> list[User]:
    """Whose word is wanted: specialists on the team first, directors where there are none."""
    from accounts.models import Role

    from .actions.common import team_with

    people = team_with(job.account, action, but=[job.owner_id, job.created_by_id])
    specialists = [user for user in people if user.has_role(Role.PLANNER, Role.CREATIVE_DIRECTOR)]
    return specialists or list(User.objects.active().with_role(Role.DIRECTOR).exclude(pk__in=[job.owner_id, job.created_by_id]))


def tell_returned(job: Job, side: str, reason: str, *, by: User, now: datetime) -> None:
    key = f"job-returned:{job.pk}:{job.revision}"
    _send("jobsheets.returned", [job.owner, job.created_by], key, {"reason": reason}, job, by, now)


def tell_opened(job: Job, *, by: User, now: datetime) -> None:
    """To the account executive: the job is open, the work may begin."""
    _send("jobsheets.opened", [job.owner], f"job-opened:{job.pk}:{job.revision}", {}, job, by, now)


def ask_to_acknowledge(job: Job, issue: SheetIssue, *, by: audit.Acts, now: datetime, only: Sequence[User] | None = None) -> None:
    """To everyone who does the work (or `only` these): read the sheet, or what changed in it, and acknowledge it."""
    rows = Assignment.objects.filter(job=job, removed_at=None).select_related("user")
    if only is not None:
        rows = rows.filter(user__in=only)
    for row in rows:
        context = {"issue": issue, "again": row.acknowledged_issue is not None, "craft": row.craft}
        _send("jobsheets.acknowledge", [row.user], f"job-acknowledge:{issue.pk}:{row.pk}", context, job, by, now)


def tell_question(job: Job, question: str, *, by: User, now: datetime) -> None:
    key = f"job-question:{job.pk}:{by.pk}:{now:%Y%m%d%H%M%S%f}"
    _send("jobsheets.question", [job.owner], key, {"question": question}, job, by, now)


def tell_stopped(job: Job, what: str, reason: str, *, by: User, now: datetime) -> None:
    """To everyone who works on it: put down your pens, or take them up again. `what`: held, resumed or cancelled."""
    from .actions.common import assignees

    people = [job.owner, *assignees(job)]
    key = f"job-{what}:{job.pk}:{now:%Y%m%d%H%M%S%f}"
    _send("jobsheets.stopped", people, key, {"what": what, "reason": reason}, job, by, now)


def ask_to_check(version: Version, *, by: User, now: datetime) -> None:
    """To another pair of eyes: whoever else works on the job, else its account executive."""
    people = checkers(version)
    _send("jobsheets.check", people, f"version-check:{version.pk}", {"version": version}, version, by, now)


def checkers(version: Version) -> list[User]:
    """Who is asked for the quality check; anyone else on the team may do it too."""
    from .actions.common import assignees

    job = version.deliverable.job
    return [user for user in assignees(job) if user.pk != version.by_id] or [
        user for user in (job.owner, job.account.lead) if user.pk != version.by_id
    ][:1]


def ask_to_release(version: Version, *, by: User, now: datetime) -> None:
    """To the creative directors on the team: it passed its check and waits for their word."""
    key = f"version-release:{version.pk}:{version.checks.count()}"
    _send("jobsheets.release", releasers(version), key, {"version": version}, version, by, now)


def releasers(version: Version) -> list[User]:
    from .actions.common import team_with

    return team_with(version.deliverable.job.account, "versions.release")


def tell_released(version: Version, *, by: User, now: datetime) -> None:
    """To the account executive: it may go out."""
    people = [version.deliverable.job.owner]
    _send("jobsheets.released", people, f"version-released:{version.pk}", {"version": version}, version, by, now)


def tell_refused(version: Version, reason: str, *, by: User, now: datetime) -> None:
    """To the maker and the account executive: what isn't in order."""
    key = f"version-refused:{version.pk}:{version.checks.count()}:{version.releases.count()}"
    people = [version.by, version.deliverable.job.owner]
    _send("jobsheets.refused", people, key, {"version": version, "reason": reason}, version, by, now)


def untold(people: Sequence[User], request: SignRequest) -> list[User]:
    """Those whom the sign-off engine's own letter about the answer doesn't reach: nobody is told twice."""
    told = {person.pk for person in agency_people(request)}
    return [person for person in people if person.pk not in told]


def tell_answered(version: Version, request: SignRequest, *, by: audit.Acts, now: datetime) -> None:
    """Whatever the client says reaches the team: the account executive, the maker, everyone who works on the job."""
    from .actions.common import assignees

    job = version.deliverable.job
    people = untold([job.owner, version.by, *assignees(job)], request)
    context = {"version": version, "answer": version.answer, "text": version.answer_text, "request": request}
    _send("jobsheets.answered", people, f"version-answered:{version.pk}:{request.pk}", context, version, by, now)


def tell_sheet_answered(issue: SheetIssue, request: SignRequest, text: str, *, by: audit.Acts, now: datetime) -> None:
    """The client signed the job sheet, or wants it changed."""
    context = {"issue": issue, "request": request, "text": text, "approved": request.outcome == "approved"}
    people = untold([issue.job.owner], request)
    _send("jobsheets.sheet_answered", people, f"sheet-answered:{issue.pk}:{request.pk}", context, issue.job, by, now)
