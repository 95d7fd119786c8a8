"""A mail server that behaves as mail servers do, as a process of its own: `python -m trials.mail_server PORT FOLDER`.

Each message it takes is a line in FOLDER/taken.jsonl before the answer leaves: when, to whom, Message-ID, and how it behaved.
How it behaves at each try is drawn by the shares in FOLDER/shares.json, which are read anew at each try; what is left of the
hundred is "accept". A recipient whose address begins with one of the names and a hyphen, as in `drop-7@client.example`, is treated
that way at the first two tries and then accepted.

    slow     takes it, after a second           451      refuses after the final dot, for now
    421      hangs up at the recipient          550      refuses the recipient for good
    stall    never answers the recipient        silent   takes it and never answers
    drop     takes it and hangs up              vanish   hangs up after the final dot without having taken it

What the 550 refuses it takes from the third try on, so that a person's "try again" has an end.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

MODES = ("slow", "421", "stall", "451", "550", "silent", "drop", "vanish")
#: Percent of the tries; a bad day of a real mail server.
LIFELIKE = {"slow": 4.0, "421": 3.0, "451": 3.0, "550": 1.0, "stall": 0.7, "silent": 0.5, "drop": 2.0, "vanish": 1.0}
FOR_EVER = 3600


@dataclass(frozen=True)
class Taken:
    """One message the server took."""

    at: float
    to: str
    message_id: str
    mode: str


class Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tries: Counter[str] = Counter()
        self.modes: dict[str, str] = {}

    def mode_of(self, address: str) -> str:
        self.tries[address] += 1
        forced = address.split("@")[0].rpartition("-")[0]
        if forced in MODES:
            return forced if self.tries[address] <= 2 else "accept"
        if self.tries[address] > 2 and self.modes.get(address) == "550":
            return "accept"
        shares: Mapping[str, float] = json.loads((self.folder / "shares.json").read_text())
        drawn = random.uniform(0, 100)
        for mode, share in shares.items():
            drawn -= share
            if drawn < 0:
                return mode
        return "accept"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        mode = self.modes[address] = self.mode_of(address)
        if mode == "550":
            return "550 5.1.1 no such mailbox here"
        if mode == "421":
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
            return "421 4.3.2 shutting down for a moment"
        if mode == "stall":
            await asyncio.sleep(FOR_EVER)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0]
        mode = self.modes[to]
        if mode == "451":
            return "451 4.7.1 greylisted, come back later"
        if mode == "vanish":
            server.transport.abort()
            return ""
        if mode == "slow":
            await asyncio.sleep(1)
        self.take(to, str(message_from_bytes(envelope.content)["Message-ID"]), mode)
        if mode == "drop":
            server.transport.abort()
        elif mode == "silent":
            await asyncio.sleep(FOR_EVER)
        return "250 taken"

    def take(self, to: str, message_id: str, mode: str) -> None:
        line = json.dumps({"at": time.time(), "to": to, "message_id": message_id, "mode": mode})
        with (self.folder / "taken.jsonl").open("a") as log:
            log.write(f"{line}\n")


class MailServer:
    """What a scenario says to the server and learns from it; the process itself is a service of the stage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.forget()

    def behave(self, shares: Mapping[str, float]) -> None:
        """Percent of the tries for each way to misbehave; the rest is accepted."""
        fresh = self.folder / "shares.new"
        fresh.write_text(json.dumps(dict(shares)))
        fresh.rename(self.folder / "shares.json")

    def forget(self) -> None:
        self.behave({})
        (self.folder / "taken.jsonl").write_text("")

    def taken(self) -> list[Taken]:
        lines = (self.folder / "taken.jsonl").read_text().split("\n")[:-1]
        return [Taken(**json.loads(line)) for line in lines]


async def serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    handler = Handler(folder)
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="mail.example"), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
