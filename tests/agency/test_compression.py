"""HTML goes out compressed where the browser takes it; everything else goes as it is."""

import gzip

from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from agency.compression import CompressPages

PAGE = b"<p>the same again</p>" * 200


def answer(response, **headers):
    return CompressPages(lambda _request: response)(RequestFactory().get("/", headers=headers))


def test_a_page_is_compressed_for_who_can_read_it():
    made = answer(HttpResponse(PAGE), accept_encoding="gzip, br")
    assert made["Content-Encoding"] == "gzip"
    assert made["Vary"] == "Accept-Encoding"
    assert gzip.decompress(made.content) == PAGE
    assert answer(HttpResponse(PAGE)).content == PAGE


def test_files_go_as_they_are(tmp_path):
    made = answer(HttpResponse(PAGE, content_type="application/pdf"), accept_encoding="gzip")
    assert "Content-Encoding" not in made
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    streamed = answer(FileResponse(path.open("rb")), accept_encoding="gzip")
    assert "Content-Encoding" not in streamed
    assert streamed["Content-Length"] == str(len(PAGE))
