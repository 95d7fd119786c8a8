"""The chase by the calendar: which day, one letter, no pile, nothing twice, nothing once the money is here."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Contact
from agency.errors import NotPermitted, Refused, WrongState
from agency.mail import letter_named
from agency.models import OutgoingMail
from billing import actions, chase
from billing.models import ChaseItem, ChaseLetter, ChaseStep, Invoice
from tests.cast import NOW, Cast, make_contact, make_job

from .conftest import line

Make = Callable[..., Invoice]
D = Any
#: Issued on Tuesday 24 November 2026, due on 24 December.
ISSUED = date(2026, 11, 24)


def noon(days: int) -> datetime:
    """Noon UTC, so many days after the issue."""
    return datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(days=days)


def letters(days: int) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What a run at noon of that day queues: letter, reader, [(number, step)]."""
    return [
        (one["letter"].removeprefix("billing."), one["to"], [(row["number"], row["step"]) for row in one["invoices"]])
        for one in chase.chase_payments(noon(days))
    ]


MARTA, DORA = "marta@acme.example", "director@agency.example"


def test_the_calendar_of_one_invoice(make_issued: Make) -> None:
    make_issued()
    found = {day: letters(day) for day in range(70)}
    one = "2026-00001"
    assert {day: what for day, what in found.items() if what} == {
        25: [("reminder", MARTA, [(one, "before_due")])],
        33: [("reminder", MARTA, [(one, "after_due")])],
        44: [("reminder", MARTA, [(one, "after_due")])],
        45: [("escalation", DORA, [(one, "escalation")])],
        58: [("reminder", MARTA, [(one, "after_due")])],
    }


@pytest.mark.parametrize(("days", "told"), [(44, False), (45, True)])
def test_the_director_hears_on_day_45(make_issued: Make, days: int, told: bool) -> None:
    make_issued()
    assert (DORA in [reader for _letter, reader, _rows in letters(days)]) is told


def test_day_45_begins_at_the_agencys_midnight(cast: Cast, make_issued: Make) -> None:
    """8 January 2027 begins in Madrid at 23:00 UTC of the 7th; the letter leaves at eight there."""
    make_issued()
    chase.chase_payments(noon(44))
    assert chase.chase_payments(datetime(2027, 1, 7, 22, 59, tzinfo=UTC)) == []
    told = chase.chase_payments(datetime(2027, 1, 7, 23, 0, tzinfo=UTC))
    assert [one["to"] for one in told] == [DORA]
    assert told[0]["not_before"] == "2027-01-08T07:00:00+00:00"


def test_long_terms_are_not_escalated_before_they_are_due(make_issued: Make) -> None:
    make_issued(payment_days=60)
    assert [day for day in range(100) if any(what[0] == "escalation" for what in letters(day))] == [61]


def test_arrears_never_go_a_month_without_the_last_word(make_issued: Make) -> None:
    invoice = make_issued()
    assert invoice.due_on is not None
    last = max(chase.day_of(step, invoice) for step in chase.steps())
    assert last < invoice.due_on + timedelta(days=30)


def test_a_missed_fortnight_is_caught_up_with_one_letter(make_issued: Make) -> None:
    """The beat was off from before the first step until day 50: one reminder, the latest, and the escalation."""
    make_issued()
    assert letters(50) == [
        ("reminder", MARTA, [("2026-00001", "after_due")]),
        ("escalation", DORA, [("2026-00001", "escalation")]),
    ]
    told = ChaseItem.objects.filter(letters__contact__isnull=False).get()
    assert told.step.days == 14
    assert ChaseItem.objects.filter(letters=None).count() == 2
    assert letters(51) == []


def test_ten_sweeps_change_nothing(make_issued: Make) -> None:
    make_issued()
    assert len(letters(25)) == 1
    for minutes in range(10):
        assert chase.chase_payments(noon(25) + timedelta(minutes=minutes)) == []
    assert OutgoingMail.objects.filter(letter="billing.reminder").count() == 1


def test_all_invoices_are_looked_through_once_however_many_clients_owe(cast: Cast, make_issued: Make) -> None:
    """The question to the whole table costs far more than a letter; each client's part of the answer is enough to go on with."""
    make_issued()
    make_issued(line(make_job(cast.rival_account, cast.outsider)), account=cast.rival_account)
    with CaptureQueriesContext(connection) as asked:
        assert len(letters(33)) == 2
    assert sum("EXISTS" in query["sql"] and '"billing_chaseitem"' in query["sql"] for query in asked) == 1


