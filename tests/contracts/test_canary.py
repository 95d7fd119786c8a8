"""Never a word about client B in front of client A.

Every text, name and file name of B carries the word Narwhal, every text of A the word Quokka. Whatever the people of A's team
open, whatever A's contacts get by mail or open by their links, whatever is printed for A: no Narwhal. The last tests prove
that the word would be found.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from accounts.models import User
from agency.models import OutgoingMail, StoredFile
from billing.models import Invoice
from jobsheets.models import Job, SheetIssue
from meetings.models import Meeting
from reporting.models import StatusReport
from signoffs.models import Document, SealedDocument, SignRequest
from tests.graph import Graph

from .conftest import Sides
from .test_walls import LISTED, NOT_A_CLIENTS, our_models, patterns
from .urls import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
HIDDEN = ("narwhal", "nrw-")
#: Pages that show to everybody what everybody wrote: the mailbox of embedded mode, where the demo's mails are read.
SHOWS_ALL = frozenset({"mailbox", "mailbox_mail", "mailbox_body", "mailbox_file"})


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def browser(user: User | None = None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def words_of_pdf(data: bytes) -> str:
    """Text, metadata, outline and attachments of a PDF."""
    reader = PdfReader(BytesIO(data))
    parts = [page.extract_text() for page in reader.pages]
    parts += [str(reader.metadata), str(reader.outline), str(reader.xmp_metadata.rdf_root.toxml() if reader.xmp_metadata else "")]
    for name, contents in reader.attachments.items():
        parts += [name, *(words_of(content) for content in contents)]
    return "\n".join(parts)


def words_of(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return words_of_pdf(data)
    return data.decode("utf-8", "replace")


def words_of_file(stored: StoredFile) -> str:
    with stored.file.open("rb") as content:
        return stored.name + "\n" + words_of(content.read())


def words_of_response(response: HttpResponse) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return f"{dict(response.headers)}\n{response.cookies}\n{words_of(data)}"


def leak(words: str) -> str:
    """The place where B shows, or nothing."""
    low = words.casefold()
    for word in HIDDEN:
        if (at := low.find(word)) >= 0:
            return words[max(0, at - 80) : at + 40].replace("\n", " ")
    return ""


def addresses(graph: Graph) -> Iterator[tuple[str, str]]:
    """Every GET page of the URL conf about this graph's things, and each thing's own page."""
    for name in LISTED:
        row = PAGES[name]
        if row.post or row.public or name in SHOWS_ALL:
            continue
        yield name, reverse(name, args=row.args(graph) if row.args else ())  # type: ignore[arg-type]


def own_pages(graph: Graph) -> Iterator[tuple[str, str]]:
    """The page of each row that has one."""
    director = graph.team.ae
    for model in (Job, SignRequest, Meeting, Invoice, StatusReport):
        for thing in model._default_manager.visible_to(director):  # type: ignore[attr-defined]
            try:
                yield model.__name__, thing.get_absolute_url()
            except NoReverseMatch:
                continue


def mails_for(graph: Graph) -> list[OutgoingMail]:
    """To the client's people and to colleagues who work for nobody else."""
    people = [*graph.client.contacts.values_list("email", flat=True), *(user.email for user in graph.team.on_the_account)]
    return list(OutgoingMail.objects.filter(to_email__in=people).prefetch_related("attachments"))


def words_of_mail(mail: OutgoingMail) -> str:
    fields = [mail.subject, mail.text, mail.html, json.dumps(mail.headers), mail.sender_name, mail.to_name, mail.reply_to]
    return "\n".join([*fields, mail.thread, *(words_of_file(stored) for stored in mail.attachments.all())])


def papers(graph: Graph) -> dict[str, StoredFile]:
    account = graph.account
    found: dict[str, StoredFile] = {}
    for kind, rows in {
        "document": Document.objects.filter(account=account),
        "sealed": SealedDocument.objects.filter(request__account=account),
        "invoice": Invoice.objects.filter(account=account).exclude(file=None),
        "sheet": SheetIssue.objects.filter(job__account=account),
        "report": StatusReport.objects.filter(account=account).exclude(file=None),
    }.items():
        found |= {f"{kind} {row}": row.file for row in rows.select_related("file")}
    return found


LINK_PAGES = ("sign", "sign_decline", "sign_pass_on", "sign_document", "sign_sealed")


def by_link(graph: Graph) -> Iterator[tuple[str, HttpResponse]]:
    """Every page behind every emailed link of this client."""
    for about, token in graph.tokens.items():
        for name in LINK_PAGES:
            yield f"{name} {about}", browser().get(reverse(name, args=[token]))
        for stored in Document.objects.filter(account=graph.account).values_list("attachments", flat=True):
            if stored:
                yield f"sign_file {about}", browser().get(reverse("sign_file", args=[token, stored]))
                yield f"sign_picture {about}", browser().get(reverse("sign_picture", args=[token, stored, "preview"]))


# What A gets


TEAM = ("ae", "teammate", "planner", "manager", "creative", "creative_director")


@pytest.mark.parametrize("who", TEAM)
def test_no_page_shows_the_other_client_to_a_colleague(sides: Sides, who: str) -> None:
    client, found, broken = browser(getattr(sides.ours.team, who)), {}, {}
    for name, url in addresses(sides.ours):
        response = client.get(url)
        if response.status_code >= 500:
            broken[name] = response.status_code
        if place := leak(words_of_response(response)):
            found[name] = place
    assert not found
    assert not broken


