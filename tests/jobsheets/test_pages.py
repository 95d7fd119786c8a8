"""Every page of jobs: works for who may, 403 for who may not, 404 for the outsider, 405 for the wrong method."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from agency.files import make_previews
from jobsheets import actions
from jobsheets.checklist import CHECKLIST
from jobsheets.models import Deliverable, Job, Version
from tests.cast import NOW, Cast, make_job

from .conftest import all_ok, picture

pytestmark = pytest.mark.django_db


def browser(user: User) -> Browser:
    """Logged in, and strict: what a view raises is shown as its page."""
    made = Browser(raise_request_exception=True)
    made.force_login(user)
    return made


def without_token(response: Any) -> str:
    """The page without what differs every time: the token of its forms, the address that was asked for."""
    return re.sub(r"[A-Za-z0-9]{64}|/jobs/[A-Z0-9-]+/", "", response.content.decode())


@pytest.fixture(autouse=True)
def _the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views ask the clock; in tests it stands still at the cast's moment."""
    monkeypatch.setattr("agency.clock.now", lambda: NOW)


#: (url name, role that works, roles that may see but not do)
JOB_PAGES = [
    ("job_sheet", "ae", []),
    ("job_edit", "ae", ["creative", "planner"]),
    ("job_copy", "ae", ["creative", "traffic"]),
    ("job_due", "traffic", ["creative"]),
    ("job_hold", "ae", ["creative"]),
    ("job_cancel", "ae", ["creative", "traffic"]),
    ("job_close", "finance", ["ae", "director"]),
    ("job_reopen", "finance", ["ae"]),
    ("job_override", "director", ["ae", "manager"]),
    ("job_return", "planner", ["ae", "creative"]),
    ("job_question", "creative", ["ae", "second_creative"]),
    ("job_people", "ae", ["creative"]),
    ("job_references", "ae", []),
    ("deliverable_add", "ae", ["creative"]),
    ("sheet_send", "ae", ["creative"]),
]


@pytest.mark.parametrize(("name", "works", "forbidden"), JOB_PAGES)
def test_pages_of_a_job(cast: Cast, opened: Job, name: str, works: str, forbidden: list[str]) -> None:
    url = reverse(name, args=[opened.number])
    assert browser(cast.outsider).get(url).status_code == 404
    response = browser(getattr(cast, works)).get(url)
    assert response.status_code == 200, name
    assert opened.number in response.content.decode()
    for role in forbidden:
        assert browser(getattr(cast, role)).get(url).status_code == 403, role
    assert browser(getattr(cast, works)).put(url).status_code == 405
    assert Browser().get(url).status_code == 302


@pytest.mark.parametrize("name", ["job_submit", "job_take_back", "job_approve", "job_acknowledge", "job_resume"])
def test_buttons_take_only_a_post(cast: Cast, opened: Job, name: str) -> None:
    url = reverse(name, args=[opened.number])
    before = Job.objects.values().get(pk=opened.pk)
    assert browser(cast.outsider).post(url).status_code == 404
    assert browser(cast.ae).get(url).status_code == 405
    response = browser(cast.ae).post(url)
    assert response.status_code in (302, 403)
    assert Job.objects.values().get(pk=opened.pk) == before


@pytest.mark.parametrize(
    ("name", "works", "forbidden"),
    [
        ("deliverable_detail", "creative", []),
        ("deliverable_edit", "ae", ["creative"]),
        ("deliverable_drop", "ae", ["creative"]),
        ("deliverable_reopen", "ae", ["creative"]),
        ("version_upload", "creative", ["second_creative", "planner"]),
    ],
)
def test_pages_of_a_deliverable(cast: Cast, deliverable: Deliverable, name: str, works: str, forbidden: list[str]) -> None:
    url = reverse(name, args=[deliverable.number])
    assert browser(cast.outsider).get(url).status_code == 404
    assert browser(getattr(cast, works)).get(url).status_code == 200
    for role in forbidden:
        assert browser(getattr(cast, role)).get(url).status_code == 403, role


