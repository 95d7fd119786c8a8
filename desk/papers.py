"""Papers that can't be made, for My day: the one thing of every floor that may be stuck without anybody having done wrong."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo
from agency import papers
from agency.models import PaperTry

#: How many of one kind somebody is told of; the oldest first.
MOST = 30


def todos(user: User, now: datetime) -> list[Todo]:
    """What two tries could not make, of the accounts I lead; for those who see every account, all of it."""
    stuck = PaperTry.objects.filter(tries__gte=papers.TOLD_FROM)
    found = []
    for type_id in stuck.order_by("content_type").values_list("content_type", flat=True).distinct():
        kind = papers.kinds()[ContentType.objects.get_for_id(type_id).model]
        found += _of_kind(kind, stuck.filter(content_type=type_id), user)
    return found


def _of_kind(kind: papers.Kind, stuck: "QuerySet[PaperTry]", user: User) -> list[Todo]:
    if not may(user, kind.permission):
        return []
    rows = kind.model._default_manager.filter(pk__in=stuck.values("object_id")).visible_to(user)  # type: ignore[attr-defined]
    account = rows.path_to_account
    if not user.sees_all:
        rows = rows.filter(**{f"{account}__lead": user})
    return [
        Todo(icon="warning", what=str(paper), why=_("its PDF can't be made"), url=kind.page(paper), button=_("Look at it"))
        for paper in rows.select_related(account).order_by("pk")[:MOST]
    ]
