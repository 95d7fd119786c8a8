"""What every page's frame needs. Everything costly is lazy: a fragment or a public page pays for nothing it doesn't show."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.permissions import may

from .shell import nav
from .views.preferences import THEMES, theme_of


class _NoAgency:
    """Stands in where the profile can't be read: a database that is down must not take the error page with it."""

    name = "Countersign"


def _agency() -> Any:
    from agency import models

    try:
        agency: Any = models.Agency.current()
        agency.logo_url = f"{reverse('agency_logo')}?v={agency.logo_id}" if agency.logo_id else ""
        return agency
    except Exception:
        return _NoAgency()


def shell(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"agency": SimpleLazyObject(_agency), "theme": theme_of(request), "themes": THEMES}
    user = getattr(request, "user", None)
    if isinstance(user, User) or (user is not None and user.is_authenticated):
        context["nav"] = SimpleLazyObject(lambda: nav(user, request.path))
        context["may_create_job"] = SimpleLazyObject(lambda: may(user, "jobs.create"))
    return context
