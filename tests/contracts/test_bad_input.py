"""Whatever comes in wrong, late, repeated, foreign or hostile: a clear answer, never a 500, never a change.

First every address with every method and with arguments nobody would type; then every form with texts nobody would write;
then the public pages, uploads and commands by tables of request and answer.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Role, User
from agency import clock
from jobsheets.models import Version
from signoffs import actions as signing
from signoffs.models import Document, Signatory, SignRequest
from tests.cast import join, make_user
from tests.graph import Graph

from .conftest import LOCAL_CACHE, Sides
from .test_walls import LISTED, body, patterns, snapshot
from .urls import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BAD = 500


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Limits are counted anew for each test."""
    settings.CACHES = LOCAL_CACHE
    cache.clear()


@pytest.fixture
def graph(quick_sides: Sides) -> Graph:
    return quick_sides.ours


@pytest.fixture
def anybody(graph: Graph) -> User:
    """Somebody who may do everything on our account."""
    user = make_user("all@agency.example", *Role, name="Alma All")
    join(graph.account, user)
    return user


def browser(user: User | None = None, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user:
        client.force_login(user)
    return client


def ask(client: Client, method: str, *args: Any, **kwargs: Any) -> Any:
    """One request; what it changed is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(*args, **kwargs)
        transaction.set_rollback(True)
    return response


def pages(graph: Graph, *, public: bool = False) -> Iterator[tuple[str, str]]:
    for name in LISTED:
        row = PAGES[name]
        if public or not row.public:
            try:
                yield name, reverse(name, args=row.args(graph) if row.args else ())  # type: ignore[arg-type]
            except Exception:
                if not row.public:
                    raise


# Every address


def test_reading_changes_nothing(graph: Graph, anybody: User) -> None:
    """GET, HEAD and OPTIONS of every page, by somebody who may do everything, and of every page behind a link."""
    client, before, broken = browser(anybody), snapshot(), {}
    for name, url in [*pages(graph), *link_pages(graph)]:
        if "logout" in name:
            continue
        for method in ("get", "head", "options"):
            response = getattr(client, method)(url)
            if response.status_code >= BAD:
                broken[f"{method} {name}"] = response.status_code
    assert not broken
    after = snapshot()
    assert [label for label in before if before[label] != after[label]] == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_methods_that_no_page_takes(graph: Graph, anybody: User, method: str) -> None:
    client, before, wrong = browser(anybody), snapshot(), {}
    for name, url in [*pages(graph), *link_pages(graph)]:
        code = getattr(client, method)(url).status_code
        taken_as_post = name.startswith(("mfa_", "account_")) and code in (200, 429)  # allauth's: the form again
        if code not in (302, 403, 404, 405) and not taken_as_post:
            wrong[name] = code
    assert not wrong
    assert snapshot() == before


#: Numbers, then texts; only the first of each is posted too.
HOSTILE = (
    ["99999999999999999999", "0"],
    ["%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", "a" * 500, "%0a"],
)  # fmt: skip


def hostile_addresses() -> Iterator[tuple[bool, str]]:
    """Every route with arguments that no link of ours has."""
    for route, _pattern in patterns():
        parts = re.findall(r"<[^>]+>", route)
        if not parts or route.startswith("^"):
            continue
        for values in HOSTILE:
            for value in values:
                yield value == values[0], "/" + re.sub(r"<[^>]+>", lambda _found, value=value: value, route)  # type: ignore[misc]


def test_arguments_that_no_link_has(anybody: User) -> None:
    client, before, wrong = browser(anybody), snapshot(), {}
    for posted, url in hostile_addresses():
        for method in ("get", "post") if posted else ("get",):
            code = getattr(client, method)(url).status_code
            if code not in (400, 404, 405):
                wrong[f"{method} {url[:80]}"] = code
    assert not wrong
    assert snapshot() == before


#: Every name that a page reads from its address.
ASKED = ["page", "q", "client", "account", "status", "state", "sort", "due", "age", "view", "to", "owner", "before", "role", "mine", "show", "kind", "job", "jobs", "title", "user", "next", "letter", "from", "year", "internal", "as_of", "more", "step", "craft", "part", "slot", "period"]  # fmt: skip
VALUES = ["%00", "%ff", "-1", "9" * 25, "%25%27%22", "１２", "9999-12-31T23:59:59%2B99:99", "//evil.example", "x" * 120]


@pytest.mark.parametrize("value", VALUES)
def test_queries_that_no_form_sends(graph: Graph, anybody: User, value: str) -> None:
    client, wrong = browser(anybody), {}
    query = "&".join(f"{name}={value}" for name in ASKED)
    for name in LISTED:
        if PAGES[name].args or PAGES[name].post or PAGES[name].public or name.startswith("mfa"):
            continue
        response = client.get(f"{reverse(name)}?{query}")
        if response.status_code >= BAD or "evil.example" in response.headers.get("Location", ""):
            wrong[name] = response.status_code
    assert not wrong


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "1e3", "１"])
def test_pages_of_lists_that_are_not_there(graph: Graph, anybody: User, page: str) -> None:
    client = browser(anybody)
    for name in (
        "job_list",
        "client_list",
        "invoice_list",
        "meeting_list",
        "report_list",
        "signrequest_list",
        "outbox",
        "history_list",
    ):
        assert client.get(reverse(name), {"page": page}).status_code == 200, name


# Every form


class Fields(HTMLParser):
    """The names of everything a page's forms would send."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in ("input", "select", "textarea", "button") and facts.get("name"):
            self.names[str(facts["name"])] = str(facts.get("value") or "")


A_FILE = "a file where a text belongs"
TEXTS: dict[str, Any] = {
    "a null byte": "a\x00b",
    "far too long": "x" * 70_000,
    "a huge number": "9" * 60,
    "not a number": "NaN",
    "negative": "-1",
    "the year 99999": "99999-12-31T23:59",
    "marks and commands": "<script>alert(1)</script>{{7*7}}' OR 1=1; DROP TABLE jobs;--",
    "half a pair": b"\xed\xa0\x80",
    "nothing": "",
    A_FILE: "",
}
#: What one database takes and the other doesn't; the rest never gets that far.
FOR_DATABASES = {"a null byte", "far too long", "a huge number"}


@pytest.mark.parametrize(
    "what", [what if what in FOR_DATABASES else pytest.param(what, marks=pytest.mark.once) for what in TEXTS]
)
def test_forms_with_what_nobody_would_write(graph: Graph, anybody: User, what: str) -> None:
    """Each form a page shows, all its fields holding the same nonsense, first with and then without what the page set itself."""
    client, wrong = browser(anybody), {}
    for name, url in [*pages(graph), *link_pages(graph, "open", "sheet", "disputed")]:
        fields = fields_of(client, url)
        if not fields or name.startswith("account_"):
            continue
        kept = {field: value for field, value in fields.items() if is_machine(field, value)}
        for machine in ({}, kept) if kept else ({},):
            values = {field: nonsense(what) for field in fields} | machine
            code = ask(client, "post", url, values).status_code
            if code >= BAD:
                wrong[f"{name} {'keeping hidden fields' if machine else ''}"] = code
    assert not wrong


def nonsense(what: str) -> Any:
    return SimpleUploadedFile("x.txt", b"x") if what == A_FILE else TEXTS[what]


def is_machine(field: str, value: str) -> bool:
    """Set by the page itself: with these a request gets further."""
    return (
        field.endswith(("_FORMS", "sha256"))
        or field in {"revision", "seen", "step", "settled", "document"}
        or value in {"1", "on"}
    )


_fields: dict[str, dict[str, str]] = {}


def fields_of(client: Client, url: str) -> dict[str, str]:
    """What the forms in the middle of a page send; nothing for a page without one."""
    if url not in _fields:
        parser, response = Fields(), client.get(url)
        if response.status_code == 405:
            parser.names = {"reason": "", "note": ""}
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            parser.feed(response.content.decode().partition("<main")[2].partition("</main")[0])
        _fields[url] = parser.names
    return _fields[url]


BODIES = {
    "JSON": ('{"answer": "approved"}', "application/json"),
    "no parts": ("nonsense", "multipart/form-data; boundary=x"),
    "no boundary": ("nonsense", "multipart/form-data"),
    "an odd charset": (b"a=b", "application/x-www-form-urlencoded; charset=utf-99"),
    "bad UTF-8": (b"reason=%ff%fe&note=%ed%a0%80&q=\xff", "application/x-www-form-urlencoded"),
    "two thousand fields": ("&".join(f"a{n}=1" for n in range(2000)), "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("what", BODIES)
def test_bodies_that_no_form_sends(graph: Graph, anybody: User, what: str) -> None:
    data, kind = BODIES[what]
    client, wrong = browser(anybody), {}
    for name, url in [*pages(graph, public=True), *link_pages(graph)]:
        code = ask(client, "generic", "POST", url, data, content_type=kind).status_code
        if code >= BAD:
            wrong[name] = code
    assert not wrong


def test_without_the_forms_own_secret_nothing_is_done(graph: Graph, anybody: User) -> None:
    """CSRF: every page that takes a POST refuses one that comes from elsewhere."""
    client, before, wrong = browser(anybody, enforce_csrf_checks=True), snapshot(), {}
    for name, url in [*pages(graph, public=True), *link_pages(graph)]:
        response = client.post(url, {"reason": "Because I can, you know."})
        if response.status_code not in (403, 405):
            wrong[name] = response.status_code
    assert not wrong
    assert snapshot() == before


# Behind the emailed link


LINK_PAGES = ("sign", "sign_seen", "sign_decline", "sign_pass_on", "sign_document", "sign_sealed")


def link_pages(graph: Graph, *which: str) -> Iterator[tuple[str, str]]:
    for about, value in graph.tokens.items():
        for name in LINK_PAGES if not which or about in which else ():
            yield f"{name} {about}", reverse(name, args=[value])


def sign_url(graph: Graph, about: str = "open") -> str:
    return reverse("sign", args=[graph.tokens[about]])


def good(graph: Graph, **changed: Any) -> dict[str, Any]:
    """An answer that would count."""
    sha256 = graph.open_request.document.sha256
    return {
        "step": "confirm", "answer": "approved", "typed_name": "Marta", "signature": "typed", "document": sha256,
    } | changed  # fmt: skip


def test_the_good_answer_counts(graph: Graph) -> None:
    """So that the refusals below prove something."""
    with transaction.atomic():
        response = browser().post(sign_url(graph), good(graph))
        assert response.status_code == 302
        assert Signatory.objects.get(pk=graph.open_signatory.pk).decided_at
        transaction.set_rollback(True)


WRONG_ANSWERS: dict[str, tuple[dict[str, Any], int, str]] = {
    "no answer": ({"answer": ""}, 422, "Select your answer."),
    "another kind's answer": ({"answer": "confirm"}, 422, "Select one of the answers."),
    "no name": ({"typed_name": "  "}, 422, "Enter your name."),
    "a long name": ({"typed_name": "x" * 121}, 422, "120 characters"),
    "changes without words": ({"answer": "changes"}, 422, "at least 10 characters"),
    "changes with too few": ({"answer": "changes", "text": "no"}, 422, "at least 10 characters"),
    "changes with too many": ({"answer": "changes", "text": "x" * 2001}, 422, "2,000 characters"),
    "another document": ({"document": "0" * 64}, 409, "another document"),
    "no document": ({"document": ""}, 409, "another document"),
    "drawn, but nothing": ({"signature": "drawn"}, 422, "Draw your signature"),
    "drawn elsewhere": ({"signature": "drawn", "picture": "https://evil.example/x.png"}, 422, "Draw your signature"),
    "drawn nonsense": ({"signature": "drawn", "picture": "data:image/png;base64,AAAA"}, 422, "must be a PNG"),
    "a carved signature": ({"signature": "carved"}, 422, "Select how to sign"),
    "uploaded, but nothing": ({"signature": "uploaded"}, 422, "Choose a picture"),
    "a null byte": ({"typed_name": "a\x00b"}, 422, "Null characters"),
}


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_answers_that_do_not_count(graph: Graph, what: str) -> None:
    changed, code, words = WRONG_ANSWERS[what]
    before = snapshot()
    for step in ("confirm", "check"):
        response = browser().post(sign_url(graph), good(graph, **changed) | {"step": step})
        if step == "confirm" or code == 422:
            assert response.status_code == code
            assert words in response.content.decode()
    assert snapshot() == before


def png(width: int, height: int) -> bytes:
    """A PNG that says it is that large, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def real_png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


SIGNATURES = {
    "an HTML page": b"<html><script>alert(1)</script>",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a picture of 3.6 billion pixels": png(60_000, 60_000),
    "half a picture": real_png()[:60],
    "white": png(10, 10),
    "too many bytes": real_png() + b"x" * (2 * 1024 * 1024),
}


@pytest.mark.parametrize("what", SIGNATURES)
def test_pictures_that_are_no_signature(graph: Graph, what: str) -> None:
    before, upload = snapshot(), SimpleUploadedFile("me.png", SIGNATURES[what], "image/png")
    response = browser().post(sign_url(graph), good(graph, signature="uploaded", upload=upload))
    assert response.status_code == 422
    assert "is-invalid" in response.content.decode() or "cs-errors" in response.content.decode()
    assert snapshot() == before


def dead_links(graph: Graph) -> dict[str, str]:
    """Links that open nothing: unknown, malformed, and those of another kind of thing."""
    known = graph.tokens["open"]
    values = {
        "unknown": "A" * 43, "shorter": known[:-1], "longer": known + "A", "turned": known[::-1], "in capitals": known.upper(),
        "a digest": Signatory.objects.get(pk=graph.open_signatory.pk).token_digest or "", "a number": str(graph.open_signatory.pk),
        "nothing but dots": "..", "a null byte": "a%00b", "bad UTF-8": "%ff%fe", "very long": "a" * 200, "marks": quote("<script>{{7*7}}"),
    }  # fmt: skip
    return {name: f"/s/{value}/" for name, value in values.items()}


def test_dead_links_all_get_the_same_words(graph: Graph) -> None:
    before, words = snapshot(), set()
    resent = Signatory.objects.get(pk=graph.open_signatory.pk)
    links = dead_links(graph)
    with transaction.atomic():
        signing.resend(resent, by=graph.team.ae, now=clock.now())
        links["resent since"] = sign_url(graph)
        for name, url in links.items():
            for method in ("get", "post"):
                response = getattr(browser(), method)(url, good(graph) if method == "post" else None)
                assert response.status_code == 404, (name, method)
                assert graph.client.name not in response.content.decode()
                if name != "nothing but dots":
                    words.add(re.sub(r"/s/[^\"']+/", "/address/", body(response, url)))
        transaction.set_rollback(True)
    assert snapshot() == before
    assert len(words) == 1, "unknown, ended and malformed links must not be told apart"


def closed(graph: Graph, how: str) -> SignRequest:
    request, now = SignRequest.objects.get(pk=graph.open_request.pk), clock.now()
    if how == "expired":
        SignRequest.objects.filter(pk=request.pk).update(expires_at=now - timedelta(minutes=1))
    elif how == "expired and swept":
        SignRequest.objects.filter(pk=request.pk).update(expires_at=now - timedelta(minutes=1))
        signing.expire_due(now=now)
    elif how == "withdrawn":
        signing.withdraw_request(request, reason="They asked for another one.", by=graph.team.ae, now=now)
    elif how == "replaced":
        signing.supersede_requests(Version.objects.get(pk=request.document.subject_id), by=graph.team.ae, now=now)
    return SignRequest.objects.get(pk=request.pk)


@pytest.mark.parametrize("how", ["expired", "expired and swept", "withdrawn", "replaced"])
def test_an_answer_that_comes_too_late(graph: Graph, how: str) -> None:
    with transaction.atomic():
        closed(graph, how)
        before = snapshot()
        for url in (sign_url(graph), reverse("sign_decline", args=[graph.tokens["open"]])):
            response = browser().post(url, good(graph, text="This comes far too late."))
            assert response.status_code in (302, 409)
        shown = browser().get(sign_url(graph))
        assert shown.status_code in (200, 410)
        assert "<form" not in shown.content.decode().split("<main")[1].split("</main")[0]
        for name in ("sign_document", "sign_sealed"):
            assert browser().get(reverse(name, args=[graph.tokens["open"]])).status_code == 404
        assert snapshot() == before
        transaction.set_rollback(True)


def test_an_answer_sent_twice_counts_once(graph: Graph) -> None:
    with transaction.atomic():
        first = browser().post(sign_url(graph), good(graph))
        before = snapshot()
        again = browser().post(sign_url(graph), good(graph, answer="changes", text="No, I have changed my mind."))
        assert (first.status_code, again.status_code) == (302, 302)
        assert snapshot() == before
        transaction.set_rollback(True)


def test_a_code_that_was_not_mailed(graph: Graph) -> None:
    """The sheet's link asks for a code first: nothing is shown, and no guess counts."""
    url, document = sign_url(graph, "sheet"), SignRequest.objects.get(signatories=graph.delegation.signatory_id).document
    page = browser().get(url)
    assert page.status_code == 200
    assert graph.text("The message of Opening weekend") not in page.content.decode()
    for guess in ("", "abc", "12345", "1234567", "０１２３４５", "1" * 200, "\x00", "-00001"):
        response = browser().post(url, {"step": "code", "code": guess})
        assert response.status_code in (409, 422), guess
    for name in ("sign_document", "sign_decline"):
        assert browser().get(reverse(name, args=[graph.tokens["sheet"]])).status_code == 302
    assert browser().post(url, good(graph, document=document.sha256)).status_code in (200, 409, 422)
    assert not Signatory.objects.get(pk=graph.delegation.signatory_id).decided_at


def test_a_link_reaches_only_its_own_files(graph: Graph, quick_sides: Sides) -> None:
    foreign = Document.objects.exclude(pk=graph.open_request.document_id).exclude(attachments=None)
    for pk in [*foreign.values_list("attachments", flat=True), 0, 99_999_999]:
        assert browser().get(f"{sign_url(graph)}file/{pk}/").status_code == 404
        assert browser().get(f"{sign_url(graph)}picture/{pk}/preview/").status_code == 404


# Uploads


def zipped() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.txt", b"0" * 1_000_000)
    return out.getvalue()


#: Name, bytes, and whether it is taken (as a file to download; never shown as it is).
UPLOADS: dict[str, tuple[str, bytes, bool]] = {
    "an SVG": ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', False),
    "HTML": ("x.html", b"<!doctype html><script>alert(1)</script>", False),
    "HTML that calls itself a picture": ("x.png", b"<!doctype html><script>alert(1)</script>", False),
    "a program": ("x.png", b"MZ" + b"\x00" * 200, False),
    "a script": ("x.jpg", b"#!/bin/sh\nrm -rf /\n", False),
    "nothing": ("x.png", b"", False),
    "a picture without its size": ("x.png", real_png()[:20], False),
    "a picture of 3.6 billion pixels": ("x.png", png(60_000, 60_000), False),
    "a picture with no size": ("x.png", png(0, 0), False),
    "half a picture": ("x.png", real_png()[:50], True),  # kept as it was given, without a preview
    "a PDF that is none": ("x.pdf", b"%PDF-1.7 nonsense", True),
    "a name that climbs": ("../../../etc/passwd.png", real_png(), True),
    "a name with a null byte": ("a\x00b.png", real_png(), True),
    "a name that turns": ("photo\u202egnp.exe", real_png(), True),
    "a very long name": ("x" * 240 + ".png", real_png(), True),
    "a picture that is a page too": ("x.png", real_png() + b"<html><script>alert(1)</script>", True),
    "an archive with a climbing name": ("x.zip", zipped(), True),
}


@pytest.mark.parametrize("what", UPLOADS)
def test_uploads(graph: Graph, settings: Any, what: str) -> None:
    name, data, taken = UPLOADS[what]
    banner = graph.job.deliverables.get(position=3)
    client, before, rows = browser(graph.team.creative), snapshot(), Version.objects.count()
    with transaction.atomic():
        response = client.post(
            reverse("version_upload", args=[banner.number]), {"file": SimpleUploadedFile(name, data, "image/png"), "note": "x"}
        )
        if not taken:
            assert response.status_code in (409, 422)
            assert "cs-errors" in response.content.decode() or "alert" in response.content.decode()
            assert snapshot() == before
        else:
            assert response.status_code == 302, response.content.decode()[-3000:]
            assert Version.objects.count() == rows + 1
            made = banner.versions.latest("number")
            assert not set(made.file.name) & {"/", "\\", "\x00", "\u202e"}
            got = client.get(reverse("version_file", args=[banner.number, made.number]))
            assert got["X-Content-Type-Options"] == "nosniff"
            assert got["Content-Disposition"].startswith("attachment")
            assert "sandbox" in got["Content-Security-Policy"]
            assert ".." not in made.file.file.name
        transaction.set_rollback(True)


def test_an_upload_that_is_too_large(graph: Graph, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    banner, client = graph.job.deliverables.get(position=3), browser(graph.team.creative)
    before, upload = snapshot(), SimpleUploadedFile("x.png", real_png() + b"0" * 200, "image/png")
    response = client.post(reverse("version_upload", args=[banner.number]), {"file": upload})
    assert response.status_code in (409, 413, 422)
    assert snapshot() == before


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"nonsense", b"%PDF-1.7\n" + b"<" * 100_000, real_png()])
def test_verifying_what_is_no_document(graph: Graph, data: bytes) -> None:
    before = snapshot()
    response = browser().post(reverse("verify"), {"file": SimpleUploadedFile("x.pdf", data, "application/pdf")})
    assert response.status_code in (200, 400, 422)
    assert graph.client.name not in response.content.decode()
    assert snapshot() == before


# Commands


COMMANDS: list[tuple[str, ...]] = [
    ("chase_payments", "--at", "yesterday"),
    ("chase_payments", "--at", "2026-02-31T09:00"),
    ("chase_payments", "--at", ""),
    ("send_status_reports", "--at", "yesterday"),
    ("send_status_reports", "--at", "2026-13-01T09:00"),
    ("verify_document", "/nowhere/at/all.pdf"),
    ("verify_document", "/"),
    ("create_administrator", "nobody"),
    ("create_administrator", ""),
    ("demo",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_that_cannot_be_done_say_so_in_a_sentence(graph: Graph, words: tuple[str, ...]) -> None:
    before = snapshot()
    with pytest.raises(CommandError) as refused:
        call_command(*words, stdout=StringIO(), stderr=StringIO())
    assert len(str(refused.value)) > 15
    assert snapshot() == before


def test_a_file_that_is_no_document_fails_with_a_verdict(tmp_path: Any, graph: Graph) -> None:
    nonsense, out = tmp_path / "x.pdf", StringIO()
    nonsense.write_bytes(b"%PDF-1.7 nonsense")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_document", str(nonsense), stdout=out)
    assert ended.value.code == 1
    assert '"ok": false' in out.getvalue()
