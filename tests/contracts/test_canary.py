"""Never a word about client B in front of client A.

Every text, name and file name of B carries the word Narwhal, every text of A the word Quokka. Whatever the people of A's team
open, whatever A's contacts get by mail or open by their links, whatever is printed for A: no Narwhal. With A in the room not even
a director sees it. What colleagues write for each other carries the word Ouzel besides: A sees none of it, on paper or in the room.
The last tests prove that the words would be found.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import models
from django.http import HttpResponse
from django.urls import NoReverseMatch, resolve, reverse
from pypdf import PdfReader

from accounts.models import User
from agency.models import OutgoingMail, StoredFile
from billing.models import Invoice
from desk.room import OPEN
from jobsheets.models import Job, SheetIssue
from meetings.models import Meeting
from reporting.models import StatusReport
from signoffs.models import Document, SealedDocument, SignRequest
from tests.graph import INSIDE, Graph

from .conftest import Sides
from .test_walls import LISTED, NOT_A_CLIENTS, browser, our_models, patterns
from .urls import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
HIDDEN = ("narwhal", "nrw-")
#: Pages that show to everybody what everybody wrote: the mailbox of embedded mode, where the demo's mails are read.
SHOWS_ALL = frozenset({"mailbox", "mailbox_mail", "mailbox_body", "mailbox_file"})


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


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


def leak(words: str, hidden: tuple[str, ...] = HIDDEN) -> str:
    """The place where B shows, or nothing."""
    low = words.casefold()
    for word in hidden:
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


# A is in the room


def in_the_room(sides: Sides, user: User) -> Iterator[tuple[str, HttpResponse]]:
    """Every page of A's things that there is while A is in the room with this colleague."""
    client = browser(user, room=sides.ours.client)
    for name, url in [*addresses(sides.ours), *own_pages(sides.ours)]:
        response = client.get(url)
        if response.status_code != 404:
            yield f"{name} {url}", response


def dead_links(response: HttpResponse) -> set[str]:
    """Addresses of links, buttons and pictures of this page that are closed while a client is in the room."""
    if "text/html" not in response["Content-Type"]:
        return set()
    found = re.findall(r'(?:href|action|src)="(/[^"?#]*)', response.content.decode())
    return {path for path in found if not path.startswith("/static/") and resolve(path).url_name not in OPEN}


@pytest.mark.parametrize("who", ["director", "finance", "admin", "traffic", "ae", "manager", "creative"])
def test_in_the_room_no_page_shows_what_is_not_the_clients(sides: Sides, who: str) -> None:
    """Not the other client, not even to those who see all; nothing colleagues said among themselves; no way to what is closed."""
    user = getattr(sides.ours.team, who, None) or getattr(sides.cast, who)
    shown, dead, pages = {}, {}, 0
    for page, response in in_the_room(sides, user):
        pages += 1
        if place := leak(words_of_response(response), (*HIDDEN, INSIDE.casefold())):
            shown[page] = place
        if paths := dead_links(response):
            dead[page] = paths
    assert pages >= 40
    assert not shown
    assert not dead


def test_in_the_room_the_other_clients_things_are_nowhere(sides: Sides) -> None:
    """Their pages, their files, their emailed links and the search for them."""
    client, found = browser(sides.cast.director, room=sides.ours.client), {}
    addressed = [(name, url) for name, url in addresses(sides.theirs) if PAGES[name].args and PAGES[name].walled]
    linked = [(name, reverse(name, args=[token])) for token in sides.theirs.tokens.values() for name in LINK_PAGES]
    for name, url in [*addressed, *linked]:
        response = client.get(url)
        words = words_of_response(response).replace(url, "")
        if response.status_code != 404 or leak(words):
            found[name] = (response.status_code, leak(words))
    assert not found
    for words in ("Narwh", "NRW", sides.theirs.job.number[:-4]):
        assert not leak(words_of_response(client.get(reverse("search"), {"q": words})).replace(words, ""))


def test_nothing_that_colleagues_said_among_themselves_is_sent_to_the_client(sides: Sides) -> None:
    word = (INSIDE.casefold(),)
    contacts = sides.ours.client.contacts.values_list("email", flat=True)
    letters = [mail for mail in mails_for(sides.ours) if mail.to_email in contacts]
    assert len(letters) >= 10
    assert not {mail.key: place for mail in letters if (place := leak(words_of_mail(mail), word))}
    assert not {name: place for name, stored in papers(sides.ours).items() if (place := leak(words_of_file(stored), word))}
    assert not {name: place for name, response in by_link(sides.ours) if (place := leak(words_of_response(response), word))}


# The words would be found


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


def test_colleagues_do_see_what_they_said_among_themselves(sides: Sides) -> None:
    client, seen = browser(sides.ours.team.ae), set()
    for name, url in [*addresses(sides.ours), *own_pages(sides.ours)]:
        if leak(words_of_response(client.get(url)), (INSIDE.casefold(),)):
            seen.add(name)
    assert len(seen) >= 10, seen


def test_there_is_one_of_everything(sides: Sides) -> None:
    """A model that the graph forgets is a hole in these tests."""
    empty = []
    for model in our_models():
        rows: Any = model._default_manager.all()
        if model._meta.label not in NOT_A_CLIENTS and not rows.visible_to(sides.theirs.team.manager).exists():
            empty.append(model._meta.label)
    assert not empty


#: What belongs to the agency and to no client.
THE_AGENCYS = {"agency.Agency", "agency.Counter", "agency.Heartbeat", "accounts.User", "accounts.RoleGrant", "billing.ChaseStep"}
#: Columns that hold nobody's words: codes, keys, hashes, numbers, names we made up. The numbers begin with the client's code,
#: which is looked for too.
NOT_WORDS = {
    "code", "kind", "currency", "country", "language", "zone_name", "working_week", "number", "serial", "reference", "sha256", "hash",
    "previous_hash", "token_digest", "nonce", "period", "answer", "letter", "message_id", "claim", "thread", "sender_name", "action",
    "file", "preview", "thumbnail", "key", "gate", "chain_head", "certificate",
    "content_type",
}  # fmt: skip


def texts(model: type[models.Model]) -> list[str]:
    """The columns of a model that can hold somebody's words: texts, JSON and file names."""
    kinds = models.CharField | models.TextField | models.JSONField | models.FileField
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds)]
    return [field.name for field in fields if not field.choices and f"{field.name}" not in NOT_WORDS]


def test_each_text_of_each_model_carries_the_word(sides: Sides) -> None:
    """A column that was never planted would hide a leak: plant it in tests/graph.py, or say in NOT_WORDS that nobody writes it."""
    unplanted = []
    for model in our_models():
        if model._meta.label in THE_AGENCYS:
            continue
        for column in texts(model):
            values = model._base_manager.values_list(column, flat=True)
            if not any("narwhal" in str(value).casefold() for value in values):
                unplanted.append(f"{model.__name__}.{column}: {next((str(v)[:60] for v in values if v), None)!r}")
    assert not unplanted, "\n".join(unplanted)


def test_every_page_is_walked(sides: Sides) -> None:
    """The table of tests/contracts/urls.py names its arguments by things that the graph has too."""
    names = {name for name, _url in addresses(sides.ours)}
    all_of_them = {pattern.name for _route, pattern in patterns()} & set(PAGES)
    assert {name for name in all_of_them if not (PAGES[name].post or PAGES[name].public)} - SHOWS_ALL == names
