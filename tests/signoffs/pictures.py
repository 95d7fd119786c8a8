"""Pictures for tests."""

from io import BytesIO

from PIL import Image, ImageDraw


def png(size: tuple[int, int] = (400, 160), kind: str = "PNG") -> bytes:
    """A line on white: a signature of sorts."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).line([(10, size[1] - 10), (size[0] // 2, 10), (size[0] - 10, size[1] // 2)], fill="#16233f", width=4)
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()
