"""Beat and doorbells; the rows say what is due."""

from datetime import datetime

from celery import shared_task

from agency import clock
from agency.sweep import swept

from . import actions
from .models import StatusReport


@shared_task(name="reporting.tasks.send_due_reports")
def send_due_reports() -> None:
    """Every five minutes: compose, send and miss what is due."""
    actions.send_due_reports(clock.now())


@shared_task(name="reporting.tasks.deliver_report")
def deliver_report(pk: int) -> None:
    """Make one report's PDF and queue its letters."""
    report = StatusReport.objects.select_related("account__client", "account__lead").filter(pk=pk).first()
    if report:
        actions.deliver(report, now=clock.now())


@swept
def undelivered_reports(now: datetime) -> int:
    """Reports whose task was lost."""
    waiting = StatusReport.objects.undelivered().select_related("account__client", "account__lead")[:20]
    for report in waiting:
        actions.deliver(report, now=now)
    return len(waiting)
