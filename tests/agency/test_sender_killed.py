"""A sender that is killed at any moment: no mail is lost, none goes out twice, and every doubt is known."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.agency import smtp_server

MAILS, KILLS = 60, 8

QUEUE = f"""
from agency import clock
from tests.agency.letters import a_mail
for n in range({MAILS}):
    a_mail(clock.now(), f"kill:{{n}}", to_email=f"accept+{{n}}@client.example")
"""
AFTERWARDS = """
import json
from datetime import timedelta
from agency import clock, outbox
from agency.models import OutgoingMail
later = clock.now() + timedelta(minutes=10)
outbox.overdue_claims(later)
outbox.doubts(later)
for pk in OutgoingMail.objects.due(later).values_list("pk", flat=True):
    outbox.send(pk, now=later)
print(json.dumps(dict(OutgoingMail.objects.values_list("message_id", "status"))))
"""


def manage(*args: str, env: dict[str, str], stdin: str = "") -> str:
    command = [sys.executable, "-W", "ignore", "manage.py", *args]
    done = subprocess.run(command, cwd=smtp_server.ROOT, env=env, input=stdin, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def env(tmp_path: Path) -> Any:
    with smtp_server.running(tmp_path / "taken.log") as port:
        yield os.environ | {
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'outbox.sqlite3'}",
            "CELERY_BROKER_URL": f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MEDIA_ROOT": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "agency.settings",
        }


@pytest.mark.slow
def test_a_killed_sender_loses_nothing_and_doubles_nothing(env: dict[str, str], tmp_path: Path) -> None:
    manage("migrate", "-v0", env=env)
    manage("shell", "-v0", env=env, stdin=QUEUE)
    taken = tmp_path / "taken.log"
    for _kill in range(KILLS):
        before = len(taken.read_text().splitlines()) if taken.exists() else 0
        sender = subprocess.Popen([sys.executable, "-m", "tests.agency.send_batch"], cwd=smtp_server.ROOT, env=env)
        for _ in range(400):  # until it is in the middle of its batch
            if taken.exists() and len(taken.read_text().splitlines()) >= before + 3:
                break
            time.sleep(0.025)
        time.sleep(random.uniform(0, 0.03))
        sender.send_signal(signal.SIGKILL)
        sender.wait()
    rows: dict[str, str] = json.loads(manage("shell", "-v0", env=env, stdin=AFTERWARDS).strip().splitlines()[-1])

    received = Counter(taken.read_text().split())
    assert len(rows) == MAILS
    assert set(rows.values()) <= {"sent", "in_doubt"}
    assert max(received.values()) == 1, "a mail went out twice"
    assert {key for key, status in rows.items() if status == "sent"} <= set(received), "a mail counts as sent and never left"
    assert set(received) <= set(rows)
    assert list(rows.values()).count("in_doubt") <= KILLS
