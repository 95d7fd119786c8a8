"""Ringing a background task: after commit, with ids only. The rows say what is due; a lost ring is made good by the sweep."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)
_muted: ContextVar[bool] = ContextVar("muted", default=False)
_answered: ContextVar[bool] = ContextVar("answered", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """Ring nobody inside this block: whoever plays a moment that isn't now runs the sweep at that moment instead."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


@contextmanager
def answered() -> Iterator[None]:
    """Do what is rung in this block at once, in this process: for commands that play a whole story where no worker listens."""
    token = _answered.set(True)
    try:
        yield
    finally:
        _answered.reset(token)


def ring(task: Any, *args: int | str) -> None:
    """Start the Celery task `task` with `args` once the current transaction is committed. A broker that is down is logged."""

    if _muted.get():
        return
    if _answered.get():
        transaction.on_commit(lambda: task(*args))
        return

    def send() -> None:
        try:
            task.apply_async(args=args, retry=False)
        except Exception as error:  # one line: while the broker is down everyone rings in vain
            logger.error("Could not ring %s; the sweep will: %s", task.name, error)

    transaction.on_commit(send)
