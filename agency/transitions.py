"""The one way a status changes: conditional, in a transaction, with its entry in the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from . import audit
from .errors import WrongState


def move(
    obj: models.Model,
    to: str,
    *,
    by: audit.Acts,
    now: datetime,
    action: str,
    reason: str = "",
    only_from: str | Iterable[str] | None = None,
    **facts: Any,
) -> None:
    """Move `obj` to the status `to` and set `facts`, if its present status allows it; write the audit entry.

    The model has `status` and `TRANSITIONS: dict[status, set of next statuses]`. Of two racing moves exactly one counts.
    `only_from` narrows the statuses this action starts from. Raises WrongState, with nothing changed, when the thing is
    no longer in one of them. `obj` is refreshed.
    """
    sources = _sources(obj, to, only_from)
    rows = type(obj)._base_manager.filter(pk=obj.pk)
    with transaction.atomic():
        current = rows.select_for_update().values_list("status", flat=True).first()
        if current not in sources or not rows.filter(status=current).update(status=to, **facts):
            raise WrongState(_wrong_state(obj, current))
        obj.refresh_from_db(fields=["status", *facts])
        new = {"status": str(to)} | {name: value for name, value in facts.items() if _is_plain(value)}
        audit.record(action, obj, by=by, now=now, reason=reason, old={"status": str(current)}, new=new)


def allows(obj: Any, to: str) -> bool:
    """Whether the status at hand allows `to`: for showing or hiding a button, never instead of `move`."""
    return to in obj.TRANSITIONS.get(obj.status, ())


def _sources(obj: Any, to: str, only_from: str | Iterable[str] | None) -> set[str]:
    sources = {str(source) for source, targets in obj.TRANSITIONS.items() if to in targets}
    if only_from is None:
        return sources
    narrowed = {only_from} if isinstance(only_from, str) else set(only_from)
    return sources & {str(source) for source in narrowed}


def _is_plain(value: Any) -> bool:
    """Whether a fact may stand in the record: queries and files may not."""
    return not hasattr(value, "resolve_expression") and not hasattr(value, "read")


def _wrong_state(obj: Any, current: str | None) -> str:
    if current is None:
        return _("This no longer exists.")
    label = dict(obj._meta.get_field("status").flatchoices).get(current, current)
    return _("%(object)s is now in the state “%(status)s”, which doesn't allow this. Reload the page to see where it stands.") % {
        "object": obj,
        "status": label,
    }
