"""Pictures of files, re-encoded: what a browser shows was written by us and carries nothing of the upload but its pixels."""

import logging
import threading
import warnings
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.db.models import F
from PIL import Image, ImageOps

from ..doorbell import ring
from ..errors import Refused
from ..models import StoredFile
from ..sweep import swept

logger = logging.getLogger(__name__)

PREVIEW, THUMBNAIL = 1600, 320  # the long side, in pixels
MAX_TRIES = 3
_pdfium = threading.Lock()  # PDFium is not made for threads


def ensure_previews(stored: StoredFile) -> None:
    """Have the file's pictures made by a task, if it can have some and has none yet."""
    if stored.can_preview and not stored.preview and stored.preview_tries < MAX_TRIES:
        from ..tasks import make_previews as task

        ring(task, stored.pk)


def make_previews(stored: StoredFile) -> bool:
    """Make preview and thumbnail now. A damaged file has none; it is tried three times. Answers whether there are some."""
    if not stored.can_preview or stored.preview:
        return bool(stored.preview)
    from .storing import keep

    StoredFile.objects.filter(pk=stored.pk).update(preview_tries=F("preview_tries") + 1)
    try:
        picture, pages = _picture_of(stored)
        preview, thumbnail = _encoded(picture, PREVIEW), _encoded(picture, THUMBNAIL)
    except Exception:  # whatever a damaged file makes the decoders raise
        logger.warning("No preview of stored file %s could be made.", stored.pk, exc_info=True)
        return False
    try:
        stored.preview.name, stored.thumbnail.name = keep(ContentFile(preview)), keep(ContentFile(thumbnail))
    except Refused:  # no room: not the file's fault, so it doesn't count
        StoredFile.objects.filter(pk=stored.pk).update(preview_tries=F("preview_tries") - 1)
        return False
    stored.pages = pages
    stored.save(update_fields=["preview", "thumbnail", "pages"])
    return True


def _picture_of(stored: StoredFile) -> tuple[Image.Image, int | None]:
    from .storing import MAX_PIXELS, PILLOW_FORMATS

    with stored.file.open("rb") as content:
        data = content.read()
    if stored.kind == StoredFile.Kind.PDF:
        return _first_page(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture: Image.Image = Image.open(BytesIO(data), formats=[PILLOW_FORMATS[stored.content_type]])
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (PREVIEW, PREVIEW))  # a large JPEG is decoded at a fraction of its size
        picture.thumbnail((PREVIEW, PREVIEW))
        return ImageOps.exif_transpose(picture), None


def _first_page(data: bytes) -> tuple[Image.Image, int]:
    import pypdfium2

    with _pdfium:
        document = pypdfium2.PdfDocument(data)
        try:
            page = document[0]
            scale = PREVIEW / max(*page.get_size(), 1)
            return page.render(scale=min(scale, 10)).to_pil().convert("RGB"), len(document)
        finally:
            document.close()


def _encoded(picture: Image.Image, long_side: int) -> bytes:
    """The picture as a new JPEG, or PNG where it has transparent parts, without any metadata."""
    small = picture.copy()
    small.thumbnail((long_side, long_side))
    out = BytesIO()
    if small.mode in ("RGBA", "LA", "PA") or "transparency" in small.info:
        clean = Image.new("RGBA", small.size)
        clean.paste(small.convert("RGBA"))
        clean.save(out, "PNG", optimize=True)
    else:
        clean = Image.new("RGB", small.size)
        clean.paste(small.convert("RGB"))
        clean.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


@swept
def missing_previews(now: datetime) -> int:
    """Files whose task was lost: ring again, at most 100 a minute."""
    waiting = StoredFile.objects.filter(
        kind__in=[StoredFile.Kind.IMAGE, StoredFile.Kind.PDF],
        preview="",
        preview_tries__lt=MAX_TRIES,
        created_at__range=(now - timedelta(days=2), now - timedelta(minutes=3)),
    )[:100]
    for stored in waiting:
        ensure_previews(stored)
    return len(waiting)
