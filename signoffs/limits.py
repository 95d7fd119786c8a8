"""How often one link, one person, one address and everybody together may ask for something, in the shared cache.

A Redis that is down stops nobody and lifts no limit (agency/cache.py). What must never be exceeded by one (tries of a code,
delegations) is counted in rows of its own.
"""

import hashlib
import time

from django.core.cache import cache

#: What is limited, by what: (times, seconds).
LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    "post": {"link": (60, 600), "address": (300, 600), "overall": (6000, 600)},
    "code": {"link": (6, 3600), "address": (30, 3600), "overall": (600, 3600)},
    "delegate": {"link": (8, 3600), "address": (30, 3600), "overall": (600, 3600)},
    "verify": {"address": (30, 600), "overall": (600, 600)},
}


def allowed(what: str, **by: str) -> bool:
    """Count one more `what` by each of `by` (link=, address=) and overall; False when one of them has had enough."""
    within = True
    for name, (times, seconds) in LIMITS[what].items():
        value = by.get(name, "") if name != "overall" else "everyone"
        if value and not _count(f"{what}:{name}:{value}", times, seconds):
            within = False
    return within


def _count(key: str, times: int, seconds: int) -> bool:
    window = int(time.time() // seconds)  # the clock of the limiter, not a business rule
    hashed = "signoffs:" + hashlib.sha256(f"{key}:{window}".encode()).hexdigest()
    try:
        cache.add(hashed, 0, timeout=seconds)
        return int(cache.incr(hashed)) <= times
    except ValueError:  # it expired in between
        return True
