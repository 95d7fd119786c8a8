"""Papers that can't be made, for My day: the one thing of every floor that may be stuck without anybody having done wrong."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo
from agency import papers
from agency.models import PaperTry

MOST = 30


def todos(user: User, now: datetime) -> list[Todo]:
    """What two tries could not make, of the accounts I lead; for those who see every account, all of it."""
    stuck: dict[str, list[int]] = {}
    types = ContentType.objects
    for one in PaperTry.objects.filter(tries__gte=papers.TOLD_FROM).order_by("pk")[:MOST]:
        stuck.setdefault(types.get_for_id(one.content_type_id).model, []).append(one.object_id)
    return [todo for name, pks in stuck.items() for todo in _of_kind(papers.kinds()[name], pks, user)]


def _of_kind(kind: papers.Kind, pks: list[int], user: User) -> list[Todo]:
    if not may(user, kind.permission):
        return []
    visible = kind.model._default_manager.filter(pk__in=pks).visible_to(user)  # type: ignore[attr-defined]
    return [
        Todo(icon="warning", what=str(paper), why=_("its PDF can't be made"), url=kind.page(paper), button=_("Look at it"))
        for paper in visible
        if user.sees_all or paper.account.lead_id == user.pk
    ]
