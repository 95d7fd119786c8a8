"""Weekly status reports of the last half year, and those in review now."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from agency import clock
from reporting.compose import compose
from reporting.models import StatusReport
from reporting.slots import Slot, slot_of

from .files import Files
from .house import House, Place
from .jobs import Billable
from .ledger import Ledger

WEEKS = 26
Status = StatusReport.Status


class Weekly:
    """Writes each account's reports, oldest week first."""

    def __init__(self, house: House, ledger: Ledger, files: Files, jobs: list[Billable], rng: Random, now: datetime) -> None:
        self.ledger, self.files, self.rng, self.now = ledger, files, rng, now
        self.house = house
        self.jobs: dict[int, list[Billable]] = defaultdict(list)
        for job in jobs:
            self.jobs[job.place.account.pk].append(job)

    def write(self) -> None:
        rows = [row for place in self.house.places for row in self._of(place)]
        for slot, place in sorted(rows, key=lambda row: (row[0].due_at, row[1].account.pk)):
            self._report(slot, place)
            self.ledger.flush_if()

    def _of(self, place: Place) -> Iterator[tuple[Slot, Place]]:
        today = clock.local(self.now, place.client.zone).date()
        for week in range(-WEEKS, 2):
            slot = slot_of(place.client, today + timedelta(weeks=week))
            if slot and slot.review_at <= self.now and slot.due_at > place.since:
                yield slot, place

    def _report(self, slot: Slot, place: Place) -> None:
        sent = slot.send_at <= self.now
        status = self.rng.choices([Status.SENT, Status.SKIPPED, Status.MISSED], [96, 3, 1])[0] if sent else Status.REVIEW
        if place.client.report_held:
            status = Status.SKIPPED if sent else Status.HELD
        report = StatusReport(
            account=place.account, period=slot.period, due_at=slot.due_at, send_at=slot.send_at, status=status, language=place.client.language,
            content=self._past(slot, place) if sent else compose(place.account, since=slot.due_at - timedelta(days=7), now=self.now),
            introduction=self.rng.choice(place.words.introductions) if self.rng.random() < 0.3 else "", composed_at=min(slot.review_at, self.now),
            sent_at=slot.send_at if status == Status.SENT else None, reason="" if status in (Status.SENT, Status.REVIEW, Status.MISSED) else self.rng.choice(place.words.reasons),
            changed_by=place.lead if status == Status.SKIPPED else None,
        )  # fmt: skip
        if status == Status.SENT:
            report.file = self.files.paper(place.client.language, f"{place.client.code} {slot.period}", at=slot.send_at)
        self.ledger.add(report)

    def _past(self, slot: Slot, place: Place) -> dict[str, Any]:
        """What was in work that week and what was delivered in it, in the shape reporting.compose gives."""
        since, until = slot.send_at - timedelta(days=7), slot.send_at
        alive = [
            job for job in self.jobs[place.account.pk] if job.created < until and not (job.delivered and job.delivered < since)
        ]
        return {
            "since": since.isoformat(), "until": until.isoformat(), "zone": place.client.zone_name,
            "done": [
                {"what": job.title, "job": "", "number": job.number, "state": "closed", "at": job.delivered.isoformat()}
                for job in alive if job.delivered and job.delivered <= until
            ],
            "jobs": [
                {
                    "number": job.number, "title": job.title, "state": "working", "next": "", "who": place.lead.full_name,
                    "due_at": (job.delivered or until).isoformat(), "signed_off": 0, "pieces": 1, "comment": "",
                }
                for job in alive if not job.delivered or job.delivered > until
            ][:12],
            "more_jobs": 0, "next": [], "waiting": [],
        }  # fmt: skip
