"""The pages of status reports, by who asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Account, Client
from agency.models import OutgoingMail
from reporting import actions
from reporting.models import StatusReport
from reporting.todo import todos
from tests.cast import Cast, make_client, make_job

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
NOW = DUE - timedelta(minutes=80)
DEEDS = ("report_refresh", "report_hold", "report_release", "report_skip", "report_send")


@pytest.fixture
def report(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> StatusReport:
    monkeypatch.setattr("agency.clock.now", lambda: NOW)
    monkeypatch.setattr("agency.pdf.render", lambda *_args, **_options: b"%PDF-1.7 test")
    make_job(cast.account, cast.ae, title="Winter poster")
    slot = next(s for s in actions.slots_around(cast.acme, NOW) if s.due_at == DUE)
    return actions.compose_report(cast.account, slot, now=NOW)


def browser(user: Any) -> Browser:
    found = Browser()
    found.force_login(user)
    return found


def url(name: str, report: StatusReport) -> str:
    return reverse(name, args=[report.pk])


def test_an_outsider_gets_404_everywhere(cast: Cast, report: StatusReport) -> None:
    outside = browser(cast.outsider)
    assert {outside.get(url(n, report)).status_code for n in ("report_detail", "report_pdf", "report_send", "report_hold")} == {
        404
    }
    assert {outside.post(url(n, report)).status_code for n in (*DEEDS, "report_detail")} == {404}
    page = outside.get(reverse("report_list")).content.decode()
    assert "Acme" not in page
    assert outside.get(reverse("report_detail", args=[999999])).status_code == 404


def test_what_comes_names_the_next_slots_first_and_not_what_is_already_made(cast: Cast, report: StatusReport) -> None:
    """Acme's report of this week is in review. Early's slot is on the next first working day, Late's at the end of this week."""
    for code, slot in (("ERL", Client.ReportSlot.FIRST_DAY), ("LAT", Client.ReportSlot.LAST_DAY)):
        client = make_client(code, code, report_slot=slot)
        Account.objects.create(client=client, name="All", lead=cast.ae)
    coming = browser(cast.director).get(reverse("report_list")).context["coming"]
    named = {row["account"].client.code: row["slot"].due_at for row in coming}
    assert next(iter(named)) == "LAT"
    assert named["LAT"] == DUE - timedelta(hours=1)  # by the clock of Madrid
    assert named["ERL"] == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
    assert cast.acme.code not in named


def test_who_may_see_but_not_do_gets_403(cast: Cast, report: StatusReport) -> None:
    creative = browser(cast.creative)
    assert creative.get(url("report_detail", report)).status_code == 200
    assert {creative.post(url(name, report), {"reason": "x"}).status_code for name in (*DEEDS, "report_detail")} == {403}
    report.refresh_from_db()
    assert (report.status, report.revision) == ("review", 0)


def test_the_review_takes_words_and_sends(cast: Cast, report: StatusReport) -> None:
    ae = browser(cast.ae)
    number = report.content["jobs"][0]["number"]
    words = {"revision": 0, "introduction": "Hello Marta", f"comment-{number}": "Nearly there", "send": "1"}
    assert ae.post(url("report_detail", report), words).url == url("report_send", report)
    assert "Marta Ortega" in ae.get(url("report_send", report)).content.decode()
    ae.post(url("report_send", report))
    report.refresh_from_db()
    assert report.status == "sent"
    actions.deliver(report, now=NOW)
    mail = OutgoingMail.objects.get()
    assert "Nearly there" in mail.text
    assert "Hello Marta" in mail.html
    assert ae.get(url("report_pdf", report)).status_code == 200
    ae.post(url("report_send", report))
    assert ae.post(url("report_detail", report), words).status_code == 409
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"revision": "x"}, {"revision": ""}, {"introduction": "x" * 2001}, {"introduction": "nul\x00"}, {"revision": "9" * 40}],
)
def test_a_bad_form_changes_nothing(cast: Cast, report: StatusReport, changed: dict[str, Any]) -> None:
    answer = browser(cast.ae).post(url("report_detail", report), {"revision": 0, "introduction": "Hi"} | changed)
    assert answer.status_code == 422
    report.refresh_from_db()
    assert (report.introduction, report.revision) == ("", 0)


