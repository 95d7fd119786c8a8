"""More accounts for the weekly run than scale 1 has, each with the work of one that was seeded."""

from itertools import cycle, islice

from django.db import transaction
from django.db.models import Model

from accounts.models import Account
from jobsheets.models import Deliverable, Job, Version

REPORTED = (Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD)


@transaction.atomic
def enough_accounts(count: int) -> None:
    """Copy accounts, with the jobs a report tells about, until there are `count` that get one."""
    seeded = list(Account.objects.current().filter(client__archived_at=None, client__contacts__gets_reports=True).distinct())
    for number, account in enumerate(islice(cycle(seeded), max(count - len(seeded), 0))):
        jobs = list(Job.objects.filter(account=account, status__in=REPORTED))
        _again(account, name=f"{account.name[:100]} {number}")
        for place, job in enumerate(jobs):
            pieces = list(Deliverable.objects.filter(job=job))
            _again(job, account=account, number=f"W{number}-{place}")
            _copy_pieces(pieces, job)


def _copy_pieces(pieces: list[Deliverable], job: Job) -> None:
    for piece in pieces:
        versions = list(Version.objects.filter(deliverable=piece))
        _again(piece, job=job)
        for version in versions:
            _again(version, deliverable=piece)


def _again(row: Model, **facts: object) -> None:
    """The same row once more, different in these columns."""
    row.pk, row._state.adding = None, True
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(force_insert=True)
