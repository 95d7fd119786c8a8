"""Where a document is signed: behind an emailed link, or inside the app. The page is the same; only the addresses differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from agency.files import file_response, preview_response
from agency.models import StoredFile

from ..models import Document, Signatory, SignRequest
from ..origin import Origin, origin_of


@dataclass(frozen=True)
class ShownFile:
    """A file beside the document, with the addresses this reader may use."""

    stored: StoredFile
    url: str
    picture: str
    thumbnail: str

    @property
    def name(self) -> str:
        return self.stored.name


@dataclass(frozen=True)
class Place:
    """A signatory, how they came in, and how the addresses of this place are made: `address(name, *args)`.

    `shut`: a one-time code is asked for and wasn't given here yet; until then no page says anything about the document.
    """

    signatory: Signatory
    entered: str  # "link", "app", "app, second factor"
    address: Callable[..., str]
    public: bool
    shut: bool = False

    @property
    def document(self) -> Document:
        return self.signatory.request.document

    def origin(self, request: HttpRequest) -> Origin:
        return origin_of(request, self.entered)

    def addresses(self) -> dict[str, str]:
        return {name: self.address(name) for name in ("page", "seen", "decline", "document", "sealed")} | (
            {"pass_on": self.address("pass_on")} if self.public else {}
        )

    def files(self) -> list[ShownFile]:
        return shown_files(self.document, self.address)


def shown_files(document: Document, address: Callable[..., str]) -> list[ShownFile]:
    return [
        ShownFile(
            stored,
            address("file", stored.pk),
            address("picture", stored.pk, "preview") if stored.can_preview else "",
            address("picture", stored.pk, "thumbnail") if stored.can_preview else "",
        )
        for stored in document.attachments.order_by("pk")
    ]


def link_address(token: str) -> Callable[..., str]:
    names = {
        "page": "sign", "seen": "sign_seen", "decline": "sign_decline", "pass_on": "sign_pass_on", "document": "sign_document",
        "sealed": "sign_sealed", "file": "sign_file", "picture": "sign_picture",
    }  # fmt: skip
    return lambda name, *args: reverse(names[name], args=[token, *args])


def app_address(sign_request: SignRequest) -> Callable[..., str]:
    names = {
        "page": "signoff_sign", "seen": "signoff_seen", "decline": "signoff_decline", "document": "signoff_document",
        "sealed": "signoff_sealed", "file": "signoff_file", "picture": "signoff_picture",
    }  # fmt: skip
    return lambda name, *args: reverse(names[name], args=[sign_request.pk, *args])


def document_response(document: Document, request: HttpRequest) -> HttpResponseBase:
    if not document.file:
        raise Http404
    return file_response(document.file, request, inline=True)


def sealed_response(sign_request: SignRequest, request: HttpRequest) -> HttpResponseBase:
    sealed = getattr(sign_request, "sealed", None)
    if sealed is None:
        raise Http404
    return file_response(sealed.file, request)


def attachment_response(document: Document, request: HttpRequest, pk: int, which: Any = "") -> HttpResponseBase:
    """A file of this very document, or its picture; anything else is 404."""
    stored = document.attachments.filter(pk=pk).first()
    if stored is None or which not in ("", "preview", "thumbnail"):
        raise Http404
    return preview_response(stored, which) if which else file_response(stored, request)
