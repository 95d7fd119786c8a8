"""Taking files in: sniffed, capped, hashed, stored under a random name."""

import hashlib
import logging
import re
import unicodedata
import warnings
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from ..errors import Refused
from ..models import StoredFile
from ..models.files import random_path
from .previews import MAX_TRIES, ensure_previews
from .sniffing import HEAD, Sniffed, sniff

logger = logging.getLogger(__name__)

#: The largest picture we open: a poster at 300 dpi fits, a decompression bomb doesn't.
MAX_PIXELS = 100_000_000
#: What a picture that says it is of this type must be opened as.
PILLOW_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/tiff": "TIFF", "image/webp": "WEBP"}
MAX_NAME = 150


def store_upload(upload: File, *, now: datetime) -> StoredFile:
    """Keep an uploaded file as it was given; its previews follow by a task.

    Raises Refused, with a sentence for the person, when it is empty, too large, too many pixels, or of a type we don't take.
    """
    size = upload.size or 0
    if not size:
        raise Refused(_("This file is empty. Choose another one."))
    if size > settings.UPLOAD_MAX_BYTES:
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise Refused(_("This file is too large: at most %(limit)s can be uploaded.") % {"limit": limit})
    upload.seek(0)
    found = sniff(upload.read(HEAD))
    if found is None:
        raise Refused(
            _(
                "This type of file can't be taken. Upload a PDF, a picture (PNG, JPEG, GIF, WebP, TIFF), an MP4 video, "
                "or a design file (AI, EPS, PSD, INDD), or put it into a ZIP."
            )
        )
    upload.seek(0)
    width, height = _measure(upload, found) if found.kind == StoredFile.Kind.IMAGE else (None, None)
    return _store(upload, upload.name or "", size, found, now=now, width=width, height=height)


def store_bytes(data: bytes, name: str, content_type: str, *, now: datetime, pictures: bool = False) -> StoredFile:
    """Keep a file we made ourselves, such as a rendered PDF. Its type is what its bytes say, else `content_type`, opaque.

    `pictures`: whether a page shows it as one; of a paper that is only ever opened, making them takes longer than the paper did.
    """
    found = sniff(data[:HEAD]) or Sniffed(content_type, StoredFile.Kind.OPAQUE)
    width, height = _measure(BytesIO(data), found) if found.kind == StoredFile.Kind.IMAGE else (None, None)
    tries = 0 if pictures else MAX_TRIES
    return _store(ContentFile(data), name, len(data), found, now=now, width=width, height=height, preview_tries=tries)


def _store(content: File, name: str, size: int, found: Sniffed, *, now: datetime, **facts: Any) -> StoredFile:
    stored = StoredFile(
        name=clean_name(name), size=size, content_type=found.content_type, kind=found.kind, created_at=now, **facts
    )
    stored.sha256 = _sha256(content)
    content.seek(0)
    stored.file.name = keep(content)
    stored.save(force_insert=True)
    ensure_previews(stored)
    return stored


def keep(content: File) -> str:
    """Write bytes into the storage; answers their random path. Should the row that names it be rolled back, `cleaning` clears up.

    Raises Refused when the storage is full or out of reach; nothing of the file stays then.
    """
    path = random_path()
    try:
        return default_storage.save(path, content)
    except Exception as error:  # a full disk, a folder that is gone, a bucket that doesn't answer
        logger.exception("A file could not be stored.")
        with suppress(Exception):
            default_storage.delete(path)
        raise no_room() from error


def no_room() -> Refused:
    return Refused(
        _("There is no room for files on the server just now, so nothing was saved. Try again later, or tell your administrator.")
    )


def _sha256(content: File) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    chunks: Iterable[bytes] = content.chunks()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _measure(content: IO[bytes] | File, found: Sniffed) -> tuple[int, int]:
    """Width and height of a picture from its header; nothing is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(content, formats=[PILLOW_FORMATS[found.content_type]])
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise Refused(_too_many_pixels()) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(_("This picture is damaged and can't be opened. Export it again and upload the new file.")) from error
    if width * height > MAX_PIXELS:
        raise Refused(_too_many_pixels())
    return width, height


def _too_many_pixels() -> str:
    return _("This picture has too many pixels: at most %(limit)s million. Make it smaller or put it into a ZIP.") % {
        "limit": MAX_PIXELS // 1_000_000
    }


def clean_name(name: str) -> str:
    """The file's name without folders, control characters and marks that turn the writing direction; its ending kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = re.sub(r"\s+", " ", name).strip(" .") or "file"
    ending = PurePosixPath(name).suffix[:12]
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - len(ending)] + ending
