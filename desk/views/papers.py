"""Papers that can't be made: trying again at once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import require
from accounts.visibility import get_visible_or_404
from agency import clock, papers
from agency.posting import deed


@require_POST
def paper_retry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Have the paper of one thing tried now, whatever the pause."""
    known = papers.kinds().get(kind)
    if known is None:
        raise Http404
    paper = get_visible_or_404(known.model._default_manager.all(), request.user, pk=pk)
    require(request.user, known.permission)

    def act() -> str:
        papers.retry(paper, now=clock.now())
        return _("It is tried again now. Load the page again in a minute.")

    return deed(request, act, known.page(paper))
