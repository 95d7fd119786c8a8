"""Writing, approving and issuing a job sheet."""

from datetime import timedelta

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry, OutgoingMail
from jobsheets import actions, issues
from jobsheets.models import Approval, Job
from tests.cast import NOW, Cast

from .conftest import draft_of

pytestmark = pytest.mark.django_db


def letters(name: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(letter=f"jobsheets.{name}").values_list("to_email", flat=True))


def test_numbers_run_per_client_and_year(cast: Cast) -> None:
    first, second = draft_of(cast), draft_of(cast)
    other = actions.create_job(account=cast.rival_account, by=cast.outsider, now=NOW, title="X", due_at=NOW + timedelta(days=1))
    later = draft_of(cast, due_at=NOW + timedelta(days=400))
    assert [job.number for job in (first, second, other, later)] == ["ACM-26-0001", "ACM-26-0002", "RIV-26-0001", "ACM-26-0003"]
    next_year = NOW + timedelta(days=60)
    job = actions.create_job(account=cast.account, by=cast.ae, now=next_year, title="Y", due_at=next_year + timedelta(days=1))
    assert job.number == "ACM-27-0001"


def test_a_refused_sheet_takes_no_number(cast: Cast) -> None:
    with pytest.raises(Refused, match="future"):
        draft_of(cast, due_at=NOW - timedelta(hours=1))
    assert draft_of(cast).number == "ACM-26-0001"


def test_who_may_write_and_for_whom(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        actions.create_job(account=cast.account, by=cast.creative, now=NOW, title="X", due_at=NOW + timedelta(days=1))
    with pytest.raises(Refused, match="isn't on the team"):
        draft_of(cast, owner=cast.outsider)
    cast.account.archived_at = NOW
    cast.account.save()
    with pytest.raises(Refused, match="archived"):
        draft_of(cast)
    assert not Job.objects.exists()


def test_a_brief_must_be_complete_to_be_submitted(cast: Cast) -> None:
    job = draft_of(cast, audience="", message=" ")
    with pytest.raises(Refused) as refusal:
        actions.submit_for_approval(job, by=cast.ae, now=NOW)
    assert all(word in str(refusal.value) for word in ("audience", "single message", "deliverable"))
    assert "objective" not in str(refusal.value)
    job.refresh_from_db()
    assert job.status == "draft"
    assert not OutgoingMail.objects.exists()


def test_approvers_are_told_in_their_own_language(cast: Cast, draft: Job) -> None:
    actions.submit_for_approval(draft, by=cast.ae, now=NOW)
    assert letters("approve") == [cast.creative_director.email, cast.planner.email]


def test_without_specialists_the_directors_are_asked(cast: Cast, draft: Job) -> None:
    cast.account.team.filter(user=cast.planner).update(until=NOW)
    actions.submit_for_approval(draft, by=cast.ae, now=NOW)
    assert letters("approve") == [cast.creative_director.email, cast.director.email]


def test_both_words_open_the_job_and_freeze_its_sheet(cast: Cast, submitted: Job) -> None:
    job = actions.approve(submitted, "strategy", by=cast.planner, now=NOW)
    assert job.status == "approval"
    assert not job.issues.exists()
    job = actions.approve(job, "creative", by=cast.creative_director, now=NOW)
    assert job.status == "open"
    assert job.opened_at == NOW
    issue = job.issues.get()
    assert issue.number == 1
    assert issue.data["title"] == "Opening weekend"
    assert [row["title"] for row in issue.data["deliverables"]] == ["Poster"]
    assert [word["name"] for word in issue.data["approvals"]] == [cast.planner.full_name, cast.creative_director.full_name]
    assert letters("opened") == [cast.ae.email]


def test_the_author_doesnt_approve_and_nobody_twice(cast: Cast, submitted: Job) -> None:
    with pytest.raises(NotPermitted):
        actions.approve(submitted, "strategy", by=cast.ae, now=NOW)
    with pytest.raises(NotPermitted):
        actions.approve(submitted, "creative", by=cast.planner, now=NOW)
    actions.approve(submitted, "strategy", by=cast.planner, now=NOW)
    with pytest.raises(Refused, match="already"):
        actions.approve(submitted, "strategy", by=cast.director, now=NOW)
    with pytest.raises(Refused, match="which side"):
        actions.approve(submitted, "finance", by=cast.director, now=NOW)


def test_a_director_who_wrote_the_sheet_cant_approve_it(cast: Cast) -> None:
    job = draft_of(cast)
    Job.objects.filter(pk=job.pk).update(created_by=cast.director)
    actions.add_deliverable(job, title="Poster", by=cast.ae, now=NOW)
    job = actions.submit_for_approval(job, by=cast.ae, now=NOW)
    with pytest.raises(NotPermitted, match="someone else"):
        actions.approve(job, "strategy", by=cast.director, now=NOW)


def test_a_director_stands_in(cast: Cast, submitted: Job) -> None:
    actions.approve(submitted, "strategy", by=cast.director, now=NOW)
    job = actions.approve(submitted, "creative", by=cast.creative_director, now=NOW)
    assert job.status == "open"


def test_a_return_needs_a_reason_and_voids_the_other_word(cast: Cast, submitted: Job) -> None:
    actions.approve(submitted, "creative", by=cast.creative_director, now=NOW)
    with pytest.raises(Refused, match="reason"):
        actions.return_job(submitted, "strategy", "  ", by=cast.planner, now=NOW)
    job = actions.return_job(submitted, "strategy", "Two audiences; pick one.", by=cast.planner, now=NOW)
    assert job.status == "draft"
    assert job.returned_reason == "Two audiences; pick one."
    assert letters("returned") == [cast.ae.email]
    assert "Two audiences; pick one." in OutgoingMail.objects.get(letter="jobsheets.returned").text
    job = actions.submit_for_approval(job, by=cast.ae, now=NOW)
    job = actions.approve(job, "strategy", by=cast.planner, now=NOW)
    assert job.status == "approval"  # the creative director reads the new text before it counts
    assert actions.approve(job, "creative", by=cast.creative_director, now=NOW).status == "open"


def test_no_word_on_a_draft(cast: Cast, draft: Job) -> None:
    with pytest.raises(WrongState):
        actions.approve(draft, "strategy", by=cast.planner, now=NOW)
    assert not Approval.objects.exists()


def test_a_sheet_in_approval_is_taken_back_before_it_is_changed(cast: Cast, submitted: Job) -> None:
    with pytest.raises(Refused, match="Take it back"):
        actions.edit_job(submitted, revision=submitted.revision, by=cast.ae, now=NOW, title="Other")
    with pytest.raises(Refused, match="Take it back"):
        actions.add_deliverable(submitted, title="Card", by=cast.ae, now=NOW)
    job = actions.take_back(submitted, by=cast.ae, now=NOW)
    assert actions.edit_job(job, revision=job.revision, by=cast.ae, now=NOW, title="Other").title == "Other"


def test_a_stale_edit_changes_nothing_and_shows_theirs(cast: Cast, draft: Job) -> None:
    read = draft.revision
    actions.edit_job(draft, revision=read, by=cast.teammate, now=NOW, tone="Warm.")
    with pytest.raises(actions.Stale) as stale:
        actions.edit_job(draft, revision=read, by=cast.ae, now=NOW, tone="Cool.")
    assert stale.value.job.tone == "Warm."
    draft.refresh_from_db()
    assert draft.tone == "Warm."


def test_editing_an_open_sheet_issues_it_again(cast: Cast, opened: Job) -> None:
    job = actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.", budget=None)
    second = issues.latest(job)
    assert second is not None
    assert second.number == 2
    first = job.issues.get(number=1)
    assert [(str(change.label), change.after) for change in issues.changes(first, second)] == [("tone", "Warm.")]
    assert letters("acknowledge") == [cast.creative.email] * 2
    with pytest.raises(NotPermitted, match="acknowledge"):
        actions.upload_version(job.deliverables.get(), None, by=cast.creative, now=NOW)  # type: ignore[arg-type]


def test_saving_without_a_change_issues_nothing(cast: Cast, opened: Job) -> None:
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, title=opened.title)
    assert opened.issues.count() == 1


