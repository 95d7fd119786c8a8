"""The wall, written once for everything that hangs on an account."""

from typing import Any, ClassVar, Self

from django.db import models

from .models import User
from .visibility import visible_by_account


class AccountOwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an account at `path_to_account`; `visible_to` keeps those of accounts the user may see."""

    path_to_account: ClassVar[str] = "account"

    def visible_to(self, user: User) -> Self:
        return visible_by_account(self, user, self.path_to_account)
