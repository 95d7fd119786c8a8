"""Pages of a long list without counting it: one row more than fits says whether there is a next page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest

from .asked import whole_number

PER_PAGE = 50
#: Deeper pages are found by filtering, not by leafing: an offset costs as much as the rows it skips.
LAST_PAGE = 200


@dataclass(frozen=True)
class Page:
    """Rows of one page; for cs/pager.html and layouts/list.html."""

    rows: Sequence[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Sliced(Protocol):
    """What gives its rows from one place to another: a list, an ordered queryset, or a question that is asked only then."""

    def __getitem__(self, part: slice, /) -> Iterable[Any]: ...


def page_of(rows: "QuerySet[Any] | Sliced", request: HttpRequest, per_page: int = PER_PAGE) -> Page:
    """The page ?page=N asks for; anything else than a number from 1 on is page 1. An ordered queryset, please."""
    number = min(whole_number(request.GET.get("page", ""), digits=5) or 1, LAST_PAGE)
    start = (number - 1) * per_page
    found = list(rows[start : start + per_page + 1])
    return Page(rows=found[:per_page], number=number, has_next=len(found) > per_page and number < LAST_PAGE)
