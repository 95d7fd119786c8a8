"""Two beats, and ten sweeps and ten weekly runs at once: whoever comes second finds nothing to do."""

import threading
import time
from collections.abc import Callable

from django.db import connection

from agency import clock, sweep
from reporting import actions
from reporting.tasks import send_due_reports

from .. import reports, world
from ..figures import Figure, exactly, told
from ..stage import Stage

AT_ONCE = 10


def run(stage: Stage) -> list[Figure]:
    accounts, rounds = (30, 2) if stage.short else (200, 10)
    world.make_accounts(world.make_team(), accounts, overdue=accounts)
    stage.start("mail", "worker", "beat", "beat-2")
    for _beat in range(2):
        send_due_reports.delay()

    began = time.monotonic()
    failed: list[str] = []
    for number in range(rounds):
        last = time.monotonic()
        while reports.progress(stage.mail) < number / rounds and time.monotonic() < last + stage.minutes(2):
            time.sleep(0.5)
        failed += _at_once(lambda: -1 in sweep.run(clock.now()).values())
        failed += _at_once(lambda: actions.send_due_reports(clock.now()) is None)
    stage.wait_for(
        lambda: reports.arrived(stage.mail) == accounts and not reports.is_open(), stage.minutes(90), "everything to be settled"
    )
    return [
        *reports.judge(stage.mail, accounts),
        exactly("mails taken by the mail server", len(stage.mail.taken()), accounts),
        exactly("helpers that failed", "; ".join(failed[:3]), ""),
        told("rounds of ten sweeps and ten runs", rounds),
        told("seconds until all was settled", round(time.monotonic() - began)),
    ]


def _at_once(failed: Callable[[], bool]) -> list[str]:
    """Ten threads that begin together; what went wrong in them."""
    gate = threading.Barrier(AT_ONCE)
    wrong: list[str] = []

    def work() -> None:
        try:
            gate.wait()
            if failed():
                wrong.append("a sweep failed")
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    helpers = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    return wrong
