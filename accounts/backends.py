"""Who is behind a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .models import RoleGrant, User


class ColleagueBackend(AuthenticationBackend):
    """allauth's log-in. Every page needs the colleague and their roles: one query reads both."""

    def get_user(self, user_id: Any) -> User | None:
        grants = list(RoleGrant.objects.filter(user=user_id).select_related("user"))
        if not grants:  # nobody, or a colleague without any role
            nobody: User | None = super().get_user(user_id)
            return nobody
        user = grants[0].user
        user.roles = frozenset(grant.role for grant in grants)
        return user if self.user_can_authenticate(user) else None
