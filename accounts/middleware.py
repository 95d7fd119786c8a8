"""The person behind the request: their language and zone for the page, and the second factor where a role demands it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from .models import User
from .models.users import NEEDS_SECOND_FACTOR

#: Where someone who still needs a second factor may go.
SETUP_PATHS = ("/accounts/", "/look/", "/agency/logo/", "/static/", "/healthz", "/readyz", "/s/", "/verify/")


class PersonMiddleware:
    """Colleagues read in the language and by the clock of their profile; everyone else in the browser's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if needs_second_factor(user) and not request.path.startswith(SETUP_PATHS):
            return redirect("mfa_activate_totp")
        with translation.override(user.language), timezone.override(user.zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            # LocaleMiddleware, outside of this one, would name the browser's language.
            response.headers.setdefault("Content-Language", user.language)
            return response


def needs_second_factor(user: User) -> bool:
    """Directors, finance and administrators must add a second factor before anything else, outside embedded mode."""
    return not (settings.EMBEDDED or user.roles.isdisjoint(NEEDS_SECOND_FACTOR) or user.has_second_factor)
