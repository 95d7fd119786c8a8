"""One report a week at the client's own hour: over both changes of the hour, week 53, and zones a day apart."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account, Client, User
from agency import clock
from agency.models import Agency
from reporting import actions
from reporting.models import StatusReport
from reporting.slots import slot_of, slots_around
from tests.cast import join, make_client, make_contact, make_user

pytestmark = pytest.mark.django_db

#: Half an hour of summer time, the first and the last zone of the earth, and two ordinary ones.
ZONES = {
    "LON": "Europe/London",
    "NYC": "America/New_York",
    "LHW": "Australia/Lord_Howe",
    "KIR": "Pacific/Kiritimati",
    "GMT": "Etc/GMT+12",
}


def agency_in(zone: str) -> User:
    agency = Agency.current()
    agency.zone_name = zone
    agency.save()
    return make_user("lead@agency.example", "ae")


def account_in(zone: str, code: str, lead: User, *, since: datetime, **facts: str) -> Account:
    client = make_client(code, f"Client {code}", zone_name=zone, **({"country": ""} | facts))
    make_contact(client, f"reader@{code.lower()}.example", "Reader", gets_reports=True)
    account = Account.objects.create(client=client, name="Everything", lead=lead)
    join(account, lead)
    account.team.update(since=since)
    return account


def ringing_on(day: date) -> list[datetime]:
    """Beat rings a second before half past five of each zone, on it, five minutes later and an hour later."""
    hours = (time(17, 29, 59), time(17, 30), time(17, 35), time(18, 30))
    return sorted(datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC) for zone in ZONES.values() for hour in hours)


@pytest.mark.parametrize(
    ("change", "agency"),
    [
        (date(2026, 10, 25), "Europe/London"),  # London falls back
        (date(2027, 3, 28), "Pacific/Kiritimati"),  # London springs forward
        (date(2026, 11, 1), "America/New_York"),  # New York falls back
        (date(2027, 3, 14), "Etc/GMT+12"),  # New York springs forward
        (date(2026, 10, 4), "Australia/Lord_Howe"),  # Lord Howe springs forward, by half an hour
        (date(2027, 4, 4), "Europe/Madrid"),  # Lord Howe falls back, by half an hour
        (date(2026, 12, 27), "Europe/Madrid"),  # week 53 follows
    ],
)
def test_on_both_sides_of_a_change_everyone_gets_one_report_at_half_past_five(change: date, agency: str) -> None:
    """The Fridays before and after the change."""
    fridays = [change - timedelta(days=2), change + timedelta(days=5)]
    lead, since = agency_in(agency), datetime.combine(fridays[0], time(), UTC) - timedelta(days=5)
    for code, zone in ZONES.items():
        account_in(zone, code, lead, since=since)
    found: list[tuple[str, str, str]] = []
    for friday in fridays:
        for at in ringing_on(friday):
            for report in actions.send_due_reports(at):
                there = at.astimezone(report.account.client.zone)
                found.append((report.account.client.code, report.period, f"{there:%Y-%m-%d %H:%M:%S}"))
    weeks = [f"{friday.isocalendar().year}-W{friday.isocalendar().week:02d}" for friday in fridays]
    wanted = [(code, week, f"{day} 17:30:00") for code in ZONES for week, day in zip(weeks, fridays, strict=True)]
    assert sorted(found) == sorted(wanted)
    assert set(StatusReport.objects.values_list("status", flat=True)) == {"sent"}


@pytest.mark.parametrize("zone", ZONES.values())
@pytest.mark.parametrize(
    ("late", "ends_as"), [(timedelta(), "sent"), (timedelta(hours=24), "sent"), (timedelta(hours=24, seconds=1), "missed")]
)
def test_caught_up_for_24_hours_even_over_a_change_of_the_hour(zone: str, late: timedelta, ends_as: str) -> None:
    """Nobody rang from the review until `late` after the slot; the night between is the one in which London's clocks change."""
    lead = agency_in("Europe/London")
    account = account_in(zone, "ZED", lead, since=datetime(2026, 10, 1, tzinfo=UTC), working_week="123456")
    slot = slot_of(account.client, date(2026, 10, 24))
    assert slot is not None
    assert slot.due_at == datetime(2026, 10, 24, 18, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    actions.send_due_reports(slot.review_at)
    for _beat in range(3):
        actions.send_due_reports(slot.due_at + late)
    assert list(StatusReport.objects.values_list("period", "status")) == [(slot.period, ends_as)]


def test_the_end_of_a_year_with_53_weeks_has_a_report_each_week() -> None:
    lead = agency_in("Europe/Madrid")
    account = account_in("Europe/London", "LON", lead, since=datetime(2026, 12, 13, tzinfo=UTC))
    for friday in (date(2026, 12, 18) + timedelta(weeks=n) for n in range(4)):
        for at in ringing_on(friday):
            actions.send_due_reports(at)
    reports = StatusReport.objects.filter(account=account, status="sent").order_by("due_at")
    assert [report.period for report in reports] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


def test_a_client_who_moves_round_the_earth_in_mid_week_gets_one_report() -> None:
    """From UTC+14 to UTC−12 on Friday evening: the Friday comes again, the report doesn't."""
    lead = agency_in("Europe/Madrid")
    account = account_in("Pacific/Kiritimati", "KIR", lead, since=datetime(2026, 11, 16, tzinfo=UTC))
    sent: list[StatusReport] = []
    for at in ringing_on(date(2026, 11, 20)):
        if at == datetime(2026, 11, 20, 4, 30, tzinfo=UTC):  # 18:30 there
            Client.objects.filter(pk=account.client_id).update(zone_name="Etc/GMT+12")
        sent += actions.send_due_reports(at)
    assert [report.period for report in sent] == ["2026-W47"]


WEEKS = st.sets(st.integers(1, 7), min_size=1).map(lambda days: "".join(map(str, sorted(days))))


@settings(max_examples=150)
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    week=WEEKS,
    country=st.sampled_from(["", "GB", "US", "SA", "CN", "RU"]),
    which=st.sampled_from(Client.ReportSlot.values),
    day=st.dates(date(2026, 1, 1), date(2035, 12, 31)),
)
def test_any_zone_any_week_of_ten_years_has_one_slot_and_they_come_in_order(
    zone: str, week: str, country: str, which: str, day: date
) -> None:
    client = Client(zone_name=zone, working_week=week, country=country, report_slot=which)
    slots = [slot_of(client, day + timedelta(weeks=n)) for n in range(-2, 4)]
    assert len({slot.period for slot in slots if slot}) == sum(slot is not None for slot in slots)
    if not country:
        assert None not in slots
    for before, after in pairwise([slot for slot in slots if slot]):
        assert before.due_at < after.due_at
        assert before.period < after.period
    for slot in filter(None, slots):
        there = slot.due_at.astimezone(client.zone)
        assert f"{there:%H:%M}" == ("12:00" if which == Client.ReportSlot.FIRST_DAY else "18:00")
        assert clock.is_working_day(there.date(), clock.client_calendar(country, week, client.zone))
        assert slot.review_at < slot.send_at <= slot.due_at


@settings(max_examples=150)
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    week=WEEKS,
    which=st.sampled_from(Client.ReportSlot.values),
    minute=st.integers(0, 10 * 366 * 24 * 60),
)
def test_at_any_minute_of_ten_years_the_slots_to_look_at_are_those_that_may_be_due(
    zone: str, week: str, which: str, minute: int
) -> None:
    """What beat looks at holds every slot whose review has opened and that can still be caught up."""
    client = Client(zone_name=zone, working_week=week, report_slot=which)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    near = [slot_of(client, now.date() + timedelta(weeks=n)) for n in range(-4, 5)]
    due = {slot.period for slot in near if slot and slot.review_at <= now <= slot.due_at + timedelta(hours=24)}
    assert due <= {slot.period for slot in slots_around(client, now)}
