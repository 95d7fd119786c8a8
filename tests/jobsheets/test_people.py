"""Who works on a job, and that they have read its sheet."""

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import OutgoingMail
from jobsheets import actions
from jobsheets.models import Job
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_work_is_given_to_the_team_only(cast: Cast, opened: Job) -> None:
    with pytest.raises(Refused, match="isn't on the team"):
        actions.assign(opened, cast.outsider, "copy", by=cast.ae, now=NOW)
    with pytest.raises(Refused, match="already"):
        actions.assign(opened, cast.creative, "copy", by=cast.ae, now=NOW)
    with pytest.raises(NotPermitted):
        actions.assign(opened, cast.second_creative, "copy", by=cast.creative, now=NOW)
    assert opened.assignments.count() == 1


def test_who_joins_an_open_job_is_asked_to_acknowledge(cast: Cast, opened: Job) -> None:
    OutgoingMail.objects.all().delete()
    actions.assign(opened, cast.second_creative, "copy", by=cast.ae, now=NOW)
    mail = OutgoingMail.objects.get()
    assert (mail.letter, mail.to_email) == ("jobsheets.acknowledge", cast.second_creative.email)


def test_acknowledging_twice_is_once(cast: Cast, opened: Job) -> None:
    before = opened.assignments.get().acknowledged_at
    actions.acknowledge(opened, 1, by=cast.creative, now=NOW.replace(hour=15))
    assert opened.assignments.get().acknowledged_at == before


def test_an_older_issue_cant_be_acknowledged(cast: Cast, opened: Job) -> None:
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.")
    with pytest.raises(Refused, match="changed meanwhile"):
        actions.acknowledge(opened, 1, by=cast.creative, now=NOW)
    assert actions.acknowledge(opened, 2, by=cast.creative, now=NOW).acknowledged_issue == 2


def test_only_who_is_on_the_job_acknowledges(cast: Cast, opened: Job) -> None:
    with pytest.raises(NotPermitted):
        actions.acknowledge(opened, 1, by=cast.second_creative, now=NOW)


def test_a_question_reaches_the_account_executive(cast: Cast, opened: Job) -> None:
    actions.edit_job(opened, revision=opened.revision, by=cast.ae, now=NOW, tone="Warm.")
    with pytest.raises(Refused, match="question"):
        actions.ask_question(opened, " ", by=cast.creative, now=NOW)
    actions.ask_question(opened, "Which logo?", by=cast.creative, now=NOW)
    mail = OutgoingMail.objects.get(letter="jobsheets.question")
    assert mail.to_email == cast.ae.email
    assert "Which logo?" in mail.text
    actions.acknowledge(opened, 2, by=cast.creative, now=NOW)
    assert opened.assignments.get().question == ""


def test_off_the_job_is_off(cast: Cast, opened: Job) -> None:
    place = opened.assignments.get()
    actions.unassign(place, by=cast.ae, now=NOW)
    with pytest.raises(Refused, match="no longer"):
        actions.unassign(place, by=cast.ae, now=NOW)
    with pytest.raises(NotPermitted):
        actions.acknowledge(opened, 1, by=cast.creative, now=NOW)


def test_a_cancelled_job_takes_nobody(cast: Cast, draft: Job) -> None:
    Job.objects.filter(pk=draft.pk).update(status="cancelled")
    with pytest.raises(WrongState):
        actions.assign(draft, cast.creative, "copy", by=cast.ae, now=NOW)
