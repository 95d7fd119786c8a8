"""The seeded agency: as many rows as were asked for, the rules of the house kept in each, and every page of it works."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Sum
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from accounts.models import Account, Client, Contact, TeamMember, User
from agency import clock, doorbell, immutable
from agency.models import AuditEntry, Counter, StoredFile
from agency.models.profile import forget_current
from agency.money import totals
from billing.chase import chase_payments
from billing.models import Allocation, ChaseLetter, Invoice, InvoiceLine, Payment, TaxLine
from desk.demo import ground
from desk.seed.links import open_links
from desk.seed.load import seed
from desk.seed.size import Size
from jobsheets import actions as work
from jobsheets import issues
from jobsheets.checklist import KEYS, OK
from jobsheets.documents import version_data
from jobsheets.models import Assignment, Deliverable, Job, QualityCheck, Release, SheetIssue, Version
from jobsheets.signables import SMALL_CHANGES
from meetings.actions.sending import frozen
from meetings.models import Meeting, Minutes
from reporting.actions import send_due_reports
from reporting.models import StatusReport
from signoffs.actions import Asked, expire_due
from signoffs.evidence import verify_chain
from signoffs.models import Document, SealedDocument, Signatory, SignRequest
from signoffs.rendering import render_document
from signoffs.sealing.verify import verify_bytes
from tests.cast import make_cast

NOW = datetime(2026, 11, 18, 10, 3, tzinfo=UTC)
SCALE = 0.01


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seed-media")


@pytest.fixture(scope="module")
def agency(django_db_setup: None, django_db_blocker: Any, media: Path) -> Iterator[None]:
    """Seeded once for all tests below."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=str(media)), django_db_blocker.unblock():
        forget_current()
        seed(Size.of(SCALE), now=NOW)
        yield
        immutable.remove()
        call_command("flush", verbosity=0, interactive=False)
        forget_current()


@pytest.fixture
def seeded(agency: None, db: None, settings: Any, media: Path) -> Iterator[None]:
    """The seeded agency at the moment it was made for."""
    settings.MEDIA_ROOT = str(media)
    with clock.played(NOW):
        yield


def browser(login: str) -> Browser:
    client = Browser(raise_request_exception=True)
    client.force_login(User.objects.get(email=f"{login}@demo.example"))
    return client


@pytest.mark.django_db
class TestGround:
    def test_a_database_with_somebody_in_it_is_left_alone(self):
        make_cast()
        before = User.objects.count()
        with pytest.raises(CommandError, match="something else"):
            call_command("seed", scale=SCALE)
        assert User.objects.count() == before

    def test_production_is_refused(self, settings):
        settings.EMBEDDED = False
        with pytest.raises(CommandError, match="embedded mode"):
            call_command("seed", scale=SCALE)
        assert not User.objects.exists()

    @pytest.mark.parametrize("scale", [0, -1, 1000])
    def test_a_scale_out_of_range_is_refused(self, scale):
        with pytest.raises(CommandError, match="between"):
            call_command("seed", scale=scale)

    def test_the_same_scale_and_moment_give_the_same_agency(self, settings, tmp_path):
        settings.MEDIA_ROOT = str(tmp_path)
        found = []
        for _time in range(2):
            with transaction.atomic():
                seed(Size.of(0.002), now=NOW)
                jobs = Job.objects.values_list("number", "title", "status", "due_at", "budget")
                invoices = Invoice.objects.values_list("number", "gross", "settled")
                found.append((list(jobs), list(invoices), list(Meeting.objects.values_list("serial", "title"))))
                transaction.set_rollback(True)
            forget_current()
        assert found[0] == found[1]
        assert all(found[0])


