"""The pages behind an emailed link. Reading changes nothing: mail gateways open links, run scripts and follow redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.visibility import is_shut_out
from agency import clock
from agency.errors import Refused
from agency.proxies import client_address

from .. import actions
from ..forms import CodeForm
from ..limits import allowed
from ..links import find
from ..models import OneTimeCode, Signatory
from ..standing import stage_of
from . import signing
from .place import Place, attachment_response, document_response, link_address, sealed_response

P = ParamSpec("P")
CODE_COOKIE, CODE_SALT, CODE_AGE = "signing_code", "signoffs.code", 12 * 3600


def guard(response: HttpResponseBase) -> HttpResponseBase:
    """Never kept, never indexed, never told to the next site."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def language_of(request: HttpRequest, signatory: Signatory | None) -> str:
    """What the reader chose on the page, else the language the contact is written to in."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return signatory.language if signatory else translation.get_language_from_request(request)


def by_link(
    view: Callable[Concatenate[HttpRequest, Place, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Find whose link it is, speak their language; the same 404 for unknown, malformed and ended links."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        signatory = find(token)
        if signatory and is_shut_out(request.user, signatory.request.account.client_id):
            signatory = None
        with translation.override(language_of(request, signatory)):
            request.LANGUAGE_CODE = translation.get_language()
            if signatory is None:
                return guard(render(request, "404.html", status=404))
            shut = signatory.request.code_required and not code_passed(request, signatory)
            place = Place(signatory, "link", link_address(token), public=True, shut=shut)
            with timezone.override(signatory.zone):
                if request.method == "POST" and not _within_limits(request, signatory, "post"):
                    return guard(render(request, "signoffs/sign/too_often.html", signing.frame(place), status=429))
                try:
                    return guard(view(request, place, *args, **kwargs))
                except Http404:
                    return guard(render(request, "404.html", status=404))

    return wrapped


def _within_limits(request: HttpRequest, signatory: Signatory, what: str) -> bool:
    return allowed(what, link=str(signatory.pk), address=client_address(request))


def code_passed(request: HttpRequest, signatory: Signatory) -> bool:
    """Whether this browser has entered the code of this very link."""
    value = request.get_signed_cookie(CODE_COOKIE, default="", salt=CODE_SALT, max_age=CODE_AGE)
    return bool(value == _cookie_value(signatory))


def _cookie_value(signatory: Signatory) -> str:
    return f"{signatory.pk}:{signatory.link_number}"


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def sign(request: HttpRequest, place: Place) -> HttpResponseBase:
    """What is to be signed, then what became of it, at one address."""
    now = clock.now()
    if place.shut and stage_of(place.signatory, now=now) in ("open", "copy", "answered"):
        return _code_page(request, place)
    return signing.answering(request, place, now=now, code_passed=True)


def _code_page(request: HttpRequest, place: Place) -> HttpResponse:
    """Before anything of the document is shown: ask for a code, then enter it."""
    now, signatory, sentence = clock.now(), place.signatory, ""
    form = CodeForm(request.POST if request.POST.get("step") == "code" else None)
    try:
        if request.method == "POST" and request.POST.get("step") == "send_code":
            if not _within_limits(request, signatory, "code"):
                return render(request, "signoffs/sign/too_often.html", signing.frame(place), status=429)
            actions.request_code(signatory, now=now)
            return redirect(place.address("page"))
        if request.method == "POST" and form.is_valid():
            actions.check_code(signatory, form.cleaned_data["code"], origin=place.origin(request), now=now)
            return _let_in(place)
    except Refused as error:
        sentence = str(error)
    sent = OneTimeCode.objects.filter(signatory=signatory, used_at=None, expires_at__gt=now).order_by("-pk").first()
    status = 409 if sentence else 422 if form.errors else 200
    context = signing.frame(place) | {"form": form, "refused": sentence, "sent": sent}
    return render(request, "signoffs/sign/code.html", context, status=status)


def _let_in(place: Place) -> HttpResponse:
    response = redirect(place.address("page"))
    response.set_signed_cookie(
        CODE_COOKIE, _cookie_value(place.signatory), salt=CODE_SALT, max_age=CODE_AGE, path=place.address("page"),
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def after_code(
    view: Callable[Concatenate[HttpRequest, Place, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Place, P], HttpResponseBase]:
    """Where a code is asked for, nothing is shown or done without it."""

    @wraps(view)
    def wrapped(request: HttpRequest, place: Place, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if place.shut:
            return redirect(place.address("page"))
        return view(request, place, *args, **kwargs)

    return wrapped


@require_POST
@by_link
@after_code
def seen(request: HttpRequest, place: Place) -> HttpResponseBase:
    """The first pointer, key or scroll on the page."""
    actions.mark_seen(place.signatory, origin=place.origin(request), now=clock.now())
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@after_code
def decline(request: HttpRequest, place: Place) -> HttpResponseBase:
    return signing.declining(request, place, now=clock.now(), code_passed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def pass_on(request: HttpRequest, place: Place) -> HttpResponseBase:
    if request.method == "POST" and not _within_limits(request, place.signatory, "delegate"):
        return render(request, "signoffs/sign/too_often.html", signing.frame(place), status=429)
    return signing.passing_on(request, place, now=clock.now())


#: While the document may be read through the link: not after it was withdrawn, replaced, expired or passed on.
READABLE = frozenset({"open", "copy", "answered", "waiting_turn"})


def _readable_or_404(place: Place) -> None:
    if stage_of(place.signatory, now=clock.now()) not in READABLE:
        raise Http404


@require_safe
@by_link
@after_code
def document(request: HttpRequest, place: Place) -> HttpResponseBase:
    _readable_or_404(place)
    return document_response(place.document, request)


@require_safe
@by_link
@after_code
def file(request: HttpRequest, place: Place, pk: int) -> HttpResponseBase:
    _readable_or_404(place)
    return attachment_response(place.document, request, pk)


@require_safe
@by_link
@after_code
def picture(request: HttpRequest, place: Place, pk: int, which: Any) -> HttpResponseBase:
    _readable_or_404(place)
    return attachment_response(place.document, request, pk, which)


@require_safe
@by_link
@after_code
def sealed(request: HttpRequest, place: Place) -> HttpResponseBase:
    """The sealed PDF, for those who answered and for the copies."""
    signatory = place.signatory
    if not signatory.decided_at and not (signatory.is_copy and signatory.request.outcome in ("approved", "changes", "declined")):
        raise Http404
    return sealed_response(signatory.request, request)
