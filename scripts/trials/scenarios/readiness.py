"""`/readyz` says what is down, and stops saying so by itself."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any

from ..figures import Figure, exactly
from ..stage import HOST, Stage


def run(stage: Stage) -> list[Figure]:
    stage.start("web", "worker", "beat")
    stage.wait_for(lambda: _said(stage) == (200, "ok", []), 60, "everything to be ready")
    media = stage.media
    away = media.with_name("media-away")

    def unplug() -> None:
        media.rename(away)
        media.write_text("a file where the folder was")

    def plug() -> None:
        media.unlink()
        away.rename(media)

    return [
        *_tried(stage, "database", stage.postgres.stop, stage.postgres.start),
        *_tried(stage, "broker", stage.redis.stop, stage.redis.start),
        *_tried(stage, "storage", unplug, plug),
        exactly("/healthz answers all the while", stage.web_answers("/healthz"), 200),
    ]


def _tried(stage: Stage, what: str, break_it: Callable[[], None], mend_it: Callable[[], None]) -> list[Figure]:
    break_it()
    try:
        said = _said(stage)
        alive = stage.web_answers("/healthz")
    finally:
        mend_it()
    began = time.monotonic()
    stage.wait_for(lambda: _said(stage) == (200, "ok", []), 60, f"the {what} to be ready again")
    return [
        exactly(f"{what} down: /readyz", f"{said[0]} {said[1]}: {', '.join(said[2])}", f"503 down: {what}"),
        exactly(f"{what} down: /healthz", alive, 200),
        exactly(f"{what} back: ready by itself within a minute", time.monotonic() - began < 60, True),
    ]


def _said(stage: Stage) -> tuple[int, str, list[str]]:
    """Status code, status, and which checks are not ok."""
    connection = http.client.HTTPConnection("127.0.0.1", stage.web_port, timeout=30)
    try:
        connection.request("GET", "/readyz", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
    finally:
        connection.close()
    return answer.status, body["status"], sorted(name for name, check in body["checks"].items() if not check["ok"])
