"""Sending: what each answer of a mail server means, when a mail is tried again, and when it isn't sent at all."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from agency import mail as mails
from agency import outbox, outbox_actions
from agency.audit import SYSTEM
from agency.errors import WrongState
from agency.files import store_bytes
from agency.models import Agency, AuditEntry, MailAttachment, OutgoingMail
from tests.agency import smtp_server
from tests.agency.letters import a_mail

pytestmark = pytest.mark.django_db
S = OutgoingMail.Status


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("smtp")
    with smtp_server.running(folder / "taken.log") as port:
        yield folder, port


@pytest.fixture
def smtp(server, settings):
    settings.MAILBOX = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server[1]
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return server[0]


@pytest.fixture
def letter(monkeypatch):
    """Registers a letter of the test's own wishes under the name the test rows carry."""
    monkeypatch.setattr(mails, "_letters", dict(mails._letters))
    return lambda **wishes: mails.register_letter("test.letter", **wishes)


def taken(folder, mail):
    return (folder / "taken.log").read_text().split().count(mail.message_id) if (folder / "taken.log").exists() else 0


def sent_message(folder):
    return message_from_bytes((folder / "last.eml").read_bytes(), policy=policy.default)


def test_a_taken_mail_is_sent_once(smtp, now):
    mail = a_mail(now, "once", to_email="accept@client.example")
    assert outbox.send(mail.pk, now=now) == S.SENT
    assert outbox.send(mail.pk, now=now) is None  # a second ring, as acks_late may give
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at, mail.claim, mail.attempts) == (S.SENT, now, "", 1)
    assert taken(smtp, mail) == 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [("450", S.QUEUED), ("451", S.QUEUED), ("550", S.FAILED), ("554", S.FAILED), ("drop", S.IN_DOUBT)],
)
def test_what_an_answer_means(smtp, now, answer, status):
    """A refusal after the final dot is no doubt; only silence is."""
    mail = a_mail(now, f"answer:{answer}", to_email=f"{answer}@client.example")
    assert outbox.send(mail.pk, now=now) == status
    mail.refresh_from_db()
    assert mail.status == status
    assert mail.last_error


def test_no_server_means_later(smtp, settings, now):
    settings.EMAIL_PORT = smtp_server.free_port()
    mail = a_mail(now)
    assert outbox.send(mail.pk, now=now) == S.QUEUED
    mail.refresh_from_db()
    assert now < mail.due_at < now + timedelta(minutes=2)
    assert mail.is_retrying


def test_retries_wait_longer_each_time_and_end_after_48_hours(smtp, now):
    mail = a_mail(now, to_email="450@client.example")
    at, waits = now, []
    while outbox.send(mail.pk, now=at) == S.QUEUED:
        mail.refresh_from_db()
        assert outbox.send(mail.pk, now=mail.due_at - timedelta(seconds=1)) is None
        waits.append((mail.due_at - at).total_seconds() / 60)
        at = mail.due_at
    mail.refresh_from_db()
    assert mail.status == S.FAILED
    assert at - now >= timedelta(hours=48)
    for wait, minutes in zip(waits, [1, 5, 15, 60, 240, 240], strict=False):
        assert minutes * 0.79 < wait < minutes * 1.21


def test_a_mail_nobody_wants_any_more_is_not_sent(smtp, now, letter):
    """The link was withdrawn, the invoice paid, between writing and sending."""
    letter(still_wanted=lambda mail: False)
    mail = a_mail(now, "unwanted", to_email="accept@client.example")
    assert outbox.send(mail.pk, now=now) == S.SUPPRESSED
    assert taken(smtp, mail) == 0


def test_secrets_are_in_the_message_and_nowhere_else(smtp, now, letter):
    letter(secrets=lambda mail: {"link": "https://x.example/s/tok&en/"})
    mail = a_mail(now, to_email="accept@client.example", text="[[link]] [[other]]", html='<a href="[[link]]">x</a>')
    outbox.send(mail.pk, now=now)
    message = sent_message(smtp)
    assert message.get_body(("plain",)).get_content().strip() == "https://x.example/s/tok&en/ [[other]]"
    assert 'href="https://x.example/s/tok&amp;en/"' in message.get_body(("html",)).get_content()
    mail.refresh_from_db()
    assert "tok" not in mail.text + mail.html + mail.last_error


def test_the_message_carries_what_mail_programs_need(smtp, now, settings):
    stored = store_bytes(b"%PDF-1.7 x", "Протокол.pdf", "application/pdf", now=now)
    mail = a_mail(
        now, "headers", to_email="accept@client.example", to_name="Аня", language="ru", subject="Подпишите, пожалуйста",
        text="Привет\n.точка\n..\n", sender_name="Ana", reply_to="ana@agency.example", thread="job:1",
    )  # fmt: skip
    MailAttachment.objects.create(mail=mail, stored=stored)
    outbox.send(mail.pk, now=now)
    message = sent_message(smtp)
    assert message["Message-ID"] == mail.message_id
    assert message["Subject"] == "Подпишите, пожалуйста"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ru"
    assert message["Reply-To"] == "ana@agency.example"
    assert message["In-Reply-To"] == message["References"]
    assert message["From"].addresses[0].display_name == f"Ana ({Agency.current().name})"
    assert message["To"].addresses[0].display_name == "Аня"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Привет\n.точка\n..\n"
    assert [a.get_filename() for a in message.iter_attachments()] == ["Протокол.pdf"]


