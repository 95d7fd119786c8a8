"""How a request ends: signed, refused, or without an answer. Once, whoever comes first."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.permissions import require
from agency import audit
from agency.doorbell import ring
from agency.errors import Refused

from .. import mails
from ..evidence import add_event
from ..models import Delegation, Signatory, SignRequest
from ..signables import signable_for
from .locking import lock, lock_open

Outcome = SignRequest.Outcome
_ANSWERED = {Outcome.APPROVED, Outcome.CHANGES, Outcome.DECLINED}


def close(request: SignRequest, outcome: "SignRequest.Outcome", *, by: audit.Acts, now: datetime, reason: str = "") -> None:
    """Close a locked, open request; tell its signable, and whoever still had an open link. In the caller's transaction."""
    closed = SignRequest.objects.filter(pk=request.pk, outcome="").update(outcome=outcome, closed_at=now, reason=reason)
    if not closed:
        return
    request.outcome, request.closed_at, request.reason = outcome.value, now, reason
    if request.document.file_id:
        from ..tasks import seal_request

        ring(seal_request, request.pk)  # ahead of the letters that follow: someone may be waiting for the sealed PDF
    open_links = list(Signatory.objects.waiting_in(request).select_related("contact__client", "user"))
    Signatory.objects.filter(request=request, decided_at=None).update(remind_at=None)
    Delegation.objects.filter(signatory__request=request, settled_at=None).update(settled_at=now, accepted=False)
    add_event(request, "closed", now=now, outcome=str(outcome.value), reason=reason or None, by=audit.actor(by).name)
    signable = signable_for(request.document)
    (signable.decided if outcome in _ANSWERED else signable.void)(request, now=now)
    for signatory in open_links:
        signatory.request = request
        mails.queue_over(signatory, now=now)


@transaction.atomic
def withdraw_request(request: SignRequest, *, reason: str, by: audit.Acts, now: datetime) -> SignRequest:
    """Take it back: every open link says so. Raises Refused without a reason, WrongState when it is closed already."""
    require(by, "signoffs.manage")
    reason = reason.strip()
    if not reason or len(reason) > 2000:
        raise Refused(_("Say why it is withdrawn, in 2,000 characters or less."))
    request = lock_open(request.pk)
    close(request, Outcome.WITHDRAWN, by=by, now=now, reason=reason)
    audit.record("signoff.withdrawn", request, by=by, now=now, reason=reason)
    return request


@transaction.atomic
def supersede_requests(subject: models.Model, *, by: audit.Acts, now: datetime) -> int:
    """A newer version of `subject` exists: its open requests close, their links say so. Answers how many.

    Part of the action that makes the newer version, which has asked permission.
    """
    done = 0
    for pk in SignRequest.objects.about(subject).open().values_list("pk", flat=True):
        request = lock(pk)
        if request.is_open:
            close(request, Outcome.SUPERSEDED, by=by, now=now)
            audit.record("signoff.superseded", request, by=by, now=now)
            done += 1
    return done


def expire_due(*, now: datetime) -> int:
    """Close the requests whose links have ended. Each in a transaction of its own; twice changes nothing. Answers how many."""
    done = 0
    for pk in list(SignRequest.objects.open().filter(expires_at__lte=now).values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            request = lock(pk)
            if not request.is_open:
                continue
            close(request, Outcome.EXPIRED, by=audit.SYSTEM, now=now)
            audit.record("signoff.expired", request, by=audit.SYSTEM, now=now)
            mails.queue_expired(request, now=now)
            done += 1
    return done
