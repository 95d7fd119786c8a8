"""One thing that needs a colleague now. Each app says what its things ask for; My day puts them in one order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: How a row looks: late (red), due (amber), now (blue: yours).
TodoRole = Literal["late", "due", "now"]


@dataclass(frozen=True)
class Todo:
    """What, why, by when, and the button that does it. Words are translated already; instants are aware.

    `due_at` orders and colours the row; `since` says how long it has waited where there is no deadline. What waits on a
    client isn't here: My day lists it apart.
    """

    icon: str
    what: str
    why: str
    url: str  # the page of the thing
    button: str  # what the button does: "Send for sign-off"
    button_url: str = ""  # where the button leads, if not to `url`
    posts: bool = False  # the button does it at once, without another page
    client: str = ""  # whose it is; nothing for what is internal
    number: str = ""  # the thing's number, shown apart
    due_at: datetime | None = None
    since: datetime | None = None

    def role(self, now: datetime) -> TodoRole:
        if self.due_at and self.due_at < now:
            return "late"
        if self.due_at and self.due_at < now + timedelta(hours=24):
            return "due"
        return "now"

    def rank(self, now: datetime) -> tuple[int, float]:
        """Most urgent first: by deadline, then what has waited longest."""
        if self.due_at:
            return (0 if self.due_at < now + timedelta(hours=24) else 1), self.due_at.timestamp()
        return 1, self.since.timestamp() if self.since else now.timestamp()
