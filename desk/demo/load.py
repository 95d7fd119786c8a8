"""Loads the demo agency: people and clients first, then four months of work, lived through in order up to now."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from agency import clock
from billing.chase import chase_payments
from signoffs.actions import expire_due, remind_due
from signoffs.heads import mail_heads

from .directory import Directory, load_directory
from .ground import mark_loaded
from .jobs import ORDERS
from .play import Days, Story, play
from .stories import JobStory
from .talks import INTERNAL, TALKS, tell

#: How far back the oldest job of the demo goes, with some days to spare.
FIRST_DAY = 135
#: Weekly status reports are shown for this many days back.
REPORT_DAYS = 12


def load_people(now: datetime) -> None:
    """People and clients only, for a walk in an empty database."""
    load_directory(now)
    mark_loaded(now)


def load(now: datetime) -> Directory:
    """Fill an empty database. Everything is relative to `now`, so that it is always a working agency's today."""
    first = now - timedelta(days=FIRST_DAY)
    with clock.played(first):
        directory = load_directory(first)
    days = Days(now, clock.agency_zone())
    stories: list[Story] = [JobStory(order, directory, days).tell() for order in ORDERS]
    stories += [tell(talk, directory, days) for talk in (*TALKS, INTERNAL)]
    stories += [daily(days, now), reports(days, now)]
    play(stories, until=now)
    mark_loaded(now)
    return directory


def daily(days: Days, now: datetime) -> Story:
    """What beat does by itself, four times a day: chase payments, remind who hasn't signed, expire links, list the chains."""
    for moment in moments(days, 110, (time(1, 5), time(8, 5), time(14, 5), time(18, 5)), now):
        at = yield moment
        chase_payments(at)
        remind_due(now=at)
        expire_due(now=at)
        mail_heads(now=at)


def reports(days: Days, now: datetime) -> Story:
    """What beat does for the weekly reports, often enough to be in time."""
    from reporting.actions import send_due_reports

    for moment in moments(days, REPORT_DAYS, tuple(time(hour, 30) for hour in range(24)), now):
        at = yield moment
        send_due_reports(at)


def moments(days: Days, back: int, hours: tuple[time, ...], now: datetime) -> Iterator[datetime]:
    """These hours of each of the last `back` days, up to now."""
    for ago in range(back, -1, -1):
        for hour in hours:
            moment = clock.at_local(days.today - timedelta(days=ago), hour, days.zone)
            if moment <= now:
                yield moment
