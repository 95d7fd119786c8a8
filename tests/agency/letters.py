"""A letter for tests, and rows of it."""

from datetime import datetime
from typing import Any

from agency.mail import message_id
from agency.models import OutgoingMail


def a_mail(now: datetime, key: str = "test:1", **facts: Any) -> OutgoingMail:
    """A queued mail, as `queue()` would leave it."""
    values: dict[str, Any] = {
        "letter": "test.letter",
        "to_email": "ann@client.example",
        "to_name": "Ann Client",
        "language": "en",
        "subject": "Please sign",
        "text": "Here: [[link]]\n",
        "html": '<a href="[[link]]">Here</a>',
        "created_at": now,
        "due_at": now,
        "message_id": message_id(key),
    }
    return OutgoingMail.objects.create(key=key, **(values | facts))
