"""The gate: what may hang on a job in which state, and the director's override."""

import pytest

from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry
from jobsheets import actions, gate
from jobsheets.models import Deliverable, Job
from tests.cast import NOW, Cast, make_job

from .conftest import picture

pytestmark = pytest.mark.django_db

#: From the state of a job to what passes: the rule of the house, written out.
TABLE = {
    "draft": set(),
    "approval": set(),
    "open": {"version", "signoff", "receipt", "time", "cost", "invoice"},
    "held": set(),
    "closed": {"invoice"},
    "cancelled": set(),
}


@pytest.mark.parametrize("status", Job.Status.values)
@pytest.mark.parametrize("thing", list(gate.ALLOWED))
def test_the_table(cast: Cast, status: str, thing: gate.Thing) -> None:
    job = make_job(cast.account, cast.ae, status=status)
    assert gate.may(job, thing) is (thing in TABLE[status])
    if thing in TABLE[status]:
        gate.require(job, thing, by=cast.ae, now=NOW)
    else:
        with pytest.raises(WrongState) as refusal:
            gate.require(job, thing, by=cast.ae, now=NOW)
        assert job.number in str(refusal.value)
        assert str(job.get_status_display()) in str(refusal.value)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("status", ["draft", "held", "closed", "cancelled"])
def test_no_version_before_the_gate_opens(cast: Cast, status: str) -> None:
    job = make_job(cast.account, cast.ae, status=status)
    deliverable = Deliverable.objects.create(job=job, position=1, title="Poster")
    with pytest.raises(WrongState):
        actions.upload_version(deliverable, picture(), by=cast.ae, now=NOW)
    assert not deliverable.versions.exists()


def test_an_override_lets_that_thing_pass_in_that_state_only(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae, status="draft")
    actions.override_gate(job, "version", "The client waits at the printer's.", by=cast.director, now=NOW)
    gate.require(job, "version", by=cast.ae, now=NOW)
    assert not gate.may(job, "signoff")
    passed = AuditEntry.objects.get(action="job.passed_gate")
    assert (passed.actor_name, passed.reason) == (cast.ae.full_name, "The client waits at the printer's.")
    Job.objects.filter(pk=job.pk).update(status="cancelled")
    job.refresh_from_db()
    assert not gate.may(job, "version")
    assert job.overrides.count() == 1  # counted


def test_only_a_director_overrides_with_a_reason(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae, status="draft")
    for user in (cast.ae, cast.manager, cast.finance, cast.admin):
        with pytest.raises(NotPermitted):
            actions.override_gate(job, "version", "because", by=user, now=NOW)
    with pytest.raises(Refused, match="reason"):
        actions.override_gate(job, "version", " ", by=cast.director, now=NOW)
    with pytest.raises(Refused, match="Choose"):
        actions.override_gate(job, "everything", "because", by=cast.director, now=NOW)
    assert not job.overrides.exists()


def test_an_override_that_isnt_needed_is_refused(cast: Cast, opened: Job) -> None:
    with pytest.raises(Refused, match="passes already"):
        actions.override_gate(opened, "version", "because", by=cast.director, now=NOW)
