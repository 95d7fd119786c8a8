"""The door: no sign-up, no telling who exists, a second factor where a role demands it, letters through the outbox."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core import mail as django_mail
from django.test import Client as Browser
from django.urls import reverse

from accounts.backends import ColleagueBackend
from accounts.models import Role, User
from agency.models import AuditEntry, OutgoingMail
from tests.cast import PASSWORD, Cast, make_user


@pytest.fixture
def user(db: None) -> User:
    return make_user("login@agency.example", Role.AE, password=PASSWORD, language="ru")


def log_in(browser: Browser, email: str = "login@agency.example", password: str = PASSWORD, **facts: Any) -> Any:
    return browser.post(reverse("account_login"), {"login": email, "password": password}, **facts)


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "social/connections/", "2fa/webauthn/", "login/code/"])
def test_what_we_do_not_use_does_not_exist(db: None, path: str) -> None:
    assert Browser().get(f"/accounts/{path}").status_code in {302, 404}
    browser = Browser()
    browser.force_login(make_user("x@agency.example", Role.AE))
    assert browser.get(f"/accounts/{path}").status_code == 404
    assert browser.post(f"/accounts/{path}", {"email": "new@agency.example", "password1": PASSWORD}).status_code == 404
    assert User.objects.count() == 1


def test_login_leads_back_to_the_page_asked_for_but_never_elsewhere(user: User) -> None:
    browser = Browser()
    gate = browser.get(reverse("user_list") + "?q=ana")
    answer = browser.post(gate["Location"], {"login": user.email, "password": PASSWORD, "next": reverse("user_list") + "?q=ana"})
    assert answer["Location"] == reverse("user_list") + "?q=ana"
    hostile = Browser().post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert hostile["Location"] == "/"


def test_the_session_gets_a_new_key_at_login(user: User) -> None:
    browser = Browser()
    browser.get(reverse("account_login"))
    browser.session["planted"] = "1"
    before = browser.session.session_key
    log_in(browser)
    assert browser.session.session_key != before


def test_wrong_password_and_unknown_address_read_the_same(user: User) -> None:
    def words(email: str) -> Any:
        return log_in(Browser(), email, "wrong password").context["form"].errors.as_text()

    assert words(user.email) == words("nobody@agency.example")


def test_guessing_is_slowed_for_that_login_only(user: User) -> None:
    make_user("other@agency.example", Role.AE, password=PASSWORD)
    for _try in range(5):
        log_in(Browser(), password="wrong password", REMOTE_ADDR="203.0.113.5")
    assert log_in(Browser(), REMOTE_ADDR="203.0.113.5").status_code != 302, "the right password comes too late for the guesser"
    assert log_in(Browser(), "other@agency.example", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_without_redis_the_door_opens_and_guessing_is_slowed_all_the_same(user: User, settings: Any) -> None:
    lost = {"BACKEND": "agency.cache.SteadyCache", "LOCATION": "redis://127.0.0.1:9/0"}  # nobody listens there
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
    settings.CACHES = {"default": lost, "database": table}
    assert log_in(Browser()).status_code == 302
    test_guessing_is_slowed_for_that_login_only(user)


def test_a_reset_goes_through_the_outbox_in_the_colleagues_language(user: User) -> None:
    answer = Browser().post(
        reverse("account_reset_password"), {"email": "Login@Agency.example"}, headers={"accept-language": "es"}
    )
    assert answer["Location"] == reverse("account_reset_password_done")
    mail = OutgoingMail.objects.get()
    assert (mail.letter, mail.to_email, mail.language) == ("accounts.password_reset", user.email, "ru")
    assert not django_mail.outbox


def test_an_unknown_address_gets_the_same_answer_and_no_letter(user: User) -> None:
    answer = Browser().post(reverse("account_reset_password"), {"email": "nobody@agency.example"})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert not OutgoingMail.objects.exists()
    assert not django_mail.outbox


def test_resets_are_limited_per_address(user: User) -> None:
    for _try in range(6):
        Browser().post(reverse("account_reset_password"), {"email": user.email})
    assert OutgoingMail.objects.count() == 3


def test_a_changed_password_is_recorded_and_told(user: User) -> None:
    browser = Browser()
    log_in(browser)
    new = {"oldpassword": PASSWORD, "password1": "quite another phrase", "password2": "quite another phrase"}
    browser.post(reverse("account_change_password"), new)
    assert browser.get(reverse("profile")).status_code == 302, "logged out everywhere"
    assert OutgoingMail.objects.get().letter == "accounts.security_notice"
    assert AuditEntry.objects.get().action == "user.password_changed"


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    from allauth.mfa.totp.internal.auth import format_hotp_value

    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up(browser: Browser) -> str:
    """Set up the app, the password asked for again; answers its secret."""
    assert browser.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    assert browser.post(reverse("account_reauthenticate"), {"password": "wrong password"}).status_code == 200
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    assert browser.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}).status_code == 302
    return str(secret)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.FINANCE, Role.ADMINISTRATOR])
def test_some_roles_see_nothing_before_their_second_factor_is_set_up(
    db: None, settings: Any, role: str, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMBEDDED = False
    user = make_user("boss@agency.example", role, password=PASSWORD)
    browser = Browser()
    log_in(browser, user.email)
    for name in ("client_list", "profile", "user_list"):
        assert browser.get(reverse(name))["Location"] == reverse("mfa_activate_totp")
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(browser)
    assert browser.get(reverse("client_list")).status_code == 200
    stored = Authenticator.objects.get(user=user, type="totp").data
    assert secret not in str(stored), "encrypted in the database"
    assert {mail.letter for mail in OutgoingMail.objects.all()} == {"accounts.security_notice"}
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type="totp").exists(), "these roles can't take it away"


def test_with_a_second_factor_the_password_alone_opens_nothing(db: None, settings: Any) -> None:
    settings.EMBEDDED = False
    user = make_user("boss@agency.example", Role.DIRECTOR, password=PASSWORD)
    browser = Browser()
    log_in(browser, user.email)
    set_up(browser)
    second = Browser()
    assert log_in(second, user.email)["Location"].startswith(reverse("mfa_authenticate"))
    assert second.get(reverse("client_list"))["Location"].startswith(reverse("account_login"))
    assert second.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert second.get(reverse("client_list")).status_code == 302


def test_an_administrator_takes_away_a_lost_second_factor(cast: Cast) -> None:
    Authenticator.objects.create(user=cast.director, type="totp", data={"secret": "x"})
    browser = Browser()
    browser.force_login(cast.ae)
    assert browser.post(reverse("user_reset_second_factor", args=[cast.director.pk])).status_code == 403
    browser.force_login(cast.admin)
    browser.post(reverse("user_reset_second_factor", args=[cast.director.pk]))
    assert not Authenticator.objects.filter(user=cast.director).exists()
    assert OutgoingMail.objects.get().to_email == cast.director.email


@pytest.mark.parametrize(("accept", "language"), [("es-MX,es;q=0.9", "es"), ("zh-CN", "zh-hans"), ("fr", "en"), ("ar", "ar")])
def test_the_login_page_speaks_the_browsers_language(db: None, accept: str, language: str) -> None:
    page = Browser().get(reverse("account_login"), headers={"accept-language": accept})
    assert f'<html lang="{language}"'.encode() in page.content


def test_a_forwarded_for_header_that_is_too_short_is_no_error(user: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 2
    assert log_in(Browser(), headers={"x-forwarded-for": "nonsense"}).status_code == 302


def test_the_person_of_a_session_comes_with_their_roles(db: None, django_assert_num_queries: Any) -> None:
    user = make_user("both@agency.example", Role.AE, Role.PLANNER)
    bare = make_user("bare@agency.example")
    with django_assert_num_queries(1):
        found = ColleagueBackend().get_user(user.pk)
        assert found == user
        assert found.roles == {Role.AE, Role.PLANNER}
    assert ColleagueBackend().get_user(bare.pk) == bare
    assert ColleagueBackend().get_user(10**9) is None
    User.objects.update(is_active=False)
    assert ColleagueBackend().get_user(user.pk) is None
    assert ColleagueBackend().get_user(bare.pk) is None