@pytest.mark.parametrize("deed", ["pay", "pause", "chase"])
def test_what_changes_before_a_clients_turn_counts(make_issued: Make, monkeypatch: Any, deed: str) -> None:
    """The steps are found for all clients at once, and looked at again when a client's turn comes."""
    invoice, finance, whole = make_issued(), first_finance(), chase._chase_client

    def meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(chase, "_chase_client", whole)
        if deed == "pay":
            money = {invoice: invoice.open_amount}
            actions.record_payment(money, received_on=date(2026, 12, 27), by=finance, now=noon(33))
        elif deed == "pause":
            actions.pause_chase(invoice, reason="Promised", by=finance, now=noon(33))
        else:
            assert len(letters(33)) == 1
        return whole(*args)

    monkeypatch.setattr(chase, "_chase_client", meanwhile)
    assert letters(33) == []
    assert OutgoingMail.objects.filter(letter="billing.reminder").count() == (deed == "chase")


def test_one_letter_lists_all_that_is_due(cast: Cast, make_issued: Make) -> None:
    make_issued()
    make_issued()
    assert letters(33) == [("reminder", MARTA, [("2026-00001", "after_due"), ("2026-00002", "after_due")])]
    mail = OutgoingMail.objects.get(letter="billing.reminder")
    assert mail.key == f"chase:{cast.acme.pk}:2026-12-27:{cast.contact.pk}"
    for text in (mail.text, mail.html):
        assert "2026-00001" in text
        assert "2026-00002" in text
        assert "€1,210.00" in text


def test_one_letter_a_day(make_issued: Make) -> None:
    """A second invoice that reaches a step later the same day waits until tomorrow."""
    make_issued()
    first = make_issued()
    actions.pause_chase(first, reason="Promised", by=first_finance(), now=NOW)
    assert len(letters(33)) == 1
    actions.resume_chase(first, by=first_finance(), now=noon(33))
    assert letters(33) == []
    assert letters(34) == [("reminder", MARTA, [("2026-00002", "after_due")])]


def first_finance() -> Any:
    from accounts.models import User

    return User.objects.get(email="finance@agency.example")


def test_never_two_clients_in_one(cast: Cast, make_issued: Make) -> None:
    make_issued()
    make_issued(line(make_job(cast.rival_account, cast.outsider)), account=cast.rival_account)
    assert letters(33) == [
        ("reminder", MARTA, [("2026-00001", "after_due")]),
        ("reminder", "rosa@rival.example", [("2026-00002", "after_due")]),
    ]
    ours, theirs = OutgoingMail.objects.filter(letter="billing.reminder").order_by("pk")
    assert (ours.client, theirs.client) == (cast.acme, cast.rival)
    assert "2026-00002" not in ours.text + ours.html
    assert "Acme" not in theirs.text + theirs.html
    assert theirs.language == "es"


def test_each_reader_has_a_letter_in_their_language_at_their_eight(cast: Cast, make_issued: Make) -> None:
    make_contact(cast.acme, "li@acme.example", "Li Wei", language="zh-hans", zone_name="Asia/Shanghai", gets_invoices=True)
    make_contact(cast.acme, "old@acme.example", "Gone", gets_invoices=True, archived_at=NOW)
    make_issued()
    at = datetime(2026, 12, 27, 0, 5, tzinfo=UTC)  # five past midnight in London, five past eight in Shanghai
    assert [(one["to"], one["not_before"]) for one in chase.chase_payments(at)] == [
        (MARTA, "2026-12-27T08:00:00+00:00"),
        ("li@acme.example", "2026-12-27T00:05:00+00:00"),
    ]
    assert OutgoingMail.objects.get(to_email="li@acme.example").language == "zh-hans"


def test_summer_time(cast: Cast, make_issued: Make) -> None:
    """Due +3 falls on 28 March 2027, when London's clocks go forward at one: the letter leaves at eight of the new time."""
    make_issued(now=datetime(2027, 2, 23, 12, tzinfo=UTC))
    day = datetime(2027, 3, 27, 23, 59, tzinfo=UTC)
    chase.chase_payments(day)  # the reminder before the due date, long missed: passed over
    assert not OutgoingMail.objects.filter(letter="billing.reminder").exists()
    told = chase.chase_payments(datetime(2027, 3, 28, 0, 0, tzinfo=UTC))
    assert [one["not_before"] for one in told] == ["2027-03-28T07:00:00+00:00"]
    assert datetime(2027, 3, 28, 7, tzinfo=UTC).astimezone(ZoneInfo("Europe/London")).hour == 8


def test_without_a_reader_the_step_waits(cast: Cast, make_issued: Make) -> None:
    Contact.objects.filter(pk=cast.contact.pk).update(gets_invoices=False)
    make_issued()
    assert letters(33) == []
    assert not ChaseItem.objects.exists()
    Contact.objects.filter(pk=cast.contact.pk).update(gets_invoices=True)
    assert len(letters(34)) == 1


