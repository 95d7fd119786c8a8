"""What the one-minute sweep looks after: each function picks up whatever is due, so that a lost task loses nothing."""

import logging
from collections.abc import Callable
from datetime import datetime

logger = logging.getLogger(__name__)

Swept = Callable[[datetime], int]
_swept: dict[str, Swept] = {}


def swept(function: Swept) -> Swept:
    """Register `function(now) -> how many it picked up`. It must do no harm when run twice or by two sweeps at once."""
    _swept[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def run(now: datetime) -> dict[str, int]:
    """Run every registered function; one that fails is logged and doesn't stop the others. Answers what each picked up."""
    done: dict[str, int] = {}
    for name, function in _swept.items():
        try:
            done[name] = function(now)
        except Exception:
            logger.exception("The sweep %s failed.", name)
            done[name] = -1
    return done
