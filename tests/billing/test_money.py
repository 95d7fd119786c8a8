"""Paid + credited + open = total, always: payments, their reversal, credit notes, and what the database refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.errors import NotPermitted, Refused, WrongState
from agency.money import line_total, quantize, totals
from billing import actions, figures
from billing.models import Allocation, Invoice, InvoiceLine, Payment, TaxLine
from tests.cast import NOW, Cast, make_client, make_job

from .conftest import line

Make = Callable[..., Invoice]
D = Decimal
TODAY = date(2026, 11, 24)


def pay(cast: Cast, invoice: Invoice, amount: str, **facts: Any) -> Payment:
    values = {"received_on": TODAY, "by": cast.finance, "now": NOW} | facts
    return actions.record_payment({invoice: D(amount)}, **values)


def test_paid_in_parts(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    assert invoice.state_on(TODAY) == "issued"
    pay(cast, invoice, "210.00")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.paid, invoice.state_on(TODAY)) == (1000, 210, "part_paid")
    assert invoice.state_on(date(2026, 12, 24)) == "part_paid"
    assert invoice.state_on(date(2026, 12, 25)) == "overdue"
    pay(cast, invoice, "1000")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.state_on(date(2027, 1, 1))) == (0, "paid")
    assert not Invoice.objects.unpaid().exists()


@pytest.mark.parametrize("amount", ["1210.01", "0", "-5", "1.001"])
def test_amounts_that_cannot_be(cast: Cast, make_issued: Make, amount: str) -> None:
    invoice = make_issued()
    with pytest.raises(Refused):
        pay(cast, invoice, amount)
    invoice.refresh_from_db()
    assert invoice.settled == 0
    assert not Payment.objects.exists()


def test_refused_payments(cast: Cast, make_issued: Make, make_draft: Make) -> None:
    invoice = make_issued()
    with pytest.raises(NotPermitted):
        pay(cast, invoice, "10", by=cast.director)
    with pytest.raises(Refused, match="future"):
        pay(cast, invoice, "10", received_on=TODAY + timedelta(days=1))
    with pytest.raises(WrongState):
        pay(cast, make_draft(), "10")
    with pytest.raises(Refused):
        actions.record_payment({}, received_on=TODAY, by=cast.finance, now=NOW)
    other = make_issued(line(make_job(cast.rival_account, cast.outsider)), account=cast.rival_account)
    with pytest.raises(Refused, match="one account"):
        actions.record_payment({invoice: D(1), other: D(1)}, received_on=TODAY, by=cast.finance, now=NOW)
    assert not Payment.objects.exists()


def test_a_form_sent_twice_counts_once(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    seen = Invoice.objects.get(pk=invoice.pk)
    pay(cast, invoice, "100")
    with pytest.raises(WrongState):
        pay(cast, seen, "100")
    assert Payment.objects.count() == 1


def test_one_transfer_pays_two_invoices(cast: Cast, make_issued: Make) -> None:
    one, two = make_issued(), make_issued()
    payment = actions.record_payment({one: D("1210"), two: D("10")}, received_on=TODAY, reference="TRF", by=cast.finance, now=NOW)
    assert payment.amount == 1220
    actions.reverse_payment(payment, reason="Bounced", by=cast.finance, now=NOW)
    for invoice in (one, two):
        invoice.refresh_from_db()
        assert invoice.settled == 0
    with pytest.raises(WrongState):
        actions.reverse_payment(payment, reason="Again", by=cast.finance, now=NOW)
    payment.refresh_from_db()
    assert payment.reversed_reason == "Bounced"


def test_a_reversal_has_a_reason(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    payment = pay(cast, invoice, "100")
    with pytest.raises(Refused):
        actions.reverse_payment(payment, reason=" ", by=cast.finance, now=NOW)
    invoice.refresh_from_db()
    assert invoice.settled == 100


def test_credited(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    note = actions.credit_invoice(invoice, reason="Wrong client order", by=cast.finance, now=NOW)
    assert (note.number, note.gross, note.credits, note.frozen["credits"]["number"]) == (
        "2026-R-00001",
        1210,
        invoice,
        invoice.number,
    )
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.paid, invoice.state_on(TODAY)) == (0, 0, "credited")
    with pytest.raises(WrongState):
        actions.credit_invoice(invoice, reason="Again", by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        actions.credit_invoice(note, reason="The note", by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        pay(cast, invoice, "1")
    assert make_issued().number == "2026-00002"  # a series of its own


def test_credit_waits_for_the_payment_to_be_reversed(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    payment = pay(cast, invoice, "10")
    with pytest.raises(Refused, match="Reverse"):
        actions.credit_invoice(invoice, reason="Wrong", by=cast.finance, now=NOW)
    actions.reverse_payment(payment, reason="Sent back", by=cast.finance, now=NOW)
    actions.credit_invoice(invoice, reason="Wrong", by=cast.finance, now=NOW)
    for who in (cast.ae, cast.director):
        with pytest.raises(NotPermitted):
            actions.credit_invoice(make_issued(), reason="Wrong", by=who, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Invoice.objects.filter(pk=one.pk).update(gross=1),
        lambda one: Invoice.objects.filter(pk=one.pk).update(number="2026-00099"),
        lambda one: Invoice.objects.filter(pk=one.pk).update(frozen={}),
        lambda one: Invoice.objects.filter(pk=one.pk).update(status="draft"),
        lambda one: Invoice.objects.filter(pk=one.pk).update(due_on=TODAY),
        lambda one: Invoice.objects.filter(pk=one.pk)._raw_delete("default"),
        lambda one: InvoiceLine.objects.filter(invoice=one).update(unit_price=1),
        lambda one: InvoiceLine.objects.filter(invoice=one)._raw_delete("default"),
        lambda one: TaxLine.objects.filter(invoice=one).update(amount=0),
        lambda one: Allocation.objects.filter(invoice=one).update(amount=1),
        lambda one: Payment.objects.filter(allocations__invoice=one).update(amount=1),
        lambda one: Payment.objects.filter(allocations__invoice=one)._raw_delete("default"),
        lambda one: Invoice.objects.filter(pk=one.pk).update(settled=99999),
        lambda one: Invoice.objects.filter(pk=one.pk).update(settled=-1),
    ],
)
def test_the_database_refuses(cast: Cast, make_issued: Make, change: Callable[[Invoice], Any]) -> None:
    invoice = make_issued()
    pay(cast, invoice, "10")
    before = Invoice.objects.filter(pk=invoice.pk).values().get()
    with pytest.raises(DatabaseError), transaction.atomic():
        change(invoice)
    assert Invoice.objects.filter(pk=invoice.pk).values().get() == before


def test_what_may_still_move(make_issued: Make) -> None:
    invoice = make_issued()
    Invoice.objects.filter(pk=invoice.pk).update(settled=5, chase_paused_reason="x")
    assert Invoice.objects.get(pk=invoice.pk).settled == 5


amounts = st.decimals(min_value=D("0.01"), max_value=D("99999"), places=2)
rates = st.sampled_from([D(0), D(4), D(10), D(21), D("5.5")])


@given(
    lines=st.lists(
        st.tuples(st.decimals(min_value=D("0.01"), max_value=D(50), places=2), amounts, rates), min_size=1, max_size=20
    )
)
@settings(max_examples=200)
def test_totals_add_up(lines: list[tuple[D, D, D]]) -> None:
    rows = [actions.LineData(None, "x", quantity, price, rate) for quantity, price, rate in lines]  # type: ignore[arg-type]
    sums = totals(rows, "EUR")
    assert sums.net == sum(line_total(row, "EUR") for row in rows)
    assert sums.gross == sums.net + sum(tax.amount for tax in sums.taxes)
    assert all(tax.amount == quantize(tax.base * tax.rate / 100, "EUR") for tax in sums.taxes)
    assert {tax.rate for tax in sums.taxes} == {rate for _quantity, _price, rate in lines}


@given(parts=st.lists(st.decimals(min_value=D("0.01"), max_value=D(700), places=2), max_size=6))
@settings(max_examples=25)
def test_whatever_is_paid_the_sum_holds(cast: Cast, make_issued: Make, parts: list[D]) -> None:
    with transaction.atomic():
        invoice = make_issued()
        for part in parts:
            try:
                pay(cast, invoice, str(part))
            except Refused:
                assert part > invoice.open_amount
        invoice.refresh_from_db()
        allocated = sum(Allocation.objects.filter(invoice=invoice).values_list("amount", flat=True), D(0))
        assert invoice.paid == allocated
        assert invoice.paid + invoice.open_amount == invoice.gross
        transaction.set_rollback(True)


def test_currencies_are_never_added_up(cast: Cast, make_issued: Make) -> None:
    from accounts.models import Account

    japan = make_client("JPN", "Nihon", currency="JPY", tax_rate=D(10))
    account = Account.objects.create(client=japan, name="All", lead=cast.ae)
    make_issued()
    yen = make_issued(line(make_job(account, cast.ae), "1005", tax="10"), account=account)
    assert (yen.net, yen.tax, yen.gross) == (1005, 101, 1106)
    ageing = figures.ageing(cast.finance, TODAY)
    assert {one.currency: one.total for one in ageing} == {"EUR": 1210, "JPY": 1106}
    with pytest.raises(Refused):
        make_issued(line(make_job(account, cast.ae), "10.5"), account=account)


def test_ageing_by_due_date(cast: Cast, make_issued: Make) -> None:
    """Due 24 December: not due on the day itself, then by days late."""
    make_issued()
    due = date(2026, 12, 24)
    cases = {0: "current", 1: "30", 30: "30", 31: "60", 60: "60", 61: "90", 90: "90", 91: "older", 400: "older"}
    for late, bucket in cases.items():
        day = due + timedelta(days=late)
        total = figures.ageing(cast.finance, day)[0]
        assert {key: amount for key, amount in total.amounts.items() if amount} == {bucket: 1210}, late
        assert figures.of_bucket(Invoice.objects.all(), bucket, day).count() == 1
    assert figures.ageing(cast.outsider, due) == []


def test_unbilled_since_signature(cast: Cast, make_draft: Make, make_issued: Make) -> None:
    job = make_job(cast.account, cast.ae, delivered_at=NOW)
    make_job(cast.account, cast.ae)  # not signed off: not counted
    assert [(one.pk, one.in_draft) for one in figures.unbilled_jobs(cast.ae)] == [(job.pk, False)]
    assert not figures.unbilled_jobs(cast.outsider).exists()
    draft = make_draft(line(job))
    assert [(one.pk, one.in_draft) for one in figures.unbilled_jobs(cast.ae)] == [(job.pk, True)]
    assert not figures.proposable_jobs(cast.account).exists()
    actions.discard_draft(draft, by=cast.ae, now=NOW)
    first = make_issued(line(job))
    assert not figures.unbilled_jobs(cast.ae).exists()
    second = make_issued(line(job), now=NOW + timedelta(days=1))
    job.refresh_from_db()
    assert job.billed_at == first.issued_at
    actions.credit_invoice(first, reason="Wrong", by=cast.finance, now=NOW + timedelta(days=2))
    job.refresh_from_db()
    assert job.billed_at == second.issued_at
    assert not figures.unbilled_jobs(cast.ae).exists()
    actions.credit_invoice(second, reason="Wrong", by=cast.finance, now=NOW + timedelta(days=2))
    assert figures.unbilled_jobs(cast.ae).get() == job
