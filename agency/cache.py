"""The cache that counts attempts: Redis, and the database while Redis is away.

A Redis that is lost must neither shut people out nor lift the limits. What was counted there is forgotten, so whoever is
counted begins anew in the database, once; when Redis is back, it counts again.
"""

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.core.management import call_command
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

#: Seconds for which Redis isn't asked again after it didn't answer.
PAUSE = 30.0
#: Somebody waits for the page: a second for each answer, and one more try for a connection that Redis has closed.
PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


class SteadyCache(RedisCache):
    """Redis; while it doesn't answer, the cache that settings.CACHES calls "database". Only what is asked of it here may be asked."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**PATIENCE, "retry": Retry(NoBackoff(), 1), **params.get("OPTIONS", {})}})
        self._away_until = 0.0

    def add(self, *args: Any, **options: Any) -> Any:
        return self._ask("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self._ask("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self._ask("set", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._ask("delete", *args, **options)

    def incr(self, *args: Any, **options: Any) -> Any:
        return self._ask("incr", *args, **options)

    def _ask(self, what: str, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), what)(*args, **options)
            except RedisError as error:
                self._away_until = time.monotonic() + PAUSE
                logger.error("Redis doesn't answer; attempts are counted in the database for %.0f seconds: %s", PAUSE, error)
        return getattr(caches["database"], what)(*args, **options)


def make_table(using: str, **_signal: Any) -> None:
    """post_migrate: the table of the cache in the database, which no migration knows."""
    call_command("createcachetable", database=using, verbosity=0)
