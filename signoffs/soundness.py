"""Whether the evidence is whole: every chain, and every document with its bytes."""

from collections.abc import Iterator
from itertools import groupby

from agency.soundness import CHUNK, Tally, checked, same_hash

from .evidence import export, verify_exported
from .models import Document, Event, SealedDocument, SignRequest


@checked("event chains")
def chains(tally: Tally) -> Iterator[str]:
    """Each request has its chain, each chain holds, and the head printed in a sealed PDF is still in it."""
    events = Event.objects.order_by("request_id", "sequence").iterator(CHUNK)
    sealed = SealedDocument.objects.order_by("request_id").values_list("request", "chain_head").iterator(CHUNK)
    printed = next(sealed, None)  # both come in the order of their requests, so that neither is held in memory
    for pk, of_request in groupby(events, key=lambda event: event.request_id):
        tally.seen += 1
        chain = export(of_request)
        while printed and printed[0] < pk:
            printed = next(sealed, None)
        verdict = verify_exported(chain)
        if not verdict.ok:
            yield f"sign-off {pk}: its chain is broken at event {verdict.broken_at}"
        elif printed and printed[0] == pk and printed[1] not in {entry["hash"] for entry in chain}:
            yield f"sign-off {pk}: its chain has lost the events that its sealed PDF shows"
    for pk in SignRequest.objects.filter(events=None).order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
        yield f"sign-off {pk}: its chain is gone"


@checked("documents")
def documents(tally: Tally) -> Iterator[str]:
    """Frozen and sealed documents have the bytes that were shown and sealed."""
    yield from same_hash(Document.objects.filter(file__isnull=False).order_by("pk"), "file", tally)
    yield from same_hash(SealedDocument.objects.order_by("pk"), "file", tally)
