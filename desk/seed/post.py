"""The letters of the last months as they stand in the outbox: sent, but for the few a mail server refused.

Older ones, and the templates' full wording, are left out: a page that lists letters needs their rows, not their prose.
"""

from datetime import datetime, timedelta
from html import escape
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import Account, Client, Contact, User
from agency.mail import message_id
from agency.models import OutgoingMail

from .ledger import Ledger

KEPT = timedelta(days=90)
Status = OutgoingMail.Status


class Post:
    """Puts letters into the outbox."""

    def __init__(self, ledger: Ledger, rng: Random, now: datetime) -> None:
        self.ledger, self.rng, self.now = ledger, rng, now

    def write(
        self, letter: str, key: str, to: User | Contact, subject: str, about: models.Model, *, at: datetime, client: Client,
        account: Account | None = None, sender: User, link: bool = False,
    ) -> None:  # fmt: skip
        """A letter that left a few seconds after `at`; nothing where that is too long ago."""
        if self.now - at > KEPT:
            return
        refused = self.rng.random() < 0.002
        lines = [subject, *(["[[link]]"] if link else []), sender.full_name]
        self.ledger.add(
            OutgoingMail(
                key=key, letter=letter, to_email=to.email, to_name=to.full_name, language=to.language, zone_name=to.zone.key,
                sender_name=sender.full_name, reply_to=sender.email, subject=subject[:255], text="\n\n".join(lines) + "\n",
                html="".join(f"<p>{escape(line)}</p>" for line in lines), message_id=message_id(key), account=account, client=client,
                content_type=ContentType.objects.get_for_model(about), object_id=about.pk, created_at=at, due_at=at, attempts=1,
                status=Status.FAILED if refused else Status.SENT, first_tried_at=at, sent_at=None if refused else at + timedelta(seconds=4),
                last_error="552 5.2.2 Mailbox full" if refused else "",
            )
        )  # fmt: skip
