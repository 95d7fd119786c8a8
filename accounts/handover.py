"""What a leaver leaves behind. Higher floors add theirs: jobs they own, meetings they were to hold.

    register_handover(my_jobs)      # in the app's ready()

`my_jobs(leaver, successor, *, by, now)` moves what it knows about to the successor, inside the transaction of
`hand_over`, and answers a translated sentence for each kind of thing moved ("3 open jobs"), for the page that says what
happened. With `successor=None` it must only answer what is there, changing nothing.
"""

from datetime import datetime
from typing import Protocol

from agency.audit import Acts

from .models import User


class Handover(Protocol):
    def __call__(self, leaver: User, successor: User | None, *, by: Acts, now: datetime) -> list[str]: ...


_registered: list[Handover] = []


def register_handover(function: Handover) -> Handover:
    if function not in _registered:
        _registered.append(function)
    return function


def registered() -> list[Handover]:
    return list(_registered)
