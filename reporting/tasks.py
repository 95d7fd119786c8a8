"""Beat and doorbells; the rows say what is due."""

import logging
from datetime import datetime

from celery import shared_task

from agency import clock
from agency.sweep import swept

from . import actions
from .models import StatusReport

logger = logging.getLogger(__name__)


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
    done = 0
    for report in waiting:
        try:
            actions.deliver(report, now=now)
            done += 1
        except Exception:  # whatever the renderer raises about one must not keep the others waiting
            logger.exception("The PDF of report %s can't be made.", report.pk)
    return done
