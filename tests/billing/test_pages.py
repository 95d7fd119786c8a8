"""The pages as people use them: the wall first, then the role, then what is done; hostile input changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, User
from agency import clock
from agency.amounts import read_amount
from agency.models import OutgoingMail
from agency.paging import page_of
from billing import actions, chain, chase, documents, todo
from billing.models import Invoice, Payment
from tests.cast import NOW, Cast, make_client, make_job

from .conftest import line

Make = Callable[..., Invoice]
DRAFT = [
    "invoice_draft",
    "invoice_edit",
    "invoice_discard",
    "invoice_request",
    "invoice_approve",
    "invoice_return",
    "invoice_issue",
]
ISSUED = [
    "invoice_detail", "invoice_pdf", "invoice_preview", "invoice_credit", "invoice_send", "payment_record", "chase_pause", "chase_resume",
]  # fmt: skip
POSTED = {"invoice_discard", "invoice_request", "invoice_approve", "chase_resume"}


def browser(user: User) -> Browser:
    client = Browser()
    client.force_login(user)
    return client


def call(client: Browser, name: str, *args: Any, post: dict[str, Any] | None = None) -> Any:
    url = reverse(name, args=args)
    return client.post(url, post or {}) if name in POSTED or post is not None else client.get(url)


@pytest.mark.parametrize("name", DRAFT)
def test_the_outsider_finds_no_draft(cast: Cast, make_draft: Make, name: str) -> None:
    invoice = make_draft()
    response = call(browser(cast.outsider), name, invoice.pk)
    nothing = call(browser(cast.outsider), name, 999_999)
    assert (response.status_code, nothing.status_code) == (404, 404)
    assert "Acme" not in response.content.decode()


@pytest.mark.parametrize("name", ISSUED)
def test_the_outsider_finds_no_invoice(cast: Cast, make_issued: Make, name: str) -> None:
    invoice = make_issued()
    assert call(browser(cast.outsider), name, invoice.number).status_code == 404
    assert call(browser(cast.outsider), name, "2026-99999").status_code == 404


def test_receivables_show_a_page_of_clients_and_the_sums_over_all(
    cast: Cast, make_issued: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The most overdue first; the heading and the sums count also who stands on another page."""
    for number, price in enumerate(("300", "500", "400")):
        client = make_client(f"OW{number}", f"Owner of {price}")
        account = Account.objects.create(client=client, name="All", lead=cast.ae)
        make_issued(line(make_job(account, cast.ae), price, tax="0"), account=account)
    monkeypatch.setattr("agency.clock.now", lambda: NOW + timedelta(days=100))
    monkeypatch.setattr(page_of, "__defaults__", (2,))
    first, second = (browser(cast.finance).get(f"/receivables/?page={n}") for n in (1, 2))
    assert [one.name for one in first.context["clients"]] == ["Owner of 500", "Owner of 400"]
    assert [one.name for one in second.context["clients"]] == ["Owner of 300"]
    for page in (first, second):
        assert [one.overdue for one in page.context["ageing"]] == [1200]
        assert (page.context["owing"], page.context["late"]) == (3, 3)


def test_the_outsider_sees_nothing_in_lists(cast: Cast, make_issued: Make) -> None:
    make_issued()
    for url in ("/invoices/", "/invoices/?client=ACM", "/receivables/", "/receivables/?client=ACM", "/invoices/new/"):
        page = browser(cast.outsider).get(url).content.decode()
        assert "Acme" not in page
        assert "2026-00001" not in page
    assert browser(cast.outsider).get(f"/invoices/new/?account={cast.account.pk}").status_code == 404


@pytest.mark.parametrize("who", ["creative", "planner", "traffic"])
def test_who_has_no_business_with_money(cast: Cast, make_issued: Make, who: str) -> None:
    invoice, client = make_issued(), browser(getattr(cast, who))
    for url in ("/invoices/", "/receivables/", "/chase/", "/invoices/new/", invoice.get_absolute_url()):
        assert client.get(url).status_code == 403, url


