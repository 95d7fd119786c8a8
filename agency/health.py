"""Whether the deployment works: for load balancers and monitoring. Names and figures only, nothing about anyone."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import clock
from .celery import app
from .models import Heartbeat, OutgoingMail

logger = logging.getLogger(__name__)

#: Beat rings once a minute; a due mail leaves within seconds.
BEAT_LATE = timedelta(minutes=5)
BACKLOG_LATE = timedelta(minutes=10)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when the database, the broker or the storage is down; "degraded" when beat is silent or mail piles up."""
    checks: dict[str, dict[str, Any]] = {
        name: _tried(check) for name, check in {"database": _database, "broker": _broker, "storage": _storage}.items()
    }
    down = not all(check["ok"] for check in checks.values())
    if checks["database"]["ok"]:
        now = clock.now()
        checks |= {"outbox": _outbox(now), "beat": _beat(now)}
    degraded = not all(check["ok"] for check in checks.values())
    status = "down" if down else "degraded" if degraded else "ok"
    return JsonResponse({"status": status, "checks": checks}, status=503 if down else 200)


def _tried(check: Callable[[], None]) -> dict[str, Any]:
    try:
        check()
    except Exception:
        logger.exception("Not ready: %s", check.__name__)
        return {"ok": False}
    return {"ok": True}


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        broker.default_channel  # noqa: B018 (opens it: only then has the embedded broker's file been touched)


def _storage() -> None:
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


def _outbox(now: datetime) -> dict[str, Any]:
    oldest = OutgoingMail.objects.due(now).order_by("due_at").values_list("due_at", flat=True).first()
    waits = int((now - oldest).total_seconds()) if oldest else 0
    return {"ok": waits < BACKLOG_LATE.total_seconds(), "oldest_waits_seconds": waits}


def _beat(now: datetime) -> dict[str, Any]:
    last = Heartbeat.objects.filter(name="beat").values_list("at", flat=True).first()
    age = int((now - last).total_seconds()) if last else None
    return {"ok": age is not None and age < BEAT_LATE.total_seconds(), "last_seconds_ago": age}
