"""The 24 hours of minutes are hours that pass, whatever the clocks on the wall do meanwhile."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agency import clock
from meetings.models import Meeting
from meetings.todo import todos
from tests.cast import Cast

from .factories import make_meeting


@pytest.mark.parametrize(
    ("zone", "ended", "due"),
    [
        ("Europe/London", "2027-03-27 18:00", "2027-03-28 19:00"),  # an hour is skipped
        ("Europe/London", "2026-10-24 18:00", "2026-10-25 17:00"),  # an hour comes twice
        ("America/New_York", "2027-03-13 18:00", "2027-03-14 19:00"),
        ("America/New_York", "2026-10-31 18:00", "2026-11-01 17:00"),
        ("Australia/Lord_Howe", "2026-10-03 18:00", "2026-10-04 18:30"),  # half an hour
        ("Australia/Lord_Howe", "2027-04-03 18:00", "2027-04-04 17:30"),
        ("Pacific/Kiritimati", "2026-12-31 18:00", "2027-01-01 18:00"),
        ("Etc/GMT+12", "2026-12-31 18:00", "2027-01-01 18:00"),
    ],
)
def test_24_hours_over_a_change_of_the_hour(cast: Cast, zone: str, ended: str, due: str) -> None:
    where = ZoneInfo(zone)
    end = datetime.fromisoformat(ended).replace(tzinfo=where)
    starts = end - timedelta(hours=1)
    made = make_meeting(cast, now=(starts - timedelta(days=3)).astimezone(UTC), starts_at=starts, ends_at=end)
    for meeting in (made, Meeting.objects.get()):  # as it was made, and as it comes from the database
        assert meeting.minutes_due_at - end.astimezone(UTC) == timedelta(hours=24)
        assert f"{clock.local(meeting.minutes_due_at, where):%Y-%m-%d %H:%M}" == due
    over = end.astimezone(UTC) + timedelta(hours=24)
    assert not Meeting.objects.all().missed_minutes(over).exists()
    assert Meeting.objects.all().missed_minutes(over + timedelta(seconds=1)).exists()
    assert [row.due_at for row in todos(cast.ae, over)] == [over]
