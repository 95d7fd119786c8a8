"""Why a client or an account can't be archived yet: higher floors say what is still open there.

`register_open_work(fn)` with `fn(account) -> str`: a translated sentence such as "3 jobs are open", or "" when nothing is.
"""

from collections.abc import Callable

from .models import Account

_registered: list[Callable[[Account], str]] = []


def register_open_work(function: Callable[[Account], str]) -> Callable[[Account], str]:
    if function not in _registered:
        _registered.append(function)
    return function


def open_work(account: Account) -> list[str]:
    """Every sentence about what is still open on the account."""
    return [sentence for function in _registered if (sentence := function(account))]
