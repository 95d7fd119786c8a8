"""The job's and the client's page: where things stand, for those who may see them."""

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine

from agency import clock
from billing.actions import LineData, approve_billing, create_invoice, issue_invoice, request_billing
from desk.views.jobs import where_to
from jobsheets.models import Assignment, Deliverable, Job, SheetIssue
from signoffs.actions import Asked, freeze_document, send_for_signature
from signoffs.models import Signatory, SignRequest
from tests.cast import NOW, Cast, make_cast, make_job

pytestmark = pytest.mark.django_db
#: The one part of a page that differs at every request.
TOKEN = re.compile(rb"[A-Za-z0-9]{64}")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def job(cast):
    job = make_job(cast.account, cast.ae, budget="18400.00")
    SheetIssue.objects.create(job=job, number=1, data={}, issued_at=NOW, issued_by=cast.ae)
    Deliverable.objects.create(job=job, position=1, title="Opening poster")
    Assignment.objects.create(job=job, user=cast.creative, craft="Art direction", assigned_at=NOW, assigned_by=cast.ae)
    return job


def test_the_job_page_shows_chain_deliverables_and_people(client, cast, job):
    client.force_login(cast.ae)
    page = client.get(job.get_absolute_url())
    text = page.content.decode()
    assert [step["label"] if isinstance(step, dict) else step.label for step in page.context["steps"]][-1] == "Paid"
    for words in ("Opening poster", "Leo Park", "Acme", job.number):
        assert words in text


@pytest.mark.parametrize("status", ["draft", "approval", "cancelled"])
def test_what_is_ordered_is_shown_before_the_job_opens_and_after_it_ends(client, cast, status):
    job = make_job(cast.account, cast.ae, status=status)
    Deliverable.objects.create(job=job, position=1, title="Hoarding panels")
    client.force_login(cast.ae)
    assert "Hoarding panels" in client.get(job.get_absolute_url()).content.decode()


def test_each_gets_the_button_that_is_theirs(client, cast, job):
    client.force_login(cast.creative)
    assert client.get(job.get_absolute_url()).context["primary"][1] == "Read and acknowledge"
    Assignment.objects.filter(job=job).update(acknowledged_issue=1, acknowledged_at=NOW)
    assert client.get(job.get_absolute_url()).context["primary"][1] == "Upload version"
    client.force_login(cast.finance)
    assert client.get(job.get_absolute_url()).context["primary"] is None


@pytest.mark.parametrize(
    ("key", "url"),
    [("ready", "/deliverables/{}/3/send/"), ("check", "/deliverables/{}/3/check/"), ("release", "/deliverables/{}/")],
)
def test_the_button_leads_to_the_deed_itself_except_that_what_is_released_is_looked_at(job, key, url):
    row = job.deliverables.get()
    row.state, row.current = SimpleNamespace(key=key), SimpleNamespace(number=3)
    assert where_to(row) == url.format(row.number)


def test_who_may_not_see_invoices_reads_how_far_billing_is_and_no_amounts(client, cast, job):
    line = LineData(job, "Poster", Decimal(1), Decimal("7654.00"), Decimal(21))
    invoice = create_invoice(cast.account, [line], by=cast.ae, now=NOW)
    request_billing(invoice, by=cast.ae, now=NOW)
    client.force_login(cast.creative)
    text = client.get(job.get_absolute_url()).content.decode()
    assert "Invoiced" in text
    for hidden in (invoice.get_absolute_url(), "7,654", "Billed", "asked for billing"):
        assert hidden not in text
    client.force_login(cast.ae)
    text = client.get(job.get_absolute_url()).content.decode()
    assert invoice.get_absolute_url() in text
    assert "Billed" in text


