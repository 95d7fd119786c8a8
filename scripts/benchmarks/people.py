"""As whom the pages are read: a director, who sees everything, and an account executive with a usual share of it."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Q
from django.test import Client as Browser

from accounts.models import Role, User


def director() -> User:
    """With a second factor, which production asks for."""
    user = User.objects.active().with_role(Role.DIRECTOR).order_by("pk")[0]
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "bench"}})
    return user


def account_executive() -> User:
    """The one in the middle, by how many accounts they are on."""
    here = Count("memberships", filter=Q(memberships__until=None))
    found = list(User.objects.active().with_role(Role.AE).annotate(here=here).filter(here__gt=0).order_by("here", "pk"))
    return found[len(found) // 2]


def session_of(user: User) -> str:
    """The session cookie of somebody who has logged in."""
    browser = Browser()
    browser.force_login(user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)
