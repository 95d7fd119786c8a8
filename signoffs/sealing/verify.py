"""Is this PDF ours, and unchanged? Two judges: the SHA-256 of the whole file, and the seal itself.

The seal can't see a byte changed in the padding of its own signature, the hash can; the hash can't say who changed what, the
seal can. A file counts as unchanged when both agree. Where the seal is sound but nobody knows the hash, the evidence inside, which
the seal covers, says whether our records hold that document: then it is this file that was changed, else it is the records that
lost something, as after restoring an older backup.
"""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from pikepdf import Pdf

from agency.errors import Refused

from ..models import SealedDocument, Signatory
from .assemble import EVIDENCE_NAME
from .seal import FIELD, apart, certificate_of, signer

logger = logging.getLogger(__name__)

#: "unchanged": sealed by us and byte for byte what we sealed. "changed": it carries our seal, but isn't what we sealed.
#: "unrecorded": our seal is sound, but our records don't hold this document. "not_ours": no seal of ours. "unreadable": not a
#: PDF that can be read.
Status = Literal["unchanged", "changed", "unrecorded", "not_ours", "unreadable"]


@dataclass(frozen=True)
class Verdict:
    """What can be said about a file. The names and the title are those of a file the asker already holds."""

    status: Status
    sha256: str
    seal_intact: bool = False
    covers_whole_file: bool = False
    certificate: str = ""
    title: str = ""
    reference: str = ""
    outcome: str = ""
    sealed_at: datetime | None = None
    signatures: list[Signatory] = field(default_factory=list)


@dataclass(frozen=True)
class _Seal:
    intact: bool
    whole: bool
    certificate: str


def verify_bytes(data: bytes) -> Verdict:
    """Judge a file. Never raises, whatever it holds, and changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not data[:1024].lstrip().startswith(b"%PDF-"):
        return Verdict("unreadable", sha256)
    try:
        seal = _read_seal(data)
    except Exception:
        logger.info("An uploaded PDF could not be read.")
        return Verdict("changed" if _names_our_seal(data) else "unreadable", sha256)
    if seal is None:
        return Verdict("changed" if _names_our_seal(data) else "not_ours", sha256)
    facts: dict[str, Any] = {"seal_intact": seal.intact, "covers_whole_file": seal.whole, "certificate": seal.certificate}
    if not _is_ours(seal.certificate):
        return Verdict("not_ours", sha256, **facts)
    if not (seal.intact and seal.whole):
        return Verdict("changed", sha256, **facts)
    sealed = SealedDocument.objects.filter(sha256=sha256).select_related("request__document").first()
    if sealed:
        return Verdict("unchanged", sha256, **facts, **_facts_of(sealed))
    known = SealedDocument.objects.filter(chain_head=_head_inside(data)).exists()
    return Verdict("changed" if known else "unrecorded", sha256, **facts)


def _head_inside(data: bytes) -> str:
    """The head of the chain of events in the file itself, as its sound seal covers it; empty where a seal of ours has none."""
    try:
        with Pdf.open(BytesIO(data)) as sealed:
            evidence = json.loads(sealed.attachments[EVIDENCE_NAME].get_file().read_bytes())
        return str(evidence["events"][-1]["hash"])
    except Exception:
        logger.info("A sealed PDF without evidence inside.")
        return ""


def _facts_of(sealed: SealedDocument) -> dict[str, Any]:
    document = sealed.request.document
    signed = sealed.request.signatories.filter(decided_at__isnull=False).select_related("request__document", "contact__client")
    return {
        "title": document.title, "reference": document.reference, "outcome": sealed.request.outcome,
        "sealed_at": sealed.sealed_at, "signatures": list(signed),
    }  # fmt: skip


def _read_seal(data: bytes) -> _Seal | None:
    """The seal in the file, judged by pyHanko; None when there is none. Raises whatever a damaged PDF makes it raise."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(data), strict=False)
    found = next((s for s in reader.embedded_signatures if s.field_name == FIELD), None)
    if found is None:
        return None
    certificate = certificate_of(found.signer_cert)
    context = ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
    status = apart(validate_pdf_signature, found, signer_validation_context=context)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and bool(status.docmdp_ok)
    return _Seal(bool(status.intact and status.valid), whole, certificate)


def _our_certificate() -> Any:
    """The certificate we would seal with now; None where there is none, which is no reason not to judge a file."""
    try:
        return signer().signing_cert
    except Refused:
        return None


def _is_ours(certificate: str) -> bool:
    """Whether we ever sealed with this certificate, or would now."""
    ours = _our_certificate()
    if ours is not None and certificate == certificate_of(ours):
        return True
    return SealedDocument.objects.filter(certificate=certificate[:200]).exists()


def _names_our_seal(data: bytes) -> bool:
    """A file too damaged to read may still carry our certificate's bytes, in the hexadecimal of a signature."""
    ours = _our_certificate()
    return ours is not None and ours.dump().hex().encode() in data.lower()
