"""When a report is due: the client's own clock, week and holidays."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Client
from agency.models import Agency
from reporting.slots import review_opens, slot_of, slots_around
from tests.cast import make_client

pytestmark = pytest.mark.django_db


def client_in(zone: str, country: str = "", week: str = "12345", slot: str = "last") -> Client:
    return make_client("ZZZ", "Zed", zone_name=zone, country=country, working_week=week, report_slot=slot)


def agency_in(zone: str, country: str = "") -> None:
    agency = Agency.current()
    agency.zone_name, agency.holidays_country = zone, country
    agency.save()


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("Europe/Madrid", date(2026, 11, 24), "2026-11-27T17:00Z"),
        ("Pacific/Kiritimati", date(2026, 11, 24), "2026-11-27T04:00Z"),  # UTC+14
        ("Etc/GMT+12", date(2026, 11, 24), "2026-11-28T06:00Z"),  # UTC-12
        ("Australia/Lord_Howe", date(2026, 11, 24), "2026-11-27T07:00Z"),  # UTC+11 in summer
        ("Australia/Lord_Howe", date(2026, 7, 8), "2026-07-10T07:30Z"),  # UTC+10:30 in winter
        ("Asia/Kathmandu", date(2026, 11, 24), "2026-11-27T12:15Z"),
        ("Europe/London", date(2026, 3, 25), "2026-03-27T18:00Z"),  # the clocks change on the 29th
        ("Europe/London", date(2026, 4, 1), "2026-04-03T17:00Z"),
        ("Europe/London", date(2026, 10, 21), "2026-10-23T17:00Z"),  # and back on the 25th
        ("Europe/London", date(2026, 10, 28), "2026-10-30T18:00Z"),
    ],
)
def test_the_last_working_day_18_of_the_clients_clock(zone: str, day: date, due: str) -> None:
    slot = slot_of(client_in(zone), day)
    assert slot is not None
    assert slot.due_at == datetime.fromisoformat(due)
    assert slot.send_at == slot.due_at - timedelta(minutes=30)


def test_the_first_working_day_at_noon() -> None:
    slot = slot_of(client_in("America/New_York", slot="first"), date(2026, 11, 27))
    assert slot is not None
    assert slot.due_at == slot.send_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_a_sunday_to_thursday_week_ends_on_thursday_and_begins_on_sunday() -> None:
    gulf = client_in("Asia/Riyadh", week="71234")
    last = slot_of(gulf, date(2026, 11, 24))
    assert last is not None
    assert (last.period, last.due_at) == ("2026-W48", datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    gulf.report_slot = "first"
    first = slot_of(gulf, date(2026, 11, 24))
    assert first is not None
    assert (first.period, first.due_at) == ("2026-W48", datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


def test_a_public_holiday_moves_the_slot_earlier() -> None:
    good_friday = slot_of(client_in("Europe/Madrid", "ES"), date(2026, 4, 1))
    assert good_friday is not None
    assert good_friday.due_at.astimezone(ZoneInfo("Europe/Madrid")).date() < date(2026, 4, 3)


def test_a_holiday_monday_moves_the_first_day_later() -> None:
    national_day = slot_of(client_in("Europe/Madrid", "ES", slot="first"), date(2026, 10, 14))
    assert national_day is not None
    assert national_day.due_at == datetime(2026, 10, 13, 10, 0, tzinfo=UTC)


def test_a_week_without_a_working_day_has_no_slot() -> None:
    golden = client_in("Asia/Shanghai", "CN")
    weeks = [date(2026, 9, 28) + timedelta(weeks=n) for n in range(3)]
    found = [slot_of(golden, day) for day in weeks]
    assert len({slot.period for slot in found if slot}) == len([slot for slot in found if slot])
    only_new_year = client_in_week_of("Etc/UTC", "US", "5")
    assert slot_of(only_new_year, date(2027, 1, 1)) is None


def client_in_week_of(zone: str, country: str, week: str) -> Client:
    return make_client("YYY", "Why", zone_name=zone, country=country, working_week=week)


def test_week_53_has_its_own_period() -> None:
    london = client_in("Europe/London")
    days = [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 2), date(2027, 1, 4)]
    assert [getattr(slot_of(london, day), "period", None) for day in days] == ["2026-W52", "2026-W53", "2026-W53", "2027-W01"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Riyadh", "Europe/London"])
@pytest.mark.parametrize("week", ["12345", "71234", "123456"])
def test_every_week_of_two_years_has_one_slot_in_order(zone: str, week: str) -> None:
    client = client_in(zone, week=week)
    slots = [slot_of(client, date(2026, 1, 1) + timedelta(weeks=n)) for n in range(104)]
    assert all(slots)
    dues = [slot.due_at for slot in slots if slot]
    assert dues == sorted(dues)
    assert len({slot.period for slot in slots if slot}) == 104
    assert all(timedelta(days=5) < b - a < timedelta(days=9) for a, b in pairwise(dues))


def test_the_review_opens_90_minutes_before_within_the_agencys_hours() -> None:
    agency_in("Europe/Madrid", "ES")
    assert review_opens(datetime(2026, 11, 27, 17, 0, tzinfo=UTC)) == datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


def test_or_at_16_30_of_the_agencys_working_day_before() -> None:
    agency_in("Europe/Madrid", "ES")
    tokyo_friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # 10:00 in Madrid, 90 minutes before: 8:30
    assert review_opens(tokyo_friday) == datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    riyadh_sunday = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert review_opens(riyadh_sunday) == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    los_angeles_friday = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # Saturday 1:30 in Madrid
    assert review_opens(los_angeles_friday) == datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


def test_slots_around_a_moment_are_the_clients_weeks() -> None:
    kiritimati = client_in("Pacific/Kiritimati")
    sunday_evening = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # Monday there already
    assert [slot.period for slot in slots_around(kiritimati, sunday_evening)] == ["2026-W47", "2026-W48", "2026-W49"]
