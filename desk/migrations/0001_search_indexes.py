"""Indexes for desk/search.py: PostgreSQL finds the rows whose names contain a word without reading every row.

One index for each table, over what Django's `icontains` asks there: `UPPER(column::text) LIKE '%WORD%'`. SQLite searches without.
Where the database's owner may not create pg_trgm, everything works as before, only slower; docs/operations.md says what to do then.
"""

import logging

from django.db import DatabaseError, migrations, transaction

logger = logging.getLogger(__name__)

INDEXES = {
    "accounts_client": ["name", "legal_name", "code"],
    "accounts_contact": ["full_name", "email", "title"],
    "billing_invoice": ["number", "order_number"],
    "jobsheets_deliverable": ["title"],
    "jobsheets_job": ["title", "number"],
    "meetings_meeting": ["title", "serial"],
}
INSTALLED = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"


def create(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(INSTALLED)
                if not cursor.fetchone():
                    cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as error:
            logger.warning(
                "Searching stays slow in a large database: PostgreSQL's extension pg_trgm could not be created (%s). "
                "docs/operations.md says how to add it later.",
                str(error).splitlines()[0],
            )
            return
        for table, columns in INDEXES.items():
            keys = ", ".join(f'UPPER("{column}"::text) gin_trgm_ops' for column in columns)
            # Each search reads the list of pending entries through: half a megabyte of it is hardly noticed, the usual four are.
            options = "gin_pending_list_limit = 512"
            cursor.execute(f'CREATE INDEX "{table}_words" ON "{table}" USING gin ({keys}) WITH ({options})')
            # The planner knows how rare a word is only when it has looked.
            cursor.execute(f'ANALYZE "{table}"')


def drop(apps, schema_editor):
    """The extension stays: others may use it."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in INDEXES:
            cursor.execute(f'DROP INDEX IF EXISTS "{table}_words"')


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("billing", "0001_initial"),
        ("jobsheets", "0001_initial"),
        ("meetings", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, drop)]
