"""Versions: made by one hand, checked by another, released by the creative director. Nothing else may be sent."""

from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.permissions import require
from agency import audit
from agency.errors import NotPermitted, Refused
from agency.files import store_upload
from signoffs.hands import how_logged_in

from .. import gate, issues, mails
from ..checklist import ANSWERS, CHECKLIST, KEYS, NOT_OK
from ..models import Deliverable, Job, QualityCheck, Release, Version
from .common import locked, reason_given, text

#: Who looks after the account may file a version without being put on the job.
_ACCOUNT_SIDE = (Role.AE, Role.COORDINATOR, Role.MANAGER)


@transaction.atomic
def upload_version(deliverable: Deliverable, upload: File, note: str = "", *, by: User, now: datetime) -> Version:
    """Hand in the next version of a deliverable. What the client still has of older versions is superseded.

    Raises WrongState at a shut gate, NotPermitted for who isn't on the job or hasn't acknowledged its sheet, Refused for a
    deliverable that is dropped or signed off, and for a file that can't be taken.
    """
    require(by, "versions.upload")
    job = locked(deliverable.job)
    gate.require(job, "version", by=by, now=now)
    row = job.deliverables.get(pk=deliverable.pk)
    require_hand(job, by)
    _require_wanted(row)
    file = store_upload(upload, now=now)
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    if row.versions.filter(number=last, sha256=file.sha256).exists():
        raise Refused(_("This is the same file as version %(n)s. Upload the changed one.") % {"n": last})
    made = Version.objects.create(
        deliverable=row,
        number=last + 1,
        file=file,
        sha256=file.sha256,
        note=text(note, 2000),
        by=by,
        at=now,
        how=how_logged_in(by),
    )
    audit.record("version.uploaded", made, by=by, now=now, new={"file": file.name, "sha256": file.sha256})
    _supersede_older(made, by=by, now=now)
    mails.ask_to_check(made, by=by, now=now)
    return made


def require_hand(job: Job, by: User) -> None:
    """Nobody works on a sheet they haven't acknowledged."""
    mine = job.assignments.filter(user=by, removed_at=None).first()
    issue = issues.latest(job)
    if mine is None:
        if not by.has_role(*_ACCOUNT_SIDE):
            raise NotPermitted(_("You aren't on this job. Ask its account executive to put you on it."))
    elif issue is not None and mine.acknowledged_issue != issue.number:
        raise NotPermitted(_("Read and acknowledge the job sheet first: nobody works on a sheet they haven't acknowledged."))


def _require_wanted(row: Deliverable) -> None:
    if row.dropped_at:
        raise Refused(_("This deliverable is no longer wanted."))
    if row.signed_off_at and not Deliverable.objects.owing_small_changes().filter(pk=row.pk).exists():
        raise Refused(_("This deliverable is signed off. If the client thought again, reopen it first."))


def _supersede_older(made: Version, *, by: User, now: datetime) -> None:
    for older in made.deliverable.versions.filter(number__lt=made.number, sent_at__isnull=False, answer=""):
        from signoffs.actions import supersede_requests

        supersede_requests(older, by=by, now=now)


@transaction.atomic
def record_quality_check(
    version: Version, items: list[dict[str, Any]], *, sha256: str, note: str = "", by: User, now: datetime
) -> QualityCheck:
    """Go through the checklist for the newest version. `items`: [{"key", "answer", "note"}], every key of the checklist once.

    `sha256` is of the file the checker looked at. It passes when nothing is "not_ok". Raises NotPermitted for the maker,
    Refused when an answer is missing, or a flaw isn't described.
    """
    require(by, "versions.check")
    row = _newest(version, sha256, by=by, now=now)
    if row.by_id == by.pk:
        raise NotPermitted(_("You made this version; someone else must check it."))
    if row.releases.filter(released=True).exists():
        raise Refused(_("This version is released already."))
    answers = _clean(items)
    passed = all(item["answer"] != NOT_OK for item in answers)
    made = QualityCheck.objects.create(
        version=row, sha256=row.sha256, items=answers, passed=passed, note=text(note, 2000), by=by, at=now, how=how_logged_in(by)
    )
    audit.record("version.checked" if passed else "version.check_failed", row, by=by, now=now, reason=made.note)
    if passed:
        mails.ask_to_release(row, by=by, now=now)
    else:
        mails.tell_refused(row, flaws(made), by=by, now=now)
    return made


def _clean(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    given = {str(item.get("key")): item for item in items}
    values = {value for value, _label in ANSWERS}
    if given.keys() != KEYS or len(items) != len(KEYS) or any(item.get("answer") not in values for item in items):
        raise Refused(_("Answer every line of the checklist."))
    found = []
    for line in CHECKLIST:
        answer, note = str(given[line.key]["answer"]), text(str(given[line.key].get("note") or ""), 500)
        if answer == NOT_OK and not note:
            raise Refused(_("Describe what is not in order: “%(line)s”.") % {"line": line.label})
        found.append({"key": line.key, "answer": answer, "note": note})
    return found


def flaws(check: QualityCheck) -> str:
    """What wasn't in order, for the maker."""
    return "\n".join([*(item["note"] for item in check.items if item["answer"] == NOT_OK), *filter(None, [check.note])])


@transaction.atomic
def release_version(version: Version, *, sha256: str, by: User, now: datetime) -> Release:
    """The creative director lets the newest version go to the client. Needs a passed check of the same file."""
    require(by, "versions.release")
    row = _newest(version, sha256, by=by, now=now)
    check = row.checks.first()
    if check is None or not check.passed or check.sha256 != row.sha256:
        raise Refused(_("This version hasn't passed its quality check. Have it checked first."))
    if row.releases.filter(released=True).exists():
        raise Refused(_("This version is released already."))
    made = Release.objects.create(version=row, sha256=row.sha256, released=True, by=by, at=now, how=how_logged_in(by))
    audit.record("version.released", row, by=by, now=now)
    mails.tell_released(row, by=by, now=now)
    return made


@transaction.atomic
def refuse_release(version: Version, reason: str, *, sha256: str, by: User, now: datetime) -> Release:
    """The creative director sends the version back to its maker, with what is wrong with it."""
    require(by, "versions.release")
    reason = reason_given(reason)
    row = _newest(version, sha256, by=by, now=now)
    if row.sent_at:
        raise Refused(_("This version has been sent to the client. Withdraw the sign-off instead."))
    if row.releases.filter(released=True).exists():
        raise Refused(_("This version is released already."))
    made = Release.objects.create(
        version=row, sha256=row.sha256, released=False, reason=reason, by=by, at=now, how=how_logged_in(by)
    )
    audit.record("version.refused", row, by=by, now=now, reason=reason)
    mails.tell_refused(row, reason, by=by, now=now)
    return made


def _newest(version: Version, sha256: str, *, by: User, now: datetime) -> Version:
    """The locked job's newest version of this deliverable, if it is the one that was looked at and the gate is open."""
    job = locked(version.deliverable.job)
    gate.require(job, "version", by=by, now=now)
    row = version.deliverable.versions.select_related("by", "file", "deliverable__job__account__client").first()
    if row is None or row.pk != version.pk or row.sha256 != sha256:
        raise Refused(_("There is a newer version. Look at that one."))
    if row.deliverable.dropped_at:
        raise Refused(_("This deliverable is no longer wanted."))
    if row.answer:
        raise Refused(_("The client has answered this version already."))
    return row
