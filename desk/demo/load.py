"""Loads the demo agency: people and clients first, then four months of work, lived through in order up to now."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from accounts.models import Account
from agency import clock
from billing.chase import chase_payments
from reporting.actions import compose_report, send_due_reports
from reporting.slots import Slot, slot_of
from signoffs.actions import expire_due, remind_due
from signoffs.heads import mail_heads

from .directory import Directory, load_directory
from .events import events
from .ground import mark_loaded
from .jobs import ORDERS
from .play import Days, Story, play
from .stories import JobStory
from .talks import INTERNAL, TALKS, tell

#: How far back the oldest job of the demo goes, with some days to spare.
FIRST_DAY = 135
#: Weekly status reports are shown for this many days back.
REPORT_DAYS = 12
#: Accounts whose next report is in review already.
REVIEWED = (("CLZ", "Retail"), ("VRB", "Книги"), ("PLS", "Podcasts"))


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
    stories += [tell(talk, directory, days) for talk in (*TALKS, *INTERNAL)]
    stories += events(directory, days)
    stories += [daily(days, now), reports(directory, now)]
    play(stories, until=now)
    mark_loaded(now)
    return directory


def daily(days: Days, now: datetime) -> Story:
    """What beat does by itself, four times a day: remind who hasn't signed, expire links, list the chains; once: chase."""
    for moment in moments(days, 100, (time(1, 5), time(8, 5), time(14, 5), time(18, 5)), now):
        at = yield moment
        if clock.local(at, days.zone).hour == 1:
            chase_payments(at)
        remind_due(now=at)
        expire_due(now=at)
        mail_heads(now=at)


def moments(days: Days, back: int, hours: tuple[time, ...], now: datetime) -> Iterator[datetime]:
    """These hours of each of the last `back` days, up to now."""
    for ago in range(back, -1, -1):
        for hour in hours:
            moment = clock.at_local(days.today - timedelta(days=ago), hour, days.zone)
            if moment <= now:
                yield moment


def reports(directory: Directory, now: datetime) -> Story:
    """What beat does for the weekly reports, whenever a review opens or a report leaves. Ana has begun some of the next ones."""
    since = now - timedelta(days=REPORT_DAYS)
    slots = {slot for account in directory.accounts.values() for slot in slots_since(account, since, now)}
    turns = {moment for slot in slots for moment in (slot.review_at, slot.send_at)}
    for moment in sorted(turns):
        if since <= moment <= now:
            at = yield moment
            send_due_reports(at)
    at = yield now - timedelta(minutes=5)
    for code, name in REVIEWED:
        account = directory.accounts[code, name]
        if coming := next((slot for slot in slots_since(account, now, now) if slot.send_at > now), None):
            compose_report(account, coming, by=account.lead, now=at)


def slots_since(account: Account, since: datetime, now: datetime) -> list[Slot]:
    """The account's slots of these weeks, and of the next one."""
    today = clock.local(since, account.client.zone).date()
    weeks = range((now - since).days // 7 + 2)
    found = [slot_of(account.client, today + timedelta(weeks=n)) for n in weeks]
    return [slot for slot in found if slot]
