"""The weekly run of 1,000 accounts while everything is killed and the mail server has a bad day.

Most reports are overdue and leave by themselves, for some a colleague presses the button; SIGKILLs fall on the web server,
the worker, its pool's children and beat, spread over the run by how many mails have arrived. Afterwards a director decides
what only a person can. Nothing may be lost; nothing may reach anyone twice but under the same Message-ID and for a doubt that
is on the books; and whoever opens the outbox has to find each doubt there within five minutes of the product's clock.

The short form loses Redis and PostgreSQL in the same run, which the long one does in scenarios of their own.
"""

import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.urls import reverse

from accounts.models import User
from agency import clock, outbox
from agency.models import OutgoingMail
from reporting.models import StatusReport
from reporting.tasks import send_due_reports

from .. import reports, staff, world
from ..figures import Figure, at_least, at_most, exactly, told
from ..mail_server import LIFELIKE
from ..stage import Stage

Status = OutgoingMail.Status
#: On whom a SIGKILL falls, in a hundred.
TARGETS = {"web": 10, "web child": 15, "worker": 25, "pool child": 35, "beat": 15}
#: What else befalls the short form.
LOSSES = ["flush Redis", "restart Redis", "crash PostgreSQL", "crash PostgreSQL"]
#: A kill comes at least so many seconds after the one before, and at most so many of the product's minutes, if nothing goes on
#: meanwhile: one round of the beat that rings the weekly run.
SOONEST, LATEST_MINUTES = 0.5, 6
SHOWN_WITHIN_MINUTES = 5
#: How long a sender waits for an answer, EMAIL_TIMEOUT and a little.
PATIENCE = timedelta(seconds=40)
ADDRESS = re.compile(r"[\w.-]+@client\.example")
#: The first button beside a mail: again after a refusal, once more after a doubt.
DECISION = re.compile(r'action="(/outbox/\d+/(retry|resend)/)"')


def run(stage: Stage) -> list[Figure]:
    accounts, kills = (60, 10) if stage.short else (1000, 100)
    team = world.make_team()
    unlucky = dict(enumerate(["drop", "vanish", "silent", "stall", "451", "421", "550", "drop", "vanish"]))
    world.make_accounts(team, accounts, overdue=accounts * 9 // 10, names=unlucky)
    stage.mail.behave(LIFELIKE)
    stage.start("mail", "web")
    over = threading.Event()
    try:
        return _play(stage, team, accounts, kills, over)
    finally:
        over.set()


def _play(stage: Stage, team: world.Team, accounts: int, kills: int, over: threading.Event) -> list[Figure]:
    began = time.monotonic()
    director = Director(stage, team.director, over)
    director.start()
    people = [threading.Thread(target=_send_by_hand, args=(stage, lead, over), daemon=True) for lead in team.leads]
    stage.start("worker", "beat")
    send_due_reports.delay()  # the five minutes after which beat rings have just come
    for person in people:
        person.start()
    befell = _strike_again_and_again(stage, kills, accounts)
    done = time.monotonic()
    seconds = stage.minutes(90 if stage.short else 120)
    stage.wait_for(lambda: reports.arrived(stage.mail) == accounts and not reports.is_open(), seconds, "everything to be settled")
    over.set()
    for person in [director, *people]:
        person.join()
    return [
        *reports.judge(stage.mail, accounts),
        exactly("SIGKILLs", sum(befell[target] for target in TARGETS), kills),
        told("what befell it", ", ".join(f"{count} {name}" for name, count in sorted(befell.items()))),
        at_least("doubts", len(director.doubts), 3),
        exactly("doubts not shown to staff", len(director.doubts.keys() - director.shown.keys()), 0),
        at_most("minutes until a doubt was shown, the longest", director.longest_wait(), SHOWN_WITHIN_MINUTES),
        told("decisions of the director", director.decisions.total()),
        told("seconds until the last kill", round(done - began)),
        told("seconds until all was settled", round(time.monotonic() - began)),
        told("accounts", accounts),
    ]


def _strike_again_and_again(stage: Stage, kills: int, accounts: int) -> Counter[str]:
    """SIGKILL after SIGKILL, as the run goes on."""
    names = [name for name, share in TARGETS.items() for _ in range(round(share * kills / 100) or 1)][:kills]
    names += LOSSES if stage.short else []
    random.shuffle(names)
    befell: Counter[str] = Counter()
    for number, name in enumerate(names):
        last = time.monotonic()
        while time.monotonic() < last + SOONEST or (
            reports.progress(stage.mail) < number / len(names) and time.monotonic() < last + stage.minutes(LATEST_MINUTES)
        ):
            time.sleep(0.5)
        _strike(stage, name)
        befell[name] += 1
        stage.say(f"{number + 1} of {len(names)}: {name}; {reports.arrived(stage.mail)} of {accounts} contacts have their report")
    return befell


def _strike(stage: Stage, name: str) -> None:
    if name == "flush Redis":
        stage.flush_redis()
    elif name == "restart Redis":
        stage.redis.stop()
        stage.redis.start()
    elif name == "crash PostgreSQL":
        stage.restart_postgres()
    else:
        _kill(stage, name)


def _kill(stage: Stage, name: str) -> None:
    service = stage.service({"web child": "web", "pool child": "worker"}.get(name, name))
    if "child" not in name:
        service.kill()
        return
    stage.wait_for(service.children, 60, f"the {service.name} to have children")
    service.kill_child()


class Director(threading.Thread):
    """Keeps the outbox open, and decides what only a person can. Beside it the rows are read: which doubts there are to be seen."""

    def __init__(self, stage: Stage, user: User, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.browser = staff.logged_in(stage, user)
        self.decisions: Counter[str] = Counter()
        #: When each doubt began, and when the page first showed it; by recipient and moment, on the product's clock.
        self.doubts: dict[str, datetime] = {}
        self.shown: dict[str, datetime] = {}
        self._over = over

    def run(self) -> None:
        while not self._over.wait(1):
            with suppress(DatabaseError):
                self._look_at_rows()
            close_old_connections()
            page = self.browser.patiently("GET", reverse("outbox")).body
            for to in set(ADDRESS.findall(page)) & self.doubts.keys():
                self.shown.setdefault(to, clock.now())
            for path, decision in dict(DECISION.findall(page)).items():
                self.browser.patiently("POST", path)
                self.decisions[decision] += 1
        connection.close()

    def longest_wait(self) -> float:
        """Minutes between the final dot and the page that showed that nobody had answered it."""
        return max(((self.shown[to] - self.doubts[to]).total_seconds() / 60 for to in self.shown), default=0.0)

    def _look_at_rows(self) -> None:
        """A mail counts as in doubt when its sender can't be waiting for an answer any more."""
        certain = clock.now() + outbox.DOUBT_LEASE - PATIENCE
        for row in OutgoingMail.objects.filter(status=Status.IN_DOUBT, leased_until__lt=certain):
            if row.leased_until:
                self.doubts.setdefault(row.to_email, row.leased_until - outbox.DOUBT_LEASE)


def _send_by_hand(stage: Stage, lead: User, over: threading.Event) -> None:
    """An account executive sends what is open for review, one by one, whatever the web server does."""
    browser = staff.logged_in(stage, lead)
    mine = StatusReport.objects.filter(account__lead=lead, status=StatusReport.Status.REVIEW)
    while not over.wait(1):
        report = None
        with suppress(DatabaseError):
            report = mine.filter(send_at__gt=clock.now()).order_by("pk").first()
        close_old_connections()
        if report:
            browser.patiently("POST", reverse("report_send", args=[report.pk]), seconds=30)
    connection.close()
