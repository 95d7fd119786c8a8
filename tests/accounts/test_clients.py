"""Clients, contacts and accounts: taken on, edited, put away; stale edits; what may be signed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts import actions, openwork
from accounts.changes import Stale, fingerprint
from accounts.forms import ClientForm
from accounts.models import Account, Brand, Client, Contact, TeamMember
from agency.errors import NotPermitted, Refused
from agency.models import AuditEntry
from tests.cast import Cast

FACTS = {
    "name": "Nova", "legal_name": "Nova S.A.", "address": "Gran Vía 1", "tax_id": "B-1", "country": "ES", "currency": "EUR",
    "tax_rate": "21", "payment_days": "30", "language": "es", "zone_name": "Europe/Madrid", "working_week": ["1", "2", "3"],
    "report_slot": "last", "code": "nov", "account_name": "Retail",
}  # fmt: skip


@pytest.fixture
def manager(cast: Cast) -> Browser:
    cast.acme.refresh_from_db()
    browser = Browser()
    browser.force_login(cast.manager)
    return browser


def stored(client: Client) -> dict[str, Any]:
    """The form's answers as the page shows them."""
    form = ClientForm(instance=client)
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def test_a_manager_takes_on_a_client_and_sees_it(cast: Cast, manager: Browser) -> None:
    answer = manager.post(reverse("client_create"), FACTS | {"lead": cast.ae.pk})
    client = Client.objects.get(code="NOV")
    assert answer["Location"] == reverse("client_detail", args=["NOV"])
    assert client.working_week == "123"
    account = Account.objects.get(client=client)
    assert {member.user for member in TeamMember.objects.filter(account=account)} == {cast.ae, cast.manager}
    assert Client.objects.visible_to(cast.manager).filter(pk=client.pk).exists()
    assert not Client.objects.visible_to(cast.outsider).filter(pk=client.pk).exists()
    assert AuditEntry.objects.for_object(client).get().sentence == "took on the client Nova"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("code", "N"), ("code", "ÑÑÑ"), ("code", "TOOLONG"), ("currency", "XXX"), ("zone_name", "Mars/Base"), ("country", "ZZ"),
     ("tax_rate", "-1"), ("tax_rate", "NaN"), ("payment_days", "9999999"), ("working_week", ["9"]), ("working_week", []),
     ("name", ""), ("name", "a\x00b"), ("lead", "999999"), ("report_slot", "never"), ("address", "x" * 501)],
)  # fmt: skip
def test_wrong_answers_change_nothing(cast: Cast, manager: Browser, field: str, wrong: Any) -> None:
    answer = manager.post(reverse("client_create"), FACTS | {"lead": cast.ae.pk, field: wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Client.objects.count() == 2


def test_a_code_is_given_once(cast: Cast, manager: Browser) -> None:
    answer = manager.post(reverse("client_create"), FACTS | {"lead": cast.ae.pk, "code": "RIV"})
    assert answer.status_code == 409
    assert Client.objects.count() == 2


def test_an_edit_on_top_of_somebody_elses_answers_with_both_versions(cast: Cast, now: datetime, manager: Browser) -> None:
    mine = stored(cast.acme) | {"payment_days": 45}
    actions.edit_client(cast.acme, facts={"payment_days": 60}, by=cast.ae, now=now)
    answer = manager.post(reverse("client_edit", args=["ACM"]), mine)
    assert answer.status_code == 409
    assert answer.context["differences"] == [("Days to pay", "60", "45")]
    assert Client.objects.get(code="ACM").payment_days == 60
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert manager.post(reverse("client_edit", args=["ACM"]), again).status_code == 302
    assert Client.objects.get(code="ACM").payment_days == 45


def test_the_fingerprint_covers_what_the_form_shows(cast: Cast, now: datetime) -> None:
    cast.acme.refresh_from_db()
    seen = fingerprint(cast.acme, actions.clients.CLIENT_FIELDS)
    actions.edit_client(cast.acme, facts={"name": "Acme Ltd"}, seen=seen, by=cast.ae, now=now)
    with pytest.raises(Stale):
        actions.edit_client(cast.acme, facts={"name": "Acme Inc"}, seen=seen, by=cast.ae, now=now)


def test_saving_without_a_change_leaves_no_trace(cast: Cast, manager: Browser) -> None:
    assert manager.post(reverse("client_edit", args=["ACM"]), stored(cast.acme)).status_code == 302
    assert not AuditEntry.objects.exists()


def test_a_client_with_open_work_is_not_archived(cast: Cast, now: datetime) -> None:
    def two_jobs(account: Account, *, now: datetime) -> str:
        return "Two jobs are open." if account == cast.account else ""

    openwork.register_open_work(two_jobs)
    try:
        with pytest.raises(Refused, match="Two jobs are open"):
            actions.archive_client(cast.acme, by=cast.director, now=now)
    finally:
        openwork._registered.remove(two_jobs)
    with pytest.raises(NotPermitted):
        actions.archive_client(cast.acme, by=cast.manager, now=now)
    actions.archive_client(cast.acme, by=cast.director, now=now)
    assert list(Client.objects.current()) == [cast.rival]
    actions.restore_client(cast.acme, by=cast.director, now=now)
    assert Client.objects.current().count() == 2


def test_the_list_finds_by_words_and_shows_only_ones_own(cast: Cast, django_assert_max_num_queries: Any) -> None:
    browser = Browser()
    browser.force_login(cast.ae)
    with django_assert_max_num_queries(14):
        page = browser.get(reverse("client_list"))
    assert [client.code for client in page.context["rows"]] == ["ACM"]
    assert b"Rival" not in page.content
    for query, found in [("acm", ["ACM"]), ("rival", []), ("acme s.l", ["ACM"]), ("%00", []), ("'; drop", [])]:
        assert [client.code for client in browser.get(reverse("client_list"), {"q": query}).context["rows"]] == found
    browser.force_login(cast.director)
    assert len(browser.get(reverse("client_list")).context["rows"]) == 2


def test_a_contacts_address_is_there_once_and_in_small_letters(cast: Cast, now: datetime) -> None:
    facts = {"full_name": "Max", "email": " Max@Acme.example "}
    contact = actions.create_contact(cast.acme, facts=facts, by=cast.coordinator, now=now)
    assert contact.email == "max@acme.example"
    with pytest.raises(Refused, match="already has a contact"):
        actions.create_contact(cast.acme, facts={"full_name": "M", "email": "MARTA@acme.example"}, by=cast.ae, now=now)
    with pytest.raises(Refused, match="already has a contact"):
        actions.edit_contact(contact, facts={"email": "marta@acme.example"}, by=cast.ae, now=now)
    actions.create_contact(cast.rival, facts={"full_name": "M", "email": "marta@acme.example"}, by=cast.ae, now=now)
    with pytest.raises(NotPermitted):
        actions.create_contact(cast.acme, facts={"full_name": "X", "email": "x@acme.example"}, by=cast.creative, now=now)


def test_the_may_sign_register_is_written_by_a_manager_and_read_by_amount(cast: Cast, manager: Browser) -> None:
    page = reverse("contact_may_sign", args=[cast.second_contact.pk])
    manager.post(page, {"may_deliverable": "on", "upto_deliverable": "500.00", "may_minutes": "on", "upto_job_sheet": "9"})
    contact = Contact.objects.get(pk=cast.second_contact.pk)
    assert contact.may_sign("deliverable", Decimal("500"))
    assert not contact.may_sign("deliverable", Decimal("500.01"))
    assert contact.may_sign("minutes", Decimal("1000000"))
    assert not contact.may_sign("job_sheet")
    assert AuditEntry.objects.get().new == {"may_sign": {"deliverable": "500.00", "minutes": ""}}
    for amount in ("-5", "1e3", "12.500", "12,500", "a lot", "1" * 13):
        refused = manager.post(page, {"may_minutes": "on", "upto_minutes": amount})
        assert (refused.status_code, amount in refused.content.decode()) == (422, True)


def test_a_team_is_joined_and_left_and_with_it_the_sight(cast: Cast, now: datetime) -> None:
    member = actions.join_team(cast.account, cast.outsider, does="copy", by=cast.manager, now=now)
    assert Client.objects.visible_to(cast.outsider).count() == 2
    assert actions.join_team(cast.account, cast.outsider, by=cast.manager, now=now) == member
    actions.leave_team(member, by=cast.manager, now=now)
    assert Client.objects.visible_to(cast.outsider).count() == 1
    lead = TeamMember.objects.get(account=cast.account, user=cast.ae)
    with pytest.raises(Refused, match="leads this account"):
        actions.leave_team(lead, by=cast.manager, now=now)


def test_an_account_takes_only_a_brand_of_its_own_client(cast: Cast, now: datetime) -> None:
    foreign = Brand.objects.create(client=cast.rival, name="Rival Shoes")
    with pytest.raises(Refused, match="brand of this client"):
        actions.create_account(cast.acme, name="New", brand=foreign, lead=cast.ae, by=cast.manager, now=now)
    browser = Browser()
    browser.force_login(cast.director)
    answer = browser.post(reverse("account_create", args=["ACM"]), {"name": "New", "brand": foreign.pk, "lead": cast.ae.pk})
    assert answer.status_code == 422
    assert Account.objects.count() == 2


def test_a_new_lead_joins_the_team(cast: Cast, now: datetime) -> None:
    actions.edit_account(cast.account, facts={"lead": cast.outsider}, by=cast.manager, now=now)
    assert TeamMember.objects.current().filter(account=cast.account, user=cast.outsider).exists()


@pytest.mark.parametrize("code", ["ZZZ", "acm", "A%00B", "..", "<script>"])
def test_a_code_nobody_has_is_a_404(cast: Cast, manager: Browser, code: str) -> None:
    assert manager.get(f"/clients/{code}/edit/").status_code == 404


def test_a_huge_id_is_a_404(cast: Cast, manager: Browser) -> None:
    assert manager.get(f"/contacts/{10**30}/").status_code == 404


def test_an_account_changed_meanwhile_answers_with_both_versions(cast: Cast, now: datetime, manager: Browser) -> None:
    page = reverse("account_edit", args=[cast.account.pk])
    seen = manager.get(page).context["form"]["seen"].value()
    actions.edit_account(cast.account, facts={"name": "Shops"}, by=cast.manager, now=now)
    mine = {"name": "Boutiques", "brand": "", "lead": cast.ae.pk}
    answer = manager.post(page, mine | {"seen": seen})
    assert answer.status_code == 409
    assert ("Name", "Shops", "Boutiques") in answer.context["differences"]
    assert ("Brand", "Acme Shoes", "—") in answer.context["differences"]
    assert manager.post(page, mine | {"seen": answer.context["form"]["seen"].value()}).status_code == 302
    cast.account.refresh_from_db()
    assert cast.account.name == "Boutiques"


def test_the_clients_page_leads_to_archive_and_restore(cast: Cast, now: datetime) -> None:
    browser = Browser()
    browser.force_login(cast.director)
    assert reverse("client_archive", args=["ACM"]) in browser.get(cast.acme.get_absolute_url()).content.decode()
    actions.archive_client(cast.acme, by=cast.director, now=now)
    assert reverse("client_restore", args=["ACM"]) in browser.get(cast.acme.get_absolute_url()).content.decode()


def test_an_account_names_what_each_colleague_does(cast: Cast, manager: Browser) -> None:
    page = manager.get(cast.account.get_absolute_url()).content.decode()
    assert f"<bdi>{cast.creative.paper_title}</bdi>" in page
