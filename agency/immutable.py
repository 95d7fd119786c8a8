"""Rows that are never changed: refused in Python where it is cheap, and in the database itself by triggers.

`register()` names a model's frozen columns; the triggers are installed after every migrate, because SQLite drops them when
it rebuilds a table. A trigger answers with an IntegrityError on both databases.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .errors import Immutable

M = TypeVar("M", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Rows may be added and read, nothing else."""

    def update(self, **_facts: Any) -> NoReturn:
        raise Immutable(f"{self.model.__name__} is append-only.")

    def delete(self) -> NoReturn:
        raise Immutable(f"{self.model.__name__} is append-only.")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Immutable(f"{self.model.__name__} is append-only.")

    def update_or_create(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Immutable(f"{self.model.__name__} is append-only.")


class AppendOnly(models.Model):
    """A model whose rows are written once. Registers itself with the triggers."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{type(self).__name__} is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Immutable(f"{type(self).__name__} is append-only.")


@dataclass(frozen=True)
class Guard:
    """What the database refuses for one table: changes of `columns` (None: all) and deletion, of rows that match `when`."""

    model: type[models.Model]
    columns: tuple[str, ...] | None
    delete: bool
    when: str


_guards: dict[str, list[Guard]] = {}


def register(model: type[models.Model], columns: Sequence[str] | None = None, delete: bool = True, *, when: str = "") -> None:
    """Let the database refuse changes of `columns` (field names; None: all) and, with `delete`, deletion and TRUNCATE.

    `when` is an SQL condition on the row as it was, such as `old.status = 'issued'`; without it every row is guarded.
    A model may be registered more than once, with different conditions.
    """
    for name in columns or ():
        model._meta.get_field(name)  # a misspelt column would go unguarded
    guard = Guard(model, tuple(columns) if columns is not None else None, delete, when)
    guards = _guards.setdefault(model._meta.label, [])
    if guard not in guards:
        guards.append(guard)


def _registered() -> Iterator[tuple[Guard, int]]:
    from django.apps import apps

    for model in apps.get_models():
        if issubclass(model, AppendOnly) and model._meta.label not in _guards:
            register(model)
    for guards in _guards.values():
        yield from ((guard, number) for number, guard in enumerate(guards))


def _names(guard: Guard, number: int) -> dict[str, str]:
    table = guard.model._meta.db_table
    names = {"update": f"frozen_{number}_update_{table}"}
    if guard.delete:
        names |= {"delete": f"frozen_{number}_delete_{table}"}
    return names


def _columns(guard: Guard, present: set[str]) -> list[str]:
    fields = guard.model._meta.local_concrete_fields
    if guard.columns is None:
        return [field.column for field in fields if field.column in present]
    return [field.column for field in fields if field.name in guard.columns and field.column in present]


def _sqlite(guard: Guard, number: int, columns: Iterable[str]) -> Iterator[str]:
    table = guard.model._meta.db_table
    when = f"WHEN {guard.when}" if guard.when else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: this row is never changed'); END"
    names = _names(guard, number)
    of = ", ".join(f'"{column}"' for column in columns)
    yield f'CREATE TRIGGER "{names["update"]}" BEFORE UPDATE OF {of} ON "{table}" FOR EACH ROW {when} {refuse}'
    if guard.delete:
        yield f'CREATE TRIGGER "{names["delete"]}" BEFORE DELETE ON "{table}" FOR EACH ROW {when} {refuse}'


POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION countersign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: this row is never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _postgresql(guard: Guard, number: int, columns: Iterable[str]) -> Iterator[str]:
    table = guard.model._meta.db_table
    when = f"WHEN ({guard.when})" if guard.when else ""
    names = _names(guard, number)
    of = ", ".join(f'"{column}"' for column in columns)
    refuse = "EXECUTE FUNCTION countersign_refuse()"
    yield f'CREATE TRIGGER "{names["update"]}" BEFORE UPDATE OF {of} ON "{table}" FOR EACH ROW {when} {refuse}'
    if guard.delete:
        yield f'CREATE TRIGGER "{names["delete"]}" BEFORE DELETE ON "{table}" FOR EACH ROW {when} {refuse}'
        yield f'CREATE TRIGGER "frozen_{number}_truncate_{table}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {refuse}'


def install(using: str = DEFAULT_DB_ALIAS, app_label: str = "") -> None:
    """Put every trigger in place (again); tables that don't exist yet are left for the next migrate."""
    connection = connections[using]
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with transaction.atomic(using=using), connection.cursor() as cursor:
        remove(using, app_label)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        tables = set(connection.introspection.table_names(cursor))
        for guard, number in _registered():
            meta = guard.model._meta
            if meta.db_table not in tables or (app_label and meta.app_label != app_label):
                continue
            present = {column.name for column in connection.introspection.get_table_description(cursor, meta.db_table)}
            for statement in make(guard, number, _columns(guard, present)):
                cursor.execute(statement)


def installed(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """The names of the triggers in the database, each with its table."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_list_sql(connection))
        return {name: table for name, table in cursor.fetchall() if re.match(r"frozen_\d", name)}


def _list_sql(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor == "postgresql":
        return (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
    return "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"


def expected() -> set[str]:
    """The names of the triggers that must be there (update and delete)."""
    return {name for guard, number in _registered() for name in _names(guard, number).values()}


def remove(using: str = DEFAULT_DB_ALIAS, app_label: str = "") -> None:
    """Take the triggers away: for reinstalling them, and for emptying a database between tests."""
    connection = connections[using]
    mine = {guard.model._meta.db_table for guard, _n in _registered() if app_label in ("", guard.model._meta.app_label)}
    with connection.cursor() as cursor:
        for name, table in installed(using).items():
            if table in mine:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Without triggers inside the block. For tests only; nothing in the product calls it."""
    remove(using)
    try:
        yield
    finally:
        install(using)


def install_after_migrate(sender: AppConfig, using: str, **_signal: Any) -> None:
    """post_migrate: reinstall the triggers of the app that was migrated."""
    install(using, sender.label)