def test_an_open_brief_cant_be_emptied(cast: Cast, opened: Job) -> None:
    with pytest.raises(Refused, match="audience"):
        actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, audience="")


def test_traffic_moves_a_date_with_a_reason(cast: Cast, opened: Job) -> None:
    later = opened.due_at + timedelta(days=2)
    with pytest.raises(Refused, match="reason"):
        actions.move_due_date(opened, later, reason="", by=cast.traffic, now=NOW)
    job = actions.move_due_date(opened, later, reason="The printer needs a day.", by=cast.traffic, now=NOW)
    assert job.due_at == later
    assert job.issues.count() == 2
    assert AuditEntry.objects.get(action="job.due_moved").reason == "The printer needs a day."
    with pytest.raises(NotPermitted):
        actions.move_due_date(opened, later, reason="x", by=cast.creative, now=NOW)


def test_a_copy_brings_the_brief_and_what_is_ordered(cast: Cast, opened: Job) -> None:
    job = actions.copy_job(opened, title="Second weekend", due_at=NOW + timedelta(days=30), by=cast.ae, now=NOW)
    assert (job.status, job.copied_from_id, job.objective) == ("draft", opened.pk, opened.objective)
    assert [row.title for row in job.deliverables.all()] == ["Poster"]
    assert not job.assignments.exists()


def test_handing_over_keeps_the_sheet_in_force(cast: Cast, opened: Job) -> None:
    job = actions.hand_over_job(opened, cast.teammate, by=cast.admin, now=NOW)
    assert job.owner == cast.teammate
    assert job.issues.count() == 1
    with pytest.raises(Refused, match="team"):
        actions.hand_over_job(opened, cast.outsider, by=cast.admin, now=NOW)
