"""Every floor says what is still open on an account, so that nobody archives a client who owes or waits for something."""

import pytest

from accounts import actions
from accounts.openwork import open_work
from agency.errors import Refused
from jobsheets.models import Job
from tests.cast import NOW, make_cast, make_job

from .world import make_world

pytestmark = pytest.mark.django_db


def test_every_floor_names_what_is_open() -> None:
    world = make_world()
    told = " ".join(open_work(world.account, now=NOW))
    for words in ("closed.", "to be signed.", "issued.", "paid."):
        assert words in told
    assert "minutes." in told or "to come." in told
    with pytest.raises(Refused, match="closed"):
        actions.archive_client(world.acme, by=world.director, now=NOW)
    world.account.refresh_from_db()
    assert world.account.archived_at is None


def test_nothing_of_another_account_counts_and_what_ended_does_not_hold_up() -> None:
    cast = make_cast()
    make_job(cast.rival_account, cast.outsider)
    make_job(cast.account, cast.ae, status=Job.Status.CLOSED)
    assert open_work(cast.account, now=NOW) == []
    assert open_work(cast.rival_account, now=NOW) == ["1 job isn't closed."]
