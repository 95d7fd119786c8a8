"""Queueing: worded in the recipient's language, once per cause, in the transaction of the cause."""

from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.template import engines

from agency import doorbell, mail
from agency.logs import mask
from agency.models import OutgoingMail
from tests.cast import make_client

TEMPLATES = {
    "mail/test/hello.subject.txt": "{{ who }} &\n  {% if language == 'ar' %}مرحبا{% else %}hello{% endif %}",
    "mail/test/hello.txt": "Dear {{ who }}\n\n\n\n\n[[link]]",
    "mail/test/hello.html": '<p dir="{{ direction }}" lang="{{ language }}">{{ who }} [[link]] {{ at|date:"H:i" }}</p>',
}


@pytest.fixture(autouse=True)
def _templates(settings):
    options = settings.TEMPLATES[0]["OPTIONS"] | {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]}
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"APP_DIRS": False, "OPTIONS": options}]
    yield
    engines.__dict__.pop("templates", None)


def hello(now, key="hello:1", about=None, **facts):
    to = mail.Recipient("sami@client.example", "Sami", facts.pop("language", "en"), ZoneInfo("Asia/Dubai"))
    context = {"who": "<Tom & Co>", "at": now}
    return mail.queue("test.hello", to=to, key=key, context=context, about=about, now=now, **facts)


@pytest.mark.django_db
def test_a_letter_is_worded_for_its_recipient(now):
    row = hello(now, language="ar")
    assert row.subject == "<Tom & Co> & مرحبا"  # plain text: nothing escaped, one line
    assert row.text == "Dear <Tom & Co>\n\n[[link]]\n"
    assert row.html == '<p dir="rtl" lang="ar">&lt;Tom &amp; Co&gt; [[link]] 14:00</p>'  # 10:00 UTC in Dubai


@pytest.mark.django_db
def test_the_same_cause_is_written_once(now):
    assert hello(now).pk == hello(now).pk
    assert hello(now, key="hello:2").message_id != hello(now).message_id
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db
def test_a_mail_knows_what_it_is_about_and_whose_it_is(now):
    client = make_client("ACM", "Acme")
    row = hello(now, about=client)
    assert row.client == client
    assert list(mail.mails_about(client)) == [row]


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_is_rolled_back_writes_and_rings_nothing(now, monkeypatch):
    rung = []
    monkeypatch.setattr("agency.tasks.send_mail.apply_async", lambda args, **_options: rung.append(args))
    with transaction.atomic():
        hello(now)
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert rung == []
    assert hello(now).pk == rung[0][0]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_nobody(now, monkeypatch):
    def down(**_options):
        raise ConnectionError

    monkeypatch.setattr("agency.tasks.send_mail.apply_async", down)
    assert hello(now).status == OutgoingMail.Status.QUEUED
    assert doorbell.logger.name == "agency.doorbell"


@pytest.mark.parametrize(
    "line",
    ['"GET /s/AbC-123_x/ HTTP/1.1" 200', "https://a.example/s/AbC-123_x", "[[AbC-123_x]]", "at /s/AbC-123_x?next=/"],
)
def test_no_link_survives_in_a_log(line):
    assert "AbC" not in mask(line)


def test_the_log_filter_masks_arguments_and_tracebacks():
    import logging
    import sys

    from agency.logs import MaskLinks

    try:
        raise ValueError("/s/AbCdef/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "got %s", ("/s/AbCdef/",), sys.exc_info())
    assert MaskLinks().filter(record)
    shown = logging.Formatter().format(record)
    assert "AbCdef" not in shown
    assert "ValueError" in shown


@pytest.mark.parametrize("name", ["django.server", "gunicorn.error", "gunicorn.access", "django.request"])
def test_web_servers_log_through_the_mask_too(name):
    """They write whole request lines, and bring handlers of their own."""
    import logging

    from agency.logs import MaskLinks

    handlers: list[logging.Handler] = []
    logger: logging.Logger | None = logging.getLogger(name)
    while logger is not None:
        handlers += logger.handlers
        logger = logger.parent if logger.propagate else None
    ours = [handler for handler in handlers if not type(handler).__module__.startswith("_pytest")]
    assert ours
    assert all(any(isinstance(mask, MaskLinks) for mask in handler.filters) for handler in ours)
