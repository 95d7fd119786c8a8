"""Ringing a background task: after commit, with ids only. The rows say what is due; a lost ring is made good by the sweep."""

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: Any, *args: int | str) -> None:
    """Start the Celery task `task` with `args` once the current transaction is committed. A broker that is down is logged."""

    def send() -> None:
        try:
            task.apply_async(args=args, retry=False)
        except Exception:
            logger.exception("Could not ring %s; the sweep will.", task.name)

    transaction.on_commit(send)