def test_wrong_roles_change_nothing(cast: Cast, make_issued: Make) -> None:
    invoice, ae = make_issued(), browser(cast.ae)
    assert (
        ae.post(f"/invoices/{invoice.number}/pay/", {"received_on": "2026-11-24", f"amount_{invoice.pk}": "5"}).status_code == 403
    )
    assert ae.post(f"/invoices/{invoice.number}/credit/", {"reason": "x"}).status_code == 403
    assert ae.get("/chase/").status_code == 403
    invoice.refresh_from_db()
    assert (invoice.settled, invoice.credited_at) == (0, None)


def entry(job: Any, /, **facts: str) -> dict[str, str]:
    values = {"job": str(job.pk), "description": "Poster", "quantity": "2", "unit_price": "1.250,50", "tax_rate": "21"} | facts
    lines = {f"lines-0-{name}": value for name, value in values.items()}
    return lines | {
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "payment_days": "30",
        "order_number": "",
        "note": "",
        "revision": "0",
    }


def test_from_draft_to_money_by_the_pages(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae, delivered_at=NOW, budget=Decimal(5000))
    ae, manager, finance = browser(cast.ae), browser(cast.manager), browser(cast.finance)
    assert job.number in ae.get("/invoices/new/").content.decode()
    assert 'value="5000.00"' in ae.get(f"/invoices/new/?job={job.number}").content.decode()
    made = ae.post(f"/invoices/new/?job={job.number}", entry(job))
    invoice = Invoice.objects.get()
    assert made["Location"] == f"/invoices/draft/{invoice.pk}/"
    assert invoice.lines.get().unit_price == Decimal("1250.50")
    assert ae.post(f"/invoices/draft/{invoice.pk}/request/").status_code == 302
    assert ae.post(f"/invoices/draft/{invoice.pk}/approve/").status_code == 403
    assert manager.post(f"/invoices/draft/{invoice.pk}/approve/").status_code == 302
    assert "€3,026.21" in finance.get(f"/invoices/draft/{invoice.pk}/issue/").content.decode()
    issued = finance.post(f"/invoices/draft/{invoice.pk}/issue/")
    invoice.refresh_from_db()
    assert issued["Location"] == f"/invoices/{invoice.number}/"
    assert ae.get(f"/invoices/draft/{invoice.pk}/")["Location"] == issued["Location"]
    documents.render_document(invoice.pk, now=NOW)
    pdf = ae.get(f"{issued['Location']}pdf/")
    assert (pdf["Content-Type"], pdf["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    form = {
        "received_on": str(timezone.localdate()),
        f"amount_{invoice.pk}": "3026,21",
        f"seen_{invoice.pk}": "0",
        "reference": "TRF",
    }
    assert finance.post(f"{issued['Location']}pay/", form).status_code == 302
    again = finance.post(f"{issued['Location']}pay/", form)
    assert again.status_code == 409
    assert Payment.objects.count() == 1
    payment = Payment.objects.get()
    assert finance.post(f"/payments/{payment.pk}/reverse/", {"reason": ""}).status_code == 422
    assert finance.post(f"/payments/{payment.pk}/reverse/", {"reason": "Bounced"}).status_code == 302
    assert finance.post(f"{issued['Location']}credit/", {"reason": "All wrong"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.state == "credited"
    assert Invoice.objects.get(credits=invoice).get_absolute_url() in finance.get(issued["Location"]).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"description": ""},
        {"description": "x" * 301},
        {"job": "999999"},
        {"job": "' OR 1=1"},
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"unit_price": "1,234"},
        {"unit_price": "1e9"},
        {"unit_price": "99999999999999"},
        {"unit_price": "0.001"},
        {"unit_price": "\x00"},
        {"tax_rate": "101"},
        {"tax_rate": ""},
    ],
)
def test_hostile_lines(cast: Cast, bad: dict[str, str]) -> None:
    job = make_job(cast.account, cast.ae)
    response = browser(cast.ae).post(f"/invoices/new/?account={cast.account.pk}", entry(job, **bad))
    assert response.status_code in (409, 422)
    assert "There is a problem" in response.content.decode()
    assert not Invoice.objects.exists()


