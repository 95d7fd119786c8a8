"""Selects written in one go. Django renders a template for each option: with a hundred clients, longer than the page."""

from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", attributes, options(self.choices, set(self.format_value(value))))


def options(choices: Iterable[tuple[Any, Any]], chosen: Container[str]) -> SafeString:
    """The options of a select, of code and label."""
    # A word of ours is safe; codes and labels, which people write, are escaped by format_html_join.
    rows = ((code, mark_safe(" selected") if str(code) in chosen else "", label) for code, label in choices)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
