"""What a page weighs on the wire, as production serves it: the first time with styles and scripts, then without those kept.

Artwork is left out: pictures that somebody uploaded are as heavy as they are.
"""

import re
import sys
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from . import people
from .addresses import PAGES
from .figures import Figure
from .server import Answer, Site, served

FIRST, NEXT = 200, 40
LINKED = re.compile(r"""(?:<link[^>]*?\shref|<script[^>]*?\ssrc|<img[^>]*?\ssrc)="([^"]+)\"""")
IN_STYLES = re.compile(r"""(?:url\(|@import )["']?([^"')]+)""")
IN_SCRIPTS = re.compile(r"""^import .*?["']([^"']+)["']""", re.MULTILINE)


def measure() -> list[Figure]:
    session = people.session_of(people.director())
    first, later = {}, {}
    with served() as site:
        for page in PAGES:
            for address in list(page.addresses(people.director()))[:3]:
                answer = site.get(address, "" if page.public else session)
                if answer.status == 200:
                    kept = linked(site, answer, address)
                    later[address] = wire(answer) + sum(wire(one) for one in kept.values() if not stays(one))
                    first[address] = wire(answer) + sum(map(wire, kept.values()))
    for words, found in (("first", first), ("next", later)):
        heaviest = sorted(found, key=lambda address: -found[address])[:3]
        print(words, *(f"{address} {found[address] / 1000:.1f}" for address in heaviest), file=sys.stderr)
    return [
        Figure("first load of the heaviest page (KB)", round(max(first.values()) / 1000, 1), FIRST),
        Figure("next load of the heaviest page (KB)", round(max(later.values()) / 1000, 1), NEXT),
    ]


def wire(answer: Answer) -> int:
    """Bytes of an answer: its body as it was sent, its status line and its headers."""
    return len(answer.body) + 17 + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())


def stays(answer: Answer) -> bool:
    """Whether a browser keeps it without asking again."""
    return "immutable" in answer.headers.get("cache-control", "")


def linked(site: Site, answer: Answer, address: str) -> dict[str, Answer]:
    """The static files a page needs, with those that they need in turn."""
    found: dict[str, Answer] = {}
    waiting = [urljoin(address, link) for link in LINKED.findall(answer.text)]
    while waiting:
        link = waiting.pop()
        if link in found or not urlsplit(link).path.startswith(settings.STATIC_URL):
            continue
        found[link] = one = site.get(link)
        if one.status != 200:
            raise RuntimeError(f"{link} answered {one.status}.")
        pattern = {"text/css": IN_STYLES, "text/javascript": IN_SCRIPTS}.get(one.headers.get("content-type", "").split(";")[0])
        if pattern:
            waiting += [urljoin(link, inner) for inner in pattern.findall(one.text) if not inner.startswith("data:")]
    return found
