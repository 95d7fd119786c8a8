"""When a client's weekly status report is due, sent and reviewed: local rules turned into moments.

The period is the ISO week of the client's calendar. The last working day of the client's week is Friday for most, Thursday
where the week runs from Sunday; a public holiday moves it to the working day before. A week without any working day has no
report: the next one covers it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import Client
from agency import clock

#: "Before 18:00": the report is due at 18:00 and leaves by itself half an hour earlier, so that a retry still arrives in time.
LAST_DAY_DUE, LAST_DAY_MARGIN = time(18), timedelta(minutes=30)
#: "12:00": it leaves on the hour.
FIRST_DAY_DUE, FIRST_DAY_MARGIN = time(12), timedelta()
REVIEW_BEFORE, REVIEW_EVENING = timedelta(minutes=90), time(16, 30)


@dataclass(frozen=True)
class Slot:
    """One client's slot of one week; moments in UTC."""

    period: str  # ISO week, such as 2026-W53
    due_at: datetime
    send_at: datetime
    review_at: datetime


def slot_of(client: Client, day: date) -> Slot | None:
    """The slot of the ISO week that `day` (the client's) lies in; None when nobody works in that week."""
    calendar = clock.client_calendar(client.country, client.working_week, client.zone)
    year, week, _weekday = day.isocalendar()
    days = clock.working_days_of_week(date.fromisocalendar(year, week, 4), calendar)
    if not days:
        return None
    if client.report_slot == Client.ReportSlot.FIRST_DAY:
        due_at = clock.at_local(days[0], FIRST_DAY_DUE, client.zone)
        margin = FIRST_DAY_MARGIN
    else:
        due_at = clock.at_local(days[-1], LAST_DAY_DUE, client.zone)
        margin = LAST_DAY_MARGIN
    return Slot(f"{year}-W{week:02d}", due_at, due_at - margin, review_opens(due_at))


def review_opens(due_at: datetime) -> datetime:
    """90 minutes before the slot; where that is outside the agency's hours, 16:30 of its working day before."""
    calendar = clock.agency_calendar()
    opens = due_at - REVIEW_BEFORE
    if clock.is_open(opens, calendar):
        return opens
    before = clock.previous_working_day(clock.local(opens, calendar.zone).date() - clock.DAY, calendar)
    return clock.at_local(before, REVIEW_EVENING, calendar.zone)


def slots_around(client: Client, now: datetime) -> Iterator[Slot]:
    """The slots of the weeks before, around and after `now`, by the client's calendar; earliest first."""
    today = clock.local(now, client.zone).date()
    for weeks in (-1, 0, 1):
        slot = slot_of(client, today + timedelta(weeks=weeks))
        if slot is not None:
            yield slot
