"""The mailbox shows mails as their readers see them; the outbox takes the decisions only people can take."""

from datetime import timedelta

import pytest

from agency import audit, clock
from agency.models import AuditEntry, OutgoingMail
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
Status = OutgoingMail.Status


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def make_mail(cast: Cast, **facts: object) -> OutgoingMail:
    place = OutgoingMail.objects.count()
    values = {
        "key": f"test:{place}",
        "letter": "test.letter",
        "to_email": cast.contact.email,
        "to_name": cast.contact.full_name,
        "language": "en",
        "subject": "Approve: Poster V1",
        "text": "Look: http://127.0.0.1:8000/s/x/",
        "html": "<html><head></head><body><a href='http://127.0.0.1:8000/s/x/'>Review</a></body></html>",
        "message_id": f"<{place}@test>",
        "client": cast.acme,
        "account": cast.account,
        "created_at": NOW,
        "due_at": NOW,
    }
    return OutgoingMail.objects.create(**(values | facts))


def test_the_mailbox_filters_by_reader(client, cast):
    make_mail(cast)
    make_mail(cast, to_email="rosa@rival.example", subject="Other")
    client.force_login(cast.ae)
    page = client.get("/mailbox/", {"to": cast.contact.email})
    assert [mail.subject for mail in page.context["rows"]] == ["Approve: Poster V1"]


def test_a_mails_html_is_shown_without_power(client, cast):
    mail = make_mail(cast)
    client.force_login(cast.ae)
    body = client.get(f"/mailbox/{mail.pk}/body/")
    policy = body.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_mailbox_wants_a_login(client, cast):
    mail = make_mail(cast)
    for path in ("/mailbox/", f"/mailbox/{mail.pk}/", f"/mailbox/{mail.pk}/body/"):
        assert client.get(path).status_code == 302


def test_a_failed_mail_is_retried_by_a_director_and_recorded(client, cast):
    mail = make_mail(cast, status=Status.FAILED, last_error="550 no such user")
    client.force_login(cast.director)
    assert client.get("/outbox/").context["stuck"].rows == [mail]
    client.post(f"/outbox/{mail.pk}/retry/")
    mail.refresh_from_db()
    assert mail.status == Status.QUEUED
    assert AuditEntry.objects.for_object(mail).filter(actor_id=cast.director.pk).exists()


def test_a_doubt_is_settled_as_arrived(client, cast):
    mail = make_mail(cast, status=Status.IN_DOUBT, leased_until=NOW - timedelta(days=30))
    client.force_login(cast.director)
    client.post(f"/outbox/{mail.pk}/sent/")
    mail.refresh_from_db()
    assert mail.status == Status.SENT


def test_a_doubt_that_was_answered_by_sending_again_stays_in_sight(client, cast):
    mail = make_mail(cast, status=Status.SENT, sent_at=NOW, resent_in_doubt=1, created_at=clock.now() - timedelta(days=6))
    old = make_mail(cast, status=Status.SENT, sent_at=NOW, resent_in_doubt=1, created_at=clock.now() - timedelta(days=8))
    client.force_login(cast.director)
    response = client.get("/outbox/")
    assert mail in response.context["resent"]
    assert old not in response.context["resent"]
    assert "it is sent once more" in response.content.decode()


def test_more_mails_than_a_page_holds_are_counted_and_leafed_through(client, cast):
    mails = [make_mail(cast, status=Status.FAILED) for _ in range(51)]
    client.force_login(cast.director)
    first, second = (client.get(f"/outbox/?page={page}") for page in (1, 2))
    assert "51 mails need your decision" in first.content.decode()
    assert [*first.context["stuck"], *second.context["stuck"]] == mails[::-1]


def test_a_wrong_decision_changes_nothing_and_says_so(client, cast):
    mail = make_mail(cast, status=Status.SENT, sent_at=NOW)
    client.force_login(cast.director)
    response = client.post(f"/outbox/{mail.pk}/retry/", follow=True)
    mail.refresh_from_db()
    assert mail.status == Status.SENT
    assert "another state" in response.content.decode()
    assert client.post(f"/outbox/{mail.pk}/explode/").status_code == 404


@pytest.mark.parametrize("role", ["ae", "finance", "creative", "outsider"])
def test_the_outbox_is_for_directors_and_administrators(client, cast, role):
    mail = make_mail(cast, status=Status.FAILED)
    client.force_login(getattr(cast, role))
    assert client.get("/outbox/").status_code == 403
    assert client.post(f"/outbox/{mail.pk}/retry/").status_code == 403
    mail.refresh_from_db()
    assert mail.status == Status.FAILED


def test_finance_decides_about_letters_on_money_where_it_sees_them(client, cast):
    mail = make_mail(cast, letter="billing.invoice", status=Status.FAILED)
    client.force_login(cast.finance)
    path = f"/outbox/{mail.pk}/retry/"
    assert f'action="{path}"' in client.get("/chase/").content.decode()
    assert client.post(path).url == "/chase/"
    mail.refresh_from_db()
    assert mail.status == Status.QUEUED
    assert f'action="{path}"' not in client.get("/chase/").content.decode()


def test_get_never_decides(client, cast):
    mail = make_mail(cast, status=Status.FAILED)
    client.force_login(cast.director)
    assert client.get(f"/outbox/{mail.pk}/retry/").status_code == 405


def test_history_shows_a_things_record_to_those_who_see_it(client, cast):
    audit.register_sentences({"test.probed": "probed %(object)s"})
    audit.record("test.probed", cast.acme, by=audit.SYSTEM, now=NOW)
    path = f"/history/accounts/client/{cast.acme.pk}/"
    client.force_login(cast.ae)
    assert "probed Acme" in client.get(path).content.decode()
    client.force_login(cast.outsider)
    assert client.get(path).status_code == 404
    assert client.get("/history/accounts/client/999999/").status_code == 404
    assert client.get("/history/auth/permission/1/").status_code == 404
    assert client.get("/history/accounts/nonsense/1/").status_code == 404
    assert client.get("/history/").status_code == 403
