"""Bytes that no row names: left by a transaction that was rolled back, or by a process that was killed between the two.

The sweep looks through one of the 256 folders of the storage every quarter of an hour, and so through all of it in under
three days. What is younger than a day is left alone: its transaction may still be running. So is everything while mail is
held, as after a restored backup: the rows that name the newest files may be in a later one.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from ..models import Agency, StoredFile
from ..sweep import swept

logger = logging.getLogger(__name__)

FOLDERS, EVERY, AGE = 256, timedelta(minutes=15), timedelta(days=1)
TOP = "files"
AT_ONCE = 500


@swept
def orphaned_files(now: datetime) -> int:
    """One folder's orphans, when its quarter of an hour comes round. Answers how many were deleted."""
    if now.minute % 15 or Agency.objects.filter(mail_held=True).exists():
        return 0
    return clean(f"{TOP}/{int(now.timestamp() // EVERY.total_seconds()) % FOLDERS:02x}", now=now)


def clean(folder: str, *, now: datetime) -> int:
    """Delete the files of a folder (`files/3f`) that no row has named for a day."""
    done, names = 0, list(_files_in(folder))
    for start in range(0, len(names), AT_ONCE):
        for name in _unnamed(names[start : start + AT_ONCE]):
            done += _delete_if_old(name, now)
    return done


def _files_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files_in(f"{folder}/{inner}")


def _unnamed(names: list[str]) -> set[str]:
    """Those of the names that no row has, neither as a file nor as one of its pictures."""
    left = set(names)
    for field in ("file", "preview", "thumbnail"):
        left -= set(StoredFile.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return left


def _delete_if_old(name: str, now: datetime) -> int:
    written = default_storage.get_modified_time(name)
    if timezone.is_naive(written):
        written = timezone.make_aware(written)
    if now - written < AGE:
        return 0
    logger.warning("No row names the stored file %s: it is deleted.", name)
    default_storage.delete(name)
    return 1
