"""How the reader wants pages to look and speak: two small POSTs, for everyone, logged in or not."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.actions import edit_profile
from accounts.models import User
from agency import clock

THEME_COOKIE = "theme"
THEMES = (("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark")))
_YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The chosen theme, set on <html> by the server so that nothing flashes; the device's own by default."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in dict(THEMES) else "auto"


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return redirect(target)


def _keep(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in dict(THEMES):
        return HttpResponseBadRequest()
    return _keep(_back(request), THEME_COOKIE, theme)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Colleagues keep their language in their profile; everyone else in a cookie of this browser.

    A colleague's choice leaves the cookie alone: a client's page opened in the same browser goes on speaking the client's
    language until the switch on that very page is used.
    """
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if isinstance(request.user, User) and "public" not in request.POST:
        edit_profile(request.user, facts={"language": language}, by=request.user, now=clock.now())
        return _back(request)
    return _keep(_back(request), settings.LANGUAGE_COOKIE_NAME, language)