def test_threads_of_two_clients_never_meet(now):
    """The same thread name for two clients' people: their mail programs must not put them together."""
    from agency.smtp import message_of

    one = message_of(a_mail(now, "t1", thread="minutes"), mails.Wording("", "", ""))
    other = message_of(a_mail(now, "t2", thread="minutes", to_email="b@other.example"), mails.Wording("", "", ""))
    assert one.message()["References"] != other.message()["References"]


def test_a_claim_past_its_lease_waits_again(smtp, now):
    mail = a_mail(now, status=S.CLAIMED, claim="dead", leased_until=now)
    assert outbox.overdue_claims(now) == 0
    assert outbox.overdue_claims(now + timedelta(seconds=1)) == 1
    mail.refresh_from_db()
    assert mail.status == S.QUEUED


def test_a_slow_sender_that_lost_its_claim_stops_before_the_final_dot(smtp, now, monkeypatch):
    mail = a_mail(now, "slow", to_email="accept@client.example")

    def someone_else_takes_it(row, wording):
        OutgoingMail.objects.filter(pk=mail.pk).update(claim="someone else")
        return real(row, wording)

    real = outbox.smtp.message_of
    monkeypatch.setattr(outbox.smtp, "message_of", someone_else_takes_it)
    assert outbox.send(mail.pk, now=now) is None
    mail.refresh_from_db()
    assert (mail.status, mail.claim) == (S.CLAIMED, "someone else")
    assert taken(smtp, mail) == 0


@pytest.mark.parametrize(("wish", "statuses"), [("resend", [S.QUEUED, S.IN_DOUBT]), ("ask", [S.IN_DOUBT, S.IN_DOUBT])])
def test_a_doubt_is_resent_once_or_left_to_a_person(now, letter, wish, statuses):
    letter(when_in_doubt=wish)
    mail = a_mail(now, status=S.IN_DOUBT, leased_until=now - timedelta(seconds=1))
    for status in statuses:
        outbox.doubts(now)
        mail.refresh_from_db()
        assert mail.status == status
        OutgoingMail.objects.filter(pk=mail.pk).update(status=S.IN_DOUBT, leased_until=now - timedelta(seconds=1))


def test_a_mail_that_cannot_be_made_is_put_off_and_says_so(now, letter):
    letter(secrets=lambda mail: {}["link"])
    mail = a_mail(now)
    assert outbox.send(mail.pk, now=now) == S.QUEUED
    mail.refresh_from_db()
    assert mail.last_error == "KeyError"


def test_with_the_mailbox_page_sending_marks_the_row_sent(settings, now):
    settings.MAILBOX = True
    assert outbox.send(a_mail(now).pk, now=now) == S.SENT


def test_after_a_restore_nothing_leaves_until_released(smtp, now):
    """An old backup holds mails that may have left since."""
    old = a_mail(now, "old", to_email="accept@client.example")
    assert outbox_actions.hold_all(by=SYSTEM, now=now) == 1
    new = a_mail(now, "new", to_email="accept@client.example")
    for mail in (old, new):
        assert outbox.send(mail.pk, now=now) is None
        mail.refresh_from_db()
        assert mail.status == S.HELD
    outbox_actions.release_all(by=SYSTEM, now=now, keep=True)
    assert outbox.send(old.pk, now=now) is None
    outbox_actions.release_mail(old, by=SYSTEM, now=now)
    outbox_actions.discard_mail(new, by=SYSTEM, now=now)
    assert outbox.send(old.pk, now=now) == S.SENT
    assert outbox.send(new.pk, now=now) is None
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"mail.all_held", "mail.all_released", "mail.released", "mail.discarded"} <= set(actions)


def test_a_person_settles_what_the_machine_cannot(now):
    failed, doubt, other = (
        a_mail(now, "f", status=S.FAILED),
        *(a_mail(now, key, status=S.IN_DOUBT, leased_until=now) for key in ("d1", "d2")),
    )
    outbox_actions.retry_mail(failed, by=SYSTEM, now=now)
    outbox_actions.resolve_doubt(doubt, "resend", by=SYSTEM, now=now)
    outbox_actions.resolve_doubt(other, "sent", by=SYSTEM, now=now)
    assert [failed.status, doubt.status, other.status] == [S.QUEUED, S.QUEUED, S.SENT]
    assert AuditEntry.objects.for_object(doubt).get().action == "mail.doubt_resend"
    with pytest.raises(WrongState):
        outbox_actions.retry_mail(other, by=SYSTEM, now=now)


def test_a_doubt_still_open_is_not_for_people_yet(now):
    mail = a_mail(now, status=S.IN_DOUBT, leased_until=now + timedelta(minutes=1))
    with pytest.raises(WrongState):
        outbox_actions.resolve_doubt(mail, "resend", by=SYSTEM, now=now)


def test_the_sweep_rings_for_what_is_due_and_not_all_the_time(now, monkeypatch):
    rung = []
    monkeypatch.setattr(outbox, "ring", lambda task, pk: rung.append(pk))
    due, _later = a_mail(now, "due"), a_mail(now, "later", due_at=now + timedelta(hours=1))
    for minutes in (0, 1, 2, 6):
        outbox.due_mails(now + timedelta(minutes=minutes))
    assert rung == [due.pk, due.pk]
