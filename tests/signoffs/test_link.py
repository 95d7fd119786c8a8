"""The emailed link: reading changes nothing, strangers learn nothing, and the token is nowhere but in the mail."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client as Browser

from agency.logs import MaskLinks
from agency.models import OutgoingMail
from signoffs import limits
from signoffs.actions import Asked, correct_address_and_resend, record_decision, resend, supersede_requests, withdraw_request
from signoffs.actions.closing import expire_due
from signoffs.links import token_of
from signoffs.models import Event, Signatory, SignRequest
from signoffs.rendering import render_document
from tests.cast import NOW, Cast

from .helpers import every_row, given, mail_link, posted, token, url
from .probe import Probe

PAGES = ["", "decline/", "pass-on/", "document/", "sealed/", "seen/", "file/1/", "picture/1/preview/"]


@pytest.fixture(autouse=True)
def _at_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: NOW + timedelta(hours=1))


def words(response: Any) -> str:
    """A page without what differs each time: the address that was asked for, and the token against forgery."""
    return re.sub(r'(name="(?:csrfmiddlewaretoken|next)" value=")[^"]*', r"\1", response.content.decode())


def test_reading_writes_no_row(only: Signatory, client: Browser) -> None:
    before = every_row()
    for page in PAGES:
        for method in (client.get, client.head, client.options):
            method(url(only, page), headers={"user-agent": "Scanner"})
    assert every_row() == before
    assert not Event.objects.filter(kind="seen").exists()


def test_the_page_says_who_what_and_by_when(only: Signatory, client: Browser) -> None:
    response = client.get(url(only))
    page = response.content.decode()
    for expected in ("Ana Ruiz asks you to sign", "Metro panels V1", "Light opens.", "London time", "Approve", "Changes needed"):
        assert expected in page
    assert 'name="answer" id="id_answer_0" value="approve">' in page  # none is chosen in advance
    assert "checked" not in page.split("<legend>")[1].split("</fieldset>")[0]


@pytest.mark.parametrize("page", ["", "document/", "decline/"])
def test_headers_keep_the_link_to_itself(only: Signatory, client: Browser, page: str) -> None:
    response = client.get(url(only, page))
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    if not page:
        assert b"og:" not in response.content


def test_unknown_foreign_and_malformed_look_the_same(only: Signatory, client: Browser) -> None:
    good = token(only)
    strange = [
        token_of(999, 1),
        token_of(only.pk, 7),
        good[:-1],
        good[:-1] + "A" if good[-1] != "A" else good[:-1] + "B",
        "x",
        "%00",
        "é",
    ]
    answers = {(r.status_code, words(r)) for r in (client.get(f"/s/{t}/{page}") for t in strange for page in ("", "document/"))}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


@pytest.mark.parametrize("end", ["archived", "resent", "corrected"])
def test_dead_links_look_unknown(only: Signatory, client: Browser, cast: Cast, end: str) -> None:
    old = url(only)
    unknown = words(client.get(f"/s/{token_of(999, 1)}/"))
    if end == "archived":
        cast.contact.archived_at = NOW
        cast.contact.save()
    elif end == "resent":
        resend(only, by=cast.ae, now=NOW)
    else:
        correct_address_and_resend(only, "marta@new.example", by=cast.ae, now=NOW)
    response = client.get(old)
    assert (response.status_code, words(response)) == (404, unknown)
    assert client.post(old, posted(only)).status_code == 404
    only.refresh_from_db()
    assert only.decided_at is None


def test_another_clients_document_is_out_of_reach(sent: Callable[..., SignRequest], cast: Cast, client: Browser) -> None:
    from agency.files import store_bytes

    from .pictures import png

    theirs = store_bytes(png(), "rival.png", "image/png", now=NOW)
    mine = store_bytes(png((300, 200)), "mine.png", "image/png", now=NOW)
    request = sent(document={"files": [mine]})
    signatory = request.signatories.get()
    assert client.get(url(signatory, f"file/{mine.pk}/")).status_code == 200
    assert client.get(url(signatory, f"file/{theirs.pk}/")).status_code == 404
    assert client.get(url(signatory, f"picture/{theirs.pk}/preview/")).status_code == 404


def test_the_token_is_in_no_table_and_no_log(sent: Callable[..., SignRequest], cast: Cast, client: Browser, caplog: Any) -> None:
    request = sent(code_required=True)
    signatory = request.signatories.get()
    first = token(signatory)
    client.get(f"/s/{first}/")
    client.post(f"/s/{first}/", {"step": "send_code"})
    resend(signatory, by=cast.ae, now=NOW)
    second = token(signatory)
    record_decision(signatory, given(signatory), now=NOW)
    held = repr(every_row())
    for secret in (first, second):
        assert secret not in held
        assert secret not in caplog.text or _masked(secret)
    assert f"[[link]]" in OutgoingMail.objects.filter(letter="signoffs.request").first().text  # type: ignore[union-attr]  # noqa: F541


def _masked(secret: str) -> bool:
    """The product's own handler never writes a token, whatever a logger was told."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(MaskLinks())
    handler.handle(logging.makeLogRecord({"msg": "Not Found: %s", "args": (f"/s/{secret}/",)}))
    return secret not in out.getvalue()


