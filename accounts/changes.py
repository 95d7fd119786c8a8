"""What an edit changes: the old and new facts for the record, and whether somebody else was faster."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from agency.errors import Refused


class Stale(Refused):
    """Somebody changed the thing since the person opened the form; nothing was written."""


def fingerprint(obj: models.Model, fields: Iterable[str]) -> str:
    """A short digest of the fields' values: a form carries it, so that a save on top of somebody else's is noticed."""
    values = "\x1f".join(f"{name}={getattr(obj, obj._meta.get_field(name).attname)!r}" for name in sorted(fields))  # type: ignore[union-attr]
    return hashlib.sha256(values.encode()).hexdigest()[:24]


def refuse_if_stale(obj: models.Model, fields: Iterable[str], seen: str) -> None:
    """Raise Stale when `seen` (the fingerprint the form carried; empty: not asked) no longer fits `obj`."""
    if seen and seen != fingerprint(obj, fields):
        raise Stale(_("Somebody changed this while you had it open. Compare both below, then save again to keep yours."))


def apply(obj: models.Model, facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set `facts` on `obj`, save only what differs, and answer the old and new values of it; both empty: nothing changed."""
    old = {name: getattr(obj, name) for name, value in facts.items() if getattr(obj, name) != value}
    new = {name: facts[name] for name in old}
    for name, value in new.items():
        setattr(obj, name, value)
    if new:
        obj.save(update_fields=list(new))
    return old, new
