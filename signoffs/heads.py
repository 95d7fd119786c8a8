"""The daily list of closed chains: their last hashes leave this database, so that a later change can't go unnoticed."""

from datetime import datetime, timedelta

from django.db import transaction

from agency import clock
from agency.models import OutgoingMail

from . import evidence, mails
from .models import SignRequest

FROM_HOUR = 18  # of the agency's day


def mail_heads(*, now: datetime) -> int:
    """Mail the heads of the chains closed since the last list, once a day. Answers how many it held.

    A request stands on the list when its PDF is sealed, or two hours after it closed if that failed.
    """
    today = clock.local(now, clock.agency_zone())
    if today.hour < FROM_HOUR or OutgoingMail.objects.filter(key=f"heads:{today.date().isoformat()}").exists():
        return 0
    closed = SignRequest.objects.filter(head_mailed_at=None).exclude(outcome="")
    ready = closed.filter(sealed__isnull=False) | closed.filter(closed_at__lt=now - timedelta(hours=2))
    with transaction.atomic():
        requests = list(ready.order_by("closed_at", "pk")[:500])
        if not mails.queue_heads([(request, evidence.head(request)) for request in requests], now=now):
            return 0
        SignRequest.objects.filter(pk__in=[request.pk for request in requests]).update(head_mailed_at=now)
    return len(requests)
