"""An agency with a bank account, its cast, and an invoice at any point of its life, brought there by the actions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from agency.models import Agency
from billing import actions
from billing.models import Invoice
from billing.plan import seed_plan
from tests.cast import NOW, Cast, make_cast, make_job

D = Decimal


@pytest.fixture
def cast(db: None) -> Cast:
    agency = Agency.current()
    agency.name, agency.legal_name, agency.zone_name = "Norte & Oriente", "Norte & Oriente S.L.", "Europe/Madrid"
    agency.address, agency.tax_id, agency.iban = "Calle Colón 18\n46004 Valencia", "B-12345678", "ES91 2100 0418 4502 0005 1332"
    agency.save()
    seed_plan()
    return make_cast()


def line(
    job: Any, price: str = "1000", *, quantity: str = "1", tax: str = "21", description: str = "Campaign"
) -> actions.LineData:
    return actions.LineData(job, description, D(quantity), D(price), D(tax))


@pytest.fixture
def make_draft(cast: Cast) -> Callable[..., Invoice]:
    def make(*lines: actions.LineData, now: Any = NOW, account: Any = None, by: Any = None, **facts: Any) -> Invoice:
        account = account or cast.account
        return actions.create_invoice(
            account, lines or [line(make_job(account, cast.ae))], by=by or cast.director, now=now, **facts
        )

    return make


@pytest.fixture
def make_issued(cast: Cast, make_draft: Callable[..., Invoice]) -> Callable[..., Invoice]:
    """Issued at `now`; everything behind it happened at the same instant."""

    def make(*lines: actions.LineData, now: Any = NOW, **facts: Any) -> Invoice:
        invoice = make_draft(*lines, now=now, **facts)
        actions.request_billing(invoice, by=cast.ae, now=now)
        actions.approve_billing(invoice, by=cast.director, now=now)
        actions.issue_invoice(invoice, by=cast.finance, now=now)
        return invoice

    return make