def test_no_thing_of_ours_shows_the_other_client(sides: Sides) -> None:
    client = browser(sides.ours.team.ae)
    seen = {url: words_of_response(client.get(url)) for _name, url in own_pages(sides.ours)}
    assert len(seen) >= 15
    assert not {url: place for url, words in seen.items() if (place := leak(words))}
    assert [url for url, words in seen.items() if "quokka" in words.casefold()], "no page shows our own word"


def test_a_refusal_does_not_tell_whose_thing_it_is(sides: Sides) -> None:
    """The pages of B's things, opened by A's people: the 404 names nobody. The address itself is what the reader typed."""
    client, found = browser(sides.ours.team.manager), {}
    for name, url in addresses(sides.theirs):
        if not PAGES[name].args or not PAGES[name].walled:
            continue
        response = client.get(url)
        words = words_of_response(response).replace(url, "")
        if response.status_code != 404 or leak(words):
            found[name] = (response.status_code, leak(words))
    assert not found


@pytest.mark.parametrize("words", ["Narwh", "NRW", "narw", "pat@narwh", "blue-Narwh", "PO 7"])
def test_search_and_filters_find_nothing_of_the_other_client(sides: Sides, words: str) -> None:
    """By the beginning of the word, so that the words repeated in the search box aren't taken for a find."""
    client = browser(sides.ours.team.ae)
    for name in ("search", "job_list", "client_list", "meeting_list", "invoice_list", "signrequest_list", "report_list"):
        if name in LISTED and not (PAGES[name].may == "invoices.view" and name == "search"):
            response = client.get(
                reverse(name), {"q": words, "client": sides.theirs.client.pk, "account": sides.theirs.account.pk}
            )
            assert response.status_code < 500
            assert not leak(words_of_response(response)), name


def test_mails_to_one_side_hold_nothing_of_the_other(sides: Sides) -> None:
    mails = mails_for(sides.ours)
    assert len({mail.letter for mail in mails}) >= 15
    assert not {mail.key: place for mail in mails if (place := leak(words_of_mail(mail)))}


def test_papers_of_one_side_hold_nothing_of_the_other(sides: Sides) -> None:
    found = {name: leak(words_of_file(stored)) for name, stored in papers(sides.ours).items()}
    assert len(found) >= 12
    assert not any(found.values())


def test_emailed_links_show_nothing_of_the_other_client(sides: Sides) -> None:
    answers = list(by_link(sides.ours))
    assert not {name: place for name, response in answers if (place := leak(words_of_response(response)))}
    assert not [name for name, response in answers if response.status_code >= 500]


def test_a_link_of_one_client_opens_no_file_of_the_other(sides: Sides) -> None:
    theirs = Document.objects.filter(account=sides.theirs.account).values_list("attachments", flat=True)
    for stored in [pk for pk in theirs if pk]:
        for name, args in (("sign_file", [stored]), ("sign_picture", [stored, "preview"])):
            assert browser().get(reverse(name, args=[sides.ours.tokens["open"], *args])).status_code == 404


# The word would be found


def test_the_other_side_does_see_its_word(sides: Sides) -> None:
    client, seen = browser(sides.theirs.team.ae), []
    for name, url in addresses(sides.theirs):
        response = client.get(url)
        if response.status_code == 200 and leak(words_of_response(response)):
            seen.append(name)
    assert len(seen) >= 40, seen
    mails = mails_for(sides.theirs)
    assert all(leak(words_of_mail(mail)) for mail in mails)
    assert not [name for name, stored in papers(sides.theirs).items() if not leak(words_of_file(stored))]
    assert len([name for name, response in by_link(sides.theirs) if leak(words_of_response(response))]) >= 8


def test_there_is_one_of_everything_and_each_text_carries_the_word(sides: Sides) -> None:
    """A model that the graph forgets, or a text without the word, is a hole in these tests."""
    empty, wordless = [], []
    for model in our_models():
        if model._meta.label in NOT_A_CLIENTS:
            continue
        rows = list(model._default_manager.visible_to(sides.theirs.team.manager))  # type: ignore[attr-defined]
        if not rows:
            empty.append(model._meta.label)
        for column in free_texts(model):
            filled = [getattr(row, column) for row in rows if getattr(row, column)]
            if filled and not any("narwhal" in str(text).casefold() for text in filled):
                wordless.append(f"{model.__name__}.{column}: {filled[0]!r}")
    assert not empty
    assert not wordless


#: Texts that nobody writes: codes, hashes, keys, languages, and what stands on them is checked elsewhere.
NOT_WORDS = {
    "code", "currency", "country", "language", "zone_name", "working_week", "report_slot", "kind", "status", "number", "serial",
    "sha256", "hash", "previous_hash", "chain_head", "certificate", "token_digest", "digest", "nonce", "period", "how", "craft_key",
    "answer", "gate", "side", "role", "outcome", "signature_kind", "reference", "seniority", "part",
}  # fmt: skip


def free_texts(model: type[models.Model]) -> list[str]:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    return [field.name for field in fields if not field.choices and field.name not in NOT_WORDS]


def test_every_page_is_walked(sides: Sides) -> None:
    """The table of tests/contracts/urls.py names its arguments by things that the graph has too."""
    names = {name for name, _url in addresses(sides.ours)}
    all_of_them = {pattern.name for _route, pattern in patterns()} & set(PAGES)
    assert {name for name in all_of_them if not (PAGES[name].post or PAGES[name].public)} - SHOWS_ALL == names
