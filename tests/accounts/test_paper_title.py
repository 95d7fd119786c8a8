"""What a colleague is, on papers in several languages."""

from django.utils import translation

from accounts.models import Role, RoleGrant
from agency.models import Agency
from tests.cast import Cast


def test_a_paper_in_another_language_names_the_role(cast: Cast) -> None:
    person = cast.ae
    person.title = "Head of accounts"
    house = Agency.current().language
    with translation.override(house):
        assert person.paper_title == "Head of accounts"
        person.title = ""
        assert person.paper_title == str(Role.AE.label)
    person.title = "Head of accounts"
    with translation.override("es" if house != "es" else "en"):
        assert person.paper_title == str(Role.AE.label)


def test_being_administrator_too_is_nothing_for_clients(cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.ae, role=Role.ADMINISTRATOR)
    cast.ae.title = ""
    with translation.override("en"):
        assert cast.ae.paper_title == str(Role.AE.label)


def test_without_a_role_the_title_stands(cast: Cast) -> None:
    cast.ae.role_grants.all().delete()
    cast.ae.title = "Head of accounts"
    with translation.override("ru"):
        assert cast.ae.paper_title == "Head of accounts"