def test_the_mail_carries_the_link_that_opens(only: Signatory, client: Browser) -> None:
    mail = OutgoingMail.objects.get(letter="signoffs.request")
    assert mail.subject == "Sign: Metro panels V1 by Tue 8 Dec"
    assert client.get(mail_link(mail)).status_code == 200


def test_answering_step_by_step(only: Signatory, client: Browser) -> None:
    page = url(only)
    before = every_row()
    check = client.post(page, posted(only, step="check"))
    assert check.status_code == 200
    assert "Approve Metro panels V1" in check.content.decode()
    assert every_row() == before  # checking stores nothing
    changed = client.post(page, posted(only, "changes", step="change", text="The logo is too small."))
    assert "The logo is too small." in changed.content.decode()
    assert every_row() == before
    assert client.post(page, posted(only)).url == page  # type: ignore[attr-defined]
    result = client.get(page).content.decode()
    assert "Your answer is recorded" in result
    assert "It is being sealed" in result
    only.refresh_from_db()
    assert (only.answer, only.typed_name) == ("approve", "Marta Ortega")


def test_answering_again_changes_nothing(only: Signatory, client: Browser) -> None:
    client.post(url(only), posted(only))
    before = every_row()
    for answer in ("approve", "changes"):
        again = client.post(url(only), posted(only, answer, text="Something else entirely."))
        assert again.status_code == 302
    assert client.post(url(only, "decline/"), {"text": "I changed my mind.", "typed_name": "X"}).status_code == 302
    assert every_row() == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": ""}, "Select your answer."),
        ({"answer": "maybe"}, "Select one of the answers."),
        ({"answer": "changes", "text": "short"}, "at least 10 characters"),
        ({"answer": "changes", "text": "x" * 2001}, "2,000 characters or less"),
        ({"typed_name": ""}, "Enter your name."),
        ({"typed_name": "x" * 121}, "120 characters or less"),
        ({"signature": "drawn"}, "Draw your signature"),
        ({"signature": "drawn", "picture": "data:text/html;base64,PHNjcmlwdD4="}, "Draw your signature"),
        ({"signature": "uploaded", "picture": "data:image/png;base64,!!!"}, "can&#x27;t be opened"),
        ({"signature": "magic"}, "Select how to sign."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(only: Signatory, client: Browser, fields: dict[str, str], sentence: str) -> None:
    before = every_row()
    for step in ("check", "confirm"):
        response = client.post(url(only), posted(only, step=step) | fields)
        assert response.status_code == 422
        assert sentence in response.content.decode()
    assert every_row() == before


def test_without_the_hash_or_with_another_nothing_counts(only: Signatory, client: Browser) -> None:
    before = every_row()
    for sha256 in ("", "0" * 64):
        response = client.post(url(only), posted(only) | {"document": sha256})
        assert response.status_code == 409
        assert "Nothing was recorded" in response.content.decode()
    assert every_row() == before


def test_a_newer_version_refuses_and_is_shown(
    only: Signatory, sent: Callable[..., SignRequest], client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = sent(document={"title": "Metro panels V2"})
    monkeypatch.setattr(Probe, "is_current", lambda self, document: document.title.endswith("V2"))
    monkeypatch.setattr(Probe, "newer", newer)
    response = client.post(url(only), posted(only))
    assert response.status_code == 409
    assert url(newer.signatories.get()) in response.content.decode()
    only.refresh_from_db()
    assert only.decided_at is None


def test_forged_posts_are_refused(only: Signatory) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.get(url(only))
    assert strict.post(url(only), posted(only)).status_code == 403
    only.refresh_from_db()
    assert only.decided_at is None


def test_seen_is_a_post_and_counts_once(only: Signatory, client: Browser) -> None:
    assert client.get(url(only, "seen/")).status_code == 405
    for _twice in range(2):
        assert client.post(url(only, "seen/")).status_code == 204
    assert Event.objects.filter(kind="seen").count() == 1


def test_too_many_posts_are_slowed_down(only: Signatory, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "post", {"link": (3, 600)})
    codes = [client.post(url(only), posted(only, "") | {"answer": ""}).status_code for _n in range(5)]
    assert codes == [422, 422, 422, 429, 429]
    assert client.get(url(only)).status_code == 200


STATES = [
    "open",
    "answered",
    "declined",
    "expired",
    "late",
    "superseded",
    "withdrawn",
    "closed",
    "copy",
    "passed_on",
    "code",
    "sealing",
]


@pytest.mark.parametrize("language", ["en", "es", "ru", "zh-hans", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_in_every_language(
    state: str, language: str, sent: Callable[..., SignRequest], cast: Cast, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    signatory = bring_about(state, sent, cast, monkeypatch)
    client.cookies["django_language"] = language
    response = client.get(url(signatory))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert f'lang="{language}"' in page
    assert ("Metro panels V1" in page) == (state != "code")
    assert ("Light opens." in page) == (state in ("open", "copy", "answered", "declined", "sealing"))


def bring_about(state: str, sent: Callable[..., SignRequest], cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Signatory:
    """One signatory in that state."""
    from signoffs.actions import confirm_delegate, decline, propose_delegate

    extra = [Asked(contact=cast.second_contact, role="copy")] if state == "copy" else []
    if state == "closed":
        extra = [Asked(user=cast.manager)]
    request = sent(Asked(contact=cast.contact), *extra, code_required=state == "code")
    signatory = request.signatories.order_by("pk")[1 if state == "copy" else 0]
    if state == "answered" or state == "sealing":
        record_decision(signatory, given(signatory), now=NOW)
    elif state == "declined":
        decline(signatory, given(signatory, text="This is not ours at all."), now=NOW)
    elif state == "expired":
        expire_due(now=request.expires_at)
    elif state == "late":
        monkeypatch.setattr("agency.clock.now", lambda: request.expires_at)
    elif state == "superseded":
        supersede_requests(request.document.subject, by=cast.ae, now=NOW)
    elif state == "withdrawn":
        withdraw_request(request, reason="Sent too early", by=cast.ae, now=NOW)
    elif state == "closed":
        colleague = request.signatories.get(user=cast.manager)
        record_decision(colleague, given(colleague, "changes", "Not with that headline."), now=NOW)
    elif state == "passed_on":
        proposal = propose_delegate(signatory, name="Sam Reed", email="sam@acme.example", reason="He decides this.", now=NOW)
        cast.second_contact.authorities.create(kind="probe")
        confirm_delegate(proposal, cast.second_contact, by=cast.ae, now=NOW)
    return signatory


def test_a_copy_says_what_the_others_made_of_it(sent: Callable[..., SignRequest], cast: Cast, client: Browser) -> None:
    request = sent(Asked(contact=cast.contact), Asked(contact=cast.second_contact, role="copy"))
    asked, copy = request.signatories.order_by("pk")
    to_come = "When everyone has answered"
    assert to_come in client.get(url(copy)).content.decode()
    record_decision(asked, given(asked), now=NOW)
    page = client.get(url(copy)).content.decode()
    assert to_come not in page
    assert "Enough people have approved it." in page
    assert "It is being sealed." in page


def test_the_client_reads_their_own_language_first(sent: Callable[..., SignRequest], cast: Cast, client: Browser) -> None:
    cast.contact.language = "ar"
    cast.contact.save()
    signatory = sent().signatories.get()
    assert 'lang="ar" dir="rtl"' in client.get(url(signatory)).content.decode()
    client.force_login(cast.director)  # a colleague who looks at it in the same browser changes nothing
    assert 'lang="ar" dir="rtl"' in client.get(url(signatory)).content.decode()


def test_the_document_ends_with_the_link(only: Signatory, cast: Cast, client: Browser) -> None:
    assert client.get(url(only, "document/")).status_code == 200
    withdraw_request(only.request, reason="Sent too early", by=cast.ae, now=NOW)
    assert client.get(url(only, "document/")).status_code == 404
    render_document(only.request.document_id, now=NOW)
