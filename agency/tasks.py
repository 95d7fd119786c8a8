"""The kernel's background tasks. Each takes ids only and may run twice."""

import sqlite3
from datetime import timedelta

from celery import shared_task
from celery.signals import task_prerun
from django.conf import settings

from . import clock, files, outbox
from . import sweep as sweeps
from .models import Heartbeat, StoredFile
from .models.profile import forget_current

task_prerun.connect(forget_current, dispatch_uid="agency.forget_current")


@shared_task(name="agency.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send one mail of the outbox, if it is due and nobody else has it."""
    outbox.send(mail_id, now=clock.now())


@shared_task(name="agency.tasks.make_previews")
def make_previews(file_id: int) -> None:
    """Make the pictures of one stored file."""
    if stored := StoredFile.objects.filter(pk=file_id).first():
        files.make_previews(stored)


@shared_task(name="agency.tasks.sweep")
def sweep() -> None:
    """Once a minute: show that beat and worker live, and pick up whatever is due."""
    now = clock.now()
    Heartbeat.beat("beat", now=now)
    sweeps.run(now)
    forget_old_messages()


def forget_old_messages() -> None:
    """Empty the embedded broker of messages taken over an hour ago: it never deletes them itself."""
    if not settings.CELERY_BROKER_URL.startswith("sqla+sqlite:///"):
        return
    before = clock.now() - timedelta(hours=1)
    connection = sqlite3.connect(settings.CELERY_BROKER_URL.removeprefix("sqla+sqlite:///"), timeout=20)
    try:
        with connection:
            connection.execute("DELETE FROM kombu_message WHERE visible = 0 AND timestamp < ?", [before.isoformat(" ")])
    finally:
        connection.close()
