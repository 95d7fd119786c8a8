"""What monitoring asks: 503 only for what stops everything, words for the rest, and nothing about anyone."""

from datetime import timedelta

import pytest

from agency import clock, health, sweep
from agency.models import Heartbeat
from tests.agency.letters import a_mail

pytestmark = pytest.mark.django_db


def test_alive_needs_no_login_and_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_everything_answers(client):
    Heartbeat.beat("beat", now=clock.now())
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_a_silent_beat_and_a_waiting_outbox_are_said(client):
    now = clock.now()
    Heartbeat.beat("beat", now=now - timedelta(hours=1))
    a_mail(now - timedelta(hours=1))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert not response.json()["checks"]["beat"]["ok"]
    assert response.json()["checks"]["outbox"]["oldest_waits_seconds"] >= 3600


def test_no_storage_is_down_without_saying_why(client, settings):
    settings.MEDIA_ROOT = "/proc/no/such/place"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "down")
    assert "proc" not in response.content.decode()


def test_a_get_changes_nothing_and_a_post_is_refused(client):
    assert client.post("/readyz").status_code == 405
    assert health.healthz.login_required is False


def test_one_failing_sweep_does_not_stop_the_others(now, monkeypatch):
    def fails(_now):
        raise ValueError

    monkeypatch.setattr(sweep, "_swept", {"a": fails, "b": lambda _now: 2})
    assert sweep.run(now) == {"a": -1, "b": 2}
