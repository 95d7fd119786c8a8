"""Children of the bench: the site behind gunicorn, as production serves it, and whoever else has to run meanwhile."""

import ctypes
import gzip
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import brotli
from servers import free_port

PROGRAMS = Path(sys.executable).parent
START_SECONDS, STOP_SECONDS = 60, 20
SET_PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


def _stop_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


@contextmanager
def running(*command: str | Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a process group of its own, stopped at the end with all its own children."""
    child = subprocess.Popen(
        list(map(str, command)), env=os.environ | environment, stdin=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=_stop_with_parent,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@dataclass(frozen=True)
class Answer:
    """A response: what came over the wire, and how long the server took for it (milliseconds, with how many queries)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: float
    queries: int

    @property
    def text(self) -> str:
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("content-encoding", ""), bytes)
        return str(unpack(self.body), "utf-8", "replace")


@dataclass(frozen=True)
class Site:
    port: int

    def get(self, path: str, session: str = "") -> Answer:
        return self._ask("GET", path, {"Cookie": f"sessionid={session}"} if session else {})

    def post(self, path: str, data: Mapping[str, str], cookie: str) -> Answer:
        site = f"https://127.0.0.1:{self.port}"
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"{site}/", "Origin": site}
        return self._ask("POST", path, headers, urlencode(data))

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        """As a browser asks behind a proxy that speaks TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        always = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "Accept-Encoding": "gzip, br"}
        try:
            connection.request(method, path, body, {**always, **headers})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        told = dict(re.findall(r"(\w+);dur=([\d.]+)", response.getheader("Server-Timing", "")))
        facts = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, facts, content, float(told.get("app", 0)), int(told.get("queries", 0)))


@contextmanager
def served() -> Iterator[Site]:
    """One gunicorn worker, so that no other process of the site takes its processor away."""
    site = Site(free_port())
    options = ("--bind", f"127.0.0.1:{site.port}", "--workers", "1", "--log-level", "warning")
    with running(PROGRAMS / "gunicorn", "benchmarks.wsgi", *options, DJANGO_SETTINGS_MODULE="benchmarks.settings") as child:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if child.poll() is not None:
                raise RuntimeError("The web server stopped by itself.")
            with suppress(OSError, http.client.HTTPException):
                if site.get("/healthz").status == 200:
                    yield site
                    return
            time.sleep(0.1)
        raise RuntimeError(f"The web server did not answer within {START_SECONDS} seconds.")


@contextmanager
def worker() -> Iterator[int]:
    """A Celery worker with two processes; yields the process id of their parent."""
    options = ("--quiet", "--app", "agency", "worker", "--concurrency", "2", "--loglevel", "WARNING")
    with running(PROGRAMS / "celery", *options, PYTHONWARNINGS="ignore") as child:
        yield child.pid


@contextmanager
def mail_server() -> Iterator[None]:
    """An SMTP server that takes everything, where EMAIL_URL has it."""
    where = urlsplit(os.environ["EMAIL_URL"]).netloc
    with running(PROGRAMS / "aiosmtpd", "--nosetuid", "--class", "aiosmtpd.handlers.Sink", "--listen", where):
        yield