def test_pages_of_a_version(cast: Cast, released: Version) -> None:
    make_previews(released.file)
    args = [released.deliverable.number, 1]
    for name in ("version_file", "version_preview", "version_thumbnail", "version_check", "version_send", "version_refuse"):
        assert browser(cast.outsider).get(reverse(name, args=args)).status_code == 404, name
    for name in ("version_file", "version_preview", "version_thumbnail"):
        response = browser(cast.creative).get(reverse(name, args=args))
        assert response.status_code == 200
        assert response["X-Content-Type-Options"] == "nosniff"
    page = browser(cast.ae).get(reverse("version_send", args=args)).content.decode()
    assert cast.contact.full_name in page
    assert cast.rival_contact.full_name not in page
    assert "First idea." in page
    assert browser(cast.creative).get(reverse("version_check", args=args)).status_code == 403  # the maker
    assert browser(cast.teammate).get(reverse("version_check", args=args)).status_code == 200
    assert browser(cast.ae).get(reverse("version_refuse", args=args)).status_code == 403
    assert browser(cast.creative).get(reverse("version_send", args=args)).status_code == 403
    detail = browser(cast.ae).get(released.deliverable.get_absolute_url()).content.decode()
    assert reverse("version_send", args=args) in detail
    assert reverse("version_preview", args=args) in detail


def test_unknown_and_hidden_look_the_same(cast: Cast, version: Version) -> None:
    hidden = make_job(cast.rival_account, cast.outsider, title="Canary")
    asked = [reverse("job_sheet", args=[hidden.number]), reverse("job_sheet", args=["ACM-26-9999"])]
    pages = [browser(cast.ae).get(url) for url in asked]
    assert {page.status_code for page in pages} == {404}
    assert without_token(pages[0]) == without_token(pages[1])
    for number in ("ACM-26-0001-D99", "ACM-26-0001-DXX", "ACM-26-0001", "-D01", "ACM-26-0001-D٠١", "ACM-26-0001-D1"):
        assert browser(cast.ae).get(reverse("deliverable_detail", args=[number])).status_code == 404, number
    assert browser(cast.ae).get(reverse("version_file", args=[version.deliverable.number, 10**18])).status_code == 404
    assert browser(cast.ae).get(reverse("sheet_pdf", args=["ACM-26-0001", 10**18])).status_code == 404
    assert browser(cast.ae).get(reverse("reference_file", args=["ACM-26-0001", 2**70])).status_code == 404


def test_the_list_shows_next_and_turn(cast: Cast, version: Version) -> None:
    make_job(cast.rival_account, cast.outsider, title="Canary")
    page = browser(cast.ae).get(reverse("job_list"))
    text = page.content.decode()
    assert "Opening weekend" in text
    assert "to be checked" in text
    assert "Canary" not in text
    assert "Canary" in browser(cast.director).get(reverse("job_list")).content.decode()


def test_work_to_be_done_comes_before_what_is_delivered(cast: Cast, version: Version) -> None:
    later = make_job(cast.account, cast.ae, title="Later", due_at=NOW + timedelta(days=9))
    sooner = make_job(cast.account, cast.ae, title="Sooner", due_at=NOW + timedelta(days=3))
    delivered = make_job(cast.account, cast.ae, title="Delivered", due_at=NOW, delivered_at=NOW)
    promised = version.deliverable.job  # everything signed off, with small changes still to be made
    Job.objects.filter(pk=promised.pk).update(due_at=NOW, delivered_at=NOW)
    Deliverable.objects.filter(job=promised).update(signed_off_at=NOW)
    Version.objects.filter(pk=version.pk).update(answer="small_changes", answered_at=NOW)
    visitor = browser(cast.ae)
    assert list(visitor.get(reverse("job_list")).context["rows"]) == [promised, sooner, later, delivered]
    assert list(visitor.get(reverse("job_list"), {"sort": "due"}).context["rows"]) == [promised, delivered, sooner, later]
    Version.objects.filter(pk=version.pk).update(answer="approved")
    assert list(visitor.get(reverse("job_list")).context["rows"]) == [sooner, later, promised, delivered]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True), ({"q": "0001"}, True), ({"q": "opening"}, True), ({"q": "nothing"}, False), ({"status": "open"}, True),
        ({"status": "draft"}, False), ({"status": "all"}, True), ({"client": "ACM"}, True), ({"client": "RIV"}, True),
        ({"kind": "film"}, False), ({"due": "late"}, False), ({"due": "later"}, True), ({"due": "week"}, False),
        ({"status": "nonsense", "owner": "x", "page": "-1", "sort": "password"}, True), ({"q": "\x00"}, True), ({"q": "'\"%"}, False),
        ({"page": "9" * 40}, True), ({"owner": "9" * 40}, True),
    ],
)  # fmt: skip
def test_filters(cast: Cast, opened: Job, query: dict[str, str], found: bool) -> None:
    response = browser(cast.ae).get(reverse("job_list"), query)
    assert response.status_code == 200
    assert ("Opening weekend" in response.content.decode()) is found


