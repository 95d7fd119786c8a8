"""manage.py release_mail: start the outbox again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agency import clock
from agency.audit import SYSTEM
from agency.outbox_actions import release_all


class Command(BaseCommand):
    help = "Release outgoing mail that hold_mail held."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep", action="store_true", help="start sending again, but leave the held mails to be decided one by one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        released = release_all(by=SYSTEM, now=clock.now(), keep=options["keep"])
        self.stdout.write(f"Outgoing mail is on; {released} held mails were released.")
