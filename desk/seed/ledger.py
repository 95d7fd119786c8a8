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
        self.waiting: dict[type[models.Model], list[dict[str, Any]]] = defaultdict(list)  # facts by attribute
        self.last: dict[type[models.Model], int] = {}
        self.written: dict[type[models.Model], int] = defaultdict(int)

    def key(self, model: type[models.Model]) -> int:
        """The next free primary key of a table."""
        if model not in self.last:
            self.last[model] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        self.last[model] += 1
        return self.last[model]

    def add(self, row: M) -> M:
        """A row that others name, as an instance; it may still change until it is written."""
        row.pk = row.pk or self.key(type(row))
        self.waiting[type(row)].append(row.__dict__)
        return row

    def put(self, model: type[models.Model], **facts: Any) -> None:
        """A row that nobody names, by its columns: half the work of an instance, for tables of which there is most."""
        facts["id"] = self.key(model)
        self.waiting[model].append(facts)

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
        self.put(
            AuditEntry, at=at, actor_kind=who.kind, actor_id=who.id, actor_name=who.name[:150], action=action,
            content_type_id=ContentType.objects.get_for_model(obj).pk, object_id=obj.pk, object_label=(label or str(obj))[:250],
            account_id=account.pk if account else None, client_id=client_id, old={}, new=new, reason=reason,
        )  # fmt: skip

    def flush(self) -> None:
        """Write what is waiting, in one transaction: the database checks keys at its end, so the order of tables doesn't matter."""
        with transaction.atomic():
            for model, rows in self.waiting.items():
                write(model, rows)
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


def write(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write rows into a table: by COPY on PostgreSQL, which is half the work of INSERT and skips the ORM."""
    fields = model._meta.local_concrete_fields
    if connection.vendor != "postgresql":
        names = {field.attname for field in fields}
        made = [model(**{name: value for name, value in facts.items() if name in names}) for facts in rows]
        model._base_manager.bulk_create(made, batch_size=2_000)
        return
    defaults = [(field.attname, field.get_default()) for field in fields]
    lines = ["\t".join([_text(facts.get(name, default)) for name, default in defaults]) for facts in rows]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN', StringIO("\n".join(lines)))


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return ESCAPED.sub(lambda found: ESCAPES[found[0]], value) if ESCAPED.search(value) else str(value)
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder).replace("\\", "\\\\")
    return value.isoformat() if isinstance(value, date) else str(value)
