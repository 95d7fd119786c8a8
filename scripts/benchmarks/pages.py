"""Each page's time on the server as a multiple of the bare page's, and its queries.

A page and the bare page take turns, so that whatever else the machine does meets both alike; the medians are compared.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User

from . import people
from .addresses import PAGES, Page, a_client
from .figures import Figure
from .server import Site, served

ROUNDS = 40
TIME, COUNT = "time ÷ bare page", "queries"


@dataclass(frozen=True)
class Reader:
    """Who reads a page; without a user, whoever has the link."""

    words: str
    user: User
    session: str


def measure() -> list[Figure]:
    readers = [Reader(words, user, people.session_of(user)) for words, user in _readers()]
    figures: list[Figure] = []
    with served() as site:
        for page in PAGES:
            for reader in readers[:1] if page.public else readers:
                figures += _figures(site, page, reader)
    return figures


def _readers() -> list[tuple[str, User]]:
    return [("director", people.director()), ("account executive", people.account_executive())]


def _figures(site: Site, page: Page, reader: Reader) -> list[Figure]:
    """A page that isn't for this reader's role has none."""
    addresses = list(page.addresses(reader.user))
    session = "" if page.public else reader.session
    first = [site.get(address, session).status for address in addresses]
    if first and set(first) == {403}:
        return []
    name = page.label if page.public else f"{page.label} as {reader.words}"
    if not addresses or set(first) != {200}:
        return [Figure(f"{name}: {TIME} (answered {sorted(set(first))})", None, page.times)]
    ratio, queries = _measured(site, addresses, session, reader.session)
    return [Figure(f"{name}: {TIME}", ratio, page.times), Figure(f"{name}: {COUNT}", queries, page.queries)]


def _measured(site: Site, addresses: Sequence[str], session: str, bare_session: str) -> tuple[float, int]:
    bare_address = reverse("bare", urlconf="benchmarks.urls", args=[a_client().pk])
    bare, page, queries = [], [], 0
    for turn in range(ROUNDS):
        bare.append(site.get(bare_address, bare_session).milliseconds)
        answer = site.get(addresses[turn % len(addresses)], session)
        page.append(answer.milliseconds)
        queries = max(queries, answer.queries)
    return round(statistics.median(page) / statistics.median(bare), 2), queries
