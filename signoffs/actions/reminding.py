"""Reminders: per signatory, by themselves, until they answer."""

from datetime import datetime

from django.db import transaction

from .. import mails, reminders
from ..evidence import add_event
from ..models import Delegation, Signatory
from .locking import lock, signatories_of


def remind_due(*, now: datetime) -> int:
    """Mail the reminders that are due; one per signatory however many were missed. Twice changes nothing. Answers how many."""
    due = Signatory.objects.waiting().filter(remind_at__lte=now, reminders_paused=False, request__expires_at__gt=now)
    done = 0
    for pk, request_id in list(due.values_list("pk", "request_id")[:500]):
        with transaction.atomic():
            done += _remind(pk, request_id, now)
    return done


def _remind(pk: int, request_id: int, now: datetime) -> int:
    request = lock(request_id)
    signatory = next(row for row in signatories_of(request) if row.pk == pk)
    claimed = Signatory.objects.waiting().filter(pk=pk, remind_at__lte=now, reminders_paused=False)
    following = reminders.next_time(signatory, after=now)
    if not claimed.update(remind_at=following):
        return 0
    left = signatory.contact and not signatory.contact.is_active
    if left or Delegation.objects.filter(signatory=signatory, settled_at=None).exists():
        return 0  # they said it isn't theirs, or have gone: it is for the agency to act
    signatory.reminded_count += 1
    signatory.save(update_fields=["reminded_count"])
    add_event(request, "reminded", now=now, signatory=signatory.name, count=signatory.reminded_count)
    mails.queue_reminder(signatory, now=now)
    return 1