@pytest.mark.usefixtures("seeded")
class TestRows:
    def test_there_is_as_much_as_the_scale_says(self):
        size = Size.of(SCALE)
        assert User.objects.count() == size.colleagues
        assert Client.objects.count() == size.clients
        assert Job.objects.count() == size.jobs
        assert Version.objects.count() == size.versions
        assert Meeting.objects.count() == size.meetings
        assert Invoice.objects.count() == size.invoices
        assert AuditEntry.objects.count() >= 100_000 * SCALE

    def test_a_second_time_it_says_so_and_changes_nothing(self, capsys):
        call_command("seed", scale=SCALE)
        assert "here already" in capsys.readouterr().out
        with pytest.raises(CommandError, match="holds an agency"):
            call_command("seed", scale=SCALE * 2)
        assert ground.is_loaded()
        assert Job.objects.count() == Size.of(SCALE).jobs

    def test_nothing_happens_in_the_future(self):
        assert not AuditEntry.objects.filter(at__gt=NOW).exists()
        assert not Job.objects.filter(created_at__gt=NOW).exists()
        assert not Version.objects.filter(at__gt=NOW).exists()
        assert not SignRequest.objects.filter(closed_at__gt=NOW).exists()
        assert not Payment.objects.filter(at__gt=NOW).exists()
        assert not Minutes.objects.filter(sent_at__gt=NOW).exists()

    def test_things_stand_in_many_states(self):
        assert {"open", "closed"} <= set(Job.objects.values_list("status", flat=True))
        assert {"", "approved", "changes"} <= set(Version.objects.values_list("answer", flat=True))
        assert {"approved", "changes"} <= set(SignRequest.objects.values_list("outcome", flat=True))
        assert {"confirmed", "filed"} & set(Minutes.objects.values_list("status", flat=True))
        assert {"sent", "review"} & set(StatusReport.objects.values_list("status", flat=True))
        assert Invoice.objects.unpaid().exists()
        assert Client.objects.values("language").distinct().count() == 5

    def test_work_is_skewed(self):
        per_client = sorted((Job.objects.filter(account__client=client).count() for client in Client.objects.all()), reverse=True)
        assert sum(per_client[: len(per_client) // 4]) * 3 > sum(per_client)

    def test_keys_of_the_database_go_on_where_the_seed_stopped(self):
        last = Job.objects.latest("pk")
        copy = Job.objects.get(pk=last.pk)
        copy.pk, copy.number = None, "ZZZ-26-0001"
        copy.save(force_insert=True)
        assert copy.pk == last.pk + 1

    def test_every_constraint_holds(self):
        connection.check_constraints()
        for model in (
            Job,
            Version,
            SignRequest,
            Signatory,
            Document,
            Minutes,
            Meeting,
            Invoice,
            Payment,
            StatusReport,
            StoredFile,
        ):
            for row in model._base_manager.all()[:40]:
                row.full_clean(validate_unique=False, exclude=["line_texts", "content", "width", "height", "pages"])


@pytest.mark.usefixtures("seeded")
class TestWork:
    def test_numbers_count_on_from_what_is_there(self):
        last: dict[str, int] = defaultdict(int)
        for job in Job.objects.select_related("account"):
            _code, year, number = job.number.split("-")
            assert f"{job.created_at:%y}" == year
            series = f"job:{job.account.client_id}:{year}"
            last[series] = max(last[series], int(number))
        for name, number in last.items():
            assert Counter.objects.get(name=name).last == number

    def test_sheets_say_what_the_product_would_have_frozen(self):
        checked = SheetIssue.objects.select_related("job__account__client", "job__account__brand", "job__owner")[:15]
        assert checked
        for issue in checked:
            assert issues.freeze(issue.job) == issue.data

    def test_signoff_sheets_say_what_the_product_would_have_frozen(self):
        documents = Document.objects.filter(kind="deliverable").order_by("pk")[:25]
        assert documents
        for document in documents:
            version = Version.objects.get(pk=document.subject_id)
            with translation.override(document.language):
                data = version_data(version, sent_at=document.created_at)
            assert data == {name: value for name, value in document.data.items() if name != "hands"}
            assert len(document.data["hands"]) == 4

    def test_nothing_left_the_house_unchecked(self):
        for version in Version.objects.exclude(sent_at=None):
            assert (
                QualityCheck.objects.filter(version=version, passed=True, sha256=version.sha256).exclude(by=version.by).exists()
            )
            assert Release.objects.filter(version=version, released=True, sha256=version.sha256).exists()

    def test_whoever_works_on_a_job_is_on_its_team_and_has_read_its_sheet(self):
        for version in Version.objects.select_related("deliverable__job"):
            job = version.deliverable.job
            assert TeamMember.objects.current().filter(account=job.account_id, user=version.by).exists()
            assert Assignment.objects.get(job=job, user=version.by).acknowledged_issue == 1

    def test_no_version_is_the_file_of_the_one_before(self):
        for row in Deliverable.objects.all():
            hashes = list(row.versions.order_by("number").values_list("sha256", flat=True))
            assert all(one != other for one, other in pairwise(hashes))

    def test_deliverables_are_signed_off_by_their_versions(self):
        for row in Deliverable.objects.exclude(signed_off_at=None):
            assert row.versions.filter(answer__in=["approved", SMALL_CHANGES], answered_at=row.signed_off_at).exists()
        assert not Job.objects.filter(status="closed", delivered_at=None).exists()


@pytest.mark.usefixtures("seeded")
class TestPapers:
    def test_every_chain_of_evidence_holds(self):
        requests = SignRequest.objects.select_related("sealed")
        assert requests
        for request in requests:
            verdict = verify_chain(request)
            assert verdict.ok, f"{request.pk} breaks at {verdict.broken_at}"
            assert verdict.events >= 3

    def test_closed_papers_are_sealed_and_the_seal_is_genuine(self):
        assert not SignRequest.objects.exclude(outcome="").filter(sealed=None).exists()
        for sealed in SealedDocument.objects.order_by("-pk")[:3]:
            verdict = verify_bytes(sealed.file.file.read())
            assert verdict.status == "unchanged"
            assert verdict.reference == sealed.request.document.reference

    def test_one_changed_byte_breaks_a_seal(self):
        data = bytearray(SealedDocument.objects.latest("pk").file.file.read())
        data[len(data) // 8] ^= 1
        assert verify_bytes(bytes(data)).status == "changed"

    def test_minutes_say_what_the_product_would_have_frozen(self):
        documents = Document.objects.filter(kind="minutes").order_by("pk")[:15]
        assert documents
        for document in documents:
            minutes = Minutes.objects.get(pk=document.subject_id)
            again = frozen(minutes, by=minutes.written_by, now=document.created_at)
            assert again == document.data

    def test_signers_may_sign_and_belong_to_the_client(self):
        for signatory in Signatory.objects.filter(role="approver").select_related("contact", "request__document__account"):
            document = signatory.request.document
            assert signatory.contact.client_id == document.account.client_id
            assert signatory.contact.may_sign(document.kind)

    def test_work_goes_on_and_an_open_link_shows_its_paper(self):
        """The next version of a seeded job, by the product's own actions, up to the page behind the client's link."""
        job = Job.objects.open().select_related("account__client", "owner").latest("pk")
        row = work.add_deliverable(job, title="One more poster", by=job.owner, now=NOW)
        maker, checker = (place.user for place in job.assignments.order_by("pk")[:2])
        upload = ContentFile(b"%PDF-1.4 the next version", name="next.pdf")
        items = [{"key": key, "answer": OK, "note": ""} for key in sorted(KEYS)]
        director = User.objects.get(email="creative.director@demo.example")
        signer = job.account.client.contacts.filter(part="decides", letters_allowed=True)[0]
        with doorbell.answered(), transaction.atomic():
            for colleague in (maker, checker):
                work.acknowledge(job, 2, by=colleague, now=NOW)
            version = work.upload_version(row, upload, by=maker, now=NOW)
            work.record_quality_check(version, items, sha256=version.sha256, by=checker, now=NOW)
            work.release_version(version, sha256=version.sha256, by=director, now=NOW)
            work.send_version_to_client(version, signatories=[Asked(contact=signer)], by=job.owner, now=NOW)
        for task in list(Document.objects.filter(file=None)):
            render_document(task.pk, now=NOW)
        signatory, token = next(open_links())
        assert signatory.request.document.subject == version
        page = Browser().get(reverse("sign", args=[token]))
        assert page.status_code == 200
        assert row.title in page.content.decode()

    def test_files_have_the_hash_they_say(self):
        import hashlib

        for stored in [*StoredFile.objects.order_by("pk")[:12], *StoredFile.objects.order_by("-pk")[:3]]:
            data = stored.file.read()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (stored.size, stored.sha256)


@pytest.mark.usefixtures("seeded")
class TestMoney:
    def test_numbers_have_no_gap_and_follow_the_days(self):
        for kind, series in (("invoice", "invoice"), ("credit", "credit")):
            rows = Invoice.objects.filter(kind=kind).exclude(number=None).order_by("issued_on__year", "number")
            by_year: dict[int, list[Any]] = defaultdict(list)
            for row in rows:
                by_year[row.issued_on.year].append(row)
            for year, issued in by_year.items():
                assert [int(row.number[-5:]) for row in issued] == list(range(1, len(issued) + 1))
                assert all(one.issued_on <= other.issued_on for one, other in pairwise(issued))
                assert Counter.objects.get(name=f"{series}:{year}").last == len(issued)

    def test_sums_are_those_of_the_lines(self):
        for invoice in Invoice.objects.issued():
            sums = totals(InvoiceLine.objects.filter(invoice=invoice), invoice.currency)
            assert (invoice.net, invoice.tax, invoice.gross) == (sums.net, sums.tax, sums.gross)
            assert TaxLine.objects.filter(invoice=invoice).count() == len(sums.taxes)

    def test_paid_and_open_is_the_total(self):
        for invoice in Invoice.objects.issued().filter(kind="invoice"):
            paid = Allocation.objects.filter(invoice=invoice, payment__reversed_at=None).aggregate(sum=Sum("amount"))["sum"]
            assert (paid or Decimal(0)) == (Decimal(0) if invoice.credited_at else invoice.settled)
            assert invoice.settled + invoice.open_amount == invoice.gross

    def test_lines_and_payments_stay_within_the_account(self):
        assert not InvoiceLine.objects.exclude(job__account=F("invoice__account")).exists()
        assert not Allocation.objects.exclude(payment__account=F("invoice__account")).exists()
        assert not ChaseLetter.objects.filter(contact__isnull=False).exclude(contact__client=F("client")).exists()
        assert not ChaseLetter.objects.exclude(items__invoice__account__client=F("client")).exists()

    def test_the_invoice_names_the_signatures_behind_it(self):
        last = Invoice.objects.issued().filter(kind="invoice").exclude(frozen__signoffs=[]).latest("issued_at")
        assert set(last.frozen["signoffs"][0]) == {"reference", "job", "title", "who", "at", "sha256", "sealed"}
        assert last.frozen["signoffs"][0]["who"]

    def test_beat_has_hardly_anything_to_catch_up(self):
        """What is due has been done: the sweeps of the next minute find at most what fell due just now."""
        assert len(chase_payments(NOW)) <= 3
        assert expire_due(now=NOW) == 0
        assert len(send_due_reports(NOW)) <= 3


LISTS = (
    "my_day", "client_list", "job_list", "signrequest_list", "meeting_list", "invoice_list", "receivables", "chase", "report_list",
    "dashboard", "outbox", "user_list", "history_list",
)  # fmt: skip


@pytest.mark.usefixtures("seeded")
class TestPages:
    @pytest.mark.parametrize("name", LISTS)
    def test_lists_open(self, name):
        assert browser("director" if name not in ("user_list", "history_list") else "admin").get(reverse(name)).status_code == 200

    @pytest.mark.parametrize("login", ["ae", "director", "finance", "creative", "manager"])
    def test_my_day_opens_and_details_of_what_they_see(self, login):
        client, user = browser(login), User.objects.get(email=f"{login}@demo.example")
        assert client.get("/").status_code == 200
        for model in (Client, Account, Contact, Job, Deliverable, SignRequest, Meeting, Invoice, StatusReport):
            for thing in model.objects.all().visible_to(user).order_by("-pk")[:2]:
                page = client.get(thing.get_absolute_url())
                assert page.status_code in ((200, 403) if model is Invoice else (200,)), thing.get_absolute_url()

    def test_a_job_shows_its_title_and_its_invoice(self):
        line = InvoiceLine.objects.filter(issued=True).select_related("job", "invoice").latest("pk")
        page = browser("director").get(line.job.get_absolute_url()).content.decode()
        assert line.job.title in page
        assert line.invoice.number in page

    def test_search_finds_a_job(self):
        job = Job.objects.latest("pk")
        page = browser("director").get(reverse("search"), {"q": job.title[:12]})
        assert job.number in page.content.decode()

    def test_an_outsider_sees_one_account_only(self):
        outsider = User.objects.get(email="outsider@demo.example")
        assert Account.objects.visible_to(outsider).count() == 1
        foreign = Job.objects.exclude(account__in=Account.objects.visible_to(outsider)).latest("pk")
        assert browser("outsider").get(foreign.get_absolute_url()).status_code == 404

    def test_files_are_downloaded(self):
        client = browser("director")
        invoice = Invoice.objects.issued().latest("pk")
        answer = client.get(reverse("invoice_pdf", args=[invoice.number]))
        assert b"".join(answer)[:5] == b"%PDF-"
