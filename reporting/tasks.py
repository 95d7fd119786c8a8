"""Beat and doorbells; the rows say what is due."""

from datetime import datetime

from celery import shared_task
from django.db.models import QuerySet

from agency import clock, papers

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
        now = clock.now()
        papers.attempt(report, lambda: actions.deliver(report, now=now), now=now)


def undelivered(now: datetime) -> QuerySet[StatusReport]:
    """Sent a while ago, and still without PDF and letters."""
    return StatusReport.objects.undelivered().filter(sent_at__lt=now - papers.TASK_LOST)


papers.register(papers.Kind(StatusReport, deliver_report, undelivered, "reports.edit", StatusReport.get_absolute_url))
