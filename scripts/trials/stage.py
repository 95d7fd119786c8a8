"""Where a scenario plays: servers, services, a database, and ways to wait."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from servers import Postgres, Redis, answers, free_port

from .mail_server import MailServer
from .services import ROOT, Service, Supervisor

PROGRAMS = ROOT / ".venv" / "bin"
HOST = "sign.agency.example"
SPEED, SPEED_SHORT = 6, 10
DATABASE, CLEAN = "countersign", "countersign_clean"


class Waited(Exception):
    """Something that should have happened didn't."""


class Stage:
    """A context manager: on leaving, everything it started is stopped and its folder is gone."""

    def __init__(self, *, short: bool) -> None:
        self.short, self.speed = short, SPEED_SHORT if short else SPEED
        self._temporary = tempfile.TemporaryDirectory(prefix="countersign-faults-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self.folder.chmod(0o755)  # the user postgres has to reach its part of it
        self.supervisor = Supervisor()
        self.postgres, self.redis = Postgres(self.folder), Redis(self.folder)
        self.mail = MailServer(self.folder / "mail")
        self.web_port, self.mail_port = free_port(), free_port()
        self.media = self.folder / "media"
        self.env = self._environment()

    # Its life

    def __enter__(self) -> "Stage":
        self.postgres.start()
        self.redis.start()
        self.sql("template1", f"CREATE DATABASE {DATABASE}")
        os.environ.update(self.env)  # Django is set up in this process too
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        connections.close_all()
        self.sql("template1", f"ALTER DATABASE {DATABASE} RENAME TO {CLEAN}")
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.close()
        self.redis.stop()
        if answers(self.postgres.port):
            self.postgres.stop()
        self._temporary.cleanup()

    def fresh(self) -> None:
        """Nothing runs but the servers, the database is as after `migrate`, no file is stored, Redis and the mail server
        remember nothing."""
        from django.db import connections

        self.stop()
        connections.close_all()
        for server in (self.postgres, self.redis):
            if not answers(server.port):
                server.start()
        self.sql(
            "template1",
            f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)",
            f"CREATE DATABASE {DATABASE} TEMPLATE {CLEAN}",
        )
        self.empty_media()
        self.flush_redis()
        self.mail.forget()

    def _environment(self) -> dict[str, str]:
        ours = {
            "DJANGO_SETTINGS_MODULE": "trials.settings", "TRIALS_SPEED": str(self.speed), "TRIALS_ORIGIN": str(time.time()), "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(48), "LINK_KEY": secrets.token_urlsafe(48), "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST, "TRUSTED_PROXIES": "1", "DATABASE_URL": f"{self.postgres.url.rpartition('/')[0]}/{DATABASE}",
            "CELERY_BROKER_URL": self.redis.url, "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "DEFAULT_FROM_EMAIL": f"approvals@{HOST}", "MEDIA_ROOT": str(self.media), "SEAL_PKCS12": str(ROOT / "var" / "seal.p12"),
            "SEAL_PASSPHRASE": "countersign", "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        return os.environ | ours

    def empty_media(self) -> None:
        """No file is stored."""
        shutil.rmtree(self.media, ignore_errors=True)
        self.media.mkdir()

    # Services

    def start(self, *names: str) -> None:
        """Start services and wait until they are there: web, worker, mail; beat, or several: beat, beat-2 …"""
        for name in names:
            self.supervisor.start(name, self._service)
        if "mail" in names:
            self.wait_for(lambda: answers(self.mail_port), 30, "the mail server to listen")
        if "web" in names:
            self.wait_for(self.web_answers, 60, "the web server to answer")

    def stop(self, *names: str) -> None:
        """Stop services, all without names."""
        self.supervisor.stop(*names)

    def service(self, name: str) -> Service:
        return self.supervisor.services[name]

    def _service(self, name: str) -> Service:
        return Service(name, self._command(name), self.env, self.folder / f"{name}.log")

    def _command(self, name: str) -> list[str]:
        celery = [str(PROGRAMS / "celery"), "--quiet", "--app", "agency"]
        kind = name.partition("-")[0]
        if kind == "web":
            bind = f"127.0.0.1:{self.web_port}"
            return [str(PROGRAMS / "gunicorn"), "agency.wsgi", "--bind", bind, "--workers", "2", "--threads", "4"]
        if kind == "worker":
            return [*celery, "worker", "--concurrency", "4", "--loglevel", "INFO", "--hostname", f"{name}@stage"]
        if kind == "beat":
            return [*celery, "beat", "--schedule", str(self.folder / f"{name}.schedule"), "--loglevel", "INFO"]
        if kind == "mail":
            return [sys.executable, "-W", "ignore", "-m", "trials.mail_server", str(self.mail_port), str(self.mail.folder)]
        raise ValueError(name)

    def log(self, name: str) -> str:
        """What a service has written since the stage was set."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # What scenarios do

    def manage(self, *arguments: str) -> str:
        """manage.py in a process of its own; raises when it fails."""
        return self.managing(*arguments).finish()

    def managing(self, *arguments: str) -> "Running":
        """manage.py in a process of its own that goes on meanwhile."""
        return Running([sys.executable, "manage.py", *arguments], self.env)

    def flush_redis(self) -> None:
        import redis

        redis.from_url(self.redis.url).flushall()

    def restart_postgres(self) -> None:
        """As after a crash: everybody is cut off in the middle of what they do."""
        from django.db import connection

        self.postgres.stop()
        self.postgres.start()
        connection.close()

    def web_answers(self, path: str = "/healthz") -> int:
        """The status of a page of the web server; 0 when there is no answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}{path}", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    @staticmethod
    def say(line: str) -> None:
        """How far it is, for whoever watches."""
        print(f"  {line}", file=sys.stderr, flush=True)

    def minutes(self, count: float) -> float:
        """How many real seconds so many minutes of the product's clock take."""
        return count * 60 / self.speed

    @staticmethod
    def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
        """Until `condition()` is true; raises Waited after that many real seconds."""
        give_up = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > give_up:
                raise Waited(f"waited {seconds:.0f} s for {what}")
            time.sleep(0.2)

    def sql(self, database: str, *statements: str) -> None:
        """Straight to the server, each statement on its own."""
        import psycopg2

        connection = psycopg2.connect(f"{self.postgres.url.rpartition('/')[0]}/{database}")
        try:
            connection.autocommit = True
            for statement in statements:
                connection.cursor().execute(statement)
        finally:
            connection.close()


class Running:
    """A command that goes on beside the scenario."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def finish(self) -> str:
        """Its output; raises RuntimeError with what it complained about, or else what it said, when it fails."""
        out, complaints = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError((complaints.strip() or out)[-2000:])
        return out
