"""The chain of evidence, what the database refuses, the daily list, reminders, and the letters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import translation

from agency import immutable
from agency.errors import Immutable
from agency.mail import filled
from agency.models import Agency, OutgoingMail
from signoffs.actions import Asked, decline, pause_reminders, propose_delegate, record_decision, remind_due, request_code
from signoffs.actions.closing import expire_due
from signoffs.evidence import export, verify_chain, verify_exported
from signoffs.heads import mail_heads
from signoffs.limits import LIMITS
from signoffs.models import Document, Event, SealedDocument, Signatory, SignRequest
from signoffs.sealing.seal import seal_request
from tests.cast import NOW, Cast

from .helpers import given, mail_link
from .pictures import png

LATER = NOW + timedelta(hours=1)


class TestChain:
    def test_holds_and_tells_the_story(self, only: Signatory) -> None:
        record_decision(only, given(only), now=LATER)
        assert [e.kind for e in only.request.events.all()] == ["requested", "document", "invited", "decided", "closed"]
        assert verify_chain(only.request).ok

    @pytest.mark.parametrize("change", ["data", "at", "kind", "gone", "swapped"])
    def test_tampering_is_found(self, only: Signatory, change: str) -> None:
        record_decision(only, given(only), now=LATER)
        chain = export(only.request.events.all())
        assert verify_exported(chain).ok
        if change == "data":
            chain[3]["data"] = chain[3]["data"] | {"answer": "changes"}
        elif change == "at":
            chain[3]["at"] = "2026-11-24T10:00:00.001Z"
        elif change == "kind":
            chain[1]["kind"] = "seen"
        elif change == "gone":
            del chain[2]
        else:
            chain[1], chain[2] = chain[2], chain[1]
        assert not verify_exported(chain).ok

    def test_a_change_below_the_triggers_is_found(self, only: Signatory, cast: Cast, client: Browser) -> None:
        record_decision(only, given(only), now=LATER)
        with immutable.lifted():
            event = Event.objects.get(kind="decided")
            super(type(Event.objects.all()), Event.objects.filter(pk=event.pk)).update(data=event.data | {"answer": "changes"})
        verdict = verify_chain(only.request)
        assert (verdict.ok, verdict.broken_at) == (False, 4)
        client.force_login(cast.ae)
        assert "The chain of evidence is broken" in client.get(only.request.get_absolute_url()).content.decode()

    def test_the_database_refuses(self, only: Signatory) -> None:
        record_decision(only, given(only), now=LATER)
        event = Event.objects.first()
        assert event
        with pytest.raises(Immutable):
            event.delete()
        with pytest.raises(Immutable):
            Event.objects.all().update(kind="x")
        attempts = [
            lambda: Signatory.objects.filter(pk=only.pk).update(answer="changes"),
            lambda: Signatory.objects.filter(pk=only.pk).update(text="Something else"),
            lambda: Document.objects.all().update(sha256="0" * 64),
            lambda: Document.objects.all().update(data={}),
            lambda: SignRequest.objects.all().update(outcome="declined"),
            lambda: Document.objects.all().delete(),
        ]
        for attempt in attempts:
            with pytest.raises((IntegrityError, Exception)) as refused, transaction.atomic():
                attempt()
            assert "never changed" in str(refused.value) or "PROTECT" in repr(refused.value) or "protected" in str(refused.value)

    def test_triggers_are_in_place(self, db: None) -> None:
        assert immutable.expected() <= set(immutable.installed())
        tables = set(immutable.installed().values())
        assert {m._meta.db_table for m in (Event, SealedDocument, Document, Signatory, SignRequest)} <= tables


class TestHeads:
    def test_once_a_day_to_a_director(self, only: Signatory, cast: Cast, seal_file: str) -> None:
        record_decision(only, given(only), now=LATER)
        evening = datetime(2026, 11, 24, 18, 20, tzinfo=UTC)
        assert mail_heads(now=evening - timedelta(hours=2)) == 0
        assert (mail_heads(now=evening), mail_heads(now=evening)) == (1, 0)
        mail = OutgoingMail.objects.get(letter="signoffs.heads")
        assert mail.to_email == cast.director.email
        assert only.request.events.last().hash in mail.text  # type: ignore[union-attr]
        assert "Acme" not in mail.text
        assert mail_heads(now=evening + timedelta(days=1)) == 0


class TestReminders:
    def times(self, signatory: Signatory, until: datetime) -> list[datetime]:
        """When each reminder went out, looking every ten minutes would be the same: only due times count."""
        found = []
        while True:
            signatory.refresh_from_db()
            due = signatory.remind_at
            if due is None or due > until:
                return found
            assert remind_due(now=due - timedelta(minutes=1)) == 0
            assert remind_due(now=due) == 1
            assert remind_due(now=due) == 0
            found.append(due)

    def test_working_days_2_and_5_then_every_second(self, only: Signatory) -> None:
        """Sent on Tuesday 24 November: Thursday, Tuesday, Thursday, Monday; 08:00 in London."""
        found = self.times(only, NOW + timedelta(days=14))
        assert [t.date().isoformat() for t in found] == ["2026-11-26", "2026-12-01", "2026-12-03", "2026-12-07"]
        assert {t.hour for t in found} == {8}
        mails = OutgoingMail.objects.filter(letter="signoffs.reminder").order_by("pk")
        assert mails.count() == 4
        assert mails[0].subject == "Reminder: Sign: Metro panels V1 by Tue 8 Dec"
        assert mail_link(mails[0]) == mail_link(OutgoingMail.objects.get(letter="signoffs.request"))

    def test_holidays_and_another_week(self, sent: Callable[..., SignRequest], cast: Cast) -> None:
        """Sunday to Thursday in Riyadh (UTC+3): 24 Nov is a Tuesday, so Thursday 26 and then Tuesday 1 December."""
        cast.acme.working_week, cast.acme.zone_name, cast.acme.country = "71234", "Asia/Riyadh", "SA"
        cast.acme.save()
        found = self.times(sent().signatories.get(), NOW + timedelta(days=7))
        assert [t.isoformat() for t in found] == ["2026-11-26T05:00:00+00:00", "2026-12-01T05:00:00+00:00"]

    def test_christmas_is_no_working_day(self, cast: Cast, sent: Callable[..., SignRequest]) -> None:
        signatory = sent(expires_at=NOW + timedelta(days=30)).signatories.get()
        Signatory.objects.filter(pk=signatory.pk).update(invited_at=datetime(2026, 12, 23, 12, tzinfo=UTC))
        signatory.refresh_from_db()
        signatory.request.expires_at = datetime(2027, 1, 20, tzinfo=UTC)
        from signoffs.reminders import next_time

        # 24 is the first working day; 25, 26 and the substitute of Boxing Day (28) are free; 29 is the second
        assert next_time(signatory) == datetime(2026, 12, 29, 8, tzinfo=UTC)

    def test_eight_in_the_morning_across_the_change_of_clocks(self, sent: Callable[..., SignRequest]) -> None:
        from signoffs.reminders import next_time

        signatory = sent().signatories.get()
        signatory.invited_at = datetime(2027, 3, 25, 12, tzinfo=UTC)  # Thursday before Easter; clocks change on the 28th
        signatory.request.expires_at = datetime(2027, 4, 20, tzinfo=UTC)
        assert next_time(signatory) == datetime(2027, 3, 30, 7, tzinfo=UTC)  # Good Friday is free

    def test_what_was_missed_is_one_mail(self, only: Signatory) -> None:
        assert remind_due(now=NOW + timedelta(days=8)) == 1
        assert remind_due(now=NOW + timedelta(days=8)) == 0
        only.refresh_from_db()
        assert only.remind_at
        assert only.remind_at > NOW + timedelta(days=8)

    def test_stops(self, only: Signatory, cast: Cast) -> None:
        pause_reminders(only, True, by=cast.ae, now=LATER)
        assert remind_due(now=NOW + timedelta(days=3)) == 0
        pause_reminders(only, False, by=cast.ae, now=LATER)
        propose_delegate(only, name="Sam Reed", email="sam@acme.example", reason="He decides this.", now=LATER)
        assert remind_due(now=NOW + timedelta(days=3)) == 0
        record_decision(only, given(only), now=NOW + timedelta(days=4))
        assert remind_due(now=NOW + timedelta(days=9)) == 0
        assert not OutgoingMail.objects.filter(letter="signoffs.reminder").exists()


@pytest.mark.parametrize("language", ["en", "es", "ru", "zh-hans", "ar"])
def test_every_letter_in_every_language(
    language: str, sent: Callable[..., SignRequest], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agency.clock.now", lambda: LATER)
    for person in (cast.contact, cast.second_contact, cast.ae, cast.manager, cast.director):
        person.language = language
        person.save()
    agency = Agency.current()
    agency.name = "Norte & Oriente"
    agency.save()
    from signoffs.actions import refuse_delegate, withdraw_request
    from signoffs.sealing import seal

    monkeypatch.setattr(seal, "build", lambda request, now: (b"%PDF-1.7 sealed", request.events.last().hash))
    with translation.override("en"):
        people = (Asked(contact=cast.contact), Asked(user=cast.manager), Asked(contact=cast.second_contact, role="copy"))
        request = sent(*people, code_required=True, message="Dear Marta")
        marta = request.signatories.get(contact=cast.contact)
        request_code(marta, now=LATER)
        refuse_delegate(
            propose_delegate(marta, name="X", email="x@acme.example", reason="Because.", now=LATER), by=cast.ae, now=LATER
        )
        remind_due(now=NOW + timedelta(days=3))
        decline(marta, given(marta, text="This is not our campaign."), now=LATER)
        seal_request(request.pk, now=LATER)
        withdraw_request(sent(document={"title": "Second"}), reason="Sent too early", by=cast.ae, now=LATER)
        expire_due(now=sent(document={"title": "Third"}).expires_at)
        mail_heads(now=NOW + timedelta(hours=12))
    found = set()
    for mail in OutgoingMail.objects.all():
        found.add(mail.letter)
        wording = filled(mail)
        assert mail.language == language
        assert wording.subject
        assert "[[" not in wording.text + wording.html, mail.letter
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in wording.html
        assert "Norte & Oriente" in wording.text
        assert "Norte &amp; Oriente" in wording.html
        assert "&#x27;" not in wording.text + wording.subject
        assert wording.html.count("background:#1d4ed8") <= 1  # one button
        assert "{{" not in wording.text and "None" not in wording.text  # noqa: PT018
    expected = {
        "request",
        "copy",
        "code",
        "delegate_proposed",
        "delegate_refused",
        "reminder",
        "answered",
        "over",
        "signed",
        "sealed",
    }
    assert {f"signoffs.{name}" for name in expected | {"expired", "heads"}} <= found


class TestVerifyPage:
    def test_says_what_it_is_and_nothing_about_others(
        self, only: Signatory, client: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from io import BytesIO

        assert client.get("/verify/").status_code == 200
        assert client.post("/verify/", {}).status_code == 422
        for content, words in ((png(), "isn’t a PDF"), (b"%PDF-1.4\n%%EOF", "")):
            upload = BytesIO(content)
            upload.name = "file.pdf"
            response = client.post("/verify/", {"file": upload})
            assert response.status_code == 200
            assert words in response.content.decode()
            assert "Marta" not in response.content.decode()
            assert "genuine and unchanged" not in response.content.decode()

    def test_not_too_often_not_too_large(self, db: None, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        from io import BytesIO

        monkeypatch.setattr("signoffs.views.verify.MOST_BYTES", 10)
        monkeypatch.setitem(LIMITS, "verify", {"address": (2, 600)})
        codes = []
        for _n in range(3):
            upload = BytesIO(b"%PDF-1.4 and some more")
            upload.name = "file.pdf"
            codes.append(client.post("/verify/", {"file": upload}).status_code)
        assert codes == [422, 422, 429]
