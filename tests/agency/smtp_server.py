"""A real mail server for tests, as a process of its own: `python -m tests.agency.smtp_server PORT LOG`.

It writes the Message-ID of every message it takes to LOG, before it answers 250. What it answers is in the recipient's
local part: accept, 450 and 550 (to RCPT), 451 and 554 (after the final dot), drop (takes the message and hangs up).
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

ROOT = Path(__file__).resolve().parents[2]


class Handler:
    def __init__(self, log: Path) -> None:
        self.log = log

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = address.split("@")[0]
        if answer in ("450", "550"):
            return f"{answer} not you"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = envelope.rcpt_tos[0].split("@")[0]
        if answer in ("451", "554"):
            return f"{answer} not this"
        found = message_from_bytes(envelope.content)["Message-ID"]
        with self.log.open("a") as log:
            log.write(f"{found}\n")
        (self.log.parent / "last.eml").write_bytes(envelope.content)
        if answer == "drop":
            server.transport.abort()
        await asyncio.sleep(0.01)  # long enough to be killed in
        return "250 taken"


async def serve(port: int, log: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(log), loop=loop, hostname="test"), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(log: Path) -> Iterator[int]:
    """The server in a child process; yields its port."""
    port = free_port()
    child = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "tests.agency.smtp_server", str(port), str(log)], cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        child.terminate()
        child.wait(10)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
