"""Seeds an empty database with an agency of a given size, as it stands at a moment. The same size and moment give the same agency."""

from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from accounts.models import Client, Contact, User
from agency import audit
from agency.models import Agency, AuditEntry, Counter, OutgoingMail
from billing.figures import first_billed
from billing.models import Invoice
from jobsheets.models import Job, Version
from meetings.models import Meeting
from signoffs.models import SignRequest

from ..demo.ground import LOADED
from . import course as courses
from . import files, house, money
from .course import Fate
from .jobs import Billable, Writer
from .ledger import Ledger
from .papers import Desk
from .post import Post
from .reports import Weekly
from .seals import Sealer
from .size import DAYS, Size
from .talks import Secretary, Talk

#: Jobs younger than this may not be through: how many versions they have depends on today.
YOUNG = timedelta(days=200)
SHOWN = (User, Client, Contact, Job, Version, SignRequest, Meeting, Invoice, OutgoingMail, AuditEntry)


@dataclass(frozen=True)
class Order:
    """A job before it is played: when, for whom, how many versions, and how it goes."""

    place: int
    created: datetime
    fate: Fate
    seed: str
    versions: int


def seed(size: Size, *, now: datetime, say: Callable[[str], None] = lambda _line: None) -> dict[str, int]:
    """Write everything; answers how many rows of each main kind there are."""
    rng = Random(f"countersign {size.scale}")  # noqa: S311 - invents an agency, guards nothing
    ledger = Ledger()
    home = house.furnish(size, ledger, rng, now)
    kept = files.draw(size, ledger, now)
    post = Post(ledger, rng, now)
    desk = Desk(ledger, kept, Sealer(ledger), post, rng, now)
    say("people, clients and files")
    jobs, counters = write_jobs(size, home, Writer(home, ledger, kept, desk, now), rng, now)
    say("jobs, versions and signatures")
    secretary = Secretary(home, ledger, desk, rng, now)
    for talk in talks(size, home, rng, now):
        secretary.write(talk)
        ledger.flush_if()
    ledger.flush()
    say("meetings and minutes")
    books = money.Books(home, ledger, kept, post, rng, now)
    books.write(money.plan(jobs, size.invoices, rng, now))
    ledger.flush()
    Job.objects.update(billed_at=first_billed())
    say("invoices, payments and reminders")
    Weekly(home, ledger, kept, jobs, rng, now).write()
    say("status reports")
    for name, last in {**counters, **secretary.serials, **books.series}.items():
        ledger.add(Counter(name=name, last=last))
    ledger.note(LOADED, Agency.current(), by=audit.SYSTEM, at=now, account=None, scale=size.scale)
    ledger.close()
    return {model._meta.model_name or "": ledger.written[model] or model._base_manager.count() for model in SHOWN}


def write_jobs(size: Size, home: house.House, writer: Writer, rng: Random, now: datetime) -> tuple[list[Billable], Tally[str]]:
    """All jobs, oldest first, with their numbers; answers what may be billed, and the counters of the numbers."""
    numbers: Tally[str] = Tally()
    found = []
    for order in plan(size, home, rng, now):
        place = home.places[order.place]
        year = f"{order.created:%y}"
        series = f"job:{place.client.pk}:{year}"
        numbers[series] += 1
        mine = Random(order.seed)  # noqa: S311
        course = play(order, home, mine, now)
        found.append(writer.write(course, place, f"{place.client.code}-{year}-{numbers[series]:04d}", mine))
        writer.ledger.flush_if()
    writer.ledger.flush()
    return found, numbers


def play(order: Order, home: house.House, rng: Random, now: datetime) -> courses.Course:
    return courses.run(rng, order.created, order.versions, order.fate, min(len(home.places[order.place].makers), 2), now)


def plan(size: Size, home: house.House, rng: Random, now: datetime) -> list[Order]:
    """When each job begins, for which account, and how many versions it takes, so that all together are as many as wanted."""
    orders = [
        Order(place, created, courses.fate_of(rng, now - created), f"{size.scale} {n}", courses.rounds_of(rng))
        for n, (created, place) in enumerate(moments(size.jobs, home, rng, now))
    ]
    young = [order for order in orders if now - order.created < YOUNG]
    there = sum(play(order, home, Random(order.seed), now).versions for order in young)  # noqa: S311
    return even_out(
        orders,
        [n for n, one in enumerate(orders) if now - one.created >= YOUNG and one.fate != "cancelled"],
        size.versions - there,
        rng,
    )


def even_out(orders: list[Order], old: list[int], wanted: int, rng: Random) -> list[Order]:
    """Add or take away versions of old jobs, one at a time, until they have `wanted` together; each keeps one at least."""
    counts = {n: orders[n].versions for n in old}
    missing = wanted - sum(counts.values())
    while missing and counts:
        n = rng.choice(old)
        if missing > 0 or counts[n] > 1:
            step = 1 if missing > 0 else -1
            counts[n] += step
            missing -= step
        elif all(count == 1 for count in counts.values()):
            break
    return [replace(order, versions=counts.get(n, order.versions)) for n, order in enumerate(orders)]


def moments(number: int, home: house.House, rng: Random, now: datetime) -> list[tuple[datetime, int]]:
    """So many working moments in the past, more of them lately, each with the account it is for."""
    shares = [place.share for place in home.places]
    places = range(len(shares))
    found = []
    for place in rng.choices(places, shares, k=number):
        age = timedelta(days=DAYS * (1 - rng.random() ** 0.8))
        if home.places[place].since > now - age:
            age = (now - home.places[place].since) * rng.random()
        found.append((min(courses.at_work(now - age, rng), now - timedelta(minutes=5)), place))
    return sorted(found)


def talks(size: Size, home: house.House, rng: Random, now: datetime) -> list[Talk]:
    """Meetings of the same years, some of the next weeks, one in twenty-five without a client; in the order they were called."""
    found = []
    for created, place in moments(size.meetings, home, rng, now):
        ahead = timedelta(days=rng.choice([1, 2, 3, 4, 6, 8, 13]))
        starts = courses.at_work(created + ahead, rng).replace(minute=rng.choice([0, 0, 30]), second=0, microsecond=0)
        found.append(Talk(created, starts, home.places[place] if rng.random() > 0.04 else None))
    return found
