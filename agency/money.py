"""Money: Decimal with its currency, one rounding (half up), one way to add up lines, one display."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Protocol

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language

#: Where CLDR wants a no-break space that Babel leaves out: between a currency's letters and the amount.
LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
#: A sign after Latin letters at the end of an Arabic amount, as in UK£: unless marked, it would jump before them.
SIGN_AFTER_LETTERS = re.compile(r"^(\u200f.*[A-Z][^\w\s])$")


class Line(Protocol):
    """A line of a quotation or invoice; `tax_rate` in percent."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def tax_rate(self) -> Decimal: ...


@dataclass(frozen=True)
class TaxTotal:
    """The tax of all lines of one rate (percent): on what, and how much."""

    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of a document. gross = net + all taxes, exactly."""

    net: Decimal
    taxes: list[TaxTotal]
    gross: Decimal

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net


def digits(currency: str) -> int:
    """How many decimal places the currency has: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's smallest unit, half up (away from zero, so that a credit cancels its invoice)."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), rounding=ROUND_HALF_UP)


def line_total(line: Line, currency: str) -> Decimal:
    """Quantity times price, without tax."""
    return quantize(line.quantity * line.unit_price, currency)


def totals(lines: Iterable[Line], currency: str) -> Totals:
    """Add up lines: each line rounded, tax computed once per rate on the sum of its lines (as EN 16931 asks)."""
    bases: dict[Decimal, Decimal] = defaultdict(lambda: quantize(Decimal(0), currency))
    for line in lines:
        bases[Decimal(line.tax_rate)] += line_total(line, currency)
    taxes = [TaxTotal(rate, base, quantize(base * rate / 100, currency)) for rate, base in sorted(bases.items())]
    net = quantize(sum((tax.base for tax in taxes), Decimal(0)), currency)
    return Totals(net, taxes, net + sum((tax.amount for tax in taxes), Decimal(0)))


@lru_cache
def babel_locale(language: str) -> Locale:
    """Babel's locale of one of our languages."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """The amount as the language writes it, with Western digits: €1,234.50, SAR 1,234.50, 1.234,50 €, 1 234,50 €."""
    shown = format_currency(quantize(amount, currency), currency, locale=babel_locale(language or get_language() or "en"))
    return SIGN_AFTER_LETTERS.sub("\\1\u200e", LETTER_BEFORE_DIGIT.sub("\u00a0", shown))
