"""Why a client or an account can't be archived yet: higher floors say what is still open there.

`register_open_work(fn)` with `fn(account, *, now) -> str`: a translated sentence such as "3 jobs are open.", or "" when
nothing is.
"""

from datetime import datetime
from typing import Protocol

from .models import Account


class OpenWork(Protocol):
    def __call__(self, account: Account, *, now: datetime) -> str: ...


_registered: list[OpenWork] = []


def register_open_work(function: OpenWork) -> OpenWork:
    if function not in _registered:
        _registered.append(function)
    return function


def open_work(account: Account, *, now: datetime) -> list[str]:
    """Every sentence about what is still open on the account."""
    return [sentence for function in _registered if (sentence := function(account, now=now))]
