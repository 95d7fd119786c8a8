"""Beat and doorbells; the rows say what is due."""

from datetime import datetime, timedelta

from celery import shared_task

from agency import clock
from agency.doorbell import ring
from agency.sweep import swept

from . import actions
from .models import StatusReport

#: After this long without a PDF the task that should have made it counts as lost.
TASK_LOST = timedelta(minutes=2)


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
    """Reports whose task was lost: ring again. As many as there are: a whole week's may have been lost at once."""
    lost = StatusReport.objects.undelivered().filter(sent_at__lt=now - TASK_LOST).order_by("sent_at")
    pks = list(lost.values_list("pk", flat=True)[:500])
    for pk in pks:
        ring(deliver_report, pk)
    return len(pks)