def test_the_job_page_shows_the_sheet_that_the_client_has_to_sign(client, cast, job):
    issue = job.issues.get()
    document = freeze_document(
        "job_sheet", issue, account=cast.account, language="en", title="Job sheet: Opening weekend",
        reference=f"{job.number} #1", data={}, by=cast.ae, now=NOW,
    )  # fmt: skip
    asked = send_for_signature(document, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    client.force_login(cast.ae)
    page = client.get(job.get_absolute_url())
    assert [one["request"] for one in page.context["requests"]] == [asked]
    assert asked.get_absolute_url() in page.content.decode()


def test_the_outsider_gets_the_404_of_an_unknown_job(client, cast, job):
    client.force_login(cast.outsider)
    hidden = client.get(job.get_absolute_url())
    unknown = client.get("/jobs/ACM-26-9999/")
    assert hidden.status_code == unknown.status_code == 404
    bare = TOKEN.sub(b"", hidden.content).replace(job.number.encode(), b"ACM-26-9999")
    assert bare == TOKEN.sub(b"", unknown.content)


def test_the_client_page_lists_what_is_under_way_and_nothing_of_others(client, cast, job):
    make_job(cast.rival_account, cast.outsider, title="Rival secret")
    make_job(cast.account, cast.ae, title="Long closed", status="closed")
    client.force_login(cast.ae)
    text = client.get(cast.acme.get_absolute_url()).content.decode()
    assert job.title in text
    assert "Marta Ortega" in text
    assert "Long closed" not in text
    assert "Rival" not in text
    client.force_login(cast.outsider)
    assert client.get(cast.acme.get_absolute_url()).status_code == 404


def test_the_list_of_clients_says_who_needs_something_now(client, cast, job):
    Job.objects.filter(pk=job.pk).update(due_at=clock.now() - timedelta(days=1))
    make_job(cast.account, cast.ae, status="draft")
    make_job(cast.account, cast.ae, status="closed")
    document = freeze_document(
        "job_sheet", job.issues.get(), account=cast.account, language="en", title="Job sheet",
        reference=f"{job.number} #1", data={}, by=cast.ae, now=NOW,
    )  # fmt: skip
    asked = send_for_signature(document, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    SignRequest.objects.filter(pk=asked.pk).update(sent_at=NOW)
    invoice = create_invoice(
        cast.account, lines=[LineData(job, "Poster", Decimal(1), Decimal(100), Decimal(21))], by=cast.ae, now=NOW
    )
    for deed, by in ((request_billing, cast.ae), (approve_billing, cast.director), (issue_invoice, cast.finance)):
        deed(invoice, by=by, now=NOW)
    with time_machine.travel(NOW + timedelta(days=90), tick=False):
        client.force_login(cast.director)
        rows = client.get("/clients/").context["rows"]
    assert {row.code: (row.late_jobs, row.waiting, row.overdue, row.under_way) for row in rows} == {
        "ACM": (1, 1, 1, 2), "RIV": (0, 0, 0, 0),
    }  # fmt: skip
    client.force_login(cast.creative)
    assert "Invoices overdue" not in client.get("/clients/").content.decode()
    client.force_login(cast.outsider)
    assert [(row.code, row.under_way) for row in client.get("/clients/").context["rows"]] == [("RIV", 0)]


def test_my_day_puts_the_late_before_the_rest(client, cast, job):
    late = make_job(cast.account, cast.ae, title="Late thing", due_at=NOW - timedelta(days=30))
    Deliverable.objects.create(job=late, position=1, title="Late poster")
    client.force_login(cast.creative)
    page = client.get("/")
    assert page.status_code == 200
    assert any("Opening weekend" in row["what"] or "Opening weekend" in row["why"] for row in page.context["rows"])


def test_my_day_tells_what_comes_before_closing_time_from_the_rest(client, cast, job):
    late = make_job(
        cast.account, cast.ae, title="Late thing", due_at=NOW - timedelta(days=30), status="draft", returned_reason="No"
    )
    Deliverable.objects.filter(job=job).update(due_at=clock.now() - timedelta(days=1))
    client.force_login(cast.ae)
    page = client.get("/")
    first, second = page.context["parts"]
    assert [row["number"] for row in first] == [one.number for one in job.deliverables.all()]
    assert [row["number"] for row in second] == [late.number]
    assert {row["client"] for row in first + second} == {cast.acme.name}


def test_my_day_looks_three_working_days_ahead(client, cast, job):
    soon = make_job(cast.account, cast.ae, title="Soon", due_at=clock.now() + timedelta(hours=20))
    Deliverable.objects.create(job=soon, position=1, title="Done", signed_off_at=NOW)
    Deliverable.objects.create(job=soon, position=2, title="Not yet")
    make_job(cast.account, cast.ae, title="Far", due_at=clock.now() + timedelta(days=20))
    make_job(cast.account, cast.ae, title="Delivered", due_at=clock.now() + timedelta(hours=20), delivered_at=NOW)
    make_job(cast.rival_account, cast.outsider, title="Rival", due_at=clock.now() + timedelta(hours=20))
    client.force_login(cast.ae)
    due = {row.title: (row.signed, row.wanted) for row in client.get("/").context["due"]}
    assert due["Soon"] == (1, 2)
    assert due.keys().isdisjoint({"Far", "Delivered", "Rival"})


def test_my_day_says_which_client_to_call(client, cast, job):
    document = freeze_document(
        "job_sheet", job.issues.get(), account=cast.account, language="en", title="Job sheet: Opening weekend",
        reference=f"{job.number} #1", data={}, by=cast.ae, now=NOW,
    )  # fmt: skip
    asked = send_for_signature(document, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
    Signatory.objects.filter(request=asked).update(invited_at=clock.now() - timedelta(days=2))
    client.force_login(cast.ae)
    assert [row.silent for row in client.get("/").context["waiting"]] == [False]
    Signatory.objects.filter(request=asked).update(invited_at=clock.now() - timedelta(days=4))
    type(cast.contact).objects.filter(pk=cast.contact.pk).update(phone="+34 600 000 001")
    page = client.get("/")
    assert [row.silent for row in page.context["waiting"]] == [True]
    assert "tel:+34600000001" in page.content.decode()
    client.force_login(cast.creative)  # sees that the client is waited for, but it isn't theirs to call
    assert "tel:" not in client.get("/").content.decode()


def test_nothing_stands_twice_in_my_day(client, cast, job):
    client.force_login(cast.creative)
    rows = [(row["what"], row["number"]) for row in client.get("/").context["rows"]]
    assert rows
    assert len(rows) == len(set(rows))


def test_the_dashboard_counts_late_jobs_and_opens_them(client, cast, job):
    make_job(cast.account, cast.ae, title="Late thing", due_at=NOW - timedelta(days=30))
    client.force_login(cast.director)
    page = client.get("/dashboard/")
    assert page.context["counts"]["late"] == 1
    assert page.context["figures"][0]["url"] == "/jobs/?due=late"
    client.force_login(cast.ae)
    assert client.get("/dashboard/").status_code == 403


def test_the_dashboard_says_for_how_long_a_job_is_unbilled(client, cast):
    make_job(cast.account, cast.ae, status="open", delivered_at=clock.now() - timedelta(days=4))
    client.force_login(cast.director)
    part = client.get("/dashboard/").content.decode().split('id="unbilled"')[1].split("</section>")[0]
    assert re.search(r"for\s*<time[^>]*>4 days</time>", part)
