"""Draft, request, approve, return, issue: who may, in which order, with which refusals; nothing moves when refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Client
from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry, Counter
from billing import actions
from billing.models import Invoice
from jobsheets.models import Job
from tests.cast import NOW, Cast, make_job

from .conftest import line

Make = Callable[..., Invoice]
S = Invoice.Status


def test_the_whole_way(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft(by=cast.ae)
    assert (invoice.status, invoice.number, invoice.currency, invoice.payment_days) == (S.DRAFT, None, "EUR", 30)
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    actions.approve_billing(invoice, by=cast.manager, now=NOW)
    actions.issue_invoice(invoice, by=cast.finance, now=NOW)
    invoice.refresh_from_db()
    assert (invoice.number, invoice.issued_on, invoice.due_on) == ("2026-00001", date(2026, 11, 24), date(2026, 12, 24))
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal(1000), Decimal(210), Decimal(1210))
    assert [(tax.rate, tax.base, tax.amount) for tax in invoice.taxes.all()] == [(21, 1000, 210)]
    done = list(AuditEntry.objects.for_object(invoice).order_by("pk").values_list("action", "actor_name"))
    assert done == [
        ("invoice.drafted", "Ana Ruiz"),
        ("invoice.requested", "Ana Ruiz"),
        ("invoice.approved", "Mona Silva"),
        ("invoice.issued", "Fina Gold"),
    ]


def test_who_asked_does_not_approve(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft(by=cast.director)
    actions.request_billing(invoice, by=cast.director, now=NOW)
    with pytest.raises(NotPermitted):
        actions.approve_billing(invoice, by=cast.director, now=NOW)
    invoice.refresh_from_db()
    assert invoice.status == S.REQUESTED
    actions.approve_billing(invoice, by=cast.manager, now=NOW)


@pytest.mark.parametrize("who", ["ae", "teammate", "creative", "manager", "director", "traffic", "admin"])
def test_only_finance_issues(cast: Cast, make_draft: Make, who: str) -> None:
    invoice = make_draft()
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    actions.approve_billing(invoice, by=cast.director, now=NOW)
    with pytest.raises(NotPermitted):
        actions.issue_invoice(invoice, by=getattr(cast, who), now=NOW)
    assert not Counter.objects.filter(name__startswith="invoice:").exists()


def test_out_of_order(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft()
    with pytest.raises(WrongState):
        actions.issue_invoice(invoice, by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        actions.approve_billing(invoice, by=cast.manager, now=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.number) == (S.DRAFT, None)
    assert not Counter.objects.filter(name__startswith="invoice:").exists()


def test_issued_twice_counts_once(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    stale = Invoice.objects.get(pk=invoice.pk)
    with pytest.raises(WrongState):
        actions.issue_invoice(stale, by=cast.finance, now=NOW)
    assert Counter.objects.get(name="invoice:2026").last == 1


def test_returned_with_a_reason(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft()
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    with pytest.raises(Refused):
        actions.return_billing(invoice, reason="   ", by=cast.manager, now=NOW)
    actions.return_billing(invoice, reason="Wrong rate.", by=cast.manager, now=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.returned_reason, invoice.requested_by) == (S.DRAFT, "Wrong rate.", None)


def test_the_client_wants_an_order_number(cast: Cast, make_draft: Make) -> None:
    Client.objects.filter(pk=cast.acme.pk).update(order_number_required=True)
    cast.account.client.refresh_from_db()
    invoice = make_draft()
    with pytest.raises(Refused, match="order number"):
        actions.request_billing(invoice, by=cast.ae, now=NOW)
    lines = [line(one.job) for one in invoice.lines.all()]
    actions.edit_draft(invoice, lines, revision=0, order_number="PO 7", note="", payment_days=30, by=cast.ae, now=NOW)
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    assert invoice.status == S.REQUESTED


@pytest.mark.parametrize("status", ["draft", "approval", "held", "cancelled"])
def test_the_gate(cast: Cast, make_draft: Make, status: str) -> None:
    with pytest.raises(WrongState):
        make_draft(line(make_job(cast.account, cast.ae, status=status)))
    assert not Invoice.objects.exists()


def test_a_closed_job_may_be_billed_and_one_cancelled_meanwhile_not(cast: Cast, make_draft: Make) -> None:
    job = make_job(cast.account, cast.ae, status="closed")
    invoice = make_draft(line(job))
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    Job.objects.filter(pk=job.pk).update(status="cancelled")
    with pytest.raises(WrongState):
        actions.approve_billing(invoice, by=cast.manager, now=NOW)


@pytest.mark.parametrize(
    "bad",
    [
        {"price": "-1"},
        {"price": "0"},
        {"quantity": "0"},
        {"quantity": "-2"},
        {"tax": "101"},
        {"tax": "-1"},
        {"price": "1.001"},
        {"quantity": "1.001"},
        {"price": "NaN"},
        {"price": "Infinity"},
        {"price": "9999999999999", "quantity": "99"},
        {"description": "   "},
    ],
)
def test_bad_lines(cast: Cast, make_draft: Make, bad: dict[str, str]) -> None:
    job = make_job(cast.account, cast.ae)
    with pytest.raises(Refused):
        make_draft(line(job, **bad))
    assert not Invoice.objects.exists()


def test_lines_of_another_account(cast: Cast, make_draft: Make) -> None:
    with pytest.raises(Refused):
        make_draft(line(make_job(cast.rival_account, cast.outsider)))
    with pytest.raises(Refused):
        make_draft(*[line(make_job(cast.account, cast.ae))] * 101)
    with pytest.raises(Refused):
        actions.create_invoice(cast.account, [], by=cast.ae, now=NOW)
    assert not Invoice.objects.exists()


def test_a_stale_edit_changes_nothing(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft()
    lines = [line(one.job, "5") for one in invoice.lines.all()]
    actions.edit_draft(invoice, lines, revision=0, order_number="A", note="", payment_days=30, by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        actions.edit_draft(
            invoice, [line(lines[0].job, "9")], revision=0, order_number="B", note="", payment_days=30, by=cast.teammate, now=NOW
        )
    invoice.refresh_from_db()
    assert (invoice.order_number, invoice.revision, invoice.lines.get().unit_price) == ("A", 1, 5)


def test_no_edit_after_the_request(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft()
    lines = [line(one.job, "5") for one in invoice.lines.all()]
    actions.request_billing(invoice, by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        actions.edit_draft(invoice, lines, revision=0, order_number="A", note="", payment_days=30, by=cast.ae, now=NOW)
    with pytest.raises(WrongState):
        actions.discard_draft(invoice, by=cast.ae, now=NOW)
    assert invoice.lines.get().unit_price == 1000


def test_discarded(cast: Cast, make_draft: Make) -> None:
    invoice = make_draft()
    actions.discard_draft(invoice, by=cast.ae, now=NOW)
    assert not Invoice.objects.exists()
    assert AuditEntry.objects.filter(action="invoice.discarded").exists()


def test_numbers_go_back_with_their_transaction(make_issued: Make) -> None:
    assert make_issued().number == "2026-00001"

    def fail_after_issuing() -> None:
        with transaction.atomic():
            assert make_issued().number == "2026-00002"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_issuing()
    assert make_issued().number == "2026-00002"


def test_days_and_years_are_the_agencys(make_issued: Make) -> None:
    """Half past eleven at night in London is already the new year in Madrid."""
    invoice = make_issued(now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert (invoice.number, invoice.issued_on) == ("2027-00001", date(2027, 1, 1))
    assert make_issued(now=datetime(2026, 12, 31, 22, 30, tzinfo=UTC)).number == "2026-00001"


def test_what_is_issued_stays_as_it_was(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued(order_number="PO 7", note="Thank you")
    Client.objects.filter(pk=cast.acme.pk).update(legal_name="Renamed", address="Elsewhere", tax_id="X")
    frozen = Invoice.objects.get(pk=invoice.pk).frozen
    assert frozen["buyer"] == {"name": "Acme S.L.", "code": "ACM", "address": "Calle Mayor 1\n28013 Madrid", "tax_id": "B-ACM"}
    assert frozen["seller"]["name"] == "Norte & Oriente S.L."
    assert frozen["seller"]["iban"] == "ES91 2100 0418 4502 0005 1332"
    assert frozen["lines"][0]["job"] == "ACM-26-0001"
    assert frozen["lines"][0]["total"] == "1000.00"
