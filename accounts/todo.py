"""One thing that needs a colleague now. Each app says what its things ask for; My day puts them in one order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import F

from agency.models import OutgoingMail

from .models import User
from .visibility import clients_for

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


OF_MAIL = ("letter", "subject", "to_name", "to_email", "status", "created_at", "content_type", "object_id")


def stuck_mails(user: User, now: datetime, most: int = 200) -> list[Any]:
    """The mails that need a person, of clients the user sees, oldest first, each with `lead`: who leads its account.

    Without their text. My day reads them once, for all floors.
    """
    mails = OutgoingMail.objects.needs_person(now)
    if user.room or not user.sees_all:
        mails = mails.filter(client__in=clients_for(user))
    return list(mails.annotate(lead=F("account__lead")).only(*OF_MAIL).order_by("created_at", "pk")[:most])
