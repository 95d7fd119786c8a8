"""The weekly run for 1,000 accounts on two worker processes, against rendering the same PDFs alone on two, by WeasyPrint as it comes.

The run begins with what beat does at the slot and ends when every report has its PDF stored and its letters in the outbox; letters
leave meanwhile by the same two processes. All slots are the same moment, which is worse than life. Half of the rendering alone is done before the run and half after it, so that a
machine that gets slower or faster meanwhile doesn't decide.
"""

import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from accounts.models import Client
from agency import clock
from agency.audit import SYSTEM
from agency.models import OutgoingMail
from reporting import mails
from reporting.actions import send_due_reports, send_report
from reporting.models import StatusReport
from reporting.slots import slots_around

from . import plain
from .accounts import enough_accounts
from .figures import Figure
from .part import prepare
from .server import mail_server, worker

ACCOUNTS = 1000
SLOWER, LARGER = 1.2, 1.1
EARLY, PROCESSES = 100, 2
WARM_UP = 20
GIVE_UP_SECONDS, LOOK_AGAIN_SECONDS = 900, 0.2


def measure() -> list[Figure]:
    enough_accounts(WARM_UP + ACCOUNTS)
    slot = the_same_slot()
    send_due_reports(slot - timedelta(minutes=45))  # the review has been open for as long
    due = list(StatusReport.objects.due(slot).order_by("?").values_list("pk", flat=True))
    warm_up, due, more = due[:WARM_UP], due[WARM_UP:][:ACCOUNTS], due[WARM_UP + ACCOUNTS :]
    StatusReport.objects.filter(pk__in=more).delete()
    half = len(due) // 2
    alone = render_alone(due[:half])
    whole, growth = run(slot, warm_up, len(due))
    alone += render_alone(due[half:])
    print(f"{len(due)} reports in {whole:.1f} s, their PDFs alone in {alone:.1f} s", file=sys.stderr)
    return [
        Figure(f"weekly run for {ACCOUNTS:,} accounts ÷ rendering their PDFs alone", round(whole / alone, 2), SLOWER),
        Figure(f"worker memory after report {ACCOUNTS:,} ÷ after report {EARLY}", round(growth, 3), LARGER),
    ]


def the_same_slot() -> datetime:
    """Let every client have the next slot there is, and nothing that waits from earlier weeks."""
    StatusReport.objects.undecided().delete()
    Client.objects.update(
        report_slot=Client.ReportSlot.LAST_DAY, report_held=False, zone_name="UTC", country="", working_week="12345"
    )
    now = clock.now()
    return next(slot.send_at for slot in slots_around(Client.objects.all()[0], now) if slot.send_at > now)


def render_alone(reports: Sequence[int]) -> float:
    """Seconds that two processes take for these PDFs and nothing else."""
    with get_context("spawn").Pool(PROCESSES, prepare) as pool:
        shares = [list(reports[place::PROCESSES]) for place in range(PROCESSES)]
        return sum(pool.map(_render_all, shares, chunksize=1)) / PROCESSES


def _render_all(reports: list[int]) -> float:
    rows = list(StatusReport.objects.filter(pk__in=reports).select_related("account__client", "account__lead"))
    _render(rows[0])  # loads the renderer and its fonts
    began = time.perf_counter()
    for row in rows:
        _render(row)
    return time.perf_counter() - began


def _render(report: StatusReport) -> None:
    context, title = mails.context_of(report), mails.title_of(report)
    plain.render("pdf/reporting/report.html", context, language=report.language, title=title)


def run(slot: datetime, warm_up: Sequence[int], count: int) -> tuple[float, float]:
    """Seconds from beat's ring until the last paper is stored and its letters are in the outbox; how the worker's memory grew.

    A few reports go first, by hand: the worker has loaded renderer and templates when the run begins, as on any Friday.
    """
    with mail_server(), worker() as pid:
        for report in StatusReport.objects.filter(pk__in=warm_up).select_related("account__client"):
            send_report(report, by=SYSTEM, now=slot)
        wait_for(len(warm_up))
        began = time.perf_counter()
        send_due_reports(slot)
        wait_for(len(warm_up) + min(EARLY, count))
        early = memory_of_pool(pid)
        wait_for(len(warm_up) + count)
        whole = time.perf_counter() - began
        print(f"{letters_left()} letters had left by then", file=sys.stderr)
        return whole, memory_of_pool(pid) / early


def wait_for(count: int) -> None:
    """Until so many reports have their PDF and letters."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while (done := delivered()) < count:
        if time.monotonic() > give_up:
            raise RuntimeError(f"After {GIVE_UP_SECONDS} seconds {done} of {count} reports were delivered.")
        time.sleep(LOOK_AGAIN_SECONDS)


def delivered() -> int:
    return StatusReport.objects.filter(sent_at__gt=clock.now(), file__isnull=False).count()


def letters_left() -> int:
    return OutgoingMail.objects.filter(letter="reporting.status", sent_at__isnull=False).count()


def memory_of_pool(pid: int) -> int:
    """Resident kB of a worker's pool processes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_resident(int(child)) for child in children)


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
