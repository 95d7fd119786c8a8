"""The end of a job's chain: invoiced, paid. For templates/cs/chain.html; one query a call."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agency import words
from agency.money import format_money
from jobsheets.models import Job

from .models import Invoice, InvoiceLine

Step = dict[str, Any]


def invoices_of(jobs: Iterable[Job]) -> dict[int, list[Invoice]]:
    """By job: the invoices and credit notes that name it, the newest first."""
    lines = (
        InvoiceLine.objects.filter(job__in=[job.pk for job in jobs])
        .select_related("invoice__account__client")
        .order_by("-invoice")
    )
    found: dict[int, list[Invoice]] = defaultdict(list)
    for line in lines:
        if line.invoice not in found[line.job_id]:
            found[line.job_id].append(line.invoice)
    return found


def steps(job: Job, today: date) -> list[Step]:
    """The two steps of one job."""
    return steps_of(job, invoices_of([job]).get(job.pk, []), today)


def steps_of(job: Job, invoices: Iterable[Invoice], today: date) -> list[Step]:
    """The two steps out of invoices already fetched (`invoices_of`); credited invoices don't count."""
    standing = [one for one in invoices if not one.is_credit_note and not one.credited_at]
    issued = [one for one in standing if one.is_issued]
    return [_invoiced(job, standing, issued), _paid(issued, today)]


def _invoiced(job: Job, standing: list[Invoice], issued: list[Invoice]) -> Step:
    if issued and issued[0].issued_on:
        first = issued[0]
        return _step("invoiced", _("Invoiced"), "done", f"{first.number} · {words.day(issued[0].issued_on, 'short')}", first)
    if standing:
        return _step("invoiced", _("Invoiced"), "now", standing[0].state_word, standing[0])
    return _step(
        "invoiced", _("Invoiced"), "now" if job.delivered_at else "todo", _("not billed yet") if job.delivered_at else ""
    )


def _paid(issued: list[Invoice], today: date) -> Step:
    if not issued:
        return _step("paid", _("Paid"), "todo", "")
    states = {one.state_on(today) for one in issued}
    if states == {"paid"}:
        return _step("paid", _("Paid"), "done", "", issued[0])
    late = next((one for one in issued if one.state_on(today) == "overdue"), None)
    shown = late or next(one for one in issued if one.open_amount)
    due = words.day(shown.due_on, "short") if shown.due_on else ""
    note = _("%(amount)s due %(day)s") % {"amount": format_money(shown.open_amount, shown.currency), "day": due}
    return _step("paid", _("Paid"), "late" if late else "client", note, shown)


def _step(name: str, label: str, state: str, note: str, invoice: Invoice | None = None) -> Step:
    return {"name": name, "label": label, "state": state, "note": note, "url": invoice.get_absolute_url() if invoice else ""}
