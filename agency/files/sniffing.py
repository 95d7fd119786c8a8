"""What a file is, by its first bytes and never by its name."""

from dataclasses import dataclass

from ..models import StoredFile

#: How many bytes of a file's beginning `sniff` wants.
HEAD = 2048

Kind = StoredFile.Kind


@dataclass(frozen=True)
class Sniffed:
    content_type: str
    kind: StoredFile.Kind


_AT_START: tuple[tuple[bytes, Sniffed], ...] = (
    (b"\x89PNG\r\n\x1a\n", Sniffed("image/png", Kind.IMAGE)),
    (b"\xff\xd8\xff", Sniffed("image/jpeg", Kind.IMAGE)),
    (b"GIF87a", Sniffed("image/gif", Kind.IMAGE)),
    (b"GIF89a", Sniffed("image/gif", Kind.IMAGE)),
    (b"II*\x00", Sniffed("image/tiff", Kind.IMAGE)),
    (b"MM\x00*", Sniffed("image/tiff", Kind.IMAGE)),
    (b"%!PS-Adobe", Sniffed("application/postscript", Kind.OPAQUE)),
    (b"\xc5\xd0\xd3\xc6", Sniffed("application/postscript", Kind.OPAQUE)),
    (b"8BPS", Sniffed("image/vnd.adobe.photoshop", Kind.OPAQUE)),
    (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d", Sniffed("application/x-indesign", Kind.OPAQUE)),
    (b"PK\x03\x04", Sniffed("application/zip", Kind.OPAQUE)),
    (b"PK\x05\x06", Sniffed("application/zip", Kind.OPAQUE)),
)
_PDF = Sniffed("application/pdf", Kind.PDF)
_WEBP = Sniffed("image/webp", Kind.IMAGE)
_MP4 = Sniffed("video/mp4", Kind.OPAQUE)
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")


def sniff(head: bytes) -> Sniffed | None:
    """The type of a file that begins with `head`, or None when it isn't on the list of what we take."""
    for magic, found in _AT_START:
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return _MP4
    # The PDF header may come a little late: readers accept it within the first 1,024 bytes. A page or a script that only
    # mentions it is not a PDF, so nothing but white space and a byte order mark may stand before it.
    before, header, _rest = head[:1024].partition(b"%PDF-")
    if header and not before.removeprefix(b"\xef\xbb\xbf").strip():
        return _PDF
    return None
