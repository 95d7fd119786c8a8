"""The record of who did what: one entry per action, written in the same transaction as the change."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from .models import AuditEntry

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Actor:
    """Who acts: a colleague, a contact of a client, or the system."""

    kind: Literal["user", "contact", "system"]
    id: int | None
    name: str

    def as_actor(self) -> "Actor":
        return self


SYSTEM = Actor("system", None, "Countersign")


class Acts(Protocol):
    """Anything that can be `by`: an Actor, a colleague, a contact."""

    def as_actor(self) -> Actor: ...


def actor(by: Acts) -> Actor:
    """The frozen form of `by`, as it stands in the record."""
    return by.as_actor()


_sentences: dict[str, str | Promise] = {}
_words: dict[str, Mapping[str, Mapping[str, str | Promise]]] = {}


def register_sentences(sentences: Mapping[str, str | Promise]) -> None:
    """Say what each dotted action reads like, as in {"job.opened": gettext_lazy("opened job %(object)s")}.

    A sentence may use %(object)s, %(reason)s, and %(old_x)s and %(new_x)s for each old and new fact x.
    """
    _sentences.update(sentences)


def registered_sentences() -> dict[str, str | Promise]:
    return dict(_sentences)


def register_words(words: Mapping[str, Mapping[str, Mapping[str, str | Promise]]]) -> None:
    """Say how facts that are choices read, by action and fact, as in {"job.approved": {"new_side": dict(Side.choices)}}.

    The record keeps the value: its word depends on who reads it.
    """
    _words.update(words)


def sentence_of(entry: "AuditEntry") -> str:
    """The action's sentence in the active language; an action without one shows its dotted name."""
    sentence = _sentences.get(entry.action)
    if sentence is None:
        logger.warning("The action %s has no sentence.", entry.action)
        return f"{entry.action} {entry.object_label}".strip()
    facts = defaultdict(str, entry.facts())
    for name, words in _words.get(entry.action, {}).items():
        facts[name] = words.get(facts[name], facts[name])
    return str(sentence) % facts


def record(
    action: str,
    obj: models.Model | None,
    *,
    by: Acts,
    now: datetime,
    account: models.Model | None = None,
    client: models.Model | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> "AuditEntry":
    """Write one entry. Account and client are taken from `obj` when it has them; the client also from the account."""
    from .models import AuditEntry

    who = actor(by)
    account = account or getattr(obj, "account", None)
    client = client or getattr(obj, "client", None) or getattr(account, "client", None)
    return AuditEntry.objects.create(
        at=now,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_name=who.name[:150],
        action=action,
        content_type=ContentType.objects.get_for_model(obj) if obj is not None else None,
        object_id=obj.pk if obj is not None else None,
        object_label=str(obj)[:250] if obj is not None else "",
        account_id=account.pk if account is not None else None,
        client_id=client.pk if client is not None else None,
        old=_plain(old),
        new=_plain(new),
        reason=reason,
    )


def _plain(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Facts as JSON can hold them: models by their label, translated texts as text."""
    return {name: str(value) if isinstance(value, models.Model | Promise) else value for name, value in (facts or {}).items()}
