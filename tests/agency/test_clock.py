"""Time: changes of the clock, public holidays and weeks that don't begin on Monday."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency import clock
from agency.clock import WorkingCalendar
from agency.models import Agency

MADRID = ZoneInfo("Europe/Madrid")
SPAIN = WorkingCalendar(frozenset(range(1, 6)), "ES", MADRID)
DUBAI = WorkingCalendar(frozenset({7, 1, 2, 3, 4}), "", ZoneInfo("Asia/Dubai"))
PLAIN = WorkingCalendar(frozenset(range(1, 6)))


def test_an_hour_on_the_wall_moves_with_the_season():
    """A report due on Friday at 18:00 is due at 18:00 on both sides of the change of the clock."""
    assert clock.at_local(date(2026, 10, 23), time(18), MADRID) == datetime(2026, 10, 23, 16, tzinfo=UTC)
    assert clock.at_local(date(2026, 10, 30), time(18), MADRID) == datetime(2026, 10, 30, 17, tzinfo=UTC)


def test_an_hour_that_is_skipped_and_one_that_comes_twice():
    assert clock.at_local(date(2026, 3, 29), time(2, 30), MADRID) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert clock.at_local(date(2026, 10, 25), time(2, 30), MADRID) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 12, 8), False),  # Immaculate Conception
    ],
)
def test_public_holidays_are_free(day, works):
    assert clock.is_working_day(day, SPAIN) is works


def test_a_weekend_day_that_makes_up_for_a_holiday_is_worked():
    """In China people work on some Sundays before the long holidays."""
    china = WorkingCalendar(frozenset(range(1, 6)), "CN")
    made_up = clock._holidays("CN", 2025)[1]
    assert made_up
    assert all(clock.is_working_day(day, china) for day in made_up)


def test_a_country_nobody_knows_has_no_holidays():
    assert clock.is_working_day(date(2026, 12, 25), WorkingCalendar(frozenset(range(1, 6)), "XX"))


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # over Christmas and a weekend
        (date(2026, 12, 28), -1, date(2026, 12, 24)),
        (date(2026, 12, 25), 0, date(2026, 12, 28)),
        (date(2026, 11, 18), 5, date(2026, 11, 25)),
    ],
)
def test_adding_working_days(day, n, result):
    assert clock.add_working_days(day, n, SPAIN) == result


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_working_days_there_and_back(day, n):
    start = clock.next_working_day(day, SPAIN)
    there = clock.add_working_days(start, n, SPAIN)
    assert there > start
    assert clock.is_working_day(there, SPAIN)
    assert clock.add_working_days(there, -n, SPAIN) == start


def test_a_week_begins_where_the_working_week_does():
    sunday, thursday = date(2026, 11, 22), date(2026, 11, 26)
    assert clock.working_days_of_week(sunday, DUBAI)[0] == sunday
    assert clock.working_days_of_week(thursday, DUBAI)[-1] == thursday
    assert clock.working_days_of_week(sunday, PLAIN)[0] == date(2026, 11, 16)
    assert clock.working_days_of_week(date(2026, 12, 25), SPAIN)[-1] == date(2026, 12, 24)


def test_open_or_closed():
    assert clock.is_open(datetime(2026, 11, 20, 8, tzinfo=UTC), SPAIN)  # 9:00 in Madrid
    assert not clock.is_open(datetime(2026, 11, 20, 17, tzinfo=UTC), SPAIN)


@pytest.mark.django_db
def test_the_agency_has_one_calendar_read_once(django_assert_num_queries):
    agency = Agency.current()
    agency.zone_name, agency.working_week, agency.holidays_country = "Asia/Dubai", "71234", "AE"
    agency.save()
    with django_assert_num_queries(1):
        calendar = clock.agency_calendar()
        assert clock.agency_zone() == ZoneInfo("Asia/Dubai")
    assert calendar.weekdays == {7, 1, 2, 3, 4}


@pytest.mark.django_db
def test_a_form_that_failed_does_not_change_what_others_read():
    Agency.current().name = "half typed"
    assert Agency.current().name != "half typed"


def test_played_time_ends_with_its_block_and_is_never_played_in_production(settings):
    moment = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
    settings.EMBEDDED = True
    with clock.played(moment):
        assert clock.now() == moment
    assert clock.now() > moment
    settings.EMBEDDED = False
    with pytest.raises(RuntimeError), clock.played(moment):
        pass
