"""What comes in is known by its bytes, kept as it was, and goes out so that no browser runs it."""

import hashlib
import io
import zlib
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from agency import files
from agency.errors import Refused
from agency.files import previews
from agency.models import StoredFile

INDD = bytes.fromhex("0606edf5d81d46e5bd31efe7fe74b71d")


def picture(kind="PNG", size=(64, 32), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, kind, **options)
    return out.getvalue()


def pdf(pages=2):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb(width=20_000, height=20_000):
    """A PNG of 60 bytes that says it is 400 million pixels."""

    def chunk(name, data):
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def upload(data, name="x.bin", now=None):
    return files.store_upload(SimpleUploadedFile(name, data, content_type="text/html"), now=now)


@pytest.mark.parametrize(
    ("head", "content_type", "kind"),
    [
        (picture("PNG"), "image/png", "image"),
        (picture("JPEG"), "image/jpeg", "image"),
        (picture("GIF"), "image/gif", "image"),
        (picture("WEBP"), "image/webp", "image"),
        (picture("TIFF"), "image/tiff", "image"),
        (b"MM\x00*....", "image/tiff", "image"),
        (b"%PDF-1.7\n", "application/pdf", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "application/pdf", "pdf"),
        (b"%!PS-Adobe-3.0 EPSF", "application/postscript", "opaque"),
        (b"\xc5\xd0\xd3\xc6\x00", "application/postscript", "opaque"),
        (b"8BPS\x00\x01", "image/vnd.adobe.photoshop", "opaque"),
        (INDD, "application/x-indesign", "opaque"),
        (b"PK\x03\x04", "application/zip", "opaque"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4", "opaque"),
    ],
)
def test_what_we_take(head, content_type, kind):
    found = files.sniff(head)
    assert found is not None
    assert (found.content_type, found.kind) == (content_type, kind)


@pytest.mark.parametrize(
    "head",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<?xml version='1.0'?><svg>",
        b"<!doctype html><p>%PDF-1.7",  # a page that mentions a PDF is a page
        b"<script>alert(1)</script>",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh",
        b"GIF8",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x00\x00\x00\x20ftypheic",
        b"plain text",
        b"",
    ],
)
def test_what_we_do_not_take(head):
    assert files.sniff(head) is None


