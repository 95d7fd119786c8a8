"""When a signatory is reminded: working days 2 and 5 after the link went out, then every second one, 08:00 where they are."""

from collections.abc import Iterator
from datetime import date, datetime, time

from agency import clock

from .models import Signatory

HOUR = time(8)
FIRST, SECOND, STEP = 2, 5, 2


def calendar_of(signatory: Signatory) -> clock.WorkingCalendar:
    """The client's working week and holidays for a contact, the agency's for a colleague."""
    if signatory.contact:
        client = signatory.contact.client
        return clock.client_calendar(client.country, client.working_week, signatory.zone)
    return clock.agency_calendar()


def days(sent: date, calendar: clock.WorkingCalendar) -> Iterator[date]:
    """The local days on which reminders fall, without end."""
    day = clock.add_working_days(sent, FIRST, calendar)
    yield day
    day = clock.add_working_days(day, SECOND - FIRST, calendar)
    while True:
        yield day
        day = clock.add_working_days(day, STEP, calendar)


def next_time(signatory: Signatory, *, after: datetime | None = None) -> datetime | None:
    """The first reminder (UTC) after `after` (by default, after the invitation); None once the link would have ended."""
    if signatory.invited_at is None:
        return None
    zone, calendar = signatory.zone, calendar_of(signatory)
    floor = after or signatory.invited_at
    for day in days(clock.local(signatory.invited_at, zone).date(), calendar):
        at = clock.at_local(day, HOUR, zone)
        if at >= signatory.request.expires_at:
            return None
        if at > floor:
            return at
    return None
