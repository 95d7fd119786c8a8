"""How a job goes along the chain: its steps with their moments, up to now. No rows here, only time and chance."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from signoffs.actions.sending import DEFAULT_DAYS

#: What became of a round: signed; signed with small changes, then made good; sent back by the client; stopped in the house; …
End = Literal["approved", "small_changes", "made_good", "changes", "declined", "superseded", "flawed", "refused"]
#: What becomes of the job as a whole.
Fate = Literal["delivered", "cancelled", "held", "late"]
EXPIRES = timedelta(days=DEFAULT_DAYS)


class NotYet(Exception):
    """The next step lies in the future."""


class Watch:
    """Steps through working time: weekdays between eight and five, UTC. Raises NotYet beyond now."""

    def __init__(self, rng: Random, at: datetime, now: datetime) -> None:
        self.rng, self.at, self.now = rng, at, now

    def step(self, hours: float) -> datetime:
        """About so many hours later, a third to the double of it."""
        return self.jump(timedelta(hours=hours * (0.35 + 1.3 * self.rng.random())))

    def jump(self, by: timedelta) -> datetime:
        self.at = at_work(self.at + by, self.rng)
        if self.at > self.now:
            raise NotYet
        return self.at


def at_work(moment: datetime, rng: Random) -> datetime:
    """The moment itself, or the next time somebody is at work."""
    if not 8 <= moment.hour < 17:
        day = moment + timedelta(days=1) if moment.hour >= 17 else moment
        moment = day.replace(hour=8, minute=rng.randrange(60), second=rng.randrange(60))
    return moment + timedelta(days=7 - moment.weekday()) if moment.weekday() > 4 else moment


@dataclass
class Round:
    """One version and what happened to it."""

    uploaded: datetime
    end: End
    checked: datetime | None = None
    word: datetime | None = None  # the creative director's
    sent: datetime | None = None
    lapsed: datetime | None = None  # nobody answered the first link in time
    sent_again: datetime | None = None
    seen: datetime | None = None
    answered: datetime | None = None
    replaced: datetime | None = None  # the next version was made before the client answered


@dataclass
class Strand:
    """One deliverable."""

    rounds: list[Round] = field(default_factory=list)
    signed: datetime | None = None


@dataclass
class Course:
    created: datetime
    due: datetime
    submitted: datetime | None = None
    returned: datetime | None = None
    revision: int = 0
    strategy: datetime | None = None
    opened: datetime | None = None
    acknowledged: list[datetime] = field(default_factory=list)
    strands: list[Strand] = field(default_factory=list)
    delivered: datetime | None = None
    closed: datetime | None = None
    held: datetime | None = None
    cancelled: datetime | None = None

    @property
    def versions(self) -> int:
        return sum(len(strand.rounds) for strand in self.strands)


def fate_of(rng: Random, age: timedelta) -> Fate:
    """Of a job this old: work that stands still is from the last months; what is older was brought to an end somehow."""
    weights = [90, 4, 2.5, 3.5] if age < timedelta(days=150) else [95.5, 4.5, 0, 0]
    return rng.choices(["delivered", "cancelled", "held", "late"], weights)[0]  # type: ignore[return-value]


def rounds_of(rng: Random) -> int:
    """How many versions a job takes in all, by itself."""
    return rng.choices([1, 2, 3, 4, 5, 6, 7, 8, 10, 13], [8, 17, 18, 17, 14, 10, 7, 5, 3, 1])[0]


def split(versions: int, rng: Random) -> list[int]:
    """Spread versions over deliverables: two rounds each are usual."""
    parts = []
    while versions > 0:
        part = min(versions, rng.choices([1, 2, 3, 4], [34, 40, 20, 6])[0])
        parts.append(part)
        versions -= part
    return parts


def run(rng: Random, created: datetime, versions: int, fate: Fate, makers: int, now: datetime) -> Course:
    """Play a job from its sheet to the day it is closed, or to now."""
    parts = split(versions, rng) or [0]
    days = 9 + 7 * max(parts) + abs(rng.gauss(3, 7))
    course = Course(created, at_work(created + timedelta(days=days), rng).replace(minute=0, second=0, microsecond=0))
    course.strands = [Strand() for _part in parts]
    watch = Watch(rng, created, now)
    try:
        _open(course, watch, makers)
        if fate == "cancelled":
            course.cancelled = watch.step(60)
            return course
    except NotYet:
        return course
    for place, (strand, part) in enumerate(zip(course.strands, parts, strict=True)):
        stuck = fate in ("held", "late") and place == len(parts) - 1
        _make(strand, Watch(rng, watch.at, now), part, stuck=stuck)
    with suppress(NotYet):
        _finish(course, fate, rng, now)
    return course


def _open(course: Course, watch: Watch, makers: int) -> None:
    """Written, approved on both sides, read by whoever does the work. One sheet in twenty comes back once."""
    course.submitted, course.revision = watch.step(14), 1
    if watch.rng.random() < 0.05:
        course.returned = watch.step(8)
        course.submitted, course.revision = watch.step(16), 2
    course.strategy = watch.step(7)
    course.opened = watch.step(6)
    for _maker in range(makers):
        course.acknowledged.append(watch.step(3))


def _make(strand: Strand, watch: Watch, rounds: int, *, stuck: bool) -> None:
    try:
        for place, end in enumerate(_ends(rounds, watch.rng, stuck)):
            _round(strand, watch, place, end)
    except NotYet:
        return


def _ends(rounds: int, rng: Random, stuck: bool) -> list[End]:
    ends: list[End] = rng.choices(["changes", "flawed", "refused", "superseded", "declined"], [74, 11, 7, 5, 3], k=rounds)
    if not ends:
        return ends
    ends[-1] = "changes" if stuck else "approved"
    if rounds > 1 and not stuck and rng.random() < 0.25:
        ends[-2:] = ["small_changes", "made_good"]
    return ends


def _round(strand: Strand, watch: Watch, place: int, end: End) -> None:
    """Made, checked by somebody else, released, sent, answered."""
    one = Round(watch.step(11 if place else 30), end)
    previous = strand.rounds[-1] if strand.rounds else None
    strand.rounds.append(one)
    if previous and previous.end == "superseded":
        previous.replaced = one.uploaded
    one.checked = watch.step(4)
    if end == "flawed":
        return
    one.word = watch.step(3)
    if end in ("refused", "made_good"):
        return
    one.sent = watch.step(3)
    if watch.rng.random() < 0.03:
        one.lapsed = _lapse(one.sent, watch)
        one.sent_again = watch.step(5)
    if end == "superseded":
        return
    slow = watch.rng.random() < 0.2
    seen = watch.at + timedelta(hours=watch.rng.uniform(0.1, 7))
    if seen <= watch.now:
        one.seen = seen
    one.answered = max(watch.step(130 if slow else 44), seen)
    if end in ("approved", "small_changes"):
        strand.signed = one.answered


def _lapse(sent: datetime, watch: Watch) -> datetime:
    """The link ended without an answer."""
    if sent + EXPIRES > watch.now:
        raise NotYet
    watch.at = sent + EXPIRES
    return watch.at


def _finish(course: Course, fate: Fate, rng: Random, now: datetime) -> None:
    """Delivered when everything is signed; finance closes it when it gets to it."""
    last = max((one.uploaded for strand in course.strands for one in strand.rounds), default=course.opened)
    assert last
    if fate == "held":
        course.held = Watch(rng, last, now).step(200)
        return
    signed = [strand.signed for strand in course.strands if strand.signed]
    if len(signed) == len(course.strands):
        course.delivered = max(signed)
        course.closed = Watch(rng, max(last, course.delivered), now).step(rng.choice([24, 24, 60, 170, 400]))