def test_a_friendly_word_is_not_sent_after_the_due_date_nor_with_the_invoice(make_issued: Make) -> None:
    make_issued()
    assert letters(31) == []
    assert ChaseItem.objects.get().step.letter == ChaseStep.Letter.BEFORE_DUE
    make_issued(payment_days=3)  # its reminder before due lies before the issue itself
    assert letters(0) == []


def test_it_stops_when_paid_credited_or_paused(cast: Cast, make_issued: Make) -> None:
    paid, credited, paused = make_issued(), make_issued(), make_issued()
    actions.record_payment({paid: paid.open_amount}, received_on=ISSUED, by=cast.finance, now=NOW)
    actions.credit_invoice(credited, reason="Wrong", by=cast.finance, now=NOW)
    actions.pause_chase(paused, reason="Disputed", by=cast.director, now=NOW)
    assert [letters(day) for day in range(70)] == [[]] * 70


def test_a_part_payment_does_not_stop_it(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    actions.record_payment({invoice: Decimal(210)}, received_on=ISSUED, by=cast.finance, now=NOW)
    assert len(letters(33)) == 1
    assert "€1,000.00" in OutgoingMail.objects.get(letter="billing.reminder").text


def test_asked_again_just_before_sending(cast: Cast, make_issued: Make) -> None:
    invoice = make_issued()
    letters(33)
    mail = OutgoingMail.objects.get(letter="billing.reminder")
    letter = letter_named("billing.reminder")
    assert letter.when_in_doubt == "ask"
    assert letter.still_wanted(mail)
    Contact.objects.filter(pk=cast.contact.pk).update(archived_at=NOW)
    assert not letter.still_wanted(mail)
    Contact.objects.filter(pk=cast.contact.pk).update(archived_at=None)
    payment = actions.record_payment({invoice: invoice.open_amount}, received_on=ISSUED, by=cast.finance, now=NOW)
    assert not letter.still_wanted(mail)
    actions.reverse_payment(payment, reason="Bounced", by=cast.finance, now=NOW)
    assert letter.still_wanted(mail)


def test_what_is_paid_meanwhile_leaves_the_waiting_letter(cast: Cast, make_issued: Make) -> None:
    one, two = make_issued(), make_issued()
    letters(33)
    actions.record_payment({one: one.open_amount}, received_on=ISSUED, by=cast.finance, now=noon(33))
    mail = OutgoingMail.objects.get(letter="billing.reminder")
    for text in (mail.text, mail.html, mail.subject):
        assert str(one.number) not in text
    assert str(two.number) in mail.text
    assert letter_named("billing.reminder").still_wanted(mail)


def test_pause_and_resume(cast: Cast, make_issued: Make, make_draft: Make) -> None:
    invoice = make_issued()
    with pytest.raises(NotPermitted):
        actions.pause_chase(invoice, reason="x", by=cast.ae, now=NOW)
    with pytest.raises(Refused):
        actions.pause_chase(invoice, reason=" ", by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        actions.resume_chase(invoice, by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        actions.pause_chase(make_draft(), reason="x", by=cast.finance, now=NOW)
    actions.pause_chase(invoice, reason="Disputed", by=cast.finance, now=NOW)
    with pytest.raises(WrongState):
        actions.pause_chase(invoice, reason="Again", by=cast.finance, now=NOW)
    actions.resume_chase(invoice, by=cast.director, now=NOW)
    assert (invoice.chase_paused_at, invoice.chase_paused_reason) == (None, "")


def test_two_accounts_of_one_client_share_the_letter(cast: Cast, make_issued: Make) -> None:
    other = Account.objects.create(client=cast.acme, name="Online", lead=cast.teammate)
    make_issued()
    make_issued(line(make_job(other, cast.ae)), account=other)
    assert len(letters(33)) == 1
    assert OutgoingMail.objects.get(letter="billing.reminder").account is None
    assert ChaseLetter.objects.get().items.count() == 2


def command(*args: str) -> Any:
    out = StringIO()
    call_command("chase_payments", *args, stdout=out)
    return json.loads(out.getvalue())


def test_the_command(make_issued: Make, settings: Any) -> None:
    make_issued()
    at = "2026-12-27T12:00:00+00:00"
    assert [one["to"] for one in command("--at", at, "--dry-run")] == [MARTA]
    assert not ChaseItem.objects.exists()
    assert [one["invoices"] for one in command("--at", at)] == [[{"number": "2026-00001", "step": "after_due", "days": 3}]]
    assert command("--at", at) == []


def test_the_command_refuses(settings: Any, db: None) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="future"):
        call_command("chase_payments", "--at", "2999-01-01T00:00:00+00:00")
    assert command("--at", "2999-01-01T00:00:00+00:00", "--dry-run") == []
    for bad in ("tomorrow", "", "2026-13-01T00:00:00Z", "2026-01-01T25:00"):
        with pytest.raises(CommandError, match="--at"):
            call_command("chase_payments", "--at", bad)