def test_a_job_of_another_client_is_no_choice(cast: Cast) -> None:
    theirs = make_job(cast.rival_account, cast.outsider, title="Secret launch")
    client = browser(cast.ae)
    assert "Secret" not in client.get(f"/invoices/new/?account={cast.account.pk}").content.decode()
    response = client.post(f"/invoices/new/?account={cast.account.pk}", entry(theirs))
    assert response.status_code == 422
    assert "Secret" not in response.content.decode()
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"lines-TOTAL_FORMS": "99999999", "lines-INITIAL_FORMS": "x"}, {"lines-TOTAL_FORMS": "-1"}, {"revision": "9" * 40}],
)
def test_forms_that_are_no_forms(cast: Cast, make_draft: Make, data: dict[str, str]) -> None:
    invoice, client = make_draft(), browser(cast.ae)
    before = Invoice.objects.filter(pk=invoice.pk).values().get()
    for url in (f"/invoices/draft/{invoice.pk}/edit/", f"/invoices/new/?account={cast.account.pk}"):
        assert client.post(url, data).status_code in (409, 422)
        assert client.post(url, data | {"add_line": "1"}).status_code == 200
    assert Invoice.objects.filter(pk=invoice.pk).values().get() == before
    assert Invoice.objects.count() == 1


def test_strange_addresses(cast: Cast) -> None:
    client = browser(cast.finance)
    for url in (
        "/invoices/%00/", "/invoices/2026-00001%00/", "/invoices/draft/99999999999999999999/", "/payments/99999999999999999999/reverse/",
        "/invoices/new/?job=%00", "/invoices/new/?account=99999999999999999999", "/invoices/2026-99999/pdf/",
    ):  # fmt: skip
        assert client.get(url).status_code in (403, 404), url
    for url in (
        "/invoices/?client=%00&state=%00&age=%00&page=%00",
        "/invoices/?page=-1",
        "/receivables/?client=%00",
        "/invoices/?state=../../etc",
    ):
        assert client.get(url).status_code == 200, url


def test_add_a_line_keeps_what_was_typed(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae)
    page = browser(cast.ae).post(
        f"/invoices/new/?account={cast.account.pk}",
        entry(job, description="Half a <b>word", unit_price="oops") | {"add_line": "1", "note": "Kept"},
    )
    text = page.content.decode()
    assert page.status_code == 200
    for words in ('name="lines-2-description"', "Half a &lt;b&gt;word", 'value="oops"', "Kept"):
        assert words in text
    assert not Invoice.objects.exists()


def test_a_stale_form_shows_both_versions(cast: Cast, make_draft: Make) -> None:
    job = make_job(cast.account, cast.ae)
    invoice = make_draft(line(job))
    actions.edit_draft(
        invoice,
        [line(job, "77", description="Theirs")],
        revision=0,
        order_number="",
        note="",
        payment_days=30,
        by=cast.teammate,
        now=NOW,
    )
    client = browser(cast.ae)
    response = client.post(f"/invoices/draft/{invoice.pk}/edit/", entry(job, description="Mine"))
    assert response.status_code == 409
    text = response.content.decode()
    assert "Theirs" in text
    assert "Mine" in text
    assert invoice.lines.get().description == "Theirs"
    assert 'name="revision" value="1"' in text
    assert (
        client.post(f"/invoices/draft/{invoice.pk}/edit/", entry(job, description="Mine") | {"revision": "1"}).status_code == 302
    )
    assert invoice.lines.get().description == "Mine"


@pytest.mark.parametrize("amount", ["", "abc", "0", "-1", "1,234", "99999999", "NaN"])
def test_payments_that_cannot_be(cast: Cast, make_issued: Make, amount: str) -> None:
    invoice = make_issued()
    data = {"received_on": "2026-11-20", f"amount_{invoice.pk}": amount, f"seen_{invoice.pk}": "0"}
    assert browser(cast.finance).post(f"/invoices/{invoice.number}/pay/", data).status_code in (409, 422)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1234.5", "1234.5"), ("1234,5", "1234.5"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1 234,50", "1234.50"),
        ("1\u00a0234.5", "1234.5"), ("1'234.50", "1234.50"), ("-200", "-200"), ("−200", "-200"), ("1.234.567", "1234567"), ("١٢٣٫٥", "123.5"),
    ],
)  # fmt: skip
def test_amounts_as_people_type_them(text: str, meant: str) -> None:
    assert read_amount(text) == Decimal(meant)


