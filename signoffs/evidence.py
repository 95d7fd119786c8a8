"""The chain of evidence: one per request, each event carrying the hash of the one before it.

A chain holds one document's story only, so that the sealed PDF it is attached to discloses no other.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .models import Event, SignRequest


def iso(moment: datetime) -> str:
    """UTC to the millisecond, as it stands in the evidence."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(content: Mapping[str, Any]) -> bytes:
    """One way to write a JSON object: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def event_hash(request_id: int, sequence: int, kind: str, at: str, data: Mapping[str, Any], previous_hash: str) -> str:
    content = {"request": request_id, "sequence": sequence, "kind": kind, "at": at, "data": data, "previous": previous_hash}
    return hashlib.sha256(canonical(content)).hexdigest()


def add_event(request: SignRequest, kind: str, /, *, now: datetime, **data: Any) -> Event:
    """Append one event, in the caller's transaction. The request's row must be locked by it, so that places aren't raced for."""
    last = Event.objects.filter(request=request).order_by("-sequence").first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, "")
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return Event.objects.create(
        request=request,
        sequence=sequence,
        kind=kind,
        at=now,
        data=data,
        previous_hash=previous,
        hash=event_hash(request.pk, sequence, kind, iso(now), data, previous),
    )


def head(request: SignRequest) -> str:
    """The hash of the last event: it stands for the whole chain."""
    return Event.objects.filter(request=request).order_by("-sequence").values_list("hash", flat=True).first() or ""


def export(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The chain as it is attached to the sealed PDF."""
    return [
        {
            "request": event.request_id, "sequence": event.sequence, "kind": event.kind, "at": iso(event.at),
            "data": event.data, "previous": event.previous_hash, "hash": event.hash,
        }
        for event in events
    ]  # fmt: skip


@dataclass(frozen=True)
class ChainVerdict:
    """Whether a chain holds; if not, from which event on it doesn't."""

    ok: bool
    events: int
    broken_at: int | None = None


def verify_exported(chain: list[dict[str, Any]]) -> ChainVerdict:
    """Check a chain by itself: places without a gap, each hash right, each carrying the one before."""
    previous = ""
    for place, entry in enumerate(chain, start=1):
        right = event_hash(entry["request"], place, entry["kind"], entry["at"], entry["data"], previous)
        if entry["sequence"] != place or entry["previous"] != previous or entry["hash"] != right:
            return ChainVerdict(False, len(chain), place)
        previous = right
    return ChainVerdict(True, len(chain))


def verify_chain(request: SignRequest, events: Iterable[Event] | None = None) -> ChainVerdict:
    """Check the stored chain of a request, its end included: a sealed one must still hold the head that was printed.

    `events`: all of them in order, where they have been read already.
    """
    chain = export(Event.objects.filter(request=request).order_by("sequence") if events is None else events)
    verdict = verify_exported(chain)
    sealed = getattr(request, "sealed", None)
    if verdict.ok and sealed is not None and sealed.chain_head not in {entry["hash"] for entry in chain}:
        return ChainVerdict(False, len(chain), len(chain) + 1)
    return verdict
