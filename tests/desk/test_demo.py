"""The demo agency: it loads into an empty database only, and every page of it can be opened by who may see it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Account, Client, Contact, User
from agency import clock
from agency.models import AuditEntry, OutgoingMail, StoredFile
from billing.models import Invoice
from desk.demo.links import client_link
from desk.demo.people import COLLEAGUES
from jobsheets.models import Deliverable, Job, Override, Version
from meetings.models import Meeting, Minutes
from reporting.models import StatusReport
from signoffs.models import Delegation, SignRequest
from tests.cast import make_cast
from tests.desk.demo_database import filled

ROLES = [colleague.login for colleague in COLLEAGUES]


@pytest.mark.django_db
def test_a_database_with_somebody_in_it_is_left_alone():
    make_cast()
    before = User.objects.count(), Client.objects.count()
    with pytest.raises(CommandError, match="something else"):
        call_command("demo")
    with pytest.raises(CommandError, match="something else"):
        call_command("walk_job")
    assert (User.objects.count(), Client.objects.count()) == before
    assert not AuditEntry.objects.filter(action="demo.loaded").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["demo", "walk_job"])
def test_production_is_refused(settings, command):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="embedded mode"):
        call_command(command)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_links_of_an_empty_database_are_none(capsys):
    call_command("demo", "--links")
    assert capsys.readouterr().out == ""


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo-media")


@pytest.fixture(scope="module")
def agency(django_db_setup: None, django_db_blocker: Any, media: Path) -> Iterator[None]:
    """Loaded once for all tests below."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=str(media)), filled(django_db_blocker):
        yield


@pytest.fixture
def demo(agency: None, db: None, settings: Any, media: Path) -> None:
    settings.MEDIA_ROOT = str(media)


def browser(login: str) -> Browser:
    client = Browser(raise_request_exception=True)
    client.force_login(User.objects.get(email=f"{login}@demo.example"))
    return client


@pytest.mark.slow
@pytest.mark.embedded
@pytest.mark.xdist_group("demo")  # loading it takes longer than looking at it
@pytest.mark.usefixtures("demo")
class TestLoaded:
    def test_a_second_time_it_says_so_and_changes_nothing(self, capsys):
        before = AuditEntry.objects.aggregate(last=Max("pk"))
        call_command("demo")
        assert "here already" in capsys.readouterr().out
        assert AuditEntry.objects.aggregate(last=Max("pk")) == before

    def test_jobs_stand_in_every_state(self):
        assert set(Job.objects.values_list("status", flat=True)) == set(Job.Status.values)
        assert {"", "approved", "changes", "small_changes"} <= set(Version.objects.values_list("answer", flat=True))
        assert Deliverable.objects.filter(versions__number=2).exists()
        assert Override.objects.exists()

    def test_invoices_are_of_every_age(self):
        now = clock.now()
        today = clock.local(now, clock.agency_zone()).date()
        issued = Invoice.objects.issued()
        assert {"requested", "approved", "issued"} <= set(Invoice.objects.values_list("status", flat=True))
        assert issued.filter(issued_on__lt=today - timedelta(days=45), settled=0, chase_items__step__letter="escalation").exists()
        assert issued.filter(credited_at__isnull=False).exists()
        assert any(0 < invoice.settled < invoice.gross for invoice in issued)
        assert any(invoice.settled == invoice.gross for invoice in issued)
        assert Invoice.objects.filter(chase_paused_at__isnull=False).exists()

    def test_papers_wait_in_every_way(self):
        assert {"", "approved", "changes"} <= set(SignRequest.objects.values_list("outcome", flat=True))
        assert not SignRequest.objects.exclude(outcome="").filter(sealed=None).exists()
        assert {"draft", "sent", "confirmed", "disputed"} <= set(Minutes.objects.values_list("status", flat=True))
        assert {"review", "sent"} <= set(StatusReport.objects.values_list("status", flat=True))
        assert Delegation.objects.filter(settled_at=None).exists()
        assert Meeting.objects.filter(starts_at__gt=clock.now()).exists()

    def test_nothing_is_queued_in_the_past_or_happens_in_the_future(self):
        now = clock.now()
        assert not OutgoingMail.objects.filter(status__in=["queued", "claimed"], due_at__lt=now - timedelta(minutes=10)).exists()
        assert OutgoingMail.objects.filter(status="failed").exists()
        assert OutgoingMail.objects.filter(status="in_doubt").exists()
        assert not AuditEntry.objects.filter(at__gt=now).exists()
        assert not OutgoingMail.objects.filter(sent_at__gt=now).exists()

    def test_the_record_of_every_thing_reads_in_order(self):
        seen: dict[tuple[int | None, int | None], list[Any]] = {}
        for entry in AuditEntry.objects.order_by("pk"):
            seen.setdefault((entry.content_type_id, entry.object_id), []).append(entry)
        for entries in seen.values():
            for earlier, later in pairwise(entries):
                assert earlier.at <= later.at, f"{later.action} of {later.object_label} is written down before {earlier.action}"

    def test_every_file_is_there_and_artwork_with_its_picture(self):
        for stored in StoredFile.objects.all():
            assert stored.file.storage.exists(str(stored.file.name)), stored.name
        for version in Version.objects.select_related("file"):
            assert version.file.preview, f"{version} has no preview"

    def test_nobody_reads_letters_of_another_client(self):
        names = {client.pk: client.name for client in Client.objects.all()}
        contacts = {contact.email: contact.client_id for contact in Contact.objects.all()}
        for mail in OutgoingMail.objects.filter(to_email__in=contacts):
            foreign = [
                name for pk, name in names.items() if pk != contacts[mail.to_email] and name != "Верба" and name in mail.text
            ]
            assert not foreign, f"{mail.subject} to {mail.to_email} names {foreign}"

    def test_the_clients_link_opens(self):
        link, _whose = client_link()
        page = Browser().get("/" + link.split("/", 3)[3])
        assert page.status_code == 200

    @pytest.mark.parametrize("login", ROLES)
    def test_every_page_of_a_colleague_opens(self, login):
        """My day, the lists, and each thing they lead to that this colleague may see."""
        client = browser(login)
        for path in pages(User.objects.get(email=f"{login}@demo.example")):
            answer = client.get(path)
            assert answer.status_code in (200, 403), f"{path} answered {answer.status_code} to {login}"
            text = answer.content.decode()
            assert not re.search(r"\{[{%]|%\([a-z_]+\)[sd]", text), f"{path} shows a template's inside"

    @pytest.mark.parametrize("login", [login for login in ROLES if login not in ("mei", "ivan", "salma", "carmen")])
    def test_my_day_has_something_for_every_role(self, login):
        from desk.day import todos

        user = User.objects.get(email=f"{login}@demo.example")
        assert todos(user, clock.now()) or login in ("admin", "traffic", "coordinator"), f"{login} has nothing to do"


LISTS = (
    "my_day", "client_list", "job_list", "signrequest_list", "meeting_list", "invoice_list", "receivables", "chase", "report_list",
    "dashboard", "outbox", "mailbox", "user_list", "agency_profile", "profile",
)  # fmt: skip


def pages(user: User) -> Iterator[str]:
    """Lists anybody may try; things by what this colleague sees."""
    yield from (reverse(name) for name in LISTS)
    models = (Client, Account, Contact, Job, Deliverable, SignRequest, Meeting, Minutes, Invoice, StatusReport)
    for model in models:
        for thing in model.objects.all().visible_to(user):
            yield thing.get_absolute_url().partition("#")[0]