@pytest.mark.parametrize("text", ["1,234", "1.2.3", "1,2,3", "12,34.5.6", "1.234,567.8", "", "-", ".", "1e5", "0x1", "１２a"])
def test_amounts_that_mean_nothing_or_two_things(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the text itself is its message)
        read_amount(text)


def test_todos(cast: Cast, make_draft: Make) -> None:
    def buttons(user: User) -> list[str]:
        return [one.button for one in todo.todos(user, NOW)]

    job = make_job(cast.account, cast.ae, delivered_at=NOW - timedelta(days=3))
    assert buttons(cast.ae) == ["Request billing"]
    invoice = make_draft(line(job), by=cast.ae)
    assert buttons(cast.ae) == []
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    assert (buttons(cast.manager), buttons(cast.finance)) == (["Check and approve"], [])
    actions.return_billing(invoice, reason="Wrong rate", by=cast.manager, now=NOW)
    assert [(one.button, one.why) for one in todo.todos(cast.ae, NOW)] == [("Correct the invoice", "Wrong rate")]
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    actions.approve_billing(invoice, by=cast.manager, now=NOW)
    assert buttons(cast.finance) == ["Check and issue"]
    for who in (cast.outsider, cast.creative):
        assert buttons(who) == []
    actions.issue_invoice(invoice, by=cast.finance, now=NOW)
    assert buttons(cast.finance) == []
    cast.contact.gets_invoices = False
    cast.contact.save()
    assert buttons(cast.finance) == ["Choose a contact"]


def test_the_end_of_the_chain(cast: Cast, make_draft: Make, make_issued: Make) -> None:
    job = make_job(cast.account, cast.ae, delivered_at=NOW)
    today = NOW.date()

    def states(day: Any = today) -> list[str]:
        return [str(step["state"]) for step in chain.steps(job, day)]

    assert states() == ["now", "todo"]
    invoice = make_issued(line(job))
    assert states() == ["done", "client"]
    assert states(today + timedelta(days=31)) == ["done", "late"]
    actions.record_payment({invoice: invoice.open_amount}, received_on=today, by=cast.finance, now=NOW)
    assert states() == ["done", "done"]


def test_the_list_begins_with_what_is_not_issued_yet(cast: Cast, make_issued: Make, make_draft: Make) -> None:
    draft, issued = make_draft(), make_issued()
    assert list(browser(cast.finance).get(reverse("invoice_list")).context["rows"]) == [draft, issued]


def test_what_went_out_leads_to_what_it_is_about(cast: Cast, make_issued: Make) -> None:
    make_issued()
    chase.chase_payments(NOW + timedelta(days=33))
    letter = OutgoingMail.objects.get(letter="billing.reminder")
    OutgoingMail.objects.filter(pk=letter.pk).update(created_at=clock.now())
    page = browser(cast.finance).get("/chase/").content.decode()
    assert letter.subject in page
    assert 'href="/invoices/?state=open&amp;client=ACM"' in page


def test_query_counts_do_not_grow(cast: Cast, make_issued: Make, make_draft: Make, django_assert_max_num_queries: Any) -> None:
    client = browser(cast.finance)
    for _turn in range(3):
        make_issued()
        make_draft()
    counts: dict[str, list[int]] = {}
    for _round in range(2):
        for url in ("/invoices/", "/receivables/", "/chase/", "/invoices/2026-00001/"):
            with django_assert_max_num_queries(40) as queries:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(queries))
        for _turn in range(4):
            make_issued()
            make_draft()
    assert {url: (first, second) for url, (first, second) in counts.items() if second > first} == {}


def test_a_job_that_is_billed_already_is_no_surprise(cast: Cast, make_issued: Make) -> None:
    job, other = make_job(cast.account, cast.ae), make_job(cast.account, cast.ae)
    invoice = make_issued(line(job))
    page = browser(cast.ae).get(reverse("invoice_create"), {"job": job.number})
    assert page.context["billed_before"] == [invoice]
    assert invoice.get_absolute_url() in page.content.decode()
    assert browser(cast.ae).get(reverse("invoice_create"), {"job": other.number}).context["billed_before"] == []
    actions.credit_invoice(invoice, reason="Wrong", by=cast.finance, now=NOW)
    assert browser(cast.ae).get(reverse("invoice_create"), {"job": job.number}).context["billed_before"] == []
