"""A colleague's meetings of a day: for My day."""

from datetime import datetime, time

from accounts.models import User
from agency import clock

from .models import Meeting, MeetingQuerySet


def meetings_today(user: User, now: datetime) -> MeetingQuerySet:
    """The meetings the user attends today, by their own clock, in order; for templates/meetings/_meetings.html."""
    today = clock.local(now, user.zone).date()
    start, end = clock.at_local(today, time(), user.zone), clock.at_local(today + clock.DAY, time(), user.zone)
    meetings = Meeting.objects.all().visible_to(user).held().attended_by(user).filter(starts_at__lt=end, ends_at__gt=start)
    return meetings.with_minutes().select_related("account__client", "called_by").order_by("starts_at", "pk")
