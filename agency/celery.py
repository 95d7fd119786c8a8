"""The Celery application: the doorbell. What is due lives in the database (docs/architecture.md)."""

from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup

from .startup import load_settings

load_settings()

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_after_setup.connect
def load_renderer(**_signal: Any) -> None:
    """Load WeasyPrint before the pool forks, so that a child that starts, or starts again, has it at once."""
    from . import errors, pdf

    with suppress(errors.Refused):  # each PDF says then what is missing
        pdf.load()
