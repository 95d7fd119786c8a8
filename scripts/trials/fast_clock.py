"""The one wall clock of the product (agency/clock.py), SPEED times as fast since a moment that all processes share."""

import os
import time
from datetime import UTC, datetime

from django.apps import AppConfig

SPEED = float(os.environ["TRIALS_SPEED"])
ORIGIN = float(os.environ["TRIALS_ORIGIN"])


class _Played:
    """In the place of clock's own "moment that is played", asked each time somebody wants to know the time."""

    def get(self) -> datetime:
        return datetime.fromtimestamp(ORIGIN + (time.time() - ORIGIN) * SPEED, UTC)


class FastClock(AppConfig):
    name = "trials"

    def ready(self) -> None:
        from agency import clock

        clock._played = _Played()  # type: ignore[assignment]
