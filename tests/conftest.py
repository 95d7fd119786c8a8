"""What every test gets: a fixed moment, storage of its own, a broker that keeps quiet, triggers that don't block cleaning up."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from agency import immutable
from agency.celery import app as celery_app
from agency.models.profile import forget_current

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="every page in every look and every document in every language")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether to look at everything in everything, which takes many minutes: make test FULL=1."""
    return bool(request.config.getoption("--full"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a look at everything needs."""
    if not config.getoption("--full"):
        items[:] = [item for item in items if not item.get_closest_marker("full")]


# The same examples on every machine, however slow it is: a red test is a fault found, never bad luck.
hypothesis.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Without a broker given by the environment, tasks that are rung stay in memory and nobody runs them.

    Processes that test side by side share one Redis; what one counts must not lock the other's door.
    """
    django_settings.CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not str(celery_app.conf.broker_url).startswith("redis"):
        celery_app.conf.broker_url = celery_app.conf.broker_write_url = celery_app.conf.broker_read_url = "memory://"


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning at the agency: 2026-11-18 10:00 UTC."""
    return datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_world(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files go to a folder of the test run; the agency's row is read anew; nobody's language is left over."""
    media = Path(tmp_path_factory.getbasetemp()) / "media"
    media.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = str(media)
    forget_current()
    translation.activate(django_settings.LANGUAGE_CODE)  # a request leaves its visitor's language to the thread
    timezone.deactivate()
    yield
    forget_current()


@pytest.fixture(autouse=True)
def _flush_is_possible(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with real transactions empty the tables afterwards, which the triggers would refuse; migrate puts them back."""
    marker = request.node.get_closest_marker("django_db")
    real = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    if not (real or {"transactional_db", "live_server"} & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    immutable.remove()


#: Nothing of Chromium's own goes over the network.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The one Chromium of the run: Playwright can't be started twice in a process."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM", "") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("Chromium isn't installed (apt-get install chromium)")
    # Playwright's own event loop makes Django think that its ORM is called from asynchronous code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
