"""Several counts in one query."""

import pytest
from django.db.models import Exists, OuterRef

from accounts.models import RoleGrant, User
from agency.counts import counts
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def test_each_name_has_its_own_count(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    make_user("one@agency.example", "ae", "planner")
    make_user("two@agency.example", "ae")
    grants = RoleGrant.objects.filter(user=OuterRef("pk"), role="planner")
    asked = {
        "everybody": User.objects.all(),
        "planners": User.objects.annotate(plans=Exists(grants)).filter(plans=True).order_by("full_name"),
        "nobody": User.objects.filter(email="none@agency.example"),
        "impossible": User.objects.none(),
        "grants": RoleGrant.objects.all(),
    }
    with django_assert_num_queries(1):
        assert counts(asked) == {"everybody": 2, "planners": 1, "nobody": 0, "impossible": 0, "grants": 3}


def test_one_count_or_none_is_fine() -> None:
    assert counts({"people": User.objects.all()}) == {"people": 0}
    assert counts({}) == {}
    assert counts({"nothing": User.objects.none(), "nobody": User.objects.none()}) == {"nothing": 0, "nobody": 0}
