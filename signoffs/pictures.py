"""Drawn and uploaded signatures: whatever comes in, what goes on is a small PNG we have written ourselves."""

import base64
import binascii
import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from agency.errors import Refused

MOST_BYTES, MOST_PIXELS = 2 * 1024 * 1024, 20_000_000
WIDE, HIGH = 900, 360
PREFIX = "data:image/png;base64,"


def clean_signature(data: bytes) -> bytes:
    """A PNG or JPEG as a PNG of at most 900 × 360 pixels. Raises Refused with a sentence for anything else."""
    if len(data) > MOST_BYTES:
        raise Refused(_("The picture of your signature must be smaller than 2 MB."))
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise Refused(_("The picture of your signature must be a PNG or a JPEG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(BytesIO(data), formats=["PNG", "JPEG"])
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            picture.thumbnail((WIDE, HIGH))
            clean = Image.new("RGB", picture.size, "white")
            layer = picture.convert("RGBA")
            clean.paste(layer, mask=layer.getchannel("A"))
    except Exception as error:  # whatever a damaged file makes the decoder raise
        raise Refused(_("The picture of your signature can't be opened. Choose another one, or type your name.")) from error
    if len(set(clean.convert("L").resize((60, 24)).getdata())) < 2:
        raise Refused(_("Draw your signature, or type your name instead."))
    out = BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def from_data_url(value: str) -> bytes:
    """The PNG of a data: address. Raises Refused when it isn't one."""
    if not value.startswith(PREFIX):
        raise Refused(_("Draw your signature, or type your name instead."))
    try:
        return base64.b64decode(value.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(_("The picture of your signature can't be opened. Choose another one, or type your name.")) from None


def as_data_url(png: bytes) -> str:
    return PREFIX + base64.b64encode(png).decode()
