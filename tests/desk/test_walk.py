"""walk_job: the whole chain, headless, in the database at hand."""

import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from agency import clock
from agency.models import OutgoingMail
from billing.models import ChaseLetter, Invoice
from desk.demo import walk_steps
from desk.demo.walk import Failed
from jobsheets.models import Job

pytestmark = [pytest.mark.slow, pytest.mark.embedded, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def people(transactional_db: None, var: Path) -> None:
    from desk.demo.load import load_people

    load_people(clock.now())


def walked() -> dict[str, Any]:
    out = StringIO()
    call_command("walk_job", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_an_empty_database_is_walked_twice(var):
    """The first walk brings the demo's people; the second finds them, and nothing of the first is in its way."""
    for told in (walked(), walked()):
        assert [step["name"] for step in told["steps"]] == [name for name, _step in walk_steps.STEPS]
        assert all(step["ok"] for step in told["steps"])
        assert Job.objects.get(number=told["job"]).status == Job.Status.CLOSED
        assert {made["kind"] for made in told["files"]} >= {
            "job_sheet",
            "version",
            "document",
            "sealed",
            "invoice",
            "status_report",
        }
        for made in told["files"]:
            assert hashlib.sha256(Path(made["path"]).read_bytes()).hexdigest() == made["sha256"]
        letters = [mail["letter"] for mail in told["mails"]]
        assert {"signoffs.request", "signoffs.signed", "billing.invoice", "billing.reminder", "billing.escalation"} <= set(
            letters
        )
        assert all(mail["status"] in ("sent", "played ahead") for mail in told["mails"])
    assert Job.objects.count() == 2


def test_time_moves_for_its_own_job_only(people):
    """The chase is played ahead and taken back: nothing of it is kept, nothing lies in the future."""
    walked()
    assert not ChaseLetter.objects.exists()
    assert not OutgoingMail.objects.filter(created_at__gt=clock.now()).exists()
    assert not Invoice.objects.unpaid().exists()


def test_a_step_that_fails_is_named_and_ends_the_walk(people, monkeypatch):
    def broken(_walk: Any) -> str:
        raise Failed("The press is on fire.")

    steps = [(name, broken if name == "version 1 released" else step) for name, step in walk_steps.STEPS]
    monkeypatch.setattr("desk.management.commands.walk_job.STEPS", steps)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("walk_job", "--json", stdout=out, stderr=err)
    assert stopped.value.code == 1
    last = json.loads(out.getvalue())["steps"][-1]
    assert last["name"] == "version 1 released"
    assert not last["ok"]
    assert "The press is on fire." in err.getvalue()
