"""Background work of billing: paper, and the chase. Each may run twice."""

from datetime import datetime

from celery import shared_task
from django.db.models import QuerySet

from agency import clock, papers

from . import chase, documents
from .models import Invoice


@shared_task(name="billing.tasks.render_invoice")
def render_invoice(invoice_id: int) -> None:
    """Make and mail the PDF of one issued invoice or credit note; the sweep tries again if this fails."""
    now = clock.now()
    papers.attempt(Invoice(pk=invoice_id), lambda: documents.render_document(invoice_id, now=now), now=now)


def without_paper(now: datetime) -> QuerySet[Invoice]:
    """Issued a while ago, and still without its PDF."""
    return Invoice.objects.issued().filter(file=None, issued_at__lt=now - papers.TASK_LOST)


papers.register(papers.Kind(Invoice, render_invoice, without_paper, "invoices.send", Invoice.get_absolute_url))


@shared_task(name="billing.tasks.chase_payments")
def chase_payments() -> None:
    """Every quarter of an hour: the reminders that have come due since, one letter a reader and day."""
    chase.chase_payments(clock.now())
