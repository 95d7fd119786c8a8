"""The demo agency, loaded for real: its steps commit, as those of a person do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command

from agency import clock, immutable
from agency.models.profile import forget_current


@contextmanager
def filled(blocker: Any, *, people_only: bool = False) -> Iterator[None]:
    """The test database with the demo agency in it; emptied again at the end."""
    from desk.demo.load import load, load_people

    with blocker.unblock():
        forget_current()
        (load_people if people_only else load)(clock.now())
    try:
        yield
    finally:
        with blocker.unblock():
            immutable.remove()
            call_command("flush", verbosity=0, interactive=False)
            forget_current()
