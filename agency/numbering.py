"""Numbers without gaps: a counter row, locked in the transaction that uses the number."""

from django.db import connection
from django.db.models import F

from .models import Counter


def next_number(name: str) -> int:
    """The next number of the series `name`, from 1.

    The counter stays locked until the caller's transaction ends, and goes back with it: a rolled-back issue leaves no gap,
    and two issuers of one series wait for each other. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() must be called inside transaction.atomic().")
    mine = Counter.objects.filter(name=name)
    if not mine.update(last=F("last") + 1):
        Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
        mine.update(last=F("last") + 1)
    return mine.values_list("last", flat=True).get()
