"""PDFs: one renderer, our fonts, our fetcher. What is sent or issued is rendered once, stored, and streamed ever after."""

import os
import re
import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from unicodedata import bidirectional, combining, normalize

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from .errors import Refused
from .models import Agency, StoredFile

FONTS = settings.VAR_DIR / "fonts"
STYLE_SHEET = "css/pdf.css"
OPTIONS = {"pdf_variant": "pdf/ua-1", "optimize_images": True}
#: Measured: 40,000 table cells or 5,000 nested elements take over 30 seconds or crash the renderer.
MAX_CHARACTERS, MAX_CELLS, MAX_DEPTH = 2_000_000, 8_000, 200
#: Two threads in the renderer at once corrupt its memory.
_rendering = threading.Lock()
DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


class FetchRefused(ValueError):
    """A document asked for something that isn't ours. The renderer goes on without it."""


def render(template: str, context: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """Render a template to a tagged PDF (PDF/UA-1) in `language`. The same input gives the same bytes.

    The template gets `agency`, `language`, `direction` (ltr, rtl) and `title` besides `context`; pictures only by
    {% stored_image %}, images of ours by countersign-static:. Its style sheet is css/pdf.css. Slow: call it in a task. Raises
    Refused when the document is too large, or this machine lacks what PDFs need.
    """
    with translation.override(language):
        html = render_to_string(template, full_context(context, language=language, title=title))
        return render_html(html, style_sheet=STYLE_SHEET)


def full_context(context: Mapping[str, Any], *, language: str, title: str) -> dict[str, Any]:
    """The context of a PDF's template; also for showing the same template as a page."""
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    frame = {"agency": Agency.current(), "language": language, "direction": direction, "title": title}
    return {**frame, **context}


def render_html(html: str, *, style_sheet: str = "") -> bytes:
    """Render HTML of ours, with a static style sheet beside its own; see `render`."""
    check_size(html)
    with _rendering:
        weasyprint = load()
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher(), media_type="print")
        _direct(document.etree_element)
        sheets = [_parsed(_static(style_sheet))] if style_sheet else []
        data: bytes = document.write_pdf(stylesheets=sheets, font_config=_fonts(), finisher=_let_marks_be_read, **OPTIONS)
        return data


def _direct(root: Any) -> None:
    """Give what stands in "whatever direction it has" (dir="auto", a bare bdi) that of its first letter; the renderer can't."""
    for element in root.iter("*"):
        if element.get("dir") == "auto" or (element.tag == "bdi" and not element.get("dir")):
            letters = (bidirectional(letter) for letter in "".join(element.itertext()))
            strong = next((one for one in letters if one in DIRECTIONS), None)
            if strong:
                element.set("dir", DIRECTIONS[strong])


