"""Ask in a template what an action will ask: {% if user|may:"jobs.create" %}."""

from typing import Any

from django import template

from ..permissions import may as may_do

register = template.Library()


@register.filter
def may(user: Any, action: str) -> bool:
    """Whether the person's roles allow the action (a key of accounts/permissions.py)."""
    return may_do(user, action)
