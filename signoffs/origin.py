"""Where a click came from, as far as it can be known. What isn't known is written "not recorded", never filled in."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

from agency.proxies import client_address

NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Origin:
    """Network address (behind the configured proxies), what the proxies claimed, browser, languages, and how they got in."""

    address: str = NOT_RECORDED
    forwarded: str = NOT_RECORDED  # the raw header, kept apart: whoever calls may write into it
    agent: str = NOT_RECORDED
    languages: str = NOT_RECORDED
    entered: str = NOT_RECORDED  # "link", "app", "app, second factor"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


UNKNOWN = Origin()


def origin_of(request: HttpRequest, entered: str) -> Origin:
    def header(name: str, limit: int) -> str:
        text = "".join(c for c in request.headers.get(name, "") if c.isprintable())
        return text[:limit] or NOT_RECORDED

    return Origin(
        address=client_address(request) or NOT_RECORDED,
        forwarded=header("X-Forwarded-For", 300),
        agent=header("User-Agent", 400),
        languages=header("Accept-Language", 120),
        entered=entered,
    )
