"""Attempts are counted wherever Redis is: there, or in the database while it is away."""

from typing import Any

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from django.core.management import call_command
from django.db import connection
from redis.exceptions import ConnectionError as NobodyThere

from agency import cache as steady
from agency.settings import CACHES

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [0.0]
    monkeypatch.setattr(steady.time, "monotonic", lambda: moment[0])
    return moment


@pytest.fixture
def lost(settings: Any) -> None:
    """A Redis where nobody listens: port 9 is for what is thrown away."""
    database = CACHES.get("database", CACHES["default"])
    settings.CACHES = {
        "default": {"BACKEND": "agency.cache.SteadyCache", "LOCATION": "redis://127.0.0.1:9/0"},
        "database": database,
    }


def test_the_table_is_there_after_every_migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_cache")
    call_command("migrate", verbosity=0)
    assert "django_cache" in connection.introspection.table_names()


def test_without_redis_the_database_counts_for_every_process(lost: None) -> None:
    assert cache.add("tries", 0, timeout=60)
    assert [cache.incr("tries") for _try in range(3)] == [1, 2, 3]
    elsewhere = steady.SteadyCache("redis://127.0.0.1:9/0", {})
    assert not elsewhere.add("tries", 0, timeout=60)
    assert elsewhere.incr("tries") == 4
    cache.set("answer", "/made/1/", timeout=60)
    assert (elsewhere.get("answer"), caches["database"].get("answer")) == ("/made/1/", "/made/1/")
    cache.delete("answer")
    assert elsewhere.get("answer", "gone") == "gone"
    with pytest.raises(ValueError, match="nothing"):
        cache.incr("nothing")


def test_redis_is_left_alone_for_a_while_and_then_asked_again(
    lost: None, clock: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[float] = []

    def get(_self: RedisCache, _key: str, _default: Any = None) -> str:
        asked.append(clock[0])
        if clock[0] < steady.PAUSE:
            raise NobodyThere
        return "from Redis"

    monkeypatch.setattr(RedisCache, "get", get)
    caches["database"].set("where", "from the database")
    words = []
    for clock[0] in (0.0, 1.0, steady.PAUSE - 1, steady.PAUSE, steady.PAUSE + 1):
        words.append(cache.get("where"))
    assert words == ["from the database"] * 3 + ["from Redis"] * 2
    assert asked == [0.0, steady.PAUSE, steady.PAUSE + 1]
    assert sum("Redis doesn't answer" in record.message for record in caplog.records) == 1


def test_production_counts_in_redis_and_has_the_database_to_fall_back_on() -> None:
    if "database" not in CACHES:
        pytest.skip("Without a Redis of its own this run has the cache of embedded mode.")
    assert CACHES["default"]["BACKEND"] == "agency.cache.SteadyCache"
    cache.set("here", 1, timeout=60)
    assert (cache.get("here"), caches["database"].get("here")) == (1, None)
