"""Money: sums agree to the last cent whatever the lines, and every currency has its own digits."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.money import format_money, quantize, totals


@dataclass(frozen=True)
class Item:
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal


def amounts(low, high, places):
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


items = st.lists(
    st.builds(Item, amounts(-1000, 1000, 2), amounts(0, 100_000, 4), st.sampled_from([Decimal(n) for n in (0, 4, 10, 21)])),
    max_size=30,
)
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CNY", "RUB"])


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("1.004999", "EUR", "1.00"),
        ("-1.005", "EUR", "-1.01"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("1", "EUR", "1.00"),
    ],
)
def test_rounding_is_half_up_in_the_currencys_digits(amount, currency, rounded):
    result = quantize(Decimal(amount), currency)
    assert str(result) == rounded


@given(items, currencies)
def test_the_parts_add_up(lines, currency):
    sums = totals(lines, currency)
    assert sums.gross == sums.net + sum(tax.amount for tax in sums.taxes)
    assert sums.net == sum(tax.base for tax in sums.taxes)
    assert sums.tax == sum(tax.amount for tax in sums.taxes)
    for value in (sums.net, sums.gross, *(tax.amount for tax in sums.taxes)):
        assert value == quantize(value, currency)


@given(items, currencies)
def test_a_credit_note_cancels_its_invoice(lines, currency):
    credit = [Item(-line.quantity, line.unit_price, line.tax_rate) for line in lines]
    assert totals(lines, currency).gross + totals(credit, currency).gross == 0


@given(items, currencies, st.randoms())
def test_the_order_of_lines_does_not_matter(lines, currency, chance):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert totals(lines, currency) == totals(shuffled, currency)


def test_tax_is_computed_once_per_rate():
    """Three lines of 0.33 at 21 % are 0.21 of tax on 0.99, not three times 0.07."""
    line = Item(Decimal(1), Decimal("0.33"), Decimal(21))
    other = Item(Decimal(1), Decimal("1.00"), Decimal("21.00"))  # the same rate, written differently
    sums = totals([line, line, line, other], "EUR")
    assert [(tax.base, tax.amount) for tax in sums.taxes] == [(Decimal("1.99"), Decimal("0.42"))]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "€1,234.50"), ("es", "1.234,50\xa0€"), ("ru", "1\xa0234,50\xa0€"), ("zh-hans", "€1,234.50"), ("ar", "1,234.50")],
)
def test_each_language_writes_money_its_own_way_with_western_digits(language, shown):
    assert shown in format_money(Decimal("1234.5"), "EUR", language)


def test_a_currency_of_letters_stands_apart_from_its_amount():
    assert format_money(Decimal("34000"), "SAR", "en") == "SAR\xa034,000.00"
    assert format_money(Decimal("34000"), "KZT", "zh-hans") == "KZT\xa034,000.00"
    assert format_money(Decimal("-34000"), "MXN", "en") == "-MX$34,000.00"


def test_a_sign_stays_with_its_letters_in_arabic() -> None:
    """Without the mark at the end, a line from right to left would read £UK."""
    assert format_money(Decimal("8760"), "GBP", "ar") == "\u200f8,760.00\xa0UK£\u200e"
    assert format_money(Decimal("8760"), "EUR", "ar") == "\u200f8,760.00\xa0€"


def test_yen_have_no_decimals():
    assert format_money(Decimal("1234.5"), "JPY", "en") == "¥1,235"
