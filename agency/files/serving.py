"""Streaming files to people who may see them: the view asks who, this answers how."""

import re
from collections.abc import Iterator
from typing import IO, Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from ..models import StoredFile

CHUNK = 64 * 1024
#: What a browser may show in its own window; everything else is downloaded.
INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
#: Browsers don't open a PDF inside a sandbox; their viewers keep it apart from our pages themselves.
PDF_POLICY = "default-src 'none'; script-src 'none'; object-src 'self'; frame-ancestors 'self'"


def file_response(stored: StoredFile, request: HttpRequest, *, inline: bool = False) -> HttpResponseBase:
    """The file as it was given: an attachment under its own name, or with `inline` in the browser's window where that is safe.

    Answers one byte range (206) when asked; never cached by anyone.
    """
    inline = inline and stored.content_type in INLINE
    wanted = _range(request, stored.size)
    if wanted == "unsatisfiable":
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
        return _guard(response)
    if isinstance(wanted, tuple):
        start, end = wanted
        response = StreamingHttpResponse(_slice(stored.file.open("rb"), start, end - start + 1), status=206)
        response["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
        response["Content-Length"] = str(end - start + 1)
    else:
        response = FileResponse(stored.file.open("rb"))
        response["Content-Length"] = str(stored.size)
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = stored.content_type
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name) or "attachment"
    _guard(response)
    if inline and stored.kind == StoredFile.Kind.PDF:
        response["Content-Security-Policy"] = PDF_POLICY
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def preview_response(stored: StoredFile, which: Literal["preview", "thumbnail"] = "preview") -> HttpResponseBase:
    """The picture we made of the file; 404 while there is none."""
    picture = stored.thumbnail if which == "thumbnail" else stored.preview
    if not picture:
        raise Http404
    content = picture.open("rb")
    head = content.read(8)
    content.seek(0)
    response = FileResponse(content)
    response["Content-Type"] = "image/png" if head.startswith(b"\x89PNG") else "image/jpeg"
    response["Content-Disposition"] = "inline"
    return _guard(response)


def _guard(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _range(request: HttpRequest, size: int) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """The one range asked for. Several ranges, or a range tied to an ETag we never gave, get the whole file."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", "").strip())
    if not found or "If-Range" in request.headers or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last or size - 1), size - 1)
    return (start, end) if start <= end and start < size else "unsatisfiable"


def _slice(content: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with content:
        content.seek(start)
        while length > 0 and (chunk := content.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
