"""Amounts as people type them: 1234.50, 1 234,50, 1.234,50. What could mean two things is asked again."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
_ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬", "0123456789.,")


def read_amount(text: str) -> Decimal:
    """The number meant. Raises ValueError for what is no number or could mean two ("1,234")."""
    text = _SPACES.sub("", text.translate(_ARABIC)).replace("−", "-")
    if not re.fullmatch(r"-?\d[\d.,]{0,20}", text):
        raise ValueError(text)
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = max(text.rfind("."), text.rfind(","))
        whole, grouping = text[:decimal], "," if text[decimal] == "." else "."
        if text[decimal] in whole or not re.fullmatch(rf"-?\d{{1,3}}(\{grouping}\d{{3}})+", whole):
            raise ValueError(text)
        text = whole.replace(grouping, "") + "." + text[decimal + 1 :]
    elif points + commas > 1:
        if not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text):
            raise ValueError(text)
        text = text.replace(".", "").replace(",", "")
    elif commas:
        if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text):
            raise ValueError(text)  # a thousand, or one and a bit?
        text = text.replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


class AmountField(forms.Field):
    """A Decimal, typed with either separator; shown as stored, without grouping."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "text-end"})

    def __init__(self, *, not_a_number: Any, places: int = 2, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.not_a_number, self.places, self.fixed = not_a_number, places, fixed

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            amount = read_amount(text)
        except ValueError as error:
            raise ValidationError(self._two_amounts(text) if re.search(r"\d,\d{3}$", text) else self.not_a_number) from error
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -self.places:
            if re.search(r"\d\.\d{3}$", text):  # a thousand where points part thousands
                raise ValidationError(self._two_amounts(text))
            raise ValidationError(_("Write at most %(places)s decimal places.") % {"places": self.places})
        return amount

    @staticmethod
    def _two_amounts(text: str) -> str:
        words = _("“%(text)s” could mean two amounts. Write it without thousands marks, such as 1234.00.")
        return words % {"text": text}

    def prepare_value(self, value: Any) -> Any:
        """Money with all its decimal places (`fixed`), anything else without needless zeros."""
        if not isinstance(value, Decimal):
            return value
        return f"{value:.{self.places}f}" if self.fixed else f"{value.normalize():f}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return read_amount(str(data)) != initial if data else initial is not None
        except ValueError:
            return True
