"""manage.py hold_mail: stop the outbox, as after a restored backup."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agency import clock
from agency.audit import SYSTEM
from agency.outbox_actions import hold_all


class Command(BaseCommand):
    help = "Hold all outgoing mail: run it after restoring a backup, before the workers start, so that nothing is sent twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        held = hold_all(by=SYSTEM, now=clock.now(), reason=options["reason"])
        self.stdout.write(f"Outgoing mail is held; {held} mails wait. manage.py release_mail lets them go.")
