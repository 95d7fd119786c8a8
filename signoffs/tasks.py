"""The engine's background tasks. Each takes ids only and may run twice."""

from celery import shared_task

from agency import clock


@shared_task(name="signoffs.tasks.render_document")
def render_document(document_id: int) -> None:
    """Make a document's bytes, and send out the request that waits for them."""
    from . import rendering

    rendering.render_document(document_id, now=clock.now())


@shared_task(name="signoffs.tasks.seal_request")
def seal_request(request_id: int) -> None:
    """Seal the PDF of a closed request, and mail it."""
    from .sealing import seal

    seal.seal_request(request_id, now=clock.now())


@shared_task(name="signoffs.tasks.remind_and_expire")
def remind_and_expire() -> None:
    """Close the requests whose links have ended, then send the reminders that are due."""
    from .actions import expire_due, remind_due

    now = clock.now()
    expire_due(now=now)
    remind_due(now=now)


@shared_task(name="signoffs.tasks.mail_chain_heads")
def mail_chain_heads() -> None:
    """Once a day, at the agency's 18:00 or when it is made good later: the closed chains to a director."""
    from .heads import mail_heads

    mail_heads(now=clock.now())
