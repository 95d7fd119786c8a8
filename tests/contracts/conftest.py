"""Two clients of one agency with everything there is, each with a word of its own, made once for a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from agency.models.profile import forget_current
from tests.cast import Cast, make_cast
from tests.graph import Graph, make_graph, make_side, make_team, real_papers

LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@dataclass
class Sides:
    """A's things and B's, and the agency's people who are on neither account or see all."""

    cast: Cast
    ours: Graph
    theirs: Graph


def make_sides() -> Sides:
    cast = make_cast()
    # Acme's team gets new colleagues for their own client; nobody is on both accounts.
    first = make_team("first", director=cast.director, finance=cast.finance)
    second = make_team("second", director=cast.director, finance=cast.finance)
    ours = make_graph(make_side("Quokka", "QKA", first), first, "Quokka")
    theirs = make_graph(make_side("Narwhal", "NRW", second), second, "Narwhal")
    return Sides(cast, ours, theirs)


@pytest.fixture(scope="module")
def quick_sides(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Like `sides`, with stand-ins for papers."""
    with _kept(django_db_blocker, tmp_path_factory):
        yield make_sides()


@pytest.fixture(scope="module")
def sides(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Papers are real. Each test of the module stands on a savepoint above these rows."""
    with _kept(django_db_blocker, tmp_path_factory):
        with real_papers():
            made = make_sides()
        yield made


@contextmanager
def _kept(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Rows that stay for a module and go with it."""
    media = Path(tmp_path_factory.getbasetemp()) / "media"
    media.mkdir(exist_ok=True)
    forget_current()
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(media), CACHES=LOCAL_CACHE), transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget_current()
