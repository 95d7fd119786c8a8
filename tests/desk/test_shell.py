"""The sidebar: by role, with the current item marked."""

import pytest

from accounts.models import Role, RoleGrant, User
from desk.shell import GROUPS, nav
from tests.cast import make_cast, make_job

pytestmark = pytest.mark.django_db


def colleague(*roles: str) -> User:
    user = User.objects.create(email=f"{'-'.join(roles)}@example.test", full_name="A")
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user


def names(user: User) -> set[str]:
    return {item["icon"] for group in nav(user, "/") for item in group}


def test_money_and_settings_are_for_their_roles() -> None:
    assert not {"invoice", "receivables", "people", "outbox"} & names(colleague(Role.CREATIVE))
    assert "agency" not in names(colleague(Role.AE))
    assert names(colleague(Role.FINANCE)) <= {item.icon for group in GROUPS for item in group}


def test_the_sidebar_asks_little(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = colleague(Role.AE)
    with django_assert_max_num_queries(2):  # the roles, and all counts at once
        nav(user, "/jobs/")


def test_an_item_counts_what_waits_behind_it() -> None:
    cast = make_cast()
    make_job(cast.account, cast.ae, status="open")
    make_job(cast.account, cast.ae, status="draft", number="ACM-26-0002")
    found = {item["icon"]: item["count"] for group in nav(cast.ae, "/") for item in group}
    assert found["job"] == 1
    assert found["signoff"] == found["meeting"] == 0
    stranger = {item["icon"]: item["count"] for group in nav(cast.outsider, "/") for item in group}
    assert stranger["job"] == 0


def test_the_page_one_is_on_is_marked() -> None:
    user = colleague(Role.AE)
    for group in nav(user, "/jobs/ACM-26-0042/"):
        for item in group:
            assert item["current"] == (item["icon"] == "job")
