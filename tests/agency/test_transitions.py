"""A status changes by one conditional update: of two who try, one wins and the other hears why."""

import threading

import pytest
from django.db import connection, models

from agency import transitions
from agency.audit import SYSTEM
from agency.errors import WrongState
from agency.models import AuditEntry, OutgoingMail
from tests.agency.letters import a_mail

S = OutgoingMail.Status


@pytest.fixture
def mail(now, monkeypatch):
    """Any model with a status will do; the outbox's row gets transitions for the test."""
    monkeypatch.setattr(OutgoingMail, "TRANSITIONS", {S.QUEUED: {S.HELD, S.FAILED}, S.HELD: {S.QUEUED}}, raising=False)
    return a_mail(now)


@pytest.mark.django_db
def test_move_changes_status_and_facts_and_writes_the_record(mail, now):
    transitions.move(mail, S.HELD, by=SYSTEM, now=now, action="test.held", reason="why", last_error="paused")
    assert (mail.status, mail.last_error) == (S.HELD, "paused")
    entry = AuditEntry.objects.for_object(mail).get()
    assert (entry.old, entry.new["status"], entry.reason) == ({"status": "queued"}, "held", "why")


@pytest.mark.django_db
def test_a_wrong_state_changes_nothing_and_says_where_it_stands(mail, now):
    stale = OutgoingMail.objects.get(pk=mail.pk)
    transitions.move(mail, S.HELD, by=SYSTEM, now=now, action="test.held")
    with pytest.raises(WrongState, match="“held”"):
        transitions.move(stale, S.FAILED, by=SYSTEM, now=now, action="test.failed", last_error="no")
    mail.refresh_from_db()
    assert (mail.status, mail.last_error) == (S.HELD, "")
    assert AuditEntry.objects.filter(action="test.failed").count() == 0


@pytest.mark.django_db
def test_only_from_narrows_the_sources(mail, now):
    with pytest.raises(WrongState):
        transitions.move(mail, S.HELD, by=SYSTEM, now=now, action="test.held", only_from=S.FAILED)


@pytest.mark.django_db
def test_something_deleted_meanwhile_is_a_wrong_state(mail, now):
    models.Model.delete(OutgoingMail.objects.get(pk=mail.pk))
    with pytest.raises(WrongState):
        transitions.move(mail, S.HELD, by=SYSTEM, now=now, action="test.held")


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_racing_moves_exactly_one_counts(mail, now):
    """Ten people press the button at once: one entry in the record, nine sentences."""
    if connection.vendor != "postgresql":
        pytest.skip("in-memory SQLite, shared by threads, locks whole tables")
    start, outcomes = threading.Barrier(10), []

    def press():
        mine = OutgoingMail.objects.get(pk=mail.pk)
        start.wait()
        try:
            transitions.move(mine, S.HELD, by=SYSTEM, now=now, action="test.held")
            outcomes.append("done")
        except WrongState:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["refused"] * 9
    assert AuditEntry.objects.filter(action="test.held").count() == 1
