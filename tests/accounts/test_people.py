"""Colleagues come, change roles and go; what they led goes to somebody else in one step."""

from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from accounts import actions, choices, handover
from accounts.models import Role, TeamMember, User
from accounts.visibility import accounts_for, colleagues_who_see
from agency.errors import NotPermitted, Refused
from agency.mail import filled
from agency.models import AuditEntry, OutgoingMail
from tests.cast import PASSWORD, Cast, make_user

FACTS = {"full_name": "Nina New", "language": "es", "zone_name": "Europe/Madrid", "title": "", "phone": ""}


def test_an_invited_colleague_chooses_a_password_by_the_mailed_link_and_logs_in(cast: Cast, now: datetime) -> None:
    user = actions.invite_user(email=" Nina@Agency.example", facts=FACTS, roles=["ae"], by=cast.admin, now=now)
    mail = OutgoingMail.objects.get(letter="accounts.invitation")
    assert (mail.to_email, mail.language) == ("nina@agency.example", "es")
    assert "[[link]]" in mail.text, "the stored row never holds the link"
    link = next(line for line in filled(mail).text.splitlines() if line.startswith("http"))
    assert link not in mail.text
    browser = Browser()
    page = browser.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    answer = browser.post(page.redirect_chain[-1][0], {"password1": "long enough words", "password2": "long enough words"})
    assert answer.status_code == 302
    browser.post(reverse("account_login"), {"login": "nina@agency.example", "password": "long enough words"})
    assert browser.get(reverse("profile")).context["user"] == user
    used = Browser().get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert b"password1" not in used.content, "the link works once"


