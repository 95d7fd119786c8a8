"""Fifty answers at the same moment on one link; on every other link half of them refuse. Exactly one may count, and the sealed PDF
tells the truth: whatever byte of it is changed, it is found.
"""

import logging
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from agency.models import OutgoingMail
from signoffs.evidence import verify_chain
from signoffs.models import Event, SealedDocument, Signatory, SignRequest
from signoffs.sealing.verify import verify_bytes

from .. import papers, world
from ..figures import Figure, exactly, told
from ..staff import Browser
from ..stage import Stage

AT_ONCE = 50


def run(stage: Stage) -> list[Figure]:
    links, flips = (4, 100) if stage.short else (20, 1000)
    house = papers.make_house(world.make_team(1).leads[0])
    requests = [papers.send_minutes(house, f"Meeting {number}") for number in range(links)]
    stage.start("mail", "web", "worker", "beat")
    stage.wait_for(lambda: not SignRequest.objects.filter(sent_at=None).exists(), stage.minutes(15), "the links to leave")
    answers: Counter[int] = Counter()
    for number, request in enumerate(requests):
        answers += _storm(stage, request, refused=number % 2 == 1)
    stage.wait_for(lambda: SealedDocument.objects.count() >= links, stage.minutes(15), "the sealed PDFs")
    stage.wait_for(lambda: not OutgoingMail.objects.exclude(status="sent").exists(), stage.minutes(15), "the mails to leave")
    return [*_judge(stage, requests, answers), *_flips(requests[0], flips), told("links", links)]


def _storm(stage: Stage, request: SignRequest, *, refused: bool) -> Counter[int]:
    """Fifty clicks from fifty places; the status codes of the answers."""
    signatory = Signatory.objects.select_related("request__document").get(request=request)
    page = papers.link_of(signatory)
    reader = Browser(stage.web_port)
    reader.get(page)
    start = Barrier(AT_ONCE)

    def click(place: int) -> int:
        browser = replace(reader, cookies=dict(reader.cookies), address=f"203.0.{request.pk % 250}.{place + 1}")
        start.wait()
        if refused and random.random() < 0.5:
            return browser.post(f"{page}decline/", **papers.declining(signatory)).status
        return browser.post(page, **papers.confirming(signatory)).status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(click, range(AT_ONCE)))


def _judge(stage: Stage, requests: list[SignRequest], answers: Counter[int]) -> list[Figure]:
    decided = Counter(Event.objects.filter(kind="decided").values_list("request", flat=True))
    closed = Counter(Event.objects.filter(kind="closed").values_list("request", flat=True))
    letters = Counter(
        OutgoingMail.objects.filter(letter__startswith="signoffs.").values_list("letter", "content_type", "object_id", "to_email")
    )
    taken = Counter(message.message_id for message in stage.mail.taken())
    refused, raced = SignRequest.objects.filter(outcome="declined").count(), len(requests) // 2
    ours = SignRequest.objects.select_related("sealed__file").filter(pk__in=[request.pk for request in requests])
    return [
        told("answers by status", ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))),
        exactly("answers with an error of ours", sum(count for status, count in answers.items() if not 0 < status < 500), 0),
        exactly("links with exactly one answer", sum(decided[request.pk] == closed[request.pk] == 1 for request in requests), len(requests)),
        exactly("chains that hold", sum(verify_chain(request).ok for request in ours), len(requests)),
        exactly("sealed PDFs that are ours and unchanged", sum(_is_unchanged(request) for request in ours), len(requests)),
        exactly("letters of one kind to one person about one paper, at most", max(letters.values()), 1),
        exactly("mails that arrived twice", sum(count > 1 for count in taken.values()), 0),
        exactly("mails that never arrived", OutgoingMail.objects.count() - len(taken), 0),
        told("links on which refusing won", f"{refused} of {raced}"),
        # By chance alone one of the two wins all ten races twice in a thousand runs; the short form has two races.
        *([] if stage.short else [exactly("each wins now and then", 0 < refused < raced, True)]),
    ]  # fmt: skip


def _bytes(request: SignRequest) -> bytes:
    with request.sealed.file.file.open("rb") as content:
        data: bytes = content.read()
    return data


def _is_unchanged(request: SignRequest) -> bool:
    verdict = verify_bytes(_bytes(request))
    return verdict.status == "unchanged" and verdict.outcome == request.outcome


def _flips(request: SignRequest, count: int) -> list[Figure]:
    """One byte anywhere, changed to any other value."""
    logging.getLogger("signoffs.sealing.verify").setLevel(logging.WARNING)  # it tells of every file nobody can read
    data, found = _bytes(SignRequest.objects.get(pk=request.pk)), 0
    for _ in range(count):
        changed = bytearray(data)
        changed[random.randrange(len(data))] ^= random.randrange(1, 256)
        found += verify_bytes(bytes(changed)).status in ("changed", "unreadable")
    return [exactly("changed bytes found", found, count), exactly("bytes appended", verify_bytes(data + b"\n").status, "changed")]
