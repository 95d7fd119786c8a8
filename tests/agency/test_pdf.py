"""PDFs: nothing is fetched but what is ours, the same input gives the same bytes, and what would choke it is refused."""

import base64
import http.server
import io
import threading

import pypdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from agency import files, pdf
from agency.errors import Refused

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (pdf.FONTS / "fonts.conf").exists(), reason="the fonts are built by make setup"),
]


def page(body, head=""):
    return f'<!doctype html><html lang="en"><head><title>A title</title>{head}</head><body>{body}</body></html>'


def images(data):
    return [image for sheet in pypdf.PdfReader(io.BytesIO(data)).pages for image in sheet.images]


@pytest.fixture
def trap():
    """A web server that remembers who asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_nothing_foreign_is_fetched(trap, tmp_path):
    """Texts of clients end up in documents: an address in them must reach neither the network nor the disk."""
    address, asked = trap
    secret = tmp_path / "secret.png"
    Image.new("RGB", (10, 10), "red").save(secret)
    png = base64.b64encode(secret.read_bytes()).decode()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/svg"/><image href="file://{secret}"/></svg>'
    nested = base64.b64encode(svg.encode()).decode()
    body = f"""
        <img alt="a" src="{address}/img"><img alt="a" src="file://{secret}"><img alt="a" src="{secret}">
        <img alt="a" src="data:image/svg+xml;base64,{nested}"><img alt="a" src="data:image/png;base64,{png}">
        <object data="file://{secret}"></object><embed src="{address}/embed">
        <img alt="a" src="FILE:{secret}"><img alt="a" src="ftp://127.0.0.1/x"><img alt="a" src="//127.0.0.1/x">
        <img alt="a" src="countersign-static:../manage.svg"><img alt="a" src="countersign-static:%2e%2e/x.png">
        <p style="background: url({address}/css)">x</p><p style="background: url(file://{secret})">x</p>{svg}"""
    head = f"""
        <link rel="stylesheet" href="{address}/sheet"><style>@import url("{address}/import");
        @font-face {{ font-family: x; src: url("{address}/font") }} p {{ font-family: x }}</style>
        <link rel="attachment" href="file:///etc/passwd"><link rel="attachment" href="{address}/attachment">"""
    data = pdf.render_html(page(body, head))
    assert asked == []
    assert images(data) == []
    assert b"/EmbeddedFile" not in data
    assert not pypdf.PdfReader(io.BytesIO(data)).attachments


@pytest.mark.parametrize(
    "address",
    ["countersign-file:1/file", "countersign-file:1/preview/../x", "countersign-file:/etc/passwd", "countersign-static:/etc/x.css",
     "countersign-static:a/../../x.css", "countersign-static:x.py", "file:///etc/passwd", "data:text/css,x"],
)  # fmt: skip
def test_only_our_own_addresses_are_read(address):
    with pytest.raises(pdf.FetchRefused):
        pdf.read(address)


def test_stored_pictures_are_embedded(now):
    out = io.BytesIO()
    Image.new("RGB", (50, 50), "blue").save(out, "PNG")
    stored = files.store_bytes(out.getvalue(), "x.png", "image/png", now=now)
    files.make_previews(stored)
    assert len(images(pdf.render_html(page(f'<img alt="x" src="countersign-file:{stored.pk}/preview">')))) == 1


def test_the_same_input_gives_the_same_bytes():
    """A document is known by its SHA-256: rendering it again must not give another one."""
    html = page("<h1>Привет 您好 مرحبا</h1><table><tr><th>a</th></tr><tr><td>1</td></tr></table>")
    assert pdf.render_html(html) == pdf.render_html(html)


@pytest.mark.parametrize(
    ("automatic", "decided"),
    [
        ('<p dir="auto">1. مرحبا.</p>', '<p dir="rtl">1. مرحبا.</p>'),
        (
            '<p dir="rtl">مرحبا <bdi>4.º, 46004 Valencia</bdi></p>',
            '<p dir="rtl">مرحبا <bdi dir="ltr">4.º, 46004 Valencia</bdi></p>',
        ),
    ],
)
def test_what_has_its_own_direction_runs_as_its_first_letter_does(automatic, decided):
    """The renderer doesn't know dir="auto": an address in an Arabic invoice read "Valencia 46004", and S.L. became .S.L"""
    assert pdf.render_html(page(automatic)) == pdf.render_html(page(decided))
    assert pdf.render_html(page('<p dir="auto">مرحبا.</p>')) != pdf.render_html(page('<p dir="ltr">مرحبا.</p>'))


