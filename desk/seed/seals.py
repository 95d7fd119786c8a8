"""Sealed PDFs by the thousand: one page is sealed by the product's own code, then sealed anew for each request.

Each file is one of its own, with the request's number on it, its own digest and its own signature by the agency's certificate; only
the assembling of pages is left out. So /verify/ and verify_document judge them as they judge any other.
"""

import hashlib
import re
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agency.models import StoredFile
from agency.models.files import random_path
from signoffs.models import SignRequest
from signoffs.sealing.seal import certificate_of, put_seal, signer

from .ledger import Ledger

#: Stands in the sealed page where each request's number goes.
MARK = b"SEEDED0000000000"


class Sealer:
    """Seals one page over and over; about a millisecond each, where a real one takes a hundred."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.certificate = certificate_of(signer().signing_cert)[:200]
        self.key: Any = serialization.load_der_private_key(signer().signing_key.dump(), None)
        self.page = put_seal(_blank_page(), reason=MARK.decode(), field_words="Seal")
        found = re.search(rb"/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", self.page)
        assert found
        _zero, self.gap, self.after, _rest = map(int, found.groups())
        self.contents = bytes.fromhex(self.page[self.gap + 1 : self.after - 1].decode())
        info = cms.ContentInfo.load(self.contents)["content"]["signer_infos"][0]
        self.attributes: bytes = info["signed_attrs"].untag().dump()
        self.digest, self.signature = self._digest(self.page), info["signature"].native

    def seal(self, request: SignRequest, *, at: datetime) -> StoredFile:
        """A sealed PDF for this request, stored."""
        data = self.sealed(request.pk)
        path = default_storage.save(random_path(request, ""), ContentFile(data))
        return self.ledger.add(
            StoredFile(
                name=f"{request.document.reference} signed.pdf", size=len(data), sha256=hashlib.sha256(data).hexdigest(),
                content_type="application/pdf", kind=StoredFile.Kind.PDF, file=path, pages=1, preview_tries=3, created_at=at,
            )
        )  # fmt: skip

    def sealed(self, number: int) -> bytes:
        """The page with this number, signed over everything but the signature itself."""
        page = self.page.replace(MARK, b"SEEDED%010d" % number)
        digest = self._digest(page)
        signature = self._sign(self.attributes.replace(self.digest, digest))
        contents = self.contents.replace(self.digest, digest).replace(self.signature, signature)
        return page[: self.gap + 1] + contents.hex().encode() + page[self.after - 1 :]

    def _digest(self, page: bytes) -> bytes:
        """What is signed: all but the signature's own place."""
        return hashlib.sha256(page[: self.gap] + page[self.after :]).digest()

    def _sign(self, data: bytes) -> bytes:
        """A signature as long as the one it replaces, so that nothing around it moves; with an elliptic curve lengths vary a little."""
        if not isinstance(self.key, ec.EllipticCurvePrivateKey):
            return bytes(self.key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        while len(signature := self.key.sign(data, ec.ECDSA(hashes.SHA256()))) != len(self.signature):
            pass
        return signature


def _blank_page() -> bytes:
    from pikepdf import Pdf

    out = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out)
    return out.getvalue()