def test_a_stale_form_shows_both(cast: Cast, report: StatusReport) -> None:
    actions.edit_report(report, introduction="Stored words", comments={}, revision=0, by=cast.ae, now=NOW)
    answer = browser(cast.teammate).post(url("report_detail", report), {"revision": 0, "introduction": "Typed words"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Stored words" in page
    assert "Typed words" in page
    report.refresh_from_db()
    assert report.introduction == "Stored words"


def test_a_comment_on_a_job_that_is_not_in_the_report_goes_nowhere(cast: Cast, report: StatusReport) -> None:
    browser(cast.ae).post(url("report_detail", report), {"revision": 0, "comment-RIV-26-0001": "Foreign"})
    report.refresh_from_db()
    assert "Foreign" not in str(report.content)


def test_hold_skip_and_their_reasons(cast: Cast, report: StatusReport) -> None:
    ae = browser(cast.ae)
    assert ae.post(url("report_hold", report), {"reason": " "}).status_code == 422
    ae.post(url("report_hold", report), {"reason": "Ask Marta first"})
    assert "Ask Marta first" in ae.get(url("report_detail", report)).content.decode()
    ae.post(url("report_release", report))
    ae.post(url("report_skip", report), {"reason": "Holiday"})
    assert ae.post(url("report_skip", report), {"reason": "Again"}).status_code == 409
    report.refresh_from_db()
    assert (report.status, report.reason) == ("skipped", "Holiday")


def test_my_day_names_the_leads_reports(cast: Cast, report: StatusReport) -> None:
    assert [(todo.number, todo.due_at) for todo in todos(cast.ae, NOW)] == [("2026-W48", DUE)]
    assert todos(cast.teammate, NOW) == []
    assert todos(cast.outsider, NOW) == []
    actions.send_due_reports(DUE + timedelta(minutes=1))
    assert todos(cast.ae, DUE + timedelta(minutes=1)) == []


def test_the_list_asks_the_same_number_of_questions_however_long(cast: Cast, report: StatusReport) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ae = browser(cast.ae)
    counts = []
    for more in (0, 6):
        for n in range(more):
            facts = {"due_at": DUE - timedelta(hours=n), "send_at": DUE, "composed_at": NOW, "language": "en"}
            StatusReport.objects.create(account=cast.account, period=f"2025-W{n + 10}", content=report.content, **facts)
        for view in ("week", "past"):
            with CaptureQueriesContext(connection) as found:
                ae.get(reverse("report_list") + f"?view={view}")
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_the_week_is_told_in_words(cast: Cast, report: StatusReport) -> None:
    report.period = "2026-W07"
    assert report.week == "week 7 of 2026"
    page = browser(cast.ae).get(reverse("report_list"), {"view": "past"}).content.decode()
    assert "-W" not in page


def test_a_mail_that_was_refused_is_on_the_day_of_whoever_leads_the_account(cast: Cast, report: StatusReport) -> None:
    actions.send_report(report, by=cast.ae, now=NOW)
    report.refresh_from_db()
    (mail,) = actions.deliver(report, now=NOW)
    OutgoingMail.objects.filter(pk=mail.pk).update(status=OutgoingMail.Status.FAILED)
    assert [(todo.url, todo.what) for todo in todos(cast.ae, NOW)] == [(report.get_absolute_url(), mail.subject)]
    assert todos(cast.outsider, NOW) == []


def test_what_is_to_be_read_comes_before_what_was_sent(cast: Cast, report: StatusReport) -> None:
    earlier = StatusReport.objects.get(pk=report.pk)
    earlier.pk, earlier.period, earlier.status, earlier.due_at = None, "2026-W47", "sent", DUE - timedelta(days=3)
    earlier.sent_at = earlier.due_at
    earlier.save()
    page = browser(cast.ae).get(reverse("report_list"))
    assert [row.status for row in page.context["rows"]] == ["review", "sent"]
