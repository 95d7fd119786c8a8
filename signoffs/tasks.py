"""The engine's background tasks. Each takes ids only and may run twice."""

from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Q, QuerySet
from django.urls import reverse

from agency import clock, papers

from . import rendering
from .models import Document, SignRequest
from .sealing import seal


@shared_task(name="signoffs.tasks.render_document")
def render_document(document_id: int) -> None:
    """Make a document's bytes, and send out the request that waits for them."""
    now = clock.now()
    papers.attempt(Document(pk=document_id), lambda: rendering.render_document(document_id, now=now), now=now)


@shared_task(name="signoffs.tasks.seal_request")
def seal_request(request_id: int) -> None:
    """Seal the PDF of a closed request, and mail it."""
    now = clock.now()
    papers.attempt(SignRequest(pk=request_id), lambda: seal.seal_request(request_id, now=now), now=now)


def unsent_documents(now: datetime) -> QuerySet[Document]:
    """Frozen or asked for a while ago, and still without bytes or without the links that wait for them."""
    before = now - papers.TASK_LOST
    waiting = SignRequest.objects.open().filter(sent_at=None, requested_at__lt=before)
    return Document.objects.filter(Q(file=None, created_at__lt=before) | Q(pk__in=waiting.values("document")))


def unsealed_requests(now: datetime) -> QuerySet[SignRequest]:
    """Closed a while ago (within a month, so that an index finds them), and still without its sealed PDF."""
    lately = (now - timedelta(days=30), now - papers.TASK_LOST)
    return SignRequest.objects.filter(closed_at__range=lately, sealed=None, document__file__isnull=False)


def _page(document: Document) -> str:
    request = document.requests.order_by("-pk").first()
    return request.get_absolute_url() if request else reverse("signrequest_list")


papers.register(papers.Kind(Document, render_document, unsent_documents, "signoffs.manage", _page))
papers.register(papers.Kind(SignRequest, seal_request, unsealed_requests, "signoffs.manage", SignRequest.get_absolute_url))


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
