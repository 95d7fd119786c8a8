"""Composed once, sent once, caught up for a day, then missed; and never a word about anybody else."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agency import audit
from agency.errors import NotPermitted, Refused, WrongState
from agency.models import Agency, OutgoingMail
from agency.papers import waiting_papers
from reporting import actions
from reporting.models import StatusReport
from tests.cast import NOW, Cast, make_contact, make_job

pytestmark = pytest.mark.django_db

#: The slot of Acme (London, Fridays 18:00) in the week of the cast's Tuesday.
DUE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
SEND, REVIEW = DUE - timedelta(minutes=30), DUE - timedelta(minutes=90)


@pytest.fixture(autouse=True)
def _agency(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = Agency.current()
    agency.zone_name = "Europe/London"
    agency.save()
    monkeypatch.setattr("agency.pdf.render", lambda *_args, **_options: b"%PDF-1.7 test")


def acme() -> StatusReport:
    return StatusReport.objects.get(account__client__code="ACM", period="2026-W48")


def deliver_all(now: datetime) -> list[OutgoingMail]:
    return [mail for report in StatusReport.objects.undelivered() for mail in actions.deliver(report, now=now)]


def test_nothing_happens_before_the_review_opens(cast: Cast) -> None:
    actions.send_due_reports(REVIEW - timedelta(seconds=1))
    assert not StatusReport.objects.filter(account=cast.account).exists()


def test_composed_at_the_review_sent_at_the_slot_and_never_twice(cast: Cast) -> None:
    actions.send_due_reports(REVIEW)
    assert acme().status == "review"
    assert actions.send_due_reports(SEND - timedelta(seconds=1)) == []
    assert [report.account for report in actions.send_due_reports(SEND) if report.account == cast.account] == [cast.account]
    assert actions.send_due_reports(SEND) == []
    assert actions.send_due_reports(SEND + timedelta(hours=20)) == []
    deliver_all(SEND)
    assert deliver_all(SEND) == []
    mails = OutgoingMail.objects.filter(client=cast.acme)
    assert [mail.key for mail in mails] == [f"report:{cast.account.pk}:2026-W48:{cast.contact.pk}"]
    assert [stored.name for stored in mails[0].attachments.all()] == ["ACM 2026-W48.pdf"]


def test_a_run_that_is_cut_off_while_composing_has_sent_what_was_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.send_due_reports(REVIEW)

    def cut_off(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reporting.actions._compose_due", cut_off)
    with pytest.raises(KeyboardInterrupt):
        actions.send_due_reports(SEND)
    assert acme().status == "sent"


def test_lost_tasks_are_all_rung_again_after_two_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("agency.papers.ring", lambda task, pk: rung.append(pk))
    sent = actions.send_due_reports(SEND)
    assert waiting_papers(SEND + timedelta(minutes=1)) == 0
    assert waiting_papers(SEND + timedelta(minutes=3)) == len(sent)
    assert set(rung) == {report.pk for report in sent}
    deliver_all(SEND)
    assert waiting_papers(SEND + timedelta(minutes=3)) == 0


def test_a_slot_missed_by_less_than_a_day_is_caught_up(cast: Cast) -> None:
    sent = actions.send_due_reports(DUE + timedelta(hours=23, minutes=59))
    assert cast.account in [report.account for report in sent]


def test_a_slot_missed_by_more_than_a_day_is_marked_and_never_sent(cast: Cast) -> None:
    actions.send_due_reports(REVIEW)
    late = DUE + timedelta(hours=24, seconds=1)
    assert actions.send_due_reports(late) == []
    assert acme().status == "missed"
    with pytest.raises(WrongState):
        actions.send_report(acme(), by=cast.ae, now=late)
    assert not OutgoingMail.objects.exists()


def test_a_week_nobody_ran_is_missed_only_for_accounts_that_had_reports(cast: Cast) -> None:
    late = DUE + timedelta(hours=25)
    actions.send_due_reports(late)
    assert not StatusReport.objects.filter(period="2026-W48").exists()
    actions.send_due_reports(DUE - timedelta(days=7))
    assert cast.account not in [report.account for report in actions.send_due_reports(late)]
    assert acme().status == "missed"


def test_an_account_younger_than_the_slot_gets_no_report_of_it(cast: Cast) -> None:
    cast.account.team.update(since=DUE + timedelta(hours=1))
    actions.send_due_reports(DUE + timedelta(hours=2))
    assert not StatusReport.objects.filter(account=cast.account, period="2026-W48").exists()


def test_held_clients_get_nothing_unless_somebody_sends_it(cast: Cast) -> None:
    cast.acme.report_held = True
    cast.acme.save()
    actions.send_due_reports(REVIEW)
    actions.send_due_reports(SEND)
    assert acme().status == "held"
    actions.send_due_reports(DUE + timedelta(hours=25))
    assert acme().status == "skipped"
    assert not OutgoingMail.objects.filter(client=cast.acme).exists()


def test_hold_release_skip(cast: Cast) -> None:
    actions.send_due_reports(REVIEW)
    report = acme()
    with pytest.raises(Refused):
        actions.hold_report(report, reason="  ", by=cast.ae, now=REVIEW)
    with pytest.raises(NotPermitted):
        actions.hold_report(report, reason="No", by=cast.creative, now=REVIEW)
    actions.hold_report(report, reason="Ask first", by=cast.ae, now=REVIEW)
    assert cast.account not in [r.account for r in actions.send_due_reports(SEND)]
    actions.release_report(report, by=cast.ae, now=SEND)
    actions.skip_report(report, reason="On holiday", by=cast.ae, now=SEND)
    assert (acme().status, acme().reason) == ("skipped", "On holiday")
    assert cast.account not in [r.account for r in actions.send_due_reports(SEND)]


def test_without_recipients_nothing_is_sent_and_it_ends_as_missed(cast: Cast) -> None:
    cast.contact.gets_reports = False
    cast.contact.save()
    actions.send_due_reports(REVIEW)
    assert cast.account not in [r.account for r in actions.send_due_reports(SEND)]
    with pytest.raises(Refused):
        actions.send_report(acme(), by=cast.ae, now=SEND)
    actions.send_due_reports(DUE + timedelta(hours=25))
    assert acme().status == "missed"


def test_the_aes_words_stay_and_stale_edits_are_refused(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae, title="Winter poster")
    actions.send_due_reports(REVIEW)
    report = acme()
    words: dict[str, Any] = {"introduction": "A good week.", "comments": {job.number: "Printed on Monday."}}
    actions.edit_report(report, **words, revision=0, by=cast.ae, now=REVIEW)
    with pytest.raises(WrongState):
        actions.edit_report(acme(), introduction="Mine", comments={}, revision=0, by=cast.teammate, now=REVIEW)
    actions.refresh_report(acme(), revision=1, by=cast.ae, now=REVIEW)
    assert acme().content["jobs"][0]["comment"] == "Printed on Monday."
    actions.send_due_reports(SEND)
    deliver_all(SEND)
    mail = OutgoingMail.objects.get(client=cast.acme)
    assert "A good week." in mail.text
    assert "Printed on Monday." in mail.html
    assert "Winter poster" in mail.text


def test_what_nobody_touched_says_how_things_stand_at_sending(cast: Cast) -> None:
    job = make_job(cast.account, cast.ae, title="Before")
    actions.send_due_reports(REVIEW)
    job.title = "After"
    job.save()
    audit.record("job.edited", job, by=cast.ae, now=SEND - timedelta(minutes=5))
    actions.send_due_reports(SEND)
    assert acme().content["jobs"][0]["title"] == "After"


def test_where_nothing_was_recorded_since_the_review_the_jobs_are_not_read_again(cast: Cast) -> None:
    actions.send_due_reports(REVIEW)
    actions.send_due_reports(SEND)
    assert acme().sent_at == SEND
    assert acme().composed_at == REVIEW


def test_a_review_of_the_day_before_is_read_again(cast: Cast) -> None:
    actions.send_due_reports(REVIEW)
    StatusReport.objects.update(composed_at=REVIEW - timedelta(days=1))
    actions.send_due_reports(SEND)
    assert acme().composed_at == SEND


def test_each_contact_reads_their_own_language(cast: Cast) -> None:
    make_contact(cast.acme, "noura@acme.example", "Noura", language="ar", gets_reports=True)
    actions.send_due_reports(SEND)
    deliver_all(SEND)
    mails = {mail.to_email: mail for mail in OutgoingMail.objects.filter(client=cast.acme)}
    assert set(mails) == {"marta@acme.example", "noura@acme.example"}
    assert 'dir="rtl"' in mails["noura@acme.example"].html


def test_drafts_and_cancelled_jobs_are_not_told(cast: Cast) -> None:
    for status in ("draft", "cancelled"):
        make_job(cast.account, cast.ae, title=f"Secret {status}", status=status)
    actions.send_due_reports(REVIEW)
    assert acme().content["jobs"] == []


def test_never_a_word_about_another_client_or_another_account(cast: Cast) -> None:
    from meetings.actions import create_meeting
    from tests.meetings.factories import facts

    make_job(cast.rival_account, cast.outsider, title="CANARY job", status="closed", closed_at=NOW)
    make_job(cast.rival_account, cast.outsider, title="CANARY open", due_at=NOW + timedelta(days=4))
    ahead = {"starts_at": DUE + timedelta(days=3), "ends_at": DUE + timedelta(days=3, hours=1), "title": "CANARY meeting"}
    create_meeting(cast.rival_account, facts(**ahead), by=cast.outsider, now=NOW)
    actions.send_due_reports(SEND)
    deliver_all(SEND)
    assert "CANARY" not in json.dumps(acme().content)
    for mail in OutgoingMail.objects.filter(client=cast.acme):
        assert "CANARY" not in mail.subject + mail.text + mail.html
    theirs = StatusReport.objects.get(account=cast.rival_account, period="2026-W48")
    assert "CANARY open" in json.dumps(theirs.content)
    assert "CANARY meeting" in json.dumps(theirs.content)


def test_no_money_and_never_the_word_wip(cast: Cast) -> None:
    from decimal import Decimal

    make_job(cast.account, cast.ae, budget=Decimal("98765"))
    actions.send_due_reports(SEND)
    deliver_all(SEND)
    mail = OutgoingMail.objects.get(client=cast.acme)
    assert "98765" not in mail.text + mail.html + json.dumps(acme().content)
    assert "WIP" not in mail.subject + mail.text + mail.html


def run(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("send_status_reports", *args, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_command_says_what_it_queued_and_does_it_once(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: SEND + timedelta(hours=1))
    dry = run("--at", "2026-11-27T17:30Z", "--dry-run")
    assert not StatusReport.objects.exists()
    first = run("--at", "2026-11-27T17:30Z")
    keys = [row["key"] for row in first["queued"]]
    assert f"report:{cast.account.pk}:2026-W48:{cast.contact.pk}" in keys
    assert sorted(row["key"] for row in dry["queued"]) == sorted(keys)
    assert run("--at", "2026-11-27T17:30Z")["queued"] == []


def test_the_future_needs_embedded_mode_or_a_dry_run(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: NOW)
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        run("--at", "2026-11-27T17:30Z")
    assert run("--at", "2026-11-27T17:30Z", "--dry-run")["queued"]
    settings.EMBEDDED = True
    assert run("--at", "2026-11-27T17:30Z")["queued"]


@pytest.mark.parametrize("moment", ["tomorrow", "2026-11-27T17:30", "2026-13-01T00:00Z", ""])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    if moment:
        with pytest.raises(CommandError):
            run("--at", moment)
