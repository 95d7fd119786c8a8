"""Who is behind a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from .models import RoleGrant, User


class ColleagueBackend(AuthenticationBackend):
    """allauth's log-in. Every page needs the colleague, their roles and whether they have a second factor: one query reads all."""

    def get_user(self, user_id: Any) -> User | None:
        rows = RoleGrant.objects.filter(user=user_id).select_related("user")
        grants = list(rows.annotate(second_factor=Exists(Authenticator.objects.filter(user=OuterRef("user")))))
        if not grants:  # nobody, or a colleague without any role
            nobody: User | None = super().get_user(user_id)
            return nobody
        user = grants[0].user
        user.roles = frozenset(grant.role for grant in grants)
        user.has_second_factor = grants[0].second_factor
        return user if self.user_can_authenticate(user) else None
