"""Whether versions have the bytes that were checked and signed, and job numbers go on where they were."""

from collections.abc import Iterator

from agency.soundness import CHUNK, Tally, checked, counted, same_hash

from .models import Job, Version


@checked("versions")
def versions(tally: Tally) -> Iterator[str]:
    """What was handed in is what was checked, released and sent."""
    yield from same_hash(Version.objects.order_by("pk"), "file", tally)


@checked("job numbers")
def numbers(tally: Tally) -> Iterator[str]:
    """No counter would give a number of ours again."""
    rows = Job.objects.values_list("account__client", "number").order_by("pk").iterator(CHUNK)
    given = ((client, number.rsplit("-", 2)) for client, number in rows)
    yield from counted("job:", ((f"{client}:{parts[1]}", int(parts[2])) for client, parts in given), tally)
