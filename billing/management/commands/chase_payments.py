"""`manage.py chase_payments --at ISO`: exactly what beat would do at that instant; prints what it queued as JSON."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agency import clock
from billing import chase


class Command(BaseCommand):
    help = "Queue the payment reminders that have come due; run twice, it changes nothing the second time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", help="an instant such as 2026-11-24T09:00:00+01:00 (without an offset: the agency's clock); now by default"
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would be queued, and queue nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = self._instant(options["at"])
        if at > clock.now() and not (settings.EMBEDDED or options["dry_run"]):
            raise CommandError("--at lies in the future: add --dry-run to see what would go out then.")
        with transaction.atomic():
            queued = chase.chase_payments(at)
            if options["dry_run"]:
                transaction.set_rollback(True)
        self.stdout.write(json.dumps(queued, indent=2, ensure_ascii=False))

    def _instant(self, text: str | None) -> datetime:
        if text is None:
            return clock.now()
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"--at takes an instant such as 2026-11-24T09:00:00+01:00, not “{text}”.") from error
        return at if at.tzinfo else at.replace(tzinfo=clock.agency_zone())
