"""A client comes into the room and leaves it again: what is shown is desk's matter, that it happened stands in the record."""

from datetime import datetime

from agency.audit import record

from ..models import Client, User


def enter_room(client: Client, *, by: User, now: datetime) -> None:
    """From now on `by` shows this client, and nobody else, what is theirs."""
    record("room.entered", client, by=by, now=now)


def leave_room(client: Client, *, by: User, now: datetime) -> None:
    """The client has left; `by` has proved with their password that it is them."""
    record("room.left", client, by=by, now=now)