def test_only_administrators_invite_and_an_address_is_invited_once(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        actions.invite_user(email="n@agency.example", facts=FACTS, roles=["ae"], by=cast.director, now=now)
    with pytest.raises(Refused, match="already a colleague"):
        actions.invite_user(email="AE@agency.example", facts=FACTS, roles=["ae"], by=cast.admin, now=now)
    with pytest.raises(Refused, match="at least one role"):
        actions.invite_user(email="n@agency.example", facts=FACTS, roles=["king"], by=cast.admin, now=now)
    assert not OutgoingMail.objects.exists()


def test_a_change_of_roles_ends_the_colleagues_sessions(cast: Cast, now: datetime) -> None:
    browser = Browser()
    browser.force_login(cast.ae)
    assert browser.get(reverse("profile")).status_code == 200
    actions.change_roles(cast.ae, roles=["manager"], by=cast.admin, now=now)
    assert browser.get(reverse("profile")).status_code == 302
    entry = AuditEntry.objects.get(action="user.roles_changed")
    assert (entry.old, entry.new) == ({"roles": ["ae"]}, {"roles": ["manager"]})


def test_the_last_administrator_stays(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="last administrator"):
        actions.change_roles(cast.admin, roles=["ae"], by=cast.admin, now=now)
    with pytest.raises(Refused, match="yourself"):
        actions.deactivate_user(cast.admin, by=cast.admin, now=now)
    second = make_user("second@agency.example", Role.ADMINISTRATOR)
    actions.deactivate_user(cast.admin, by=second, now=now)
    with pytest.raises(Refused, match="last administrator"):
        actions.change_roles(second, roles=["ae"], by=second, now=now)


def test_who_leads_an_account_hands_over_before_leaving(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="1 account to lead"):
        actions.deactivate_user(cast.ae, by=cast.admin, now=now)
    moved: list[Any] = []

    def jobs(leaver: User, successor: User | None, *, by: Any, now: datetime) -> list[str]:
        moved.append(successor)
        return ["3 jobs"] if successor else []

    handover.register_handover(jobs)
    try:
        told = actions.hand_over(cast.ae, cast.manager, by=cast.admin, now=now)
    finally:
        handover._registered.remove(jobs)
    assert told[0] == "1 account to lead"
    assert "3 jobs" in told
    assert moved == [cast.manager]
    cast.account.refresh_from_db()
    assert cast.account.lead == cast.manager
    assert not accounts_for(cast.ae).exists()
    actions.deactivate_user(cast.ae, by=cast.admin, now=now)
    assert not User.objects.get(pk=cast.ae.pk).is_active


def test_the_successor_sees_what_the_leaver_saw(cast: Cast, now: datetime) -> None:
    actions.hand_over(cast.outsider, cast.teammate, by=cast.admin, now=now)
    assert set(accounts_for(cast.teammate)) == {cast.account, cast.rival_account}
    assert not TeamMember.objects.current().filter(user=cast.outsider).exists()


def test_handing_over_to_oneself_or_to_who_has_left_changes_nothing(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="somebody else"):
        actions.hand_over(cast.ae, cast.ae, by=cast.admin, now=now)
    User.objects.filter(pk=cast.teammate.pk).update(is_active=False)
    with pytest.raises(Refused, match="has left"):
        actions.hand_over(cast.ae, cast.teammate, by=cast.admin, now=now)
    cast.account.refresh_from_db()
    assert cast.account.lead == cast.ae


def test_who_was_deactivated_is_out_at_once_and_stays_out(cast: Cast, now: datetime) -> None:
    user = make_user("gone@agency.example", Role.CREATIVE, password=PASSWORD)
    browser = Browser()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert browser.get(reverse("profile")).status_code == 200
    actions.deactivate_user(user, by=cast.admin, now=now)
    assert browser.get(reverse("profile")).status_code == 302
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert browser.get(reverse("profile")).status_code == 302


def test_create_administrator_starts_an_empty_agency_and_only_that(db: None) -> None:
    out = StringIO()
    call_command("create_administrator", "First@Agency.example", name="Fay First", stdout=out)
    user = User.objects.get()
    assert (user.email, user.roles) == ("first@agency.example", {Role.ADMINISTRATOR})
    link = out.getvalue().split()[-1]
    assert b"password1" in Browser().get(link.removeprefix("http://127.0.0.1:8000"), follow=True).content
    with pytest.raises(CommandError, match="already"):
        call_command("create_administrator", "second@agency.example")
    with pytest.raises(CommandError, match="not an email"):
        call_command("create_administrator", "nonsense")
    assert User.objects.count() == 1


def test_the_profile_page_changes_ones_own_language_at_once(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ae)
    facts = {"full_name": "Ana Ruiz", "language": "ar", "zone_name": "Asia/Dubai", "title": "AE", "phone": ""}
    browser.post(reverse("profile"), facts)
    page = browser.get(reverse("profile"), headers={"accept-language": "en"})
    assert b'dir="rtl"' in page.content
    assert page.headers["Content-Language"] == "ar"
    wrong = browser.post(reverse("profile"), facts | {"zone_name": "Mars/Base", "language": "xx"})
    assert wrong.status_code == 422
    assert User.objects.get(pk=cast.ae.pk).zone_name == "Asia/Dubai"


def test_telephone_numbers_are_typed_as_such(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ae)
    assert 'type="tel"' in browser.get(reverse("profile")).content.decode()


def test_a_hand_over_whose_end_is_refused_has_not_begun(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_facts: Any) -> User:
        raise Refused("Not now.")

    monkeypatch.setattr(actions, "deactivate_user", refuse)
    browser = Browser()
    browser.force_login(cast.admin)
    answer = browser.post(reverse("user_hand_over", args=[cast.ae.pk]), {"successor": cast.teammate.pk, "deactivate": "on"})
    assert answer.status_code == 409
    cast.account.refresh_from_db()
    assert cast.account.lead == cast.ae


def test_who_sees_an_account_is_the_same_rule_read_from_both_sides(cast: Cast) -> None:
    for account in (cast.account, cast.rival_account):
        seeing = {user for user in User.objects.active() if accounts_for(user).filter(pk=account.pk).exists()}
        assert set(colleagues_who_see(account)) == seeing


def test_time_zones_are_named_in_the_readers_language() -> None:
    with translation.override("ru"):
        (america,) = [places for region, places in choices.zones() if region == "Америка"]
        assert dict(america)["America/Argentina/Buenos_Aires"] == "Буэнос-Айрес"  # CLDR has it by its older name
        assert choices.zone_label("Asia/Almaty") == "Алматы"
        assert "Тихий океан" in dict(choices.zones())
    assert choices.zone_label("Asia/Almaty") == "Almaty"
    assert choices.zone_label("UTC") == "UTC"
