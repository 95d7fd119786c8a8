"""Hold, resume, cancel, close, reopen; what a leaver leaves; what My day says; the chain."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.handover import registered
from agency.errors import NotPermitted, Refused, WrongState
from agency.models import OutgoingMail
from jobsheets import actions
from jobsheets.chain import steps
from jobsheets.models import Job, Version
from jobsheets.states import load_jobs
from jobsheets.todo import todos
from tests.cast import NOW, Cast

from .conftest import all_ok, picture

pytestmark = pytest.mark.django_db


def what(user: Any) -> list[str]:
    return [todo.what for todo in todos(user, NOW)]


def test_hold_and_resume_are_told(cast: Cast, opened: Job) -> None:
    with pytest.raises(NotPermitted):
        actions.hold(opened, "x", by=cast.creative, now=NOW)
    job = actions.hold(opened, "The client is away.", by=cast.ae, now=NOW)
    assert "The client is away." in OutgoingMail.objects.get(letter="jobsheets.stopped").text
    with pytest.raises(WrongState):
        actions.close(_signed(job), by=cast.finance, now=NOW)
    assert actions.resume(job, by=cast.traffic, now=NOW).status == "open"


def _signed(job: Job) -> Job:
    job.deliverables.update(signed_off_at=NOW)
    return job


def test_cancelled_is_cancelled(cast: Cast, opened: Job) -> None:
    job = actions.cancel(opened, "Budget gone.", by=cast.ae, now=NOW)
    for deed in (
        lambda: actions.cancel(job, "Again", by=cast.ae, now=NOW),
        lambda: actions.reopen(job, "Again", by=cast.finance, now=NOW),
        lambda: actions.edit_job(job, revision=job.revision, by=cast.ae, now=NOW, title="X"),
        lambda: actions.add_deliverable(job, title="X", by=cast.ae, now=NOW),
        lambda: actions.acknowledge(job, 1, by=cast.creative, now=NOW),
    ):
        with pytest.raises(WrongState):
            deed()


def test_finance_closes_when_everything_is_signed(cast: Cast, opened: Job) -> None:
    with pytest.raises(NotPermitted):
        actions.close(opened, by=cast.director, now=NOW)
    with pytest.raises(Refused, match="D01"):
        actions.close(opened, by=cast.finance, now=NOW)
    job = actions.close(_signed(opened), by=cast.finance, now=NOW)
    assert (job.status, job.closed_at) == ("closed", NOW)
    with pytest.raises(Refused, match="reason"):
        actions.reopen(job, "", by=cast.finance, now=NOW)
    job = actions.reopen(job, "One more poster", by=cast.finance, now=NOW)
    assert (job.status, job.closed_at) == ("open", None)


def test_a_leavers_jobs_and_places_pass_to_the_successor(cast: Cast, opened: Job) -> None:
    function = next(found for found in registered() if found.__module__ == "jobsheets.handover")  # type: ignore[attr-defined]
    assert function(cast.ae, None, by=cast.admin, now=NOW) == ["1 job they own"]
    opened.refresh_from_db()
    assert opened.owner == cast.ae
    function(cast.ae, cast.teammate, by=cast.admin, now=NOW)
    assert function(cast.creative, cast.second_creative, by=cast.admin, now=NOW) == ["1 job they work on"]
    opened.refresh_from_db()
    place = opened.assignments.get(removed_at=None)
    assert (opened.owner, place.user, place.acknowledged_issue) == (cast.teammate, cast.second_creative, None)


def test_my_day_follows_the_sheet(cast: Cast, submitted: Job) -> None:
    assert what(cast.planner) == ["Approve the job sheet “Opening weekend”"]
    assert what(cast.creative_director) == ["Approve the job sheet “Opening weekend”"]
    assert what(cast.director) == []  # the team has its specialists
    assert what(cast.ae) == []
    actions.approve(submitted, "strategy", by=cast.planner, now=NOW)
    assert what(cast.planner) == []
    actions.return_job(submitted, "creative", "Which light?", by=cast.creative_director, now=NOW)
    assert what(cast.ae) == ["Job sheet “Opening weekend” came back"]
    assert what(cast.outsider) == []


def test_my_day_says_that_nobody_is_on_an_open_job(cast: Cast, opened: Job) -> None:
    assert what(cast.ae) == []
    opened.assignments.update(removed_at=NOW)
    assert what(cast.ae) == ["Put people on “Opening weekend”"]
    assert what(cast.outsider) == []
    actions.assign(opened, cast.creative, "art direction", by=cast.ae, now=NOW)
    assert what(cast.ae) == []


def test_my_day_follows_the_work(cast: Cast, opened: Job) -> None:
    job = actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.")
    assert what(cast.creative) == ["Read again: the job sheet “Opening weekend” has changed"]
    actions.ask_question(job, "Which tone?", by=cast.creative, now=NOW)
    assert what(cast.ae) == ["Leo Park asks about “Opening weekend”"]
    actions.acknowledge(job, 2, by=cast.creative, now=NOW)
    version = actions.upload_version(job.deliverables.get(), picture(), by=cast.creative, now=NOW)
    assert what(cast.ae) == ["Check “Poster” V1"]  # nobody else is on the job
    actions.assign(job, cast.second_creative, "copy", by=cast.ae, now=NOW)
    actions.acknowledge(job, 2, by=cast.second_creative, now=NOW)
    assert (what(cast.ae), what(cast.second_creative), what(cast.creative)) == ([], ["Check “Poster” V1"], [])
    actions.record_quality_check(version, all_ok(), sha256=version.sha256, by=cast.second_creative, now=NOW)
    assert what(cast.creative_director) == ["Release “Poster” V1"]
    actions.release_version(version, sha256=version.sha256, by=cast.creative_director, now=NOW)
    assert what(cast.ae) == ["Send “Poster” V1 for sign-off"]
    Version.objects.filter(pk=version.pk).update(sent_at=NOW)
    assert what(cast.ae) == []
    Version.objects.filter(pk=version.pk).update(answer="changes", answer_text="Redder", answered_at=NOW)
    assert what(cast.creative) == ["Make the next version of “Poster”"]


def test_my_day_says_what_is_late(cast: Cast, opened: Job) -> None:
    Job.objects.filter(pk=opened.pk).update(due_at=NOW - timedelta(hours=3))
    assert what(cast.creative) == ["Make “Poster”"]
    assert what(cast.ae) == ["“Poster” is due"]
    assert todos(cast.ae, NOW)[0].role(NOW) == "late"


def test_finance_is_asked_to_close_what_is_delivered(cast: Cast, opened: Job) -> None:
    Job.objects.filter(pk=opened.pk).update(delivered_at=NOW)
    assert what(cast.finance) == ["Close the job “Opening weekend”"]


def chain(job: Job) -> list[str]:
    return [step.state for step in steps(load_jobs(Job.objects.filter(pk=job.pk))[0], now=NOW)]


def test_the_chain_moves_with_the_job(cast: Cast, draft: Job) -> None:
    assert chain(draft) == ["now", "todo", "todo", "todo", "todo"]
    job = actions.submit_for_approval(draft, by=cast.ae, now=NOW)
    assert chain(job) == ["done", "now", "todo", "todo", "todo"]
    actions.approve(job, "strategy", by=cast.planner, now=NOW)
    job = actions.approve(job, "creative", by=cast.creative_director, now=NOW)
    actions.assign(job, cast.creative, "layout", by=cast.ae, now=NOW)
    assert chain(job) == ["done", "done", "now", "todo", "todo"]
    actions.acknowledge(job, 1, by=cast.creative, now=NOW)
    assert chain(job) == ["done", "done", "done", "now", "todo"]
    _signed(job)
    assert chain(job) == ["done"] * 5


def test_reading_my_day_costs_the_same_for_many(cast: Cast, opened: Job, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        todos(cast.creative, NOW)
    for number in range(6):
        actions.add_deliverable(opened, title=f"Card {number}", by=cast.ae, now=NOW)
    with CaptureQueriesContext(connection) as many:
        todos(cast.creative, NOW)
    assert len(many) <= len(few)
