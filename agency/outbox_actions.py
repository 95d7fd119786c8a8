"""What people decide about the outbox: try again, settle a doubt, hold, release, discard. Each is in the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from . import audit
from .doorbell import ring
from .errors import WrongState
from .models import Agency, OutgoingMail

Status = OutgoingMail.Status


def retry_mail(mail: OutgoingMail, *, by: audit.Acts, now: datetime) -> None:
    """Send a failed mail again, or one that waits for its next try at once. Same Message-ID."""
    _decide(mail, [Status.FAILED, Status.QUEUED], "mail.retried", by=by, now=now, **_fresh(now))


def resolve_doubt(mail: OutgoingMail, how: Literal["resend", "sent"], *, by: audit.Acts, now: datetime) -> None:
    """Settle a doubt by hand: send the same message once more, or take it as sent."""
    mail.refresh_from_db()
    if mail.leased_until and mail.leased_until > now:
        raise WrongState(_("This mail is just being sent. Wait two minutes and look again."))
    if how == "resend":
        facts = _fresh(now) | {"resent_in_doubt": mail.resent_in_doubt + 1}
        _decide(mail, [Status.IN_DOUBT], "mail.doubt_resend", by=by, now=now, **facts)
    else:
        facts = {"status": Status.SENT, "sent_at": mail.leased_until or now, "leased_until": None, "claim": ""}
        _decide(mail, [Status.IN_DOUBT], "mail.doubt_settled", by=by, now=now, **facts)


def release_mail(mail: OutgoingMail, *, by: audit.Acts, now: datetime) -> None:
    """Let one held mail go."""
    _decide(mail, [Status.HELD], "mail.released", by=by, now=now, **_fresh(now))


def discard_mail(mail: OutgoingMail, *, by: audit.Acts, now: datetime, reason: str = "") -> None:
    """Decide that a mail that is held, waiting, failed or in doubt is never sent."""
    sources = [Status.HELD, Status.QUEUED, Status.FAILED, Status.IN_DOUBT]
    facts = {"status": Status.SUPPRESSED, "leased_until": None, "claim": ""}
    _decide(mail, sources, "mail.discarded", by=by, now=now, reason=reason, **facts)


def hold_all(*, by: audit.Acts, now: datetime, reason: str = "") -> int:
    """Stop the outbox, as after a restored backup: everything not certainly sent is held until someone releases it."""
    with transaction.atomic():
        agency = Agency.current()
        agency.mail_held = True
        agency.save(update_fields=["mail_held"])
        waiting = OutgoingMail.objects.filter(status__in=[Status.QUEUED, Status.CLAIMED, Status.IN_DOUBT])
        held = waiting.update(status=Status.HELD, claim="", leased_until=None)
        audit.record("mail.all_held", agency, by=by, now=now, new={"mails": held}, reason=reason)
    return held


def release_all(*, by: audit.Acts, now: datetime, keep: bool = False) -> int:
    """Start the outbox again. What was held goes out, except with `keep`: then each mail is decided on its own."""
    with transaction.atomic():
        agency = Agency.current()
        agency.mail_held = False
        agency.save(update_fields=["mail_held"])
        held = OutgoingMail.objects.filter(status=Status.HELD)
        released = 0 if keep else held.update(**_fresh(now))
        audit.record("mail.all_released", agency, by=by, now=now, new={"mails": released})
    return released


def _fresh(now: datetime) -> dict[str, Any]:
    """The facts of a mail that starts anew."""
    return {
        "status": Status.QUEUED, "due_at": now, "attempts": 0, "first_tried_at": None, "claim": "", "leased_until": None,
        "last_error": "",
    }  # fmt: skip


def _decide(
    mail: OutgoingMail, sources: Iterable[str], action: str, *, by: audit.Acts, now: datetime, reason: str = "", **facts: Any
) -> None:
    facts.setdefault("status", Status.QUEUED)
    with transaction.atomic():
        row = OutgoingMail.objects.select_for_update().filter(pk=mail.pk, status__in=list(sources)).first()
        if row is None:
            raise WrongState(_("This mail is in another state by now. Reload the page to see it."))
        OutgoingMail.objects.filter(pk=mail.pk, status=row.status).update(**facts)
        audit.record(action, row, by=by, now=now, reason=reason, old={"status": row.status}, new={"status": str(facts["status"])})
        mail.refresh_from_db()
        if mail.status == Status.QUEUED:
            from .tasks import send_mail

            ring(send_mail, mail.pk)
