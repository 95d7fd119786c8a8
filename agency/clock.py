"""Time: the one wall clock, zones, working calendars with public holidays, and "by when" arithmetic.

Moments are aware and in UTC; days are local to a zone. Views, tasks and commands call `now()` once and pass it on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as public_holidays
from django.conf import settings

from .models import Agency

DAY = timedelta(days=1)
_played: ContextVar[datetime | None] = ContextVar("played", default=None)


def now() -> datetime:
    """This moment, in UTC. Nothing else reads the wall clock for a business rule."""
    return _played.get() or datetime.now(UTC)


@contextmanager
def played(moment: datetime) -> Iterator[None]:
    """Let every clock in this block show `moment`: so the demo agency lives through its past. Only in embedded mode."""
    if not settings.EMBEDDED:
        raise RuntimeError("Time is played only in embedded mode.")
    token = _played.set(moment)
    try:
        yield
    finally:
        _played.reset(token)


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def agency_zone() -> ZoneInfo:
    return Agency.current().zone


def local(moment: datetime, where: ZoneInfo | str) -> datetime:
    """`moment` as the clock on the wall shows it there."""
    return moment.astimezone(ZoneInfo(where) if isinstance(where, str) else where)


def at_local(day: date, hour: time, where: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks there show that day and hour.

    An hour that the change to summer time skips counts as the same distance after midnight; of an hour that comes twice,
    the first is meant.
    """
    return datetime.combine(day, hour, tzinfo=where).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays of a year, and the weekend days on which people work to make up for them (as in China)."""
    if not country:
        return frozenset(), frozenset()
    try:
        known = public_holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return frozenset(), frozenset()
    return frozenset(known), frozenset(getattr(known, "weekend_workdays", ()))


@dataclass(frozen=True)
class WorkingCalendar:
    """On which days and between which hours someone works. `weekdays` are ISO: 1 Monday … 7 Sunday."""

    weekdays: frozenset[int]
    country: str = ""
    zone: ZoneInfo = field(default=ZoneInfo("UTC"))
    opens: time = time(9)
    closes: time = time(18)


def agency_calendar() -> WorkingCalendar:
    agency = Agency.current()
    return WorkingCalendar(weekdays(agency.working_week), agency.holidays_country, agency.zone, agency.opens, agency.closes)


def client_calendar(country: str, working_week: str | Iterable[int], where: ZoneInfo | None = None) -> WorkingCalendar:
    """A client's calendar: its country's holidays, its working week ("12345": Monday to Friday), its zone."""
    return WorkingCalendar(weekdays(working_week), country, where or agency_zone())


def weekdays(working_week: str | Iterable[int]) -> frozenset[int]:
    """ISO weekdays out of "12345"; Monday to Friday when there are none."""
    return frozenset(int(day) for day in working_week) & frozenset(range(1, 8)) or frozenset(range(1, 6))


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    free, made_up = _holidays(calendar.country, day.year)
    return day in made_up or (day.isoweekday() in calendar.weekdays and day not in free)


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """`day` itself if work is done on it, else the first such day after it (within a year, else `day`)."""
    return next((d for d in _days_from(day, DAY) if is_working_day(d, calendar)), day)


def previous_working_day(day: date, calendar: WorkingCalendar) -> date:
    """`day` itself if work is done on it, else the last such day before it (within a year, else `day`)."""
    return next((d for d in _days_from(day, -DAY) if is_working_day(d, calendar)), day)


def _days_from(day: date, step: timedelta) -> Iterable[date]:
    return (day + step * n for n in range(366))


def add_working_days(day: date, n: int, calendar: WorkingCalendar) -> date:
    """The n-th working day after `day` (before it when n is negative); for 0, `day` or the next working day."""
    if n == 0:
        return next_working_day(day, calendar)
    step, find = (DAY, next_working_day) if n > 0 else (-DAY, previous_working_day)
    for _ in range(abs(n)):
        day = find(day + step, calendar)
    return day


def working_days_of_week(day: date, calendar: WorkingCalendar) -> list[date]:
    """The working days of the week `day` lies in. The week begins where the calendar does: Sunday for Sunday to Thursday."""
    start = _first_weekday(calendar.weekdays)
    monday = day - timedelta(days=(day.isoweekday() - start) % 7)
    return [d for d in (monday + timedelta(days=n) for n in range(7)) if is_working_day(d, calendar)]


def _first_weekday(working: frozenset[int]) -> int:
    """The working weekday that follows the longest run of free days; Monday when there is none."""

    def free_before(weekday: int) -> int:
        return next((n for n in range(7) if (weekday - 2 - n) % 7 + 1 in working), 7)

    return max(sorted(working), key=free_before) if len(working) < 7 else 1


def is_open(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether someone is at work there at that moment."""
    there = local(moment, calendar.zone)
    return is_working_day(there.date(), calendar) and calendar.opens <= there.time() < calendar.closes
