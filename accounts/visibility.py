"""Who sees what. `accounts_for` is the only root rule; every client-owned queryset's `visible_to` is a subquery on it.

A user sees the accounts whose team they are on; directors, finance, traffic and administrators see all. A client with its
brands and contacts is visible if any of its accounts is. Hidden is 404.

While a client is in the room (`user.room`), all of this is narrowed to that client.
"""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from .models import Account, Client, TeamMember, User
from .models.users import SEES_ALL

Rows = TypeVar("Rows", bound=QuerySet[Any])


def accounts_for(user: User) -> QuerySet[Account]:
    """The accounts `user` may see."""
    if not user.is_active:
        return Account.objects.none()
    accounts = Account.objects.all()
    if not user.sees_all:
        accounts = accounts.filter(pk__in=TeamMember.objects.current().filter(user=user).values("account"))
    return accounts.filter(client=user.room) if user.room else accounts


def clients_for(user: User) -> QuerySet[Client]:
    """The clients with at least one visible account; who sees all also sees clients that have none yet."""
    if user.is_active and user.sees_all:
        return Client.objects.filter(pk=user.room.pk) if user.room else Client.objects.all()
    return Client.objects.filter(pk__in=accounts_for(user).values("client"))


def colleagues_who_see(account: Account) -> QuerySet[User]:
    """The same rule read the other way: the active colleagues who may see `account`."""
    on_team = TeamMember.objects.current().filter(account=account).values("user")
    return User.objects.active().filter(Q(pk__in=on_team) | Q(pk__in=User.objects.with_role(*SEES_ALL).values("pk")))


def visible_by_account(queryset: Rows, user: User, path: str = "account") -> Rows:
    """The rows of `queryset` whose account, at `path`, the user may see."""
    if user.is_active and user.sees_all and not user.room:
        return queryset
    return queryset.filter(Q(**{f"{path}__in": accounts_for(user)}))


def is_shut_out(user: Any, client_id: int) -> bool:
    """Whether another client than this one is in the room: for what is reached without `visible_to`, such as an emailed link."""
    room = getattr(user, "room", None)
    return room is not None and room.pk != client_id


def get_visible_or_404(queryset: Any, user: User, **lookup: Any) -> Any:
    """The one object of `queryset` that `user` may see; unknown, hidden and malformed give the same 404."""
    if any(isinstance(value, str) and "\x00" in value for value in lookup.values()):
        raise Http404
    found = queryset.visible_to(user).filter(**lookup).first()
    if found is None:
        raise Http404
    return found
