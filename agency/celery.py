"""The Celery application: the doorbell. What is due lives in the database (docs/architecture.md)."""

from celery import Celery

from .startup import load_settings

load_settings()

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
