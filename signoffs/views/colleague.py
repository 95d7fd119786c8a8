"""A colleague's own signature, in the app: the same page as the client's, without a link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.visibility import get_visible_or_404
from agency import clock

from .. import actions
from ..models import Signatory, SignRequest
from . import signing
from .place import Place, app_address


def _place(request: HttpRequest, pk: int) -> Place:
    """The place of the colleague who asks; 404 for everyone who isn't a signatory of a request they may see."""
    assert isinstance(request.user, User)
    sign_request: SignRequest = get_visible_or_404(SignRequest.objects, request.user, pk=pk)
    signatory = (
        Signatory.objects.filter(request=sign_request, user=request.user, revoked_at=None)
        .select_related(
            "user", "signature_image", "request__requested_by", "request__account__lead", "request__account__client",
            "request__document__file", "request__document__created_by",
        )
        .first()
    )  # fmt: skip
    if signatory is None:
        raise Http404
    return Place(signatory, entered(request), app_address(sign_request), public=False)


def entered(request: HttpRequest) -> str:
    """How the colleague logged in, as allauth remembers it in the session."""
    methods = {entry.get("method") for entry in request.session.get("account_authentication_methods", [])}
    return "app, second factor" if "mfa" in methods else "app"


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    place = _place(request, pk)
    with timezone.override(place.signatory.zone):
        return signing.answering(request, place, now=clock.now(), code_passed=True)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    return signing.declining(request, _place(request, pk), now=clock.now(), code_passed=True)


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = _place(request, pk)
    actions.mark_seen(place.signatory, origin=place.origin(request), now=clock.now())
    return HttpResponse(status=204)
