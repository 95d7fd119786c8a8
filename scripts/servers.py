"""Private servers for tests and trials: PostgreSQL and Redis on free ports of 127.0.0.1, their files in a folder of the caller's.

Whatever else runs on the machine is left alone. PostgreSQL refuses to run as root, so root lends the folder to the user
`postgres`. Needs the packages postgresql and redis-server (`scripts/setup --tests`), and nothing but Python's standard library.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

START_SECONDS = 30
# Nothing here outlives its caller, so nothing has to survive a power cut. What was committed survives a crash of the server.
POSTGRES_OPTIONS = "-c fsync=off -c full_page_writes=off -c max_connections=200"


def fail(sentence: str) -> NoReturn:
    sys.exit(f"{Path(sys.argv[0]).name}: {sentence}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Postgres:
    """A cluster of its own; `start` after `stop` finds the same port and data."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._log = folder / "postgres.log"
        data = folder / "postgres"
        data.mkdir()
        prefix = self._as_user(data)
        programs, cluster = postgres_programs(), str(data / "cluster")
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"  # either knows Cyrillic capitals
        make = f"--pgdata={cluster} --username=postgres --auth=trust --encoding=UTF8 --locale={locale} --no-sync"
        self._quiet([*prefix, str(programs / "initdb"), *make.split()])
        options = f"-p {self.port} -k {data} -c listen_addresses=127.0.0.1 {POSTGRES_OPTIONS}"
        self._control = [*prefix, str(programs / "pg_ctl"), "-D", cluster]
        self._start = ["-l", str(data / "server.log"), "-o", options, "-w", "-t", str(START_SECONDS), "start"]

    def start(self) -> None:
        self._quiet([*self._control, *self._start])

    def stop(self) -> None:
        """At once, as after a crash: whoever is connected is cut off, and the next start recovers from the log."""
        self._quiet([*self._control, "-m", "immediate", "-w", "stop"])

    @staticmethod
    def _as_user(data: Path) -> list[str]:
        if os.geteuid() != 0:
            return []
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            fail("PostgreSQL does not run as root and there is no user postgres. Run scripts/setup --tests.")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        return ["runuser", "-u", "postgres", "--"]

    def _quiet(self, command: list[str]) -> None:
        with self._log.open("ab") as output:
            code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        if code:
            fail(f"PostgreSQL did not start or stop:\n{self._log.read_text(errors='replace')[-2000:]}")


def postgres_programs() -> Path:
    """The folder with initdb, pg_ctl, pg_dump …: the newest of Debian's, or wherever PATH has them (Homebrew)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    fail("PostgreSQL is not installed. Run scripts/setup --tests.")


class Redis:
    """A server of its own that keeps nothing on disk; `start` after `stop` finds the same port, and nothing else."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if not program:
            fail("redis-server is not installed. Run scripts/setup --tests.")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._log = folder / "redis.log"
        data = folder / "redis"
        data.mkdir()
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(data)]
        self._command = [program, *place, "--save", "", "--appendonly", "no"]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            if answers(self.port):
                return
            time.sleep(0.05)
        fail("Redis did not start.")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