@pytest.mark.django_db
def test_a_file_is_kept_as_it_was_under_a_name_that_tells_nothing(now):
    data = picture()
    stored = upload(data, "C:\\work\\..\\Плакат 终稿.html", now)
    assert stored.name == "Плакат 终稿.html"
    assert (stored.content_type, stored.kind, stored.width, stored.height) == ("image/png", "image", 64, 32)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.file.open("rb").read() == data
    assert "html" not in stored.file.name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"<svg/>", "type of file"),
        (b"%PDF-" + b"x" * 2000, "too large"),
        (bomb(), "pixels"),
        (b"\x89PNG\r\n\x1a\n garbage", "damaged"),
        (b"\xff\xd8\xff", "damaged"),
    ],
)
def test_a_refused_file_says_why_and_leaves_nothing(settings, now, data, says):
    settings.UPLOAD_MAX_BYTES = 1500
    with pytest.raises(Refused, match=says):
        upload(data, now=now)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),  # the mark that shows exe.pdf
        ("...", "file"),
        ("", "file"),
        ("ж" * 300 + ".pdf", "ж" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert files.clean_name(given) == kept


@pytest.mark.django_db
def test_the_database_refuses_to_change_a_stored_file(now):
    stored = upload(picture(), now=now)
    for change in (lambda: StoredFile.objects.update(sha256="0"), stored.delete):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    StoredFile.objects.filter(pk=stored.pk).update(pages=3)  # what we make of it later may be added


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF"])
def test_pictures_are_made_anew_without_what_the_upload_carried(now, kind):
    exif = Image.Exif()
    exif[0x010E] = "canary"
    options = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}
    stored = upload(picture(kind, (4000, 1000), **options) + b"<script>canary</script>", now=now)
    assert files.make_previews(stored)
    for made, side in ((stored.preview, previews.PREVIEW), (stored.thumbnail, previews.THUMBNAIL)):
        data = made.open("rb").read()
        assert b"canary" not in data
        assert Image.open(io.BytesIO(data)).size == (side, side // 4)


@pytest.mark.django_db
def test_transparent_and_print_colours_get_pictures(now):
    transparent = upload(picture("PNG", mode="RGBA"), now=now)
    cmyk = upload(picture("TIFF", mode="CMYK"), now=now)
    assert files.make_previews(transparent)
    assert files.make_previews(cmyk)
    assert files.preview_response(transparent)["Content-Type"] == "image/png"
    assert files.preview_response(cmyk)["Content-Type"] == "image/jpeg"


@pytest.mark.django_db
def test_a_pdf_shows_its_first_page_and_counts_them(now):
    stored = upload(pdf(3), now=now)
    assert files.make_previews(stored)
    stored.refresh_from_db()
    assert stored.pages == 3
    assert max(Image.open(stored.preview.open("rb")).size) == previews.PREVIEW


@pytest.mark.django_db
def test_a_damaged_file_is_tried_three_times_and_stays_without_picture(now):
    stored = upload(b"%PDF-1.7 but nothing behind it", now=now)
    rounds = 0
    while previews.missing_previews(now + timedelta(minutes=10)):
        assert not files.make_previews(StoredFile.objects.get(pk=stored.pk))
        rounds += 1
    assert rounds == 3
    with pytest.raises(Http404):
        files.preview_response(stored)


@pytest.mark.django_db
def test_our_own_papers_have_pictures_only_where_a_page_shows_them(now):
    files.store_bytes(pdf(1), "report.pdf", "application/pdf", now=now)
    shown = files.store_bytes(pdf(1), "invoice.pdf", "application/pdf", now=now, pictures=True)
    assert previews.missing_previews(now + timedelta(minutes=10)) == 1
    assert files.make_previews(shown)
    assert previews.missing_previews(now + timedelta(minutes=10)) == 0


def get(**headers):
    return RequestFactory().get("/", headers=headers)


@pytest.mark.django_db
def test_a_file_leaves_as_an_attachment_that_nothing_runs(now):
    response = files.file_response(upload(picture(), "合同 عقد.png", now), get())
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%90%88%E5%90%8C")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "image/png"
    assert "ETag" not in response


@pytest.mark.django_db
def test_inline_is_for_what_browsers_show_safely(now):
    assert files.file_response(upload(pdf(), now=now), get(), inline=True)["Content-Disposition"].startswith("inline")
    assert files.file_response(upload(b"PK\x03\x04", now=now), get(), inline=True)["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "body", "says"),
    [
        ("bytes=0-3", 206, b"PK\x03\x04", "bytes 0-3/14"),
        ("bytes=4-", 206, b"0123456789", "bytes 4-13/14"),
        ("bytes=-3", 206, b"789", "bytes 11-13/14"),
        ("bytes=10-999", 206, b"6789", "bytes 10-13/14"),
        ("bytes=14-", 416, b"", "bytes */14"),
        ("bytes=5-2", 416, b"", "bytes */14"),
        ("bytes=-0", 416, b"", "bytes */14"),
        ("bytes=0-1,3-4", 200, b"PK\x03\x040123456789", None),
        ("lines=1-2", 200, b"PK\x03\x040123456789", None),
    ],
)
def test_ranges(now, asked, status, body, says):
    response = files.file_response(upload(b"PK\x03\x040123456789", now=now), get(Range=asked))
    assert response.status_code == status
    assert b"".join(response) == body
    assert response.get("Content-Range") == says
    if status != 416:
        assert response["Content-Length"] == str(len(body))
