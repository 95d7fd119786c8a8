"""Rows on their way into the database: numbered here, so that they can name each other, and written in chunks."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import Max

from agency import audit
from agency.models import AuditEntry

M = TypeVar("M", bound=models.Model)
#: What means something in the text that COPY reads.
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
ESCAPED = re.compile(r"[\\\t\n\r]")


class Ledger:
    """Collects rows, gives them their keys in the order they come, and writes them; what is written is forgotten."""

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.last: dict[type[models.Model], int] = {}
        self.written: dict[type[models.Model], int] = defaultdict(int)

    def key(self, model: type[models.Model]) -> int:
        """The next free primary key of a table."""
        if model not in self.last:
            self.last[model] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        self.last[model] += 1
        return self.last[model]

    def add(self, row: M) -> M:
        row.pk = row.pk or self.key(type(row))
        self.waiting[type(row)].append(row)
        return row

    def note(
        self,
        action: str,
        obj: models.Model,
        *,
        by: audit.Acts,
        at: datetime,
        account: models.Model | None,
        client: models.Model | None = None,
        reason: str = "",
        label: str = "",
        **new: Any,
    ) -> None:
        """An entry of the record, as agency.audit.record() would have written it at that moment."""
        who = audit.actor(by)
        client_id = client.pk if client else getattr(account, "client_id", None)
        self.add(
            AuditEntry(
                at=at, actor_kind=who.kind, actor_id=who.id, actor_name=who.name[:150], action=action,
                content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk, object_label=(label or str(obj))[:250],
                account_id=account.pk if account else None, client_id=client_id, new=new, reason=reason,
            )
        )  # fmt: skip

    def flush(self) -> None:
        """Write what is waiting, in one transaction: the database checks keys at its end, so the order of tables doesn't matter."""
        with transaction.atomic():
            for model, rows in self.waiting.items():
                if connection.vendor == "postgresql":
                    copy(model, rows)
                else:
                    model._base_manager.bulk_create(rows, batch_size=2_000)
                self.written[model] += len(rows)
        self.waiting.clear()

    def flush_if(self, most: int = 40_000) -> None:
        """Write when enough has come together; so memory stays bounded however large the agency is."""
        if sum(map(len, self.waiting.values())) >= most:
            self.flush()

    def close(self) -> None:
        """Write the rest, and let the database go on counting where we stopped."""
        self.flush()
        touched: Iterable[type[models.Model]] = [
            model for model in apps.get_models(include_auto_created=True) if model in self.last
        ]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(touched)):
                cursor.execute(statement)


def copy(model: type[models.Model], rows: list[Any]) -> None:
    """Write rows by COPY: half the work of INSERT, since every value is in its column's type already."""
    columns = [field.column for field in model._meta.local_concrete_fields]
    names = [field.attname for field in model._meta.local_concrete_fields]
    lines = ["\t".join(_text(facts[name]) for name in names) for facts in (row.__dict__ for row in rows)]
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({listed}) FROM STDIN', StringIO("\n".join(lines)))


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=DjangoJSONEncoder)
    elif isinstance(value, datetime | date):
        return value.isoformat()
    elif not isinstance(value, str):
        return str(value)
    return ESCAPED.sub(lambda found: ESCAPES[found[0]], value) if ESCAPED.search(value) else str(value)
