"""The agency's logo on pages: the one stored picture anyone may see."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agency.files import preview_response
from agency.models import Agency


@login_not_required
@require_safe
def agency_logo(request: HttpRequest) -> HttpResponseBase:
    """The logo's preview (re-encoded, never the upload itself); its address changes with the logo, so it may be kept."""
    logo = Agency.current().logo
    if logo is None:
        raise Http404
    response = preview_response(logo, "preview")
    response["Cache-Control"] = "public, max-age=86400"
    return response
