"""Children that are expected to die: each in a process group of its own, started again when it does, as systemd would."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: How long what a killed main process leaves behind may go on, beside the new one, before the group is killed.
ORPHANS_SECONDS = 2.0


@dataclass
class _Life:
    """One run of a service; ends with its whole group."""

    process: subprocess.Popen[bytes]
    group_ends_at: float | None = None  # by time.monotonic(); None while the main process lives

    @property
    def is_over(self) -> bool:
        """Whether the main process has died. It isn't reaped yet, so that its number stays the group's."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, options) is not None

    def end(self) -> None:
        """Kill what is left of the group, and let go of its number."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Service:
    """A program that is kept running until `stop`."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.starts = name, 0
        self._command, self._env, self._log = command, env, log
        self._life: _Life | None = None
        self._past: list[_Life] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            if self._life is None:
                self._life = self._begin()

    def _begin(self) -> _Life:
        self.starts += 1
        with self._log.open("ab") as log:
            return _Life(
                subprocess.Popen(
                    self._command,
                    cwd=ROOT,
                    env=self._env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    @property
    def pid(self) -> int:
        """Of the main process."""
        with self._lock:
            return self._life.process.pid if self._life else 0

    def children(self) -> list[int]:
        """Processes the main process has started, such as a worker's pool."""
        return _children_of(self.pid)

    def kill(self) -> None:
        """SIGKILL for the main process alone; whatever it started has to notice by itself."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def kill_child(self) -> None:
        """SIGKILL for one of the main process's children."""
        if children := self.children():
            with suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def tend(self) -> None:
        """Start anew what has died, and end what it left behind."""
        with self._lock:
            if self._life is not None and self._life.is_over:
                self._life.group_ends_at = time.monotonic() + ORPHANS_SECONDS
                self._past.append(self._life)
                self._life = self._begin()
            for life in [past for past in self._past if (past.group_ends_at or 0) <= time.monotonic()]:
                life.end()
                self._past.remove(life)

    def stop(self) -> None:
        """Ask politely, wait a little, then end the group."""
        with self._lock:
            lives, self._life, self._past = [*self._past, *filter(None, [self._life])], None, []
        for life in lives:
            with suppress(ProcessLookupError):
                os.kill(life.process.pid, signal.SIGTERM)  # Popen.terminate would reap what is dead already, see is_over
        give_up = time.monotonic() + 5
        while time.monotonic() < give_up and not all(life.is_over for life in lives):
            time.sleep(0.05)
        for life in lives:
            life.end()


class Supervisor:
    """Looks after the services every tenth of a second, in a thread."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(0.1):
            for service in list(self.services.values()):
                service.tend()

    def start(self, name: str, make: Callable[[str], Service]) -> Service:
        if name not in self.services:
            self.services[name] = make(name)
        self.services[name].start()
        return self.services[name]

    def stop(self, *names: str) -> None:
        for name in names or list(self.services):
            if service := self.services.pop(name, None):
                service.stop()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.stop()


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found.append(int(stat.parent.name))
    return found
