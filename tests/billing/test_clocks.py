"""Day 45 is the agency's, the reminders' days are the client's: at every midnight, over every change of the hour."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Client, User
from agency import clock
from agency.models import Agency
from billing import chase
from billing.models import ChaseStep, Invoice

Make = Callable[..., Invoice]
SECOND = timedelta(seconds=1)


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def agency_in(zone: str) -> None:
    agency = Agency.current()
    agency.zone_name = zone
    agency.save()


def told(at: datetime, letter: str) -> list[list[str]]:
    """The steps named in the letters of one kind that a run at that moment queues."""
    found = [one["invoices"] for one in chase.chase_payments(at) if one["letter"] == letter]
    return [[row["step"] for row in rows] for rows in found]


#: The agency's zone, the client's, and a day 45 that is or borders on a change of the agency's hour (or the year's end).
DAYS = [
    ("Europe/London", "America/New_York", date(2026, 10, 25)),
    ("Europe/London", "Pacific/Kiritimati", date(2027, 3, 28)),
    ("America/New_York", "Europe/London", date(2026, 11, 1)),
    ("America/New_York", "Australia/Lord_Howe", date(2027, 3, 14)),
    ("Australia/Lord_Howe", "America/New_York", date(2026, 10, 4)),
    ("Australia/Lord_Howe", "Etc/GMT+12", date(2027, 4, 4)),
    ("Pacific/Kiritimati", "Etc/GMT+12", date(2027, 1, 1)),
    ("Etc/GMT+12", "Pacific/Kiritimati", date(2027, 1, 3)),
]


@pytest.mark.parametrize(("agency", "client", "day"), DAYS)
@pytest.mark.parametrize("issued_at", [time(0, 0), time(23, 59, 59)])
def test_the_director_hears_on_the_agencys_day_45_and_not_on_44(
    make_issued: Make, agency: str, client: str, day: date, issued_at: time
) -> None:
    """However early or late on its day the invoice was issued, wherever the client and the director are."""
    agency_in(agency)
    Client.objects.update(zone_name=client)
    User.objects.update(zone_name=client)
    issued = datetime.combine(day - timedelta(days=45), issued_at, ZoneInfo(agency)).astimezone(UTC)
    invoice = make_issued(now=issued)
    assert invoice.issued_on == day - timedelta(days=45)
    begins, ends = midnight(day, agency), midnight(day + timedelta(days=1), agency)
    assert told(midnight(day - timedelta(days=1), agency), "billing.escalation") == []
    assert told(begins - SECOND, "billing.escalation") == []
    assert told(begins, "billing.escalation") == [["escalation"]]
    assert told(ends - SECOND, "billing.escalation") == []
    assert told(ends, "billing.escalation") == []


@pytest.mark.parametrize(("client", "agency", "day"), DAYS)
def test_a_reminder_is_due_on_the_clients_day(make_issued: Make, agency: str, client: str, day: date) -> None:
    """Three days after the due date, where the client is: never a day early because the agency's clock is ahead."""
    agency_in(agency)
    Client.objects.update(zone_name=client)
    noon = datetime.combine(day - timedelta(days=33), time(12), ZoneInfo(agency)).astimezone(UTC)
    make_issued(now=noon, payment_days=30)
    begins = midnight(day, client)
    told(begins - timedelta(days=2), "billing.reminder")  # the friendly one before the due date is passed over
    assert told(begins - SECOND, "billing.reminder") == []
    letters = [one for one in chase.chase_payments(begins) if one["letter"] == "billing.reminder"]
    assert [one["invoices"][0]["step"] for one in letters] == ["after_due"]
    assert told(begins + timedelta(hours=23), "billing.reminder") == []


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    second=st.integers(0, 10 * 366 * 24 * 3600),
    paid_within=st.integers(0, 120),
)
def test_day_45_in_any_zone_of_any_invoice(zone: str, second: int, paid_within: int) -> None:
    """The day of the escalation is 45 calendar days on, or the day after a longer term; whatever the clocks did between."""
    issued_on = clock.local(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second), zone).date()
    invoice = Invoice(issued_on=issued_on, due_on=issued_on + timedelta(days=paid_within))
    step = ChaseStep(anchor=ChaseStep.Anchor.ISSUED, days=45, letter=ChaseStep.Letter.ESCALATION)
    day = chase.day_of(step, invoice)
    assert (day - issued_on).days == max(45, paid_within + 1)
    begins = clock.at_local(day, time(), ZoneInfo(zone))
    assert clock.local(begins, zone).date() == day
    assert clock.local(begins - SECOND, zone).date() < day
