"""Played time: many stories told at once, each step at its own moment, in the order it would have happened.

A story is a generator: it yields the moment of its next step and is resumed when the clock of the play stands there. What
background tasks would do (render, seal, mail) is done on the spot, at the played moment.
"""

import heapq
from collections.abc import Generator, Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TypeVar
from zoneinfo import ZoneInfo

from agency import clock, doorbell, outbox
from agency.models import OutgoingMail

T = TypeVar("T")
#: Yields the moment of its next step, gets the moment that is played, answers at its end.
Steps = Generator[datetime, datetime, T]
Story = Steps[None]
OPENS, CLOSES = time(9, 10), time(18, 20)


def play(stories: Iterable[Story], *, until: datetime) -> None:
    """Tell all stories; what a story puts after `until` happens at `until`."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []
    for story in stories:
        heapq.heappush(waiting, (next(story), next(order), story))
    while waiting:
        moment, _place, story = heapq.heappop(waiting)
        moment = min(moment, until)
        post(moment)
        with clock.played(moment), doorbell.answered():
            after = next_step(story, moment)
        if after is not None:
            heapq.heappush(waiting, (max(after, moment), next(order), story))
    post(until)


def next_step(story: Story, moment: datetime) -> datetime | None:
    """When the story goes on; None at its end."""
    try:
        return story.send(moment)
    except StopIteration:
        return None


def post(moment: datetime) -> None:
    """Send what has come due since, each mail at its own moment."""
    due = OutgoingMail.objects.due(moment).order_by("due_at", "pk").values_list("pk", "due_at")
    for pk, due_at in list(due):
        with clock.played(due_at):
            outbox.send(pk, now=due_at)


class Days:
    """Counts from today in the agency's zone. The past ends with the last full working day, so that nobody works at night."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.zone, self.today = zone, clock.local(now, zone).date()
        self.last = self.today if clock.local(now, zone).time() >= time(18, 30) else self.today - clock.DAY
        self.last = weekday(self.last, -1)
        self.until = clock.at_local(self.last, time(18, 25), zone)

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """`days` before the last working day (a weekend day becomes the Friday before) at that local hour."""
        return clock.at_local(weekday(self.last - timedelta(days=days), -1), time(hour, minute), self.zone)

    def ahead(self, days: int, hour: int = 18) -> datetime:
        """`days` from today (a weekend day becomes the Monday after) at that local hour."""
        day = self.today + timedelta(days=days)
        return clock.at_local(weekday(day, 1) if days else day, time(hour), self.zone)

    def at_work(self, moment: datetime, zone: ZoneInfo | None = None, week: str = "12345") -> datetime:
        """`moment`, or the next time people there are at work again (`week`: their ISO working days); never after `until`."""
        there = clock.local(moment, zone or self.zone)
        if str(there.isoweekday()) in week and OPENS <= there.time() <= CLOSES:
            return min(moment, self.until)
        day = there.date() + (clock.DAY if there.time() > CLOSES else timedelta())
        while str(day.isoweekday()) not in week:
            day += clock.DAY
        minutes = timedelta(minutes=int(moment.timestamp()) // 60 % 70)
        return min(clock.at_local(day, OPENS, zone or self.zone) + minutes, self.until)


def weekday(day: date, step: int) -> date:
    """The day itself, or the nearest weekday before (-1) or after it (1)."""
    while day.isoweekday() > 5:
        day += timedelta(days=step)
    return day
