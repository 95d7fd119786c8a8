"""The kernel: mail, PDFs, files, audit, transitions, numbering, money and clock. It knows no other app."""

from .celery import app as celery_app

__all__ = ["celery_app"]
