"""The chase over 100,000 invoices, against the SQL that it can't do without.

Two sweeps are looked at: the first of a day, which writes letters, and the one after it, which has nothing left to do, as
ninety-five of the ninety-six sweeps of a day. The least that either needs is one hand-written question for the steps that were
reached; the first also has to store what it wrote, so the rows it inserted and the locks it took are replayed beside it. Wording letters in
their readers' languages is no question of SQL and is left out.
"""

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from django.db import connection, transaction

from agency import clock, mail
from agency.doorbell import muted
from billing.chase import chase_payments
from billing.models import ChaseItem, Invoice

from .figures import Figure

INVOICES = 100_000
LIMIT = 3.0
ROUNDS = 9
LEAST = """
    SELECT invoice.id, step.id
    FROM billing_invoice invoice
    JOIN accounts_account account ON account.id = invoice.account_id
    JOIN accounts_client client ON client.id = account.client_id
    CROSS JOIN billing_chasestep step
    LEFT JOIN billing_chaseitem done ON done.invoice_id = invoice.id AND done.step_id = step.id
    WHERE invoice.status = 'issued' AND invoice.kind = 'invoice' AND invoice.settled < invoice.gross
      AND invoice.chase_paused_at IS NULL AND done.id IS NULL
      AND CASE step.anchor WHEN 'due' THEN invoice.due_on ELSE invoice.issued_on END + step.days
          <= (%s::timestamptz AT TIME ZONE client.zone_name)::date
"""
Statement = tuple[str, Any]


def measure() -> list[Figure]:
    enough_invoices(INVOICES)
    tomorrow = clock.now() + clock.DAY  # what was seeded has been chased until today
    with muted():
        first_sweep(tomorrow)  # templates and translations are loaded
        first, least = in_turns(lambda: first_sweep(tomorrow))
        chase_payments(tomorrow)
        later, question = in_turns(lambda: idle_sweep(tomorrow))
    print(
        f"a day's letters without their wording {first * 1000:.0f} ms, its SQL {least * 1000:.0f} ms; "
        f"nothing new {later * 1000:.0f} ms, its SQL {question * 1000:.0f} ms",
        file=sys.stderr,
    )
    name = f"chase over {INVOICES:,} invoices"
    return [
        Figure(f"{name}, nothing new ÷ its SQL", round(later / question, 2), LIMIT),
        Figure(f"{name}, a day's letters without their wording ÷ its SQL", round(first / least, 2), LIMIT),
    ]


def enough_invoices(count: int) -> None:
    """Copy the issued invoices, with the steps they have been through, until there are at least that many; the copies have no paper."""
    columns = [str(field.column) for field in Invoice._meta.concrete_fields]
    listed = ", ".join(column for column in columns if column not in ("id", "number", "file_id"))
    have = Invoice.objects.filter(status="issued", kind="invoice").count()
    copies = -(-count // have) - 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO billing_invoice (number, {listed}) SELECT number || 'x' || copy, {listed} "
            "FROM billing_invoice, generate_series(1, %s) copy WHERE status = 'issued' AND kind = 'invoice'",
            [copies],
        )
        cursor.execute(
            "INSERT INTO billing_chaseitem (invoice_id, step_id, at) SELECT again.id, item.step_id, item.at "
            "FROM billing_chaseitem item JOIN billing_invoice invoice ON invoice.id = item.invoice_id, "
            "generate_series(1, %s) copy, billing_invoice again WHERE again.number = invoice.number || 'x' || copy",
            [copies],
        )
        cursor.execute("ANALYZE")


def seconds(action: Callable[[], Any]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def ask(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LEAST, [now])
        cursor.fetchall()


def in_turns(pair: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Medians of a sweep and its SQL, one after the other each time."""
    sweeps, least = zip(*(pair() for _round in range(ROUNDS)), strict=True)
    return statistics.median(sweeps), statistics.median(least)


def idle_sweep(now: datetime) -> tuple[float, float]:
    """A sweep that finds nothing left to do; then its question alone."""
    return seconds(lambda: chase_payments(now)), seconds(lambda: ask(now))


def first_sweep(now: datetime) -> tuple[float, float]:
    """A sweep that writes letters, without their wording, undone; then its SQL alone, undone too."""
    written: list[Statement] = []
    worded: list[float] = []
    with undone():
        before = ChaseItem.objects.count()
        with connection.execute_wrapper(_keep_writes(written)), mock.patch.object(mail, "compose", _timed(mail.compose, worded)):
            sweep = seconds(lambda: chase_payments(now))
        assert ChaseItem.objects.count() > before, "No invoice reaches a step on that day."
    with undone():
        least = seconds(lambda: ask(now)) + seconds(lambda: _replay(written))
    return sweep - sum(worded), least


def _timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent.append(time.perf_counter() - began)

    return timed


@contextmanager
def undone() -> Any:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _keep_writes(written: list[Statement]) -> Callable[..., Any]:
    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("SELECT") or "FOR UPDATE" in sql or sql.startswith("UPDATE"):
            written.append((sql, params))
        return execute(sql, params, many, context)

    return keep


def _replay(written: list[Statement]) -> None:
    with connection.cursor() as cursor:
        for sql, params in written:
            cursor.execute(sql, params)
