"""The record of who did what."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """Who acts: a colleague, a contact of a client, or the system."""

    kind: Literal["user", "contact", "system"]
    id: int | None
    name: str


SYSTEM = Actor("system", None, "Countersign")
