"""manage.py send_status_reports --at ISO: what beat would do at that moment, with the letters it queued as JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agency import clock
from agency.doorbell import muted
from agency.models import OutgoingMail
from reporting.actions import deliver, recipients, send_due_reports
from reporting.models import StatusReport


class Command(BaseCommand):
    help = "Send the status reports that are due at a moment, and print what was queued. Running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="The moment, ISO 8601 with its zone, such as 2026-11-27T17:30+01:00; now by default.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be queued; change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        at, dry_run = _moment(options["at"]), options["dry_run"]
        if at > clock.now() and not (settings.EMBEDDED or dry_run):
            raise CommandError("That moment lies in the future. Add --dry-run to see what would be sent.")
        with muted(), transaction.atomic():  # this process makes the PDFs itself, so that it can say what it queued
            reports = send_due_reports(at)
            planned = [_plan(report) for report in reports]
            if dry_run:
                transaction.set_rollback(True)
        queued = planned if dry_run else _deliver(at)
        rows = [row for rows in queued for row in rows]
        self.stdout.write(json.dumps({"at": at.isoformat(), "dry_run": dry_run, "queued": rows}, ensure_ascii=False, indent=2))


def _moment(text: str | None) -> datetime:
    if not text:
        return clock.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a moment such as 2026-11-27T17:30+01:00.") from error
    if at.tzinfo is None:
        raise CommandError("Name the zone of the moment, such as 2026-11-27T17:30+01:00 or 2026-11-27T16:30Z.")
    return at.astimezone(UTC)


def _deliver(at: datetime) -> list[list[dict[str, Any]]]:
    """The reports just sent, and those of a task that was lost."""
    found = []
    for report in StatusReport.objects.undelivered().select_related("account__client", "account__lead").order_by("pk"):
        found.append([_row(report, mail) for mail in deliver(report, now=at)])
    return found


def _plan(report: StatusReport) -> list[dict[str, Any]]:
    keys = {contact: f"report:{report.account_id}:{report.period}:{contact.pk}" for contact in recipients(report.account)}
    known = set(OutgoingMail.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [_facts(report, key, c.email, c.language) for c, key in keys.items() if key not in known]


def _row(report: StatusReport, mail: OutgoingMail) -> dict[str, Any]:
    return _facts(report, mail.key, mail.to_email, mail.language)


def _facts(report: StatusReport, key: str, to: str, language: str) -> dict[str, Any]:
    return {
        "key": key, "client": report.account.client.code, "account": report.account.name, "period": report.period,
        "due_at": report.due_at.isoformat(), "to": to, "language": language,
    }  # fmt: skip