def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, released: Version, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visitor = browser(cast.ae)
    visitor.get(reverse("job_list"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        visitor.get(reverse("job_list"))
    for _n in range(12):
        job = make_job(cast.account, cast.ae)
        Deliverable.objects.create(job=job, position=1, title="Card")
    with CaptureQueriesContext(connection) as many:
        visitor.get(reverse("job_list"))
    assert len(many) == len(few)


def test_from_the_first_word_to_approval(cast: Cast) -> None:
    """Essentials, brief, approval, as the account executive does it."""
    ae = browser(cast.ae)
    due = NOW + timedelta(days=9)
    facts = {
        "account": cast.account.pk, "title": "Summer", "kind": "print", "due_at_day": f"{due:%Y-%m-%d}", "due_at_hour": "12:30",
        "deliverables": "Poster, 50 × 70 cm\n\nCard", "client_order": "4500",
    }  # fmt: skip
    response = ae.post(reverse("job_create"), facts)
    job = Job.objects.get()
    assert response["Location"] == reverse("job_edit", args=[job.number])
    assert f"{job.due_at:%H:%M}" == "11:30"  # 12:30 in Madrid
    assert [(row.title, row.specification) for row in job.deliverables.all()] == [("Poster", "50 × 70 cm"), ("Card", "")]
    brief = {
        "title": "Summer", "kind": "print", "due_at_day": f"{due:%Y-%m-%d}", "due_at_hour": "12:30", "owner": cast.ae.pk,
        "objective": "Sell ice.", "audience": "Children", "message": "Cold!", "budget": "12 500,50", "revision": job.revision,
        "submit": "1",
    }  # fmt: skip
    response = ae.post(reverse("job_edit", args=[job.number]), brief)
    assert response.status_code == 302
    job.refresh_from_db()
    assert (job.status, str(job.budget)) == ("approval", "12500.50")
    page = browser(cast.planner).get(reverse("job_sheet", args=[job.number])).content.decode()
    assert 'value="strategy"' in page
    browser(cast.planner).post(reverse("job_approve", args=[job.number]), {"side": "strategy"})
    browser(cast.creative_director).post(reverse("job_approve", args=[job.number]), {"side": "creative"})
    job.refresh_from_db()
    assert job.status == "open"


def test_bad_essentials_come_back_with_sentences_and_nothing_is_written(cast: Cast) -> None:
    ae = browser(cast.ae)
    for facts in (
        {},
        {"account": cast.rival_account.pk, "title": "X", "kind": "print", "due_at_day": "2027-01-01"},
        {"account": cast.account.pk, "title": "X" * 121, "kind": "print", "due_at_day": "2027-01-01"},
        {"account": cast.account.pk, "title": "X", "kind": "print", "due_at_day": "not a day"},
        {"account": cast.account.pk, "title": "X", "kind": "print", "due_at_day": "9999-12-31", "due_at_hour": "23:59"},
        {"account": cast.account.pk, "title": "X", "kind": "print", "due_at_day": "0001-01-01"},
        {"account": cast.account.pk, "title": "X", "kind": "", "due_at_day": "2027-01-01"},
        {"account": cast.account.pk, "title": "X\x00", "kind": "print", "due_at_day": "2027-01-01"},
    ):
        response = ae.post(reverse("job_create"), facts)
        assert response.status_code == 422, facts
        assert "There is a problem" in response.content.decode()
    late = {"account": cast.account.pk, "title": "X", "kind": "print", "due_at_day": "2025-01-01"}
    assert ae.post(reverse("job_create"), late).status_code == 409
    assert not Job.objects.exists()


@pytest.mark.parametrize("budget", ["1,234", "12.500", "1,23,4", "NaN", "-1", "1e99", "12.345", "Infinity", "abc", "9" * 40])
def test_a_budget_that_could_mean_two_things_is_asked_again(cast: Cast, draft: Job, budget: str) -> None:
    facts = {
        "title": "T", "kind": "print", "due_at_day": "2026-12-24", "owner": cast.ae.pk, "budget": budget, "revision": draft.revision,
    }  # fmt: skip
    response = browser(cast.ae).post(reverse("job_edit", args=[draft.number]), facts)
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.budget is None


def test_a_stale_form_shows_both_and_can_be_saved_again(cast: Cast, draft: Job) -> None:
    facts = {
        "title": "Mine", "kind": draft.kind, "due_at_day": "2026-12-04", "due_at_hour": "18:00", "owner": cast.ae.pk,
        "objective": draft.objective, "audience": draft.audience, "message": draft.message, "revision": draft.revision,
    }  # fmt: skip
    actions.edit_job(draft, revision=draft.revision, by=cast.teammate, now=NOW, title="Theirs")
    response = browser(cast.ae).post(reverse("job_edit", args=[draft.number]), facts)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in text
    assert "Mine" in text
    draft.refresh_from_db()
    assert draft.title == "Theirs"
    facts["revision"] = draft.revision
    assert browser(cast.ae).post(reverse("job_edit", args=[draft.number]), facts).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_reading_and_asking(cast: Cast, opened: Job) -> None:
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm as bread.")
    creative = browser(cast.creative)
    page = creative.get(reverse("job_sheet", args=[opened.number])).content.decode()
    assert "has changed since you read it" in page
    assert "Warm as bread." in page
    creative.post(reverse("job_question", args=[opened.number]), {"question": "Which bread?"})
    assert "Which bread?" in browser(cast.ae).get(reverse("job_sheet", args=[opened.number])).content.decode()
    for nonsense in ("1", "", "x", "9" * 50, "-2"):
        creative.post(reverse("job_acknowledge", args=[opened.number]), {"issue": nonsense})
        assert opened.assignments.get().acknowledged_issue == 1
    creative.post(reverse("job_acknowledge", args=[opened.number]), {"issue": "2"})
    assert opened.assignments.get().acknowledged_issue == 2


def test_a_check_through_the_page(cast: Cast, version: Version) -> None:
    url = reverse("version_check", args=[version.deliverable.number, 1])
    answers = {f"answer_{n}": "ok" for n in range(len(CHECKLIST))} | {"sha256": version.sha256}
    mate = browser(cast.teammate)
    response = mate.post(url, {"sha256": version.sha256})
    assert response.status_code == 422
    response = mate.post(url, answers | {"answer_3": "not_ok"})
    assert response.status_code == 422
    assert "Describe what isn’t in order" in response.content.decode()
    assert mate.post(url, answers | {"sha256": "0" * 64}).status_code == 409
    assert not version.checks.exists()
    assert mate.post(url, answers).status_code == 302
    assert version.checks.get().passed


def test_uploading_and_releasing_through_the_pages(cast: Cast, deliverable: Deliverable) -> None:
    url = reverse("version_upload", args=[deliverable.number])
    creative = browser(cast.creative)
    assert creative.post(url, {}).status_code == 422
    assert creative.post(url, {"file": picture(), "note": "One"}).status_code == 302
    assert creative.post(url, {"file": picture(), "note": "Again"}).status_code == 409  # a second click sends the same file
    version = deliverable.versions.get()
    actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.teammate, now=NOW)
    release = reverse("version_release", args=[deliverable.number, 1])
    assert browser(cast.ae).post(release, {"sha256": version.sha256}).status_code == 403
    director = browser(cast.creative_director)
    director.post(release, {"sha256": "nonsense"})
    assert not version.releases.exists()
    director.post(release, {"sha256": version.sha256})
    director.post(release, {"sha256": version.sha256})
    assert version.releases.count() == 1


def test_reference_files(cast: Cast, opened: Job) -> None:
    url = reverse("job_references", args=[opened.number])
    assert browser(cast.planner).post(url, {"file": picture()}).status_code == 403
    assert browser(cast.ae).post(url, {"file": picture(name="logo.png"), "note": "The logo"}).status_code == 302
    row = opened.references.get()
    file = reverse("reference_file", args=[opened.number, row.pk])
    assert browser(cast.creative).get(file)["Content-Disposition"].startswith("attachment")
    assert browser(cast.outsider).get(file).status_code == 404
    remove = reverse("reference_remove", args=[opened.number, row.pk])
    assert browser(cast.outsider).post(remove).status_code == 404
    browser(cast.ae).post(remove)
    assert browser(cast.ae).post(remove).status_code == 404
    assert browser(cast.ae).get(file).status_code == 404


def test_deeds_with_a_reason(cast: Cast, opened: Job) -> None:
    ae = browser(cast.ae)
    hold = reverse("job_hold", args=[opened.number])
    assert ae.post(hold, {"reason": " "}).status_code == 422
    assert ae.post(hold, {"reason": "x" * 2001}).status_code == 422
    assert ae.post(hold, {"reason": "Client on holiday"}).status_code == 302
    assert ae.post(hold, {"reason": "Client on holiday"}).status_code == 409  # the second click
    ae.post(reverse("job_resume", args=[opened.number]))
    opened.refresh_from_db()
    assert opened.status == "open"
    assert browser(cast.finance).post(reverse("job_close", args=[opened.number])).status_code == 409
    override = reverse("job_override", args=[opened.number])
    assert browser(cast.director).post(override, {"thing": "version", "reason": "x"}).status_code == 409
    assert browser(cast.director).post(override, {"thing": "hack", "reason": "x"}).status_code == 422


def test_people_page_offers_only_the_team(cast: Cast, opened: Job) -> None:
    url = reverse("job_people", args=[opened.number])
    page = browser(cast.ae).get(url).content.decode()
    assert cast.second_creative.full_name in page
    assert cast.outsider.full_name not in page
    assert browser(cast.ae).post(url, {"user": cast.outsider.pk, "craft": "copy"}).status_code == 422
    browser(cast.ae).post(url, {"user": cast.second_creative.pk, "craft": "copy"})
    assert opened.assignments.count() == 2
    off = reverse("job_unassign", args=[opened.number, opened.assignments.first().pk])  # type: ignore[union-attr]
    assert browser(cast.creative).post(off).status_code == 403
    assert browser(cast.outsider).post(off).status_code == 404


def test_what_somebody_does_on_the_job_is_what_they_are_unless_said_otherwise(cast: Cast, opened: Job) -> None:
    url = reverse("job_people", args=[opened.number])
    type(cast.second_creative).objects.filter(pk=cast.second_creative.pk).update(title="")
    refused = browser(cast.ae).post(url, {"user": cast.second_creative.pk})
    assert refused.status_code == 422
    assert "Write what they do on this job." in refused.content.decode()
    type(cast.second_creative).objects.filter(pk=cast.second_creative.pk).update(title="Copywriter")
    browser(cast.ae).post(url, {"user": cast.second_creative.pk})
    assert opened.assignments.get(user=cast.second_creative).craft == "Copywriter"


def test_each_word_of_approval_says_what_it_leads_to(cast: Cast, submitted: Job) -> None:
    url = reverse("job_approve", args=[submitted.number])
    first = browser(cast.planner).post(url, {"side": "strategy"}, follow=True).content.decode()
    assert "The job opens with the other side" in first
    second = browser(cast.creative_director).post(url, {"side": "creative"}, follow=True).content.decode()
    assert f"The job is open; {cast.ae.full_name} is told by mail." in second


def test_who_has_read_the_sheet_goes_on_to_the_job(cast: Cast, opened: Job) -> None:
    creative = browser(cast.creative)
    assert creative.post(reverse("job_acknowledge", args=[opened.number]), {"issue": "1"}).url == opened.get_absolute_url()


def test_what_is_ordered_stands_on_the_job_before_anybody_works_on_it(cast: Cast, draft: Job) -> None:
    for name in ("job_detail", "job_sheet"):
        page = browser(cast.ae).get(reverse(name, args=[draft.number])).content.decode()
        assert "Poster" in page
        assert "signed off</small>" not in page  # nothing can be, yet


def test_the_upload_is_offered_to_who_has_read_the_sheet(cast: Cast, opened: Job, deliverable: Deliverable) -> None:
    upload = reverse("version_upload", args=[deliverable.number])
    assert upload in browser(cast.creative).get(deliverable.get_absolute_url()).content.decode()
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.")
    assert upload not in browser(cast.creative).get(deliverable.get_absolute_url()).content.decode()
    assert upload in browser(cast.ae).get(deliverable.get_absolute_url()).content.decode()
