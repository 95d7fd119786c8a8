"""The seal: one PAdES signature of the agency over the finished PDF, put on once when a request has closed."""

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import audit
from agency.errors import Refused
from agency.files import store_bytes
from agency.models import Agency

from .. import mails
from ..actions.locking import lock, signatories_of
from ..evidence import add_event, canonical, export, head
from ..models import Event, SealedDocument, SignRequest
from .assemble import assemble
from .pages import render_pages

logger = logging.getLogger(__name__)
FIELD = "Seal"
T = TypeVar("T")


@lru_cache(maxsize=1)
def signer() -> Any:
    """The agency's certificate and key (SEAL_PKCS12). Raises Refused with a sentence when they can't be read."""
    from pyhanko.sign.signers import SimpleSigner

    found = SimpleSigner.load_pkcs12(settings.SEAL_PKCS12, passphrase=settings.SEAL_PASSPHRASE.encode())
    if found is None:
        raise Refused(gettext_lazy("The sealing certificate can't be read. Ask your administrator to check SEAL_PKCS12."))
    return found


def certificate_of(certificate: Any) -> str:
    """A certificate in one line: whom it names, and its SHA-256."""
    name = str(certificate.subject.human_friendly)
    return f"{name[:120]} · {hashlib.sha256(certificate.dump()).hexdigest()}"


def apart(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call something of pyHanko in a thread of its own: it starts an event loop, which fails where one is running already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(function, *args, **kwargs).result()


def put_seal(pdf: bytes, *, reason: str, field_words: str) -> bytes:
    """Sign the PDF in one update: an invisible field, hidden from readers and named for them, and the signature over all."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    spec = fields.SigFieldSpec(
        FIELD,
        on_page=-1,
        readable_field_name=field_words,
        invis_sig_settings=fields.InvisSigSettings(set_hidden_flag=True, box_out_of_bounds=False, set_print_flag=True),
    )
    fields.append_signature_field(writer, spec)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = BytesIO()
    apart(signers.PdfSigner(meta, signer=signer()).sign_pdf, writer, output=out)
    return out.getvalue()


def build(request: SignRequest, *, now: datetime) -> tuple[bytes, str]:
    """The sealed PDF of a closed request, and the head of the chain printed in it."""
    events = list(Event.objects.filter(request=request).order_by("sequence"))
    document = request.document
    assert document.file
    with document.file.file.open("rb") as content:
        frozen = content.read()
    if hashlib.sha256(frozen).hexdigest() != document.sha256:
        raise ValueError(f"The stored bytes of document {document.pk} are not those that were shown.")
    evidence = {"format": "countersign-evidence-1", "document_sha256": document.sha256, "events": export(events)}
    agency = Agency.current()
    with translation.override(document.language):
        whole = assemble(frozen, render_pages(request, signatories_of(request), events, now=now), canonical(evidence))
        words = _("Seal of %(agency)s") % {"agency": agency.name}
        reason = _("Sealed: %(reference)s") % {"reference": document.reference}
    return put_seal(whole, reason=reason, field_words=words), events[-1].hash if events else ""


def seal_request(request_id: int, *, now: datetime) -> SealedDocument | None:
    """Seal a closed request whose document has bytes, and mail the PDF, once. None when there is nothing to seal."""
    request = SignRequest.objects.select_related("document__file", "account__client").get(pk=request_id)
    if request.is_open or not request.document.file_id:
        return None
    if existing := SealedDocument.objects.filter(request=request).first():
        return existing
    data, chain_head = build(request, now=now)
    with transaction.atomic():
        request = lock(request_id)
        if existing := SealedDocument.objects.filter(request=request).first():
            return existing
        if head(request) != chain_head:
            raise ValueError(f"The chain of request {request_id} grew while it was being sealed.")
        stored = store_bytes(data, f"{request.document.reference} signed.pdf", "application/pdf", now=now)
        sealed = SealedDocument.objects.create(
            request=request, file=stored, sha256=stored.sha256, chain_head=chain_head,
            certificate=certificate_of(signer().signing_cert)[:200], sealed_at=now,
        )  # fmt: skip
        add_event(request, "sealed", now=now, sha256=stored.sha256, certificate=sealed.certificate)
        audit.record("signoff.sealed", request, by=audit.SYSTEM, now=now)
        if request.outcome in ("approved", "changes", "declined"):
            mails.queue_sealed(request, stored, now=now)
    return sealed