@lru_cache(maxsize=4)
def _parsed(style_sheet: bytes) -> Any:
    """A style sheet as the renderer keeps it; parsing ours anew for each document took a tenth of the time."""
    return load().CSS(string=style_sheet.decode(), url_fetcher=fetcher(), font_config=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The fonts as the renderer has loaded them, for every document of this process.

    A set for each document takes a tenth of its time, and 150 kB of it are never given back.
    """
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _let_marks_be_read(document: Any, written: Any) -> None:
    """Have each glyph read as the letters its font says it is, where the renderer got it wrong.

    A mark inside a ligature (the fathatan of أولًا, the shadda of تغيّر) is shaped in one piece with it. The renderer notes
    the whole piece for the mark, for every place where the mark stands in the document, and nothing for the ligature:
    what is read aloud or copied would have letters too many and too few.
    """
    from fontTools.ttLib import TTFont

    for font in document.fonts.values():
        if all(len(text) == 1 for text in font.to_unicode.values()):
            continue
        file = TTFont(BytesIO(font.file_content), fontNumber=font.index)
        letters = {file.getGlyphID(name): normalize("NFKC", chr(code)) for code, name in file.getBestCmap().items()}
        wrong = {
            glyph: letters[glyph]
            for glyph, text in font.to_unicode.items()
            if glyph in letters and text != letters[glyph] and (not text or combining(letters[glyph][0]))
        }
        for stream in _unicode_maps(written, font.name) if wrong else ():
            stream[:] = [_corrected(line, wrong) for line in stream]


def _unicode_maps(written: Any, name: bytes) -> Iterator[list[bytes]]:
    """The lines of a font's table of glyphs and letters."""
    for one in written.objects:
        if isinstance(one, dict) and one.get("BaseFont") == name and "ToUnicode" in one:
            yield written.objects[int(one["ToUnicode"].split()[0])].stream


def _corrected(line: bytes, letters: dict[int, str]) -> bytes:
    entry = re.fullmatch(rb"<([0-9a-f]{4})> <[0-9a-f]*>", line)
    if not entry or int(entry[1], 16) not in letters:
        return line
    return b"<%s> <%s>" % (entry[1], letters[int(entry[1], 16)].encode("utf-16-be").hex().encode())


@lru_cache(maxsize=1)
def load() -> Any:
    """WeasyPrint, with our fonts set before it is imported. Without Pango its import raises OSError."""
    conf = FONTS / "fonts.conf"
    if not conf.exists():
        raise Refused(_("PDFs can't be made yet: the fonts are missing. Ask your administrator to run “make setup”."))
    os.environ["FONTCONFIG_FILE"] = str(conf)
    try:
        import weasyprint
    except OSError as error:
        raise Refused(
            _(
                "PDFs can't be made on this machine: Pango is missing. Ask your administrator to install it, then run “make setup”."
            )
        ) from error
    return weasyprint


@lru_cache(maxsize=1)
def fetcher() -> Any:
    """A fetcher that knows two addresses: countersign-file:<id>/<preview or thumbnail> and countersign-static:<path>."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            data, content_type = read(url)
            return URLFetcherResponse(url, data, {"Content-Type": content_type})

        def open(self, url: Any, data: Any = None, timeout: Any = None) -> Any:
            return self.fetch(url if isinstance(url, str) else url.full_url)

    return OurFetcher(allowed_protocols=["countersign-file", "countersign-static"], allow_redirects=False)


def read(url: str) -> tuple[bytes, str]:
    """The bytes behind one of our own addresses, and their type. Everything else is FetchRefused."""
    if found := re.fullmatch(r"countersign-file:(\d{1,18})/(preview|thumbnail)", url):
        return _stored_picture(int(found[1]), found[2])
    if found := re.fullmatch(r"countersign-static:([A-Za-z0-9_-][A-Za-z0-9_./-]*)\.(css|svg|png|jpg|ttf)", url):
        return _static(f"{found[1]}.{found[2]}"), STATIC_TYPES[found[2]]
    raise FetchRefused("A PDF may use only our own static files and stored pictures.")


STATIC_TYPES = {"css": "text/css", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "ttf": "font/ttf"}


def _stored_picture(pk: int, which: str) -> tuple[bytes, str]:
    stored = StoredFile.objects.filter(pk=pk).first()
    picture = getattr(stored, which, None)
    if not picture:
        raise FetchRefused("There is no such picture.")
    with picture.open("rb") as content:
        data: bytes = content.read()
    return data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def _static(path: str) -> bytes:
    if ".." in path:
        raise FetchRefused("A static file lies below the static folder.")
    found = finders.find(path)
    if isinstance(found, str):
        with open(found, "rb") as source:
            return source.read()
    if staticfiles_storage.exists(path):
        with staticfiles_storage.open(path) as collected:
            data: bytes = collected.read()
            return data
    raise FetchRefused("There is no such static file.")


class _Measure(HTMLParser):
    cells = depth = deepest = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.cells += tag in ("td", "th")
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def check_size(html: str) -> None:
    """Raises Refused when the document would keep the renderer too long."""
    too_large = len(html) > MAX_CHARACTERS
    if not too_large:
        measure = _Measure()
        measure.feed(html)
        too_large = measure.cells > MAX_CELLS or measure.deepest > MAX_DEPTH
    if too_large:
        raise Refused(_("This document is too long for one PDF. Split it or shorten its tables."))
