"""A colleague's meetings for My day, read once."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from agency import clock

from .models import LONGEST, Meeting, Minutes, awaits_minutes, is_attended_by

#: Who owes more minutes than this has other worries than the list's end.
MOST = 60
#: What became of minutes that somebody has to amend.
TROUBLED = (Minutes.Status.DISPUTED, Minutes.Status.EXPIRED)


@dataclass(frozen=True)
class Meetings:
    """`today`: those the user attends today by their own clock, in order; for templates/meetings/_meetings.html.

    `unminuted`: those they called whose minutes they owe, or have to amend (`newest_status` is TROUBLED), oldest first.
    """

    today: list[Any]
    unminuted: list[Any]


def meetings_of(user: User, now: datetime) -> Meetings:
    start, end = _day(user, now)
    is_today = Q(starts_at__gte=start - LONGEST, starts_at__lt=end, ends_at__gt=start, cancelled_at=None) & is_attended_by(user)
    newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-version")
    rows: Any = Meeting.objects.all().visible_to(user).with_minutes()
    rows = rows.annotate(answered_at=Subquery(newest.values(at=Coalesce("answered_at", "sent_at"))[:1]))
    rows = rows.filter(is_today | (Q(called_by=user) & (awaits_minutes(now) | Q(newest_status__in=TROUBLED))))
    found = list(rows.select_related("account__client", "called_by").order_by("-ends_at", "-pk")[:MOST])
    return Meetings(
        today=sorted(
            (row for row in found if row.cancelled_at is None and row.starts_at < end and row.ends_at > start),
            key=lambda row: (row.starts_at, row.pk),
        ),
        unminuted=[
            row
            for row in reversed(found)
            if row.called_by_id == user.pk and (row.newest_status in TROUBLED or row.awaits_minutes(now))
        ],
    )


def _day(user: User, now: datetime) -> tuple[datetime, datetime]:
    today = clock.local(now, user.zone).date()
    return clock.at_local(today, time(), user.zone), clock.at_local(today + clock.DAY, time(), user.zone)
