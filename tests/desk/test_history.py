"""The record is shown to those who may see what it is about, by side of the wall and by role."""

from decimal import Decimal

import pytest

from billing.actions import LineData, create_invoice
from tests.cast import NOW, Cast, make_cast, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def invoice(cast):
    line = LineData(make_job(cast.account, cast.ae), "Poster", Decimal(1), Decimal("7654.00"), Decimal(21))
    return create_invoice(cast.account, [line], by=cast.ae, now=NOW)


def test_an_invoices_history_needs_the_right_to_see_invoices(client, cast, invoice):
    address = f"/history/billing/invoice/{invoice.pk}/"
    for person, status in ((cast.ae, 200), (cast.creative, 403), (cast.outsider, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status


def test_the_clients_page_tells_who_may_not_see_invoices_nothing_about_them(client, cast, invoice):
    client.force_login(cast.ae)
    assert "drafted an invoice" in client.get(cast.acme.get_absolute_url()).content.decode()
    client.force_login(cast.creative)
    assert "drafted an invoice" not in client.get(cast.acme.get_absolute_url()).content.decode()


@pytest.mark.parametrize("before", ["²", "-1", "1" * 40, "x", ""])
def test_a_strange_place_in_the_record_is_its_beginning(client, cast, invoice, before):
    client.force_login(cast.director)
    assert "drafted an invoice" in client.get("/history/", {"before": before}).content.decode()


def test_the_record_of_everything_is_for_directors_and_administrators(client, cast):
    for person, status in ((cast.director, 200), (cast.admin, 200), (cast.ae, 403), (cast.finance, 403)):
        client.force_login(person)
        assert client.get("/history/").status_code == status