def test_a_document_is_the_same_whichever_came_before():
    """Fonts are loaded once for a process: nothing of a document may linger in the next, least of all of another client's."""
    documents = [
        page("<h1>Hello 123</h1>"),
        page('<h1 lang="ar" dir="rtl">مرحبا ١٢٣</h1>'),
        page('<p lang="zh-Hans">您好 <b>123</b>'),
    ]
    first = [pdf.render_html(html, style_sheet=pdf.STYLE_SHEET) for html in documents]
    pdf._fonts.cache_clear()
    again = [pdf.render_html(html, style_sheet=pdf.STYLE_SHEET) for html in reversed(documents)]
    assert again[::-1] == first
    assert pdf._fonts.cache_info().misses == 1


def test_figures_are_of_one_width():
    """Amounts stand below each other, and no rule of the style sheet has to ask for it."""
    fonts = {file.name: TTFont(file) for file in pdf.FONTS.glob("*.ttf")}
    assert len(fonts) >= 6
    for name, font in fonts.items():
        letters = font.getBestCmap()
        assert len({font["hmtx"][letters[ord(figure)]][0] for figure in "0123456789"}) == 1, name


def test_a_style_sheet_that_was_read_before_styles_the_next_document_as_well():
    """It is parsed once, then kept: as if each document had linked it, and for as long as it stays the same."""
    body = '<div class="letterhead"><div class="name">Acme</div></div><table><tr><th>a</th></tr></table>'
    linked = pdf.render_html(page(body, f'<link rel="stylesheet" href="countersign-static:{pdf.STYLE_SHEET}">'))
    assert linked != pdf.render_html(page(body))
    assert [pdf.render_html(page(body), style_sheet=pdf.STYLE_SHEET) for _time in range(2)] == [linked, linked]


def test_a_style_sheet_that_was_changed_is_read_again(monkeypatch):
    sheets = iter([b"p { color: red }", b"p { color: red }", b"p { color: green }"])
    monkeypatch.setattr(pdf, "_static", lambda path: next(sheets))
    first, second, third = (pdf.render_html(page("<p>x"), style_sheet=pdf.STYLE_SHEET) for _time in range(3))
    assert first == second != third


def test_it_is_tagged_titled_and_its_text_can_be_copied():
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_html(page("<h1>Hello world</h1><p>Подпись 签字</p>"))))
    assert reader.metadata.title == "A title"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Подпись 签字" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    "body",
    ["x" * 2_100_000, "<table><tr>" + "<td>x</td>" * 8_100 + "</tr></table>", "<div>" * 300 + "</div>" * 300],
    ids=["long", "cells", "nested"],
)
def test_what_would_choke_the_renderer_is_refused(body):
    with pytest.raises(Refused, match="too long"):
        pdf.render_html(page(body))


def test_threads_take_turns():
    """Two at once corrupt the renderer's memory."""
    done = []
    threads = [threading.Thread(target=lambda: done.append(pdf.render_html(page("<p>x</p>")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(done)) == 1
    assert len(done) == 6


def test_without_pango_a_person_reads_what_to_do(monkeypatch):
    import builtins

    real = builtins.__import__

    def broken(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    pdf.load.cache_clear()
    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(Refused, match="Pango is missing"):
        pdf.render_html(page("x"))
    pdf.load.cache_clear()


def test_without_fonts_a_person_reads_what_to_do(monkeypatch, tmp_path):
    """No font at all is a segmentation fault."""
    pdf.load.cache_clear()
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    with pytest.raises(Refused, match="make setup"):
        pdf.render_html(page("x"))
    pdf.load.cache_clear()


@pytest.mark.parametrize("text", ["أولًا كتابًا", "تغيّر ثمّ وقّع"])
def test_marks_inside_ligatures_are_read_once(text):
    """A mark is shaped in one piece with the ligature around it; read aloud or copied, no letter may double or vanish."""
    data = pdf.render_html(
        f'<!doctype html><html lang="ar" dir="rtl"><title>t</title><body style="font-family: IBM Plex Sans Arabic">{text}'
    )
    read = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert sorted(read.replace(" ", "").strip()) == sorted(text.replace(" ", ""))
