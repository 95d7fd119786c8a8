"""Two people, or two machines, at the same moment. Threads need row locks, so this runs on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from agency.errors import Refused
from agency.models import OutgoingMail
from billing import actions, chase
from billing.models import Allocation, ChaseItem, Invoice, Payment
from tests.cast import NOW, Cast, make_job

from .conftest import line

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
]
Make = Callable[..., Invoice]


@pytest.fixture(autouse=True)
def _needs_row_locks(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer and no row locks")


def at_once(many: int, deed: Callable[[int], Any]) -> list[Any]:
    """What `many` threads got; a refusal counts as its own answer."""

    def one(place: int) -> Any:
        try:
            return deed(place)
        except (Refused, RuntimeError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def test_a_payment_clicked_by_eight_counts_once(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()

    def pay(_place: int) -> Payment:
        seen = Invoice.objects.get(pk=invoice.pk)
        seen.settled = invoice.settled
        return actions.record_payment({seen: invoice.open_amount}, received_on=date(2026, 11, 24), by=cast.finance, now=NOW)

    answers = at_once(8, pay)
    assert sum(isinstance(answer, Payment) for answer in answers) == 1
    invoice.refresh_from_db()
    assert (invoice.open_amount, Allocation.objects.count()) == (0, 1)

    payment = Payment.objects.get()
    undone = at_once(8, lambda _place: actions.reverse_payment(payment, reason="Bounced", by=cast.finance, now=NOW))
    assert sum(answer is None for answer in undone) == 1
    invoice.refresh_from_db()
    assert invoice.settled == 0


def test_issuing_with_rollbacks_leaves_no_gap(cast: Cast, make_draft: Make) -> None:
    approved = [make_draft(line(make_job(cast.account, cast.ae))) for _place in range(24)]
    for invoice in approved:
        actions.request_billing(invoice, by=cast.ae, now=NOW)
        actions.approve_billing(invoice, by=cast.director, now=NOW)

    def issue(place: int) -> None:
        with transaction.atomic():
            actions.issue_invoice(approved[place], by=cast.finance, now=NOW)
            if place % 5 == 0:
                raise RuntimeError

    at_once(24, issue)
    numbers = sorted(Invoice.objects.issued().values_list("number", flat=True))
    assert numbers == [f"2026-{place:05d}" for place in range(1, 20)]


def test_ten_sweeps_at_once_write_one_letter(make_issued: Make) -> None:
    make_issued()
    make_issued()
    at_once(10, lambda _place: chase.chase_payments(NOW + timedelta(days=33)))
    assert OutgoingMail.objects.filter(letter="billing.reminder").count() == 1
    assert ChaseItem.objects.count() == 4
