"""Redis is flushed, stopped and started while reports go out and colleagues press buttons: the rows know what is due."""

import logging
import statistics
import time

from django.urls import reverse

from agency.clock import now
from agency.doorbell import ring
from agency.tasks import send_mail
from reporting.models import StatusReport
from reporting.tasks import send_due_reports

from .. import reports, staff, world
from ..figures import Figure, at_most, exactly, told
from ..stage import Stage

#: How long whoever rings may stand at the door while nobody answers, in seconds.
PATIENCE = 2.0


def run(stage: Stage) -> list[Figure]:
    accounts = 30 if stage.short else 300
    team = world.make_team(leads=1)
    world.make_accounts(team, accounts, overdue=accounts - 5)
    stage.start("mail", "web", "worker", "beat")
    lead = staff.logged_in(stage, team.leads[0])
    send_due_reports.delay()

    began = time.monotonic()
    stage.wait_for(lambda: reports.progress(stage.mail) > 0.3, stage.minutes(60), "reports to be on their way")
    stage.flush_redis()
    stage.wait_for(lambda: reports.progress(stage.mail) > 0.5, stage.minutes(60), "reports to go on after the flush")
    stage.redis.stop()
    clicks = [lead.post(reverse("report_send", args=[report.pk])).status for report in _by_hand()]
    rings = [_ring() for _time in range(5)]
    guesses = [_guess(stage) for _time in range(7)]
    time.sleep(stage.minutes(1))
    stage.redis.start()
    stage.wait_for(
        lambda: reports.arrived(stage.mail) == accounts and not reports.is_open(), stage.minutes(90), "everything to be settled"
    )
    return [
        *reports.judge(stage.mail, accounts),
        exactly("clicks that failed while Redis was down", sum(status != 302 for status in clicks), 0),
        at_most("seconds a ring took while Redis was down, the median", statistics.median(rings), PATIENCE),
        exactly("guesses of a password that were heard while Redis was down, of 7", guesses.count(False), 5),
        told("seconds until all was settled", round(time.monotonic() - began)),
    ]


def _by_hand() -> list[StatusReport]:
    """What nobody has sent yet: open for review, or not even composed in time for the others."""
    return list(StatusReport.objects.filter(status=StatusReport.Status.REVIEW, send_at__gt=now()).order_by("pk"))


def _guess(stage: Stage) -> bool:
    """Whether somebody at the door is told to wait."""
    fields = {"login": "lead-0@agency.example", "password": "not this one"}
    answer = staff.Browser(stage.web_port).post(reverse("account_login"), **fields)
    assert answer.status == 200, answer.status
    return "Too many failed login attempts" in answer.body


def _ring() -> float:
    """Seconds; that nobody answers is logged, which is known here."""
    began = time.monotonic()
    logging.disable()
    ring(send_mail, 0)
    logging.disable(logging.NOTSET)
    return time.monotonic() - began
