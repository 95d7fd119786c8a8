"""Sending the outbox: claimed, in doubt just before the final dot, sent. Every doubt is known, and none is multiplied.

The rows are the truth, Celery is the doorbell: each mail has its own task, and the sweep rings for whatever is due. All
writes here are conditional updates, so that two senders, two sweeps or a late one do no harm.
"""

import logging
import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Q, Value
from django.db.models.functions import Coalesce

from . import smtp
from .clock import now as wall_clock
from .doorbell import ring
from .mail import filled, letter_named
from .models import Agency, OutgoingMail
from .sweep import swept

logger = logging.getLogger(__name__)

Status = OutgoingMail.Status
#: A claim older than this belongs to a sender that died; longer than a task may run (CELERY_TASK_TIME_LIMIT).
LEASE = timedelta(minutes=4)
#: How long an answer to the final dot may take before the mail counts as in doubt; longer than EMAIL_TIMEOUT.
DOUBT_LEASE = timedelta(minutes=2)
#: Waiting times between attempts.
BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]
GIVE_UP = timedelta(hours=48)


class ClaimLost(Exception):
    """The lease ran out and someone else has the mail now: stop before the final dot."""


def send(mail_id: int, *, now: datetime) -> OutgoingMail.Status | None:
    """Send one mail if its turn has come and nobody else has it; None when there was nothing to do. Never raises for a bad mail.

    Must run outside a transaction: "in doubt" is committed before the final dot.
    """
    mail = _claim(mail_id, now)
    if mail is None:
        return None
    try:
        if not letter_named(mail.letter).still_wanted(mail):
            return _settle(mail, Status.SUPPRESSED, last_error="")
        return _hand_over(mail, now)
    except smtp.RefusedForGood as error:
        return _settle(mail, Status.FAILED, last_error=str(error))
    except smtp.NoAnswer as error:
        logger.warning("Mail %s is in doubt: %s", mail.pk, error)
        _mine(mail).update(last_error=str(error)[:500])
        return Status.IN_DOUBT
    except ClaimLost:
        return None
    except smtp.RefusedForNow as error:
        return _put_off(mail, now, str(error))
    except Exception as error:
        logger.exception("Mail %s could not be sent.", mail.pk)
        # Only what certainly wasn't handed over waits again; after the final dot the mail stays in doubt.
        return _put_off(mail, now, type(error).__name__, only=[Status.CLAIMED])


def _live(now: datetime) -> bool:
    """Whether `now` is really now, and not an instant a command was asked to play."""
    return abs(wall_clock() - now) < LEASE


def _claim(mail_id: int, now: datetime) -> OutgoingMail | None:
    due = OutgoingMail.objects.filter(pk=mail_id, status=Status.QUEUED, due_at__lte=now)
    claim = uuid.uuid4().hex
    claimed = due.exclude(_held()).update(
        status=Status.CLAIMED, claim=claim, leased_until=wall_clock() + LEASE, attempts=F("attempts") + 1, rung_at=None,
        first_tried_at=Coalesce("first_tried_at", Value(now)),
    )  # fmt: skip
    if claimed:
        return OutgoingMail.objects.filter(claim=claim).get(pk=mail_id)
    due.filter(_held()).update(status=Status.HELD)
    return None


def _held() -> Exists:
    """Whether nothing may leave for now."""
    return Exists(Agency.objects.filter(pk=1, mail_held=True))


IN_HAND = (Status.CLAIMED, Status.IN_DOUBT)


def _mine(mail: OutgoingMail, only: Sequence[str] = IN_HAND) -> Any:
    """The row, as long as this sender has it."""
    return OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim, status__in=only)


def _hand_over(mail: OutgoingMail, now: datetime) -> OutgoingMail.Status | None:
    wording = filled(mail)

    def taken() -> None:
        _settle(mail, Status.SENT, sent_at=wall_clock() if _live(now) else now, last_error="")

    if settings.MAILBOX:
        taken()  # the mailbox page shows it; there is no server that could fail to answer
        return Status.SENT

    def in_doubt() -> None:
        rows = OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim, status=Status.CLAIMED).exclude(_held())
        if not rows.update(status=Status.IN_DOUBT, leased_until=wall_clock() + DOUBT_LEASE):
            raise ClaimLost

    smtp.deliver(smtp.message_of(mail, wording), before_final_dot=in_doubt, taken=taken)
    return Status.SENT


def _settle(
    mail: OutgoingMail, status: OutgoingMail.Status, *, only: Sequence[str] = IN_HAND, **facts: Any
) -> OutgoingMail.Status | None:
    facts = {name: value[:500] if isinstance(value, str) else value for name, value in facts.items()}
    return status if _mine(mail, only).update(status=status, claim="", leased_until=None, **facts) else None


def _put_off(mail: OutgoingMail, now: datetime, error: str, *, only: Sequence[str] = IN_HAND) -> OutgoingMail.Status | None:
    """Try again later, each time later, with jitter; after 48 hours it has failed."""
    if now - (mail.first_tried_at or now) >= GIVE_UP:
        return _settle(mail, Status.FAILED, only=only, last_error=error)
    return _settle(mail, Status.QUEUED, only=only, due_at=now + back_off(mail.attempts), last_error=error)


def back_off(attempts: int) -> timedelta:
    """How long to wait after that many attempts: 1, 5, 15, 60 minutes, then 4 hours, give or take a fifth."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 (jitter, no secret)


@swept
def overdue_claims(now: datetime) -> int:
    """Mails whose sender died before the final dot: certainly not sent, so they wait again."""
    lost = OutgoingMail.objects.filter(status=Status.CLAIMED, leased_until__lt=now)
    return lost.update(status=Status.QUEUED, claim="", leased_until=None, due_at=now)


@swept
def doubts(now: datetime) -> int:
    """Mails in doubt whose letter says so are sent once more, with the same Message-ID; the others wait for a person."""
    done = 0
    for mail in OutgoingMail.objects.in_doubt(now).filter(resent_in_doubt=0)[:500]:
        if letter_named(mail.letter).when_in_doubt == "resend":
            row = OutgoingMail.objects.filter(pk=mail.pk, status=Status.IN_DOUBT, leased_until=mail.leased_until)
            done += row.update(status=Status.QUEUED, claim="", leased_until=None, resent_in_doubt=1, due_at=now)
    return done


@swept
def due_mails(now: datetime) -> int:
    """Ring for each mail that is due, at most every five minutes for one mail and for 500 mails at a time."""
    from .tasks import send_mail

    unrung = Q(rung_at=None) | Q(rung_at__lt=now - timedelta(minutes=5))
    due = list(OutgoingMail.objects.due(now).filter(unrung).order_by("due_at").values_list("pk", flat=True)[:500])
    OutgoingMail.objects.filter(pk__in=due).update(rung_at=now)
    for pk in due:
        ring(send_mail, pk)
    return len(due)
