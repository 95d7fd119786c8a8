"""Making a document's bytes: once, then the request's first links leave in the same transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from agency import pdf
from agency.files import make_previews, store_bytes

from .actions.sending import start
from .models import Document, SignRequest
from .signables import signable_for


def document_context(document: Document) -> dict[str, Any]:
    """What the frozen pages are made of; the pictures of the attached files are made first, in this very process."""
    files = list(document.attachments.order_by("pk"))
    for stored in files:
        make_previews(stored)
    return {"document": document, "data": document.data, "files": files}


def render_document(document_id: int, *, now: datetime) -> None:
    """Fill the document's bytes if they are missing, and send its open request out. Raises whatever keeps them from being made."""
    document = Document.objects.select_related("file", "account__client", "created_by").get(pk=document_id)
    if not document.file_id:
        _keep(document, _bytes_of(document), now)
    with transaction.atomic():
        for request in SignRequest.objects.open().filter(document=document_id, sent_at=None):
            start(request, now=now)


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
        row.file, row.sha256 = stored, stored.sha256
        row.save(update_fields=["file", "sha256"])
        for request in SignRequest.objects.open().filter(document=row, sent_at=None):
            start(request, now=now)
