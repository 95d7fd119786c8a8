"""Whether the serials of meetings go on where they were."""

from collections.abc import Iterator

from agency.soundness import CHUNK, Tally, checked, counted

from .models import Meeting


@checked("meeting serials")
def serials(tally: Tally) -> Iterator[str]:
    """No counter would give a serial of ours again."""
    rows = Meeting.objects.values_list("account__client", "serial").order_by("pk").iterator(CHUNK)
    given = ((client or "internal", serial.rsplit("-", 2)) for client, serial in rows)
    yield from counted("minutes:", ((f"{client}:{parts[1]}", int(parts[2])) for client, parts in given), tally)
