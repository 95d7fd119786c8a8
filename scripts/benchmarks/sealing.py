"""From the client's click to the sealed PDF, through web server, broker and worker, against what nobody can do without.

That is one render of the pages that are appended, by WeasyPrint as it comes, and one pyHanko seal, alone in this process, of the
very same document, right after it was sealed.
"""

import hashlib
import re
import statistics
import sys
import time
from unittest import mock

from django.db.models import Count, Q
from django.urls import reverse

from agency import clock, pdf
from signoffs.actions.locking import signatories_of
from signoffs.links import token_of
from signoffs.models import Event, SealedDocument, Signatory, SignRequest
from signoffs.sealing import pages, seal
from signoffs.signables import signable_for

from . import plain
from .figures import Figure
from .server import Site, mail_server, served, worker

LIMIT = 1.5
WARM_UP, TIMES = 4, 20
GIVE_UP_SECONDS, LOOK_AGAIN_SECONDS = 30, 0.01  # more often takes a processor away from what is measured


def measure() -> list[Figure]:
    whole, alone = [], []
    with served() as site, mail_server(), worker():
        for place, signatory in enumerate(last_approvers(WARM_UP + TIMES)):
            took = sign_and_wait(site, signatory)
            least = render_and_seal(signatory.request_id)
            if place >= WARM_UP:
                whole.append(took)
                alone.append(least)
    print(f"signed to sealed {_ms(whole)}, render and seal alone {_ms(alone)}, {len(whole)} times", file=sys.stderr)
    ratio = round(statistics.median(whole) / statistics.median(alone), 2) if whole else None
    return [Figure("sign POST to sealed PDF ÷ (render + seal alone)", ratio, LIMIT)]


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms" if seconds else "not measured"


def last_approvers(count: int) -> list[Signatory]:
    """Clients' people whose answer closes their request; as many kinds and languages as there are."""
    missing = Count("signatories", filter=Q(signatories__decided_at=None, signatories__role=Signatory.Role.APPROVER))
    requests = SignRequest.objects.open().annotate(missing=missing).filter(missing=1, code_required=False)
    rows = Signatory.objects.waiting().filter(request__in=requests, contact__archived_at=None, contact__isnull=False)
    rows = rows.filter(role=Signatory.Role.APPROVER, request__expires_at__gt=clock.now(), request__document__file__isnull=False)
    return list(rows.select_related("request__document").order_by("-pk")[:count])


def sign_and_wait(site: Site, signatory: Signatory) -> float:
    """Seconds from the POST that counts until the sealed PDF is stored."""
    address = reverse("sign", args=[token_of(signatory.pk, signatory.link_number)])
    shown = site.get(address)
    cookie = re.search(r"csrftoken=\w+", shown.headers["set-cookie"])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.text)
    assert cookie
    assert token
    document = signatory.request.document
    answer = next(one.value for one in signable_for(document).answers if one.approves and not one.needs_text)
    data = {
        "csrfmiddlewaretoken": token[1], "document": document.sha256, "answer": answer,
        "typed_name": signatory.name, "signature": "typed", "step": "confirm",
    }  # fmt: skip
    began = time.perf_counter()
    answered = site.post(address, data, cookie[0])
    if answered.status != 302:
        raise RuntimeError(f"The sign page answered {answered.status}.")
    while not SealedDocument.objects.filter(request=signatory.request_id).exists():
        if time.perf_counter() - began > GIVE_UP_SECONDS:
            raise RuntimeError(f"Request {signatory.request_id} was not sealed in {GIVE_UP_SECONDS} seconds.")
        time.sleep(LOOK_AGAIN_SECONDS)
    return time.perf_counter() - began


def render_and_seal(request_id: int) -> float:
    """Seconds for the WeasyPrint render and the pyHanko seal of a request alone: their input is made beforehand."""
    request = SignRequest.objects.select_related("document__file", "account__client").get(pk=request_id)
    events = list(Event.objects.filter(request=request).exclude(kind="sealed").order_by("sequence"))
    with mock.patch.object(pdf, "render_html", wraps=pdf.render_html) as rendered:
        pages.render_pages(request, signatories_of(request), events, now=clock.now())
    with mock.patch.object(seal, "put_seal", side_effect=lambda whole, **_words: whole):
        whole, _head = seal.build(request, now=clock.now())
    html = rendered.call_args.args[0]
    began = time.perf_counter()
    plain.render_html(html)
    sealed = seal.put_seal(whole, reason="Bench", field_words="Bench")
    took = time.perf_counter() - began
    assert hashlib.sha256(sealed).digest() != hashlib.sha256(whole).digest()
    return took
