"""Background work of billing: paper, and the chase. Each may run twice."""

from celery import shared_task

from agency import clock

from . import chase, documents


@shared_task(name="billing.tasks.render_invoice")
def render_invoice(invoice_id: int) -> None:
    """Make and mail the PDF of one issued invoice or credit note; the sweep tries again if this fails."""
    documents.render_document(invoice_id, now=clock.now())


@shared_task(name="billing.tasks.chase_payments")
def chase_payments() -> None:
    """Every quarter of an hour: the reminders that have come due since, one letter a reader and day."""
    chase.chase_payments(clock.now())
