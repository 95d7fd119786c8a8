"""Is the record whole? What a restored host is asked before anybody works on it: `manage.py verify_record`.

An app registers its questions with `@checked`: functions that read through the tables row by row and give a sentence for
each thing that is wrong. They change nothing, and hold no table in memory.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from . import immutable
from .models import Counter, StoredFile

CHUNK = 2000


@dataclass
class Tally:
    """How many things a check has looked at."""

    seen: int = 0


Check = Callable[[Tally], Iterator[str]]
_checks: dict[str, Check] = {}


def checked(name: str) -> Callable[[Check], Check]:
    """Register a check under the name of what it looks at, such as "event chains"."""

    def register(check: Check) -> Check:
        _checks[name] = check
        return check

    return register


def checks() -> dict[str, Check]:
    return dict(_checks)


def same_hash(rows: QuerySet, field: str, tally: Tally) -> Iterator[str]:
    """Rows that keep the SHA-256 of a stored file beside it (`field`: the name of the foreign key) and contradict it."""
    for pk, mine, theirs in rows.values_list("pk", "sha256", f"{field}__sha256").iterator(CHUNK):
        tally.seen += 1
        if mine != theirs:
            yield f"{rows.model._meta.model_name} {pk}: another SHA-256 than its file"


def counted(prefix: str, numbers: Iterator[tuple[str, int]], tally: Tally) -> Iterator[str]:
    """Series whose counter would give a number again: `numbers` are (name of the series without its prefix, number)."""
    highest: dict[str, int] = {}
    for series, number in numbers:
        tally.seen += 1
        highest[series] = max(highest.get(series, 0), number)
    last = dict(Counter.objects.filter(name__startswith=prefix).values_list("name", "last"))
    for series, number in sorted(highest.items()):
        if last.get(prefix + series, 0) < number:
            yield f"counter {prefix}{series} stands at {last.get(prefix + series, 0)}, but {number} has been given"


@checked("triggers")
def triggers(tally: Tally) -> Iterator[str]:
    """The database refuses changes of what must not change."""
    wanted = immutable.expected()
    tally.seen = len(wanted)
    for name in sorted(wanted - set(immutable.installed())):
        yield f"the trigger {name} is missing: run manage.py migrate"


@checked("files")
def files(tally: Tally) -> Iterator[str]:
    """Every stored file is there and has the bytes it had."""
    for stored in StoredFile.objects.order_by("pk").iterator(CHUNK):
        tally.seen += 1
        if wrong := _wrong_with(stored):
            yield f"file {stored.pk} ({stored.file.name}): {wrong}"
        for picture in filter(None, [stored.preview.name, stored.thumbnail.name]):
            if not default_storage.exists(picture):
                yield f"file {stored.pk}: its picture {picture} is missing"


def _wrong_with(stored: StoredFile) -> str:
    digest = hashlib.sha256()
    try:
        with stored.file.open("rb") as content:
            for chunk in content.chunks():
                digest.update(chunk)
    except OSError as error:
        return f"can't be read ({error.strerror or type(error).__name__})"
    return "" if digest.hexdigest() == stored.sha256 else "its bytes have changed"
