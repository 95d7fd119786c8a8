"""Making a document's bytes: once, then the request's first links leave in the same transaction."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation

from agency import pdf
from agency.doorbell import ring
from agency.errors import Refused
from agency.files import make_previews, store_bytes
from agency.sweep import swept

from .actions.sending import start
from .models import Document, SignRequest
from .signables import signable_for

logger = logging.getLogger(__name__)


def document_context(document: Document) -> dict[str, Any]:
    """What the frozen pages are made of; the pictures of the attached files are made first, in this very process."""
    files = list(document.attachments.order_by("pk"))
    for stored in files:
        make_previews(stored)
    return {"document": document, "data": document.data, "files": files}


def render_document(document_id: int, *, now: datetime) -> bool:
    """Fill the document's bytes if they are missing, and send its open request out. Answers whether it has bytes now."""
    document = Document.objects.select_related("file", "account__client", "created_by").get(pk=document_id)
    if not document.file_id:
        if document.render_tries >= Document.MAX_TRIES:
            return False
        Document.objects.filter(pk=document_id).update(render_tries=F("render_tries") + 1)
        try:
            data = _bytes_of(document)
        except Exception as error:
            logger.exception("Document %s could not be made.", document_id)
            words = str(error) if isinstance(error, Refused) else type(error).__name__
            Document.objects.filter(pk=document_id).update(render_error=words[:300])
            return False
        _keep(document, data, now)
    with transaction.atomic():
        for request in SignRequest.objects.open().filter(document=document_id, sent_at=None):
            start(request, now=now)
    return True


def _bytes_of(document: Document) -> bytes:
    signable = signable_for(document)
    with translation.override(document.language):
        context = document_context(document)
        return pdf.render(signable.pdf_template, context, language=document.language, title=document.title)


def _keep(document: Document, data: bytes, now: datetime) -> None:
    """Store the bytes and start the request together; of two workers one counts."""
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        if row.file_id:
            return
        stored = store_bytes(data, f"{document.reference}.pdf", "application/pdf", now=now)
        row.file, row.sha256, row.render_error = stored, stored.sha256, ""
        row.save(update_fields=["file", "sha256", "render_error"])
        for request in SignRequest.objects.open().filter(document=row, sent_at=None):
            start(request, now=now)


@swept
def unrendered_documents(now: datetime) -> int:
    """Documents whose task was lost or failed, and requests that waited for them."""
    from .tasks import render_document as task

    late = list(
        Document.objects.unrendered().filter(created_at__lt=now - timedelta(minutes=1)).values_list("pk", flat=True)[:100]
    )
    late += list(
        SignRequest.objects.open()
        .filter(sent_at=None, document__file__isnull=False, requested_at__lt=now - timedelta(minutes=1))
        .values_list("document", flat=True)[:100]
    )
    for pk in late:
        ring(task, pk)
    return len(late)
