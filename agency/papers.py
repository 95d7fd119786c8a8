"""Papers: PDFs that tasks make out of rows. One that can't be made is counted, put off, shown to people, and never forgotten.

An app registers each kind of row with the task that makes its paper and with what is still waiting for one; the task works
inside `attempt()`. The sweep rings for whatever waits and whose turn has come. Every pause is longer than the one before,
without an end: when the disk has room again, or the template is mended, the paper comes by itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Q, QuerySet
from django.utils import translation

from .doorbell import ring
from .errors import Refused
from .models import PaperTry
from .sweep import swept

logger = logging.getLogger(__name__)

#: How long after the beginning of the first, second … try the next one may begin.
PAUSES = [timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600, 4 * 3600)]
#: From this try on people are told: two have failed.
TOLD_FROM = 3
#: After this long without a paper the task that should have made it counts as lost.
TASK_LOST = timedelta(minutes=2)
#: Who has been rung for is in the queue, or lost after this long.
RUNG_AGAIN = timedelta(minutes=5)
#: How many of one kind the sweep rings for in one go: a whole week's tasks may have been lost at once.
AT_ONCE = 500


@dataclass(frozen=True)
class Kind:
    """One kind of row with a paper."""

    model: type[Model]
    task: Any  # takes the row's id
    waiting: Callable[[datetime], QuerySet[Any]]  # rows without their paper whose task should have come by now
    permission: str  # of accounts/permissions.py: who may have it tried at once
    page: Callable[[Any], str]  # the address of the page the paper belongs to


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of paper known (in <app>/tasks.py, imported by the app's ready())."""
    _kinds[str(kind.model._meta.model_name)] = kind
    return kind


def kinds() -> dict[str, Kind]:
    """The kinds, by the lower-case name of their model."""
    return dict(_kinds)


def _tries_of(model: type[Model]) -> QuerySet[PaperTry]:
    return PaperTry.objects.filter(content_type=ContentType.objects.get_for_model(model))


def attempt(paper: Model, make: Callable[[], object], *, now: datetime) -> bool:
    """Make a paper by calling `make()`, if its turn has come. Answers whether that went well; never raises for a bad paper.

    The try is counted before the work begins: a renderer that takes its process along has failed as well.
    """
    entry = _begin(paper, now)
    if entry is None:
        return False
    try:
        make()
    except Exception as error:  # whatever a renderer, a seal or a full disk raises
        logger.exception("The paper of %s %s can't be made.", paper._meta.label, paper.pk)
        words = _as_written(error) if isinstance(error, Refused) else type(error).__name__
        PaperTry.objects.filter(pk=entry.pk).update(error=words[:300])
        return False
    entry.delete()
    return True


def _as_written(error: Refused) -> str:
    """Its sentence as it stands in the code: a document is made in its client's language, but colleagues read why it failed."""
    with translation.override("en"):
        return str(error)


def _begin(paper: Model, now: datetime) -> PaperTry | None:
    entry, is_first = PaperTry.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(paper), object_id=paper.pk, defaults={"again_at": now + PAUSES[0]}
    )
    if is_first:
        return entry
    pause = PAUSES[min(entry.tries, len(PAUSES) - 1)]
    rows = PaperTry.objects.filter(pk=entry.pk, tries=entry.tries)
    if entry.tries:  # else the sweep only rang for it, by a clock that may be ahead of ours
        rows = rows.filter(again_at__lte=now)
    return entry if rows.update(tries=F("tries") + 1, again_at=now + pause, rung_at=None, error="") else None


def trouble(paper: Model) -> PaperTry | None:
    """What keeps a paper from being made, once two tries have failed."""
    return _tries_of(type(paper)).filter(object_id=paper.pk, tries__gte=TOLD_FROM).first()


def retry(paper: Model, *, now: datetime) -> None:
    """Have a paper tried at once; asked permission of by the caller."""
    _tries_of(type(paper)).filter(object_id=paper.pk).update(again_at=now)
    ring(_kinds[str(paper._meta.model_name)].task, paper.pk)


@swept
def waiting_papers(now: datetime) -> int:
    """Ring for papers whose task was lost or failed, when their next turn has come; for each at most every five minutes.

    Where a thousand papers wait for a few workers, ringing for each of them every minute would fill the queue faster than
    it empties, and letters would wait behind it.
    """
    done = 0
    for kind in _kinds.values():
        tries, waiting = _tries_of(kind.model), kind.waiting(now)
        not_yet = tries.filter(Q(again_at__gt=now) | Q(rung_at__gt=now - RUNG_AGAIN)).values("object_id")
        due = list(waiting.exclude(pk__in=not_yet).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        _note_rings(kind.model, due, now)
        for pk in due:
            ring(kind.task, pk)
        done += len(due)
        # Counts of papers that came some other way.
        tries.filter(again_at__lt=now - timedelta(hours=1)).exclude(object_id__in=waiting.values("pk")).delete()
    return done


def _note_rings(model: type[Model], pks: list[int], now: datetime) -> None:
    content_type = ContentType.objects.get_for_model(model)
    rows = [PaperTry(content_type=content_type, object_id=pk, tries=0, again_at=now, rung_at=now) for pk in pks]
    PaperTry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["content_type", "object_id"], update_fields=["rung_at"]
    )
