"""Search: an exact number jumps, words list what was found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..search import SHORTEST, by_words, exact


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    if query and (found := exact(query, request.user)):
        return redirect(found.get_absolute_url())
    too_short = 0 < len(query) < SHORTEST and query.isascii()
    groups = by_words(query, request.user) if query and not too_short else []
    return render(request, "desk/search.html", {"query": query, "groups": groups, "too_short": too_short})
