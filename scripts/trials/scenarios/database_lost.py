"""PostgreSQL crashes and comes back ten times while reports go out: half a transaction is none, and nobody has to help."""

import time

from reporting.tasks import send_due_reports

from .. import reports, world
from ..figures import Figure, exactly, told
from ..stage import Stage

RESTARTS = 10


def run(stage: Stage) -> list[Figure]:
    accounts = 40 if stage.short else 300
    world.make_accounts(world.make_team(), accounts, overdue=accounts)
    stage.start("mail", "web", "worker", "beat")
    send_due_reports.delay()

    began = time.monotonic()
    for number in range(RESTARTS):
        last = time.monotonic()
        while reports.progress(stage.mail) < number / RESTARTS and time.monotonic() < last + stage.minutes(6):
            time.sleep(0.5)
        stage.restart_postgres()
        stage.say(f"{number + 1} of {RESTARTS} restarts, {reports.arrived(stage.mail)} of {accounts} contacts have their report")
    stage.wait_for(
        lambda: reports.arrived(stage.mail) == accounts and not reports.is_open(), stage.minutes(90), "everything to be settled"
    )
    return [
        *reports.judge(stage.mail, accounts),
        exactly("restarts of PostgreSQL", number + 1, RESTARTS),
        exactly("the web server answers afterwards", stage.web_answers("/readyz"), 200),
        told("seconds until all was settled", round(time.monotonic() - began)),
    ]
