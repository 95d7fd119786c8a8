"""What goes to the client: a checked and released version for sign-off, or the job sheet itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from agency import audit
from agency.errors import Refused
from signoffs.hands import hand, how_logged_in

from .. import gate, issues
from ..documents import sheet_data, version_data
from ..hands import hands_on
from ..models import Job, Version
from .common import locked

if TYPE_CHECKING:
    from signoffs.actions import Asked
    from signoffs.models import SignRequest


@transaction.atomic
def send_version_to_client(
    version: Version, *, signatories: "Sequence[Asked]", by: User, now: datetime, **terms: Any
) -> "SignRequest":
    """Send the newest version out to be signed, with the hands of everyone who took part.

    `terms` go to the engine: in_turn, message, expires_at, code_required. Raises WrongState at a shut gate; Refused unless
    the same file passed its check and was released, or while the client still has this version, or for a person who may
    not sign it.
    """
    from signoffs.actions import freeze_document, send_for_signature

    require(by, "signoffs.send")
    job = locked(version.deliverable.job)
    gate.require(job, "signoff", by=by, now=now)
    row = ready_to_send(version)
    require_client_approver(signatories)
    client = job.account.client
    with translation.override(client.language):
        data = version_data(row, sent_at=now) | {"hands": hands_on(row, by=by, now=now)}
        title = _("%(title)s, version %(n)s") % {"title": row.deliverable.title, "n": row.number}
    document = freeze_document(
        "deliverable", row, account=job.account, language=client.language, title=title, reference=str(row), data=data,
        files=[row.file], by=by, now=now,
    )  # fmt: skip
    request = send_for_signature(document, signatories=list(signatories), by=by, now=now, **terms)
    Version.objects.filter(pk=row.pk).update(sent_at=now)
    names = ", ".join(asked.person.full_name for asked in signatories)
    audit.record("version.sent", row, by=by, now=now, new={"to": names})
    return request


def ready_to_send(version: Version) -> Version:
    """The version as it stands in the database, if it may go out. Raises Refused with what is missing."""
    rows = version.deliverable.versions.select_related("by", "file", "deliverable__job__account__client")
    row = rows.first()
    if row is None or row.pk != version.pk:
        raise Refused(_("There is a newer version. Look at that one."))
    if row.deliverable.dropped_at:
        raise Refused(_("This deliverable is no longer wanted."))
    if row.deliverable.signed_off_at and not row.answer:
        raise Refused(
            _("This deliverable is signed off: the client isn't shown it again. If they want to see it, reopen it first.")
        )
    if row.answer:
        raise Refused(_("The client has answered this version already."))
    if row.sent_at:
        raise Refused(_("The client has this version already. Withdraw it first, or send a reminder."))
    check = row.checks.first()
    if check is None or not check.passed or check.sha256 != row.sha256:
        raise Refused(_("This version hasn't passed its quality check. Have it checked first."))
    if not row.releases.filter(released=True, sha256=row.sha256).exists():
        raise Refused(_("The creative director hasn't released this version yet."))
    if row.file.sha256 != row.sha256:
        raise Refused(_("The stored file isn't the one that was checked. Upload it again as a new version."))
    return row


@transaction.atomic
def send_sheet_to_client(job: Job, *, signatories: "Sequence[Asked]", by: User, now: datetime, **terms: Any) -> "SignRequest":
    """Ask the client to sign the job sheet in force. The sheet may be signed whenever it is due: no gate, but it was opened."""
    from signoffs.actions import freeze_document, send_for_signature
    from signoffs.models import SignRequest

    require(by, "signoffs.send")
    row = locked(job)
    issue = issues.latest(row)
    if issue is None or row.status not in (Job.Status.OPEN, Job.Status.HELD):
        raise Refused(_("Only an approved job sheet can be sent to the client."))
    if SignRequest.objects.open().about(issue).exists():
        raise Refused(_("The client has this job sheet already. Withdraw it first, or send a reminder."))
    require_client_approver(signatories)
    client = row.account.client
    with translation.override(client.language):
        sender = hand(by, _("sent it"), now, how_logged_in(by))
        data = sheet_data(issue) | {"hands": [sender]}
        title = _("Job sheet: %(title)s") % {"title": row.title}
    document = freeze_document(
        "job_sheet", issue, account=row.account, language=client.language, title=title,
        reference=f"{row.number} #{issue.number}", data=data, by=by, now=now,
        amount=row.budget, currency=client.currency if row.budget is not None else "",
    )  # fmt: skip
    request = send_for_signature(document, signatories=list(signatories), by=by, now=now, **terms)
    names = ", ".join(asked.person.full_name for asked in signatories)
    audit.record("job.sheet_sent", row, by=by, now=now, new={"to": names})
    return request


def require_client_approver(signatories: "Sequence[Asked]") -> None:
    """It is the client who approves; whether each person may sign is the engine's to check."""
    if not any(asked.role == "approver" and asked.contact for asked in signatories):
        raise Refused(_("Select at least one person at the client who approves it."))
