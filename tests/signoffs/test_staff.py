"""The agency's pages: outsiders find nothing, colleagues do what their role allows, every button does what it says."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from agency.models import OutgoingMail
from signoffs.actions import Asked, decline, propose_delegate, record_decision
from signoffs.actions.closing import expire_due
from signoffs.models import Signatory, SignRequest
from signoffs.standing import standing_of
from signoffs.todo import todos
from tests.cast import NOW, Cast

from .helpers import every_row, given, posted

LATER = NOW + timedelta(hours=1)
SAM = {"name": "Sam Reed", "email": "sam@acme.example", "reason": "He decides this."}


@pytest.fixture(autouse=True)
def _at_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: LATER)


@pytest.fixture
def both(sent: Callable[..., SignRequest], cast: Cast) -> SignRequest:
    """Marta and the manager sign; an attached picture hangs on it."""
    from agency.files import store_bytes

    from .pictures import png

    return sent(
        Asked(contact=cast.contact),
        Asked(user=cast.manager),
        document={"files": [store_bytes(png(), "a.png", "image/png", now=NOW)]},
    )


def addresses(request: SignRequest) -> list[str]:
    signatory = request.signatories.get(contact__isnull=False)
    proposal = signatory.delegations.first() or propose_delegate(signatory, **SAM, now=LATER)
    file = request.document.attachments.get()
    base = f"/signoffs/{request.pk}/"
    return [
        base, f"{base}withdraw/", f"{base}document/", f"{base}sealed/", f"{base}file/{file.pk}/", f"{base}picture/{file.pk}/preview/",
        f"{base}sign/", f"{base}sign/seen/", f"{base}sign/decline/", f"{base}delegations/{proposal.pk}/",
        f"{base}signatories/{signatory.pk}/resend/", f"{base}signatories/{signatory.pk}/address/",
        f"{base}signatories/{signatory.pk}/reminders/",
    ]  # fmt: skip


def test_outsiders_find_nothing(both: SignRequest, cast: Cast, client: Browser) -> None:
    pages = addresses(both)
    client.force_login(cast.outsider)
    before = every_row()
    for page in pages:
        allowed_methods = {client.get(page).status_code, client.post(page, {}).status_code}
        assert allowed_methods <= {404, 405}, page
        assert 404 in allowed_methods
    assert b"Metro" not in client.get("/signoffs/?show=all").content
    assert not todos(cast.outsider, LATER)
    assert every_row() == before
    client.logout()
    assert all(client.get(page).status_code in (302, 405) for page in pages)


def test_only_who_may_manages(both: SignRequest, cast: Cast, client: Browser) -> None:
    pages = addresses(both)
    client.force_login(cast.creative)
    before = every_row()
    assert client.get(pages[0]).status_code == 200
    for page in pages:
        if any(word in page for word in ("withdraw", "delegations", "resend", "address", "reminders")):
            assert client.post(page, {"reason": "x", "email": "a@b.example"}).status_code == 403, page
    assert every_row() == before


def test_list_and_detail_say_how_it_stands(both: SignRequest, cast: Cast, client: Browser) -> None:
    client.force_login(cast.ae)
    listing = client.get("/signoffs/").content.decode()
    assert "One document is out for signature" in listing
    assert "sent, not answered" in listing
    assert "Metro panels V1" not in client.get("/signoffs/?show=closed").content.decode()
    assert "Metro panels V1" in client.get("/signoffs/?q=metro&mine=1").content.decode()
    page = client.get(both.get_absolute_url()).content.decode()
    for expected in ("Marta Ortega", "Mona Silva", "Next reminder", "Thursday 26 November 2026, 08:00", "the chain holds"):
        assert expected in page


def test_the_list_costs_the_same_however_long(
    sent: Callable[..., SignRequest], cast: Cast, client: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.ae)
    counts = []
    for _n in range(2):
        sent()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/signoffs/")
        counts.append(len(queries))
        sent(), sent()
    assert counts[0] == counts[1]


def test_buttons(both: SignRequest, cast: Cast, client: Browser) -> None:
    client.force_login(cast.ae)
    signatory = both.signatories.get(contact=cast.contact)
    base = f"{both.get_absolute_url()}signatories/{signatory.pk}/"
    client.post(f"{base}resend/")
    signatory.refresh_from_db()
    assert signatory.link_number == 2
    client.post(f"{base}reminders/", {"paused": "1"})
    signatory.refresh_from_db()
    assert signatory.reminders_paused
    assert client.post(f"{base}address/", {"email": "nonsense"}).status_code == 422
    assert client.post(f"{base}address/", {"email": cast.second_contact.email}).status_code == 409
    assert client.post(f"{base}address/", {"email": "marta@new.example"}).status_code == 302
    assert client.post(f"{both.get_absolute_url()}withdraw/", {"reason": ""}).status_code == 422
    client.post(f"{both.get_absolute_url()}withdraw/", {"reason": "Sent too early"})
    both.refresh_from_db()
    assert both.outcome == "withdrawn"
    again = client.post(f"{base}resend/", follow=True)
    assert "already closed" in again.content.decode()


def test_confirming_a_new_contact_with_authority(both: SignRequest, cast: Cast, client: Browser) -> None:
    signatory = both.signatories.get(contact=cast.contact)
    facts = {"name": "Nora New", "email": "nora@acme.example", "reason": "She decides outdoor."}
    page = f"{both.get_absolute_url()}delegations/{propose_delegate(signatory, **facts, now=LATER).pk}/"
    client.force_login(cast.ae)
    before = every_row()
    assert client.post(page, {}).status_code == 409  # made and refused together: no contact without authority stays behind
    assert client.post(page, {"authorise": "on"}).status_code == 409  # the AE may not enter authority
    assert client.post(page, {"contact": cast.rival_contact.pk}).status_code == 422
    assert every_row() == before
    client.force_login(cast.manager)
    assert client.post(page, {"authorise": "on"}).status_code == 302
    new = Signatory.objects.get(email="nora@acme.example")
    assert new.invited_at
    assert new.contact and new.contact.client == cast.acme  # noqa: PT018


def test_a_colleague_signs_in_the_app(both: SignRequest, cast: Cast, client: Browser) -> None:
    mail = OutgoingMail.objects.get(letter="signoffs.request", to_email=cast.manager.email)
    assert f"/signoffs/{both.pk}/sign/" in mail.text or "[[link]]" in mail.text
    client.force_login(cast.ae)
    assert client.get(f"/signoffs/{both.pk}/sign/").status_code == 404  # on the team, but not asked
    client.force_login(cast.manager)
    signatory = both.signatories.get(user=cast.manager)
    assert "Light opens." in client.get(f"/signoffs/{both.pk}/sign/").content.decode()
    client.post(f"/signoffs/{both.pk}/sign/", posted(signatory))
    signatory.refresh_from_db()
    assert signatory.answer == "approve"
    assert both.events.get(kind="decided").data["from_entered"] == "app"


def test_what_my_day_asks_for(sent: Callable[..., SignRequest], both: SignRequest, cast: Cast) -> None:
    assert [t.button for t in todos(cast.manager, LATER)] == ["Read and sign"]
    assert not todos(cast.ae, LATER)
    propose_delegate(both.signatories.get(contact=cast.contact), **SAM, now=LATER)
    assert [t.why for t in todos(cast.ae, LATER)] == ["Marta Ortega says that Sam Reed should sign"]
    refused = sent(document={"title": "Second"}).signatories.get()
    decline(refused, given(refused, text="This is not our campaign."), now=LATER)
    OutgoingMail.objects.filter(letter="signoffs.request", to_email=cast.contact.email).update(status="failed")
    reasons = {t.why for t in todos(cast.ae, LATER + timedelta(hours=1))}
    assert {"Declined: call them", "The mail to Marta Ortega: not sent"} <= reasons
    expire_due(now=NOW + timedelta(days=15))
    assert "Expired without an answer" in {t.why for t in todos(cast.ae, NOW + timedelta(days=15))}


def test_answers_show_on_the_page(both: SignRequest, cast: Cast, client: Browser) -> None:
    signatory = both.signatories.get(contact=cast.contact)
    record_decision(signatory, given(signatory, "changes", "<script>alert(1)</script> too small"), now=LATER)
    client.force_login(cast.ae)
    page = client.get(both.get_absolute_url()).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_an_answer_is_told_as_what_was_said(both: SignRequest, cast: Cast) -> None:
    signatory = both.signatories.get(contact=cast.contact)
    record_decision(signatory, given(signatory, "approve"), now=LATER)
    assert standing_of(both.signatories.get(pk=signatory.pk), now=LATER).word == "Approved"
