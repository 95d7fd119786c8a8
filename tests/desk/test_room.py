"""The client in the room: everything is narrowed until the password is given."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from agency.models import AuditEntry
from billing.models import Invoice
from meetings.actions import MeetingFacts, create_meeting
from tests.cast import NOW, PASSWORD, Cast, make_cast, make_client, make_job, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Iterator[Cast]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "room"}}
    cache.clear()
    yield make_cast()
    cache.clear()


@pytest.fixture
def boss(cast: Cast) -> User:
    """A director who can prove with a password who they are."""
    return make_user("boss@agency.example", Role.DIRECTOR, name="Bea Boss", password=PASSWORD)


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def bring(desk: Client, code: str) -> Any:
    return desk.post(reverse("room"), {"client": code})


def text(desk: Client, name: str, *args: Any, **query: str) -> str:
    return desk.get(reverse(name, args=args), query).content.decode()


def test_one_press_on_the_clients_page_narrows_everything(cast: Cast, desk: Client) -> None:
    make_job(cast.account, cast.ae)
    make_job(cast.rival_account, cast.outsider)
    assert f'name="client" value="{cast.acme.code}"' in text(desk, "client_detail", "ACM")
    response = bring(desk, "ACM")
    assert response["Location"] == cast.acme.get_absolute_url()
    for name in ("my_day", "job_list", "client_list", "dashboard", "meeting_list", "invoice_list", "receivables", "report_list"):
        page = text(desk, name)
        assert not re.search("rival|RIV", page, re.IGNORECASE), name
        assert 'class="cs-room"' in page, name
        assert "<title>In the room: Acme" in page, name
    assert "Rival" not in text(desk, "search", q="Riv").replace("Riv&", "")
    for name, argument in (("client_detail", "RIV"), ("job_detail", "RIV-26-0001")):
        missing = desk.get(reverse(name, args=[argument]))
        assert missing.status_code == 404
        assert 'class="cs-room"' in missing.content.decode()


@pytest.mark.parametrize(("typed", "found"), [("acm", "ACM"), ("ACME", "ACM"), ("rival &", "RIV"), ("  Rival & Sons ", "RIV")])
def test_a_client_is_brought_in_by_code_or_name(cast: Cast, desk: Client, typed: str, found: str) -> None:
    assert bring(desk, typed)["Location"] == reverse("client_detail", args=[found])


def test_the_choice_names_no_client_to_whoever_looks_on(cast: Cast, desk: Client) -> None:
    make_client("ACH", "Achtung")
    assert not re.search("Rival|Acme|Achtung", text(desk, "room"))
    several = bring(desk, "ac")
    assert several.status_code == 422
    assert "Acme" not in several.content.decode()
    assert "More than one client" in several.content.decode()


def test_one_can_bring_in_only_whom_one_sees(cast: Cast) -> None:
    desk = Client()
    desk.force_login(cast.ae)
    for typed in ("RIV", "Rival & Sons", "nobody", ""):
        assert bring(desk, typed).status_code == 422
    assert 'class="cs-room"' not in text(desk, "my_day")


def test_what_belongs_to_no_client_is_closed(cast: Cast, desk: Client, boss: User) -> None:
    facts = MeetingFacts(title="Pay rise", kind="internal", starts_at=NOW, ends_at=NOW.replace(hour=11), colleagues=[boss])
    internal = create_meeting(None, facts, by=boss, now=NOW)
    assert "Pay rise" in text(desk, "meeting_list", when="past") + text(desk, "meeting_list")
    bring(desk, "ACM")
    assert desk.get(internal.get_absolute_url()).status_code == 404
    assert "Pay rise" not in text(desk, "meeting_list", when="past") + text(desk, "meeting_list")
    for name in ("user_list", "user_invite", "agency_profile", "outbox", "history_list", "mailbox", "client_create", "room"):
        assert desk.get(reverse(name)).status_code == 404, name


def test_billing_in_preparation_and_notes_on_people_are_hidden_from_the_client_too(cast: Cast, desk: Client, boss: User) -> None:
    cast.contact.notes = "Flatter her"
    cast.contact.save()
    draft = Invoice.objects.create(account=cast.account, currency="EUR", created_by=cast.ae, created_at=NOW)
    contact = ("contact_detail", cast.contact.pk)
    assert "Flatter her" in text(desk, *contact)
    bring(desk, "ACM")
    page = text(desk, *contact)
    assert cast.contact.email in page
    for words in ("Flatter her", "Part in decisions", "Seniority", "History"):
        assert words not in page
    assert desk.get(reverse("invoice_draft", args=[draft.pk])).status_code == 404
    assert "raft" not in text(desk, "invoice_list")


def test_leaving_asks_for_the_password(cast: Cast, desk: Client) -> None:
    bring(desk, "ACM")
    leave = reverse("room_leave")
    assert desk.get(leave).status_code == 200
    for wrong in ("", "not-this-one"):
        answer = desk.post(leave, {"password": wrong})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert "Rival" not in text(desk, "client_list")
    assert desk.post(leave, {"password": PASSWORD})["Location"] == reverse("my_day")
    assert "Rival" in text(desk, "client_list")
    assert 'class="cs-room"' not in text(desk, "my_day")


def test_guessing_the_password_is_slowed_down_as_at_the_log_in(cast: Cast, desk: Client) -> None:
    bring(desk, "ACM")
    for _attempt in range(6):
        answer = desk.post(reverse("room_leave"), {"password": "guess"})
    assert "Too many failed login attempts" in answer.content.decode()
    assert desk.post(reverse("room_leave"), {"password": PASSWORD}).status_code == 422


def test_a_log_in_in_the_middle_of_a_meeting_shows_nothing_more(cast: Cast, desk: Client, boss: User) -> None:
    """The session ended or one logged out: the same browser stays with the client until the mode is left."""
    bring(desk, "ACM")
    desk.post(reverse("account_logout"))
    desk.post(reverse("account_login"), {"login": boss.email, "password": PASSWORD})
    assert "Rival" not in text(desk, "client_list")
    assert 'class="cs-room"' in text(desk, "my_day")
    desk.post(reverse("room_leave"), {"password": PASSWORD})
    assert "Rival" in text(desk, "client_list")


def test_a_colleague_who_logs_in_on_the_same_browser_is_not_in_the_room(cast: Cast, desk: Client) -> None:
    bring(desk, "ACM")
    desk.post(reverse("account_logout"))
    desk.force_login(cast.outsider)
    assert "Rival" in text(desk, "client_list")


def test_a_session_overwritten_by_a_slow_request_stays_in_the_room(cast: Cast, desk: Client) -> None:
    bring(desk, "ACM")
    session = desk.session
    del session["room"]
    session.save()
    assert "Rival" not in text(desk, "client_list")


def test_a_forged_cookie_opens_and_closes_nothing(cast: Cast, desk: Client) -> None:
    desk.cookies["room"] = "1:1:forged"
    assert "Rival" in text(desk, "client_list")
    bring(desk, "ACM")
    desk.cookies["room"] = "1:1:forged"
    assert "Rival" not in text(desk, "client_list")


def test_other_devices_stay_as_they_are(cast: Cast, desk: Client, boss: User) -> None:
    other = Client()
    other.force_login(boss)
    bring(desk, "ACM")
    assert "Rival" in text(other, "client_list")


def test_nothing_is_kept_for_the_back_button(cast: Cast, desk: Client) -> None:
    assert "no-store" in desk.get(reverse("client_list"))["Cache-Control"]
    assert bring(desk, "ACM")["Clear-Site-Data"] == '"cache"'
    assert "no-store" in desk.get(reverse("client_list"))["Cache-Control"]
    assert "no-store" in desk.get("/no-such-page/")["Cache-Control"]
    assert desk.post(reverse("room_leave"), {"password": PASSWORD})["Clear-Site-Data"] == '"cache"'


def test_what_was_said_about_another_client_before_is_not_said_in_the_room(cast: Cast, desk: Client) -> None:
    said = desk.post(reverse("client_archive", args=["RIV"]))
    assert "Rival" in str(next(iter(get_messages(said.wsgi_request))))
    bring(desk, "ACM")
    assert "Rival" not in text(desk, "my_day")


def test_coming_and_going_stand_in_the_record(cast: Cast, desk: Client, boss: User) -> None:
    bring(desk, "ACM")
    desk.post(reverse("room_leave"), {"password": "wrong"})
    desk.post(reverse("room_leave"), {"password": PASSWORD})
    entries = AuditEntry.objects.filter(action__startswith="room.").order_by("pk")
    assert [(entry.action, entry.actor_id, entry.client_id) for entry in entries] == [
        ("room.entered", boss.pk, cast.acme.pk),
        ("room.left", boss.pk, cast.acme.pk),
    ]
    assert entries[0].sentence == "brought Acme into the room"


def test_who_loses_the_client_meanwhile_sees_nothing_at_all(cast: Cast) -> None:
    desk = Client()
    desk.force_login(cast.ae)
    bring(desk, "ACM")
    cast.account.team.filter(user=cast.ae).update(until=NOW)
    assert desk.get(reverse("client_detail", args=["ACM"])).status_code == 404
    assert desk.get(reverse("my_day")).status_code == 200


def test_leaving_without_anybody_in_the_room_leads_home(cast: Cast, desk: Client) -> None:
    assert desk.get(reverse("room_leave"))["Location"] == reverse("my_day")
