"""Archiving while somebody opens work: one of the two comes first, and the other is told. Threads need row locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.actions import archive_account, archive_client
from accounts.models import Account
from agency.errors import Refused
from jobsheets.actions import create_job
from jobsheets.models import Job
from meetings.actions import MeetingFacts, create_meeting
from meetings.models import Meeting
from tests.cast import NOW, Cast, make_cast

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
LATER = NOW + timedelta(days=9)


@pytest.fixture
def cast() -> Cast:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer and no row locks")
    return make_cast()


def side_by_side(*deeds: Callable[[], Any]) -> list[bool]:
    """Whether each of the deeds, begun at the same moment, was done; False when it was refused."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> bool:
        try:
            start.wait()
            deed()
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


@pytest.mark.parametrize("whole_client", [False, True])
@pytest.mark.parametrize("work", ["job", "meeting"])
def test_no_work_is_opened_on_what_is_being_archived(cast: Cast, whole_client: bool, work: str) -> None:
    seen = set()
    for n in range(12):
        account = Account.objects.create(client=cast.rival if n else cast.acme, name=f"Race {n}", lead=cast.ae)
        account.team.create(user=cast.ae, since=NOW)

        def archive(account: Account = account) -> None:
            if whole_client:
                archive_client(account.client, by=cast.director, now=NOW)
            else:
                archive_account(account, by=cast.director, now=NOW)

        def open_work(account: Account = account) -> None:
            if work == "job":
                create_job(account=account, title="Late", due_at=LATER, by=cast.ae, now=NOW)
            else:
                facts = MeetingFacts(title="Late", kind="meeting", starts_at=LATER, ends_at=LATER + timedelta(hours=1))
                create_meeting(account, facts, by=cast.ae, now=NOW)

        done = side_by_side(archive, open_work)
        assert sum(done) == 1, done
        account = Account.objects.select_related("client").get(pk=account.pk)
        archived = bool(account.archived_at or account.client.archived_at)
        opened = Job.objects.filter(account=account).exists() or Meeting.objects.filter(account=account).exists()
        assert archived is not opened
        seen.add(archived)
        if archived and whole_client:
            break  # a client is archived once
