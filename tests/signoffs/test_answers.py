"""Answers, turns, refusals, delegation, codes and their ends: what counts, and what it leads to."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client as Browser

from accounts.models import SigningAuthority
from agency.errors import NotPermitted, Refused, WrongState
from agency.models import AuditEntry, OutgoingMail
from signoffs.actions import (
    Asked,
    check_code,
    confirm_delegate,
    correct_address_and_resend,
    decline,
    expire_due,
    propose_delegate,
    record_decision,
    refuse_delegate,
    request_code,
    resend,
    send_for_signature,
    supersede_requests,
    withdraw_request,
)
from signoffs.links import code_digits
from signoffs.models import Document, Event, OneTimeCode, Signatory, SignRequest
from signoffs.rendering import render_document
from tests.cast import NOW, Cast

from .helpers import every_row, given, mail_code, url
from .probe import Probe

LATER = NOW + timedelta(hours=1)


def letters(name: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(letter=f"signoffs.{name}").values_list("to_email", flat=True))


def outcome(request: SignRequest) -> str:
    request.refresh_from_db()
    return request.outcome


class TestSending:
    def test_nothing_leaves_before_the_bytes_are_made(
        self, cast: Cast, frozen: Callable[..., Document], fake_bytes: None
    ) -> None:
        document = frozen()
        request = send_for_signature(document, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
        assert request.sent_at is None
        assert not letters("request")
        for _twice in range(2):
            render_document(document.pk, now=LATER)
        assert letters("request") == [cast.contact.email]
        request.refresh_from_db()
        assert request.sent_at == LATER

    @pytest.mark.parametrize(
        ("who", "role", "sentence"),
        [
            ("second_contact", "approver", "may sign this kind"),
            ("rival_contact", "approver", "doesn't work for this client"),
            ("outsider", "approver", "isn't on the account's team"),
        ],
    )
    def test_who_may_not_be_asked(self, cast: Cast, frozen: Callable[..., Document], who: str, role: str, sentence: str) -> None:
        person = getattr(cast, who)
        asked = Asked(contact=person) if "contact" in who else Asked(user=person)
        with pytest.raises(Refused, match=sentence):
            send_for_signature(frozen(), signatories=[asked], by=cast.ae, now=NOW)
        assert not SignRequest.objects.exists()

    def test_authority_ends_at_its_amount(self, cast: Cast, frozen: Callable[..., Document]) -> None:
        SigningAuthority.objects.filter(contact=cast.contact, kind="probe").update(up_to=Decimal("1000"))
        dear, cheap = frozen(amount=Decimal("1000.01"), currency="EUR"), frozen(amount=Decimal("1000"), currency="EUR")
        with pytest.raises(Refused, match="not for this amount"):
            send_for_signature(dear, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
        send_for_signature(cheap, signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)

    def test_top_management_is_written_to_by_a_director_only(self, cast: Cast, frozen: Callable[..., Document]) -> None:
        cast.contact.letters_allowed = False
        cast.contact.save()
        with pytest.raises(Refused, match="Ask a director"):
            send_for_signature(frozen(), signatories=[Asked(contact=cast.contact)], by=cast.ae, now=NOW)
        send_for_signature(frozen(), signatories=[Asked(contact=cast.contact)], by=cast.director, now=NOW)

    def test_only_account_people_send(self, cast: Cast, frozen: Callable[..., Document]) -> None:
        with pytest.raises(NotPermitted):
            send_for_signature(frozen(), signatories=[Asked(contact=cast.contact)], by=cast.creative, now=NOW)

    @pytest.mark.parametrize("days", [0, -1, 31])
    def test_a_link_lives_one_to_thirty_days(self, cast: Cast, frozen: Callable[..., Document], days: int) -> None:
        with pytest.raises(Refused, match="within 30 days"):
            send_for_signature(
                frozen(), signatories=[Asked(contact=cast.contact)], expires_at=NOW + timedelta(days=days), by=cast.ae, now=NOW
            )

    def test_copies_alone_sign_nothing(self, cast: Cast, frozen: Callable[..., Document]) -> None:
        with pytest.raises(Refused, match="Select who approves"):
            send_for_signature(frozen(), signatories=[Asked(contact=cast.contact, role="copy")], by=cast.ae, now=NOW)


class TestAnswers:
    def test_approved_when_every_approver_has(self, sent: Callable[..., SignRequest], cast: Cast) -> None:
        request = sent(Asked(contact=cast.contact), Asked(user=cast.manager), Asked(contact=cast.second_contact, role="copy"))
        first, second, copy = request.signatories.order_by("pk")
        assert copy.invited_at
        record_decision(first, given(first), now=LATER)
        assert outcome(request) == ""
        record_decision(second, given(second), now=LATER)
        assert outcome(request) == "approved"
        assert Probe.heard == [("decided", "approved")]

    def test_the_first_no_closes_it_for_all(self, sent: Callable[..., SignRequest], cast: Cast) -> None:
        request = sent(Asked(contact=cast.contact), Asked(user=cast.manager))
        first, second = request.signatories.order_by("pk")
        record_decision(first, given(first, "changes", "The logo is too small."), now=LATER)
        assert outcome(request) == "changes"
        assert letters("over") == [cast.manager.email]
        with pytest.raises(WrongState):
            record_decision(second, given(second), now=LATER)
        assert Probe.heard == [("decided", "changes")]

    def test_the_agency_hears_at_once_and_can_reply(self, only: Signatory, cast: Cast) -> None:
        decline(only, given(only, "", "This is not our campaign."), now=LATER)
        mail = OutgoingMail.objects.get(letter="signoffs.answered")
        assert (mail.to_email, mail.reply_to) == (cast.ae.email, cast.contact.email)
        assert "This is not our campaign." in mail.text
        assert outcome(only.request) == "declined"

    def test_in_turn(self, sent: Callable[..., SignRequest], cast: Cast) -> None:
        request = sent(Asked(user=cast.manager, turn=2), Asked(contact=cast.contact, turn=1), in_turn=True)
        client = request.signatories.get(contact=cast.contact)
        manager = request.signatories.get(user=cast.manager)
        assert letters("request") == [cast.contact.email]
        with pytest.raises(WrongState):
            record_decision(manager, given(manager), now=LATER)
        record_decision(client, given(client), now=LATER)
        assert letters("request") == sorted([cast.contact.email, cast.manager.email])
        manager.refresh_from_db()
        record_decision(manager, given(manager), now=LATER)
        assert outcome(request) == "approved"

    def test_a_repeated_answer_gets_the_same_receipt(self, only: Signatory) -> None:
        first = record_decision(only, given(only), now=LATER)
        before = every_row()
        again = record_decision(only, given(only, "changes", "Something else entirely."), now=LATER + timedelta(minutes=1))
        refused = decline(only, given(only, "", "Something else entirely."), now=LATER)
        assert (first.counted, again.counted, refused.counted) == (True, False, False)
        assert again.signatory.answer == refused.signatory.answer == "approve"
        assert every_row() == before

    def test_lines_can_be_objected_to(self, only: Signatory) -> None:
        with pytest.raises(Refused, match="belong to one line"):
            record_decision(only, given(only, "object", line_texts={"9": "There is no such line."}), now=LATER)
        record_decision(only, given(only, "object", line_texts={"2": "We said Thursday."}), now=LATER)
        only.refresh_from_db()
        assert only.line_texts == {"2": "We said Thursday."}

    def test_the_evidence_of_an_answer(
        self, only: Signatory, cast: Cast, client: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("agency.clock.now", lambda: LATER)
        from .helpers import posted

        client.post(
            url(only), posted(only, "approve_small", text="Two spare panels."), REMOTE_ADDR="198.51.100.7",
            HTTP_USER_AGENT="Phone/1.0", HTTP_X_FORWARDED_FOR="10.9.9.9",
        )  # fmt: skip
        data = Event.objects.get(kind="decided").data
        expected = {
            "typed_name": "Marta Ortega", "answer": "approve_small", "text": "Two spare panels.", "sent_to": cast.contact.email,
            "from_address": "198.51.100.7", "from_agent": "Phone/1.0", "from_forwarded": "10.9.9.9", "from_entered": "link",
            "from_languages": "not recorded", "code": "not asked for", "document_sha256": only.request.document.sha256,
        }  # fmt: skip
        assert {key: data[key] for key in expected} == expected
        assert data["server_time"] == "2026-11-24T10:00:00.000Z"
        assert len(data["consent_sha256"]) == 64
        assert AuditEntry.objects.filter(action="signoff.approved", actor_kind="contact").exists()

    def test_the_address_behind_trusted_proxies(self, only: Signatory, client: Browser, settings, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        from .helpers import posted

        monkeypatch.setattr("agency.clock.now", lambda: LATER)
        settings.TRUSTED_PROXIES = 2
        client.post(url(only), posted(only), HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9, 10.0.0.1")
        assert Event.objects.get(kind="decided").data["from_address"] == "203.0.113.9"

    def test_who_left_the_client_signs_nothing(self, only: Signatory, cast: Cast) -> None:
        cast.contact.archived_at = NOW
        cast.contact.save()
        with pytest.raises(WrongState):
            record_decision(only, given(only), now=LATER)


class TestEnds:
    def test_withdrawn_needs_a_reason_and_tells(self, only: Signatory, cast: Cast) -> None:
        with pytest.raises(Refused, match="Say why"):
            withdraw_request(only.request, reason="  ", by=cast.ae, now=LATER)
        with pytest.raises(NotPermitted):
            withdraw_request(only.request, reason="No", by=cast.creative, now=LATER)
        withdraw_request(only.request, reason="Sent too early", by=cast.ae, now=LATER)
        assert letters("over") == [cast.contact.email]
        with pytest.raises(WrongState):
            withdraw_request(only.request, reason="Again", by=cast.ae, now=LATER)
        assert Probe.heard == [("void", "withdrawn")]

    def test_expires_once(self, only: Signatory, cast: Cast) -> None:
        ends = only.request.expires_at
        assert expire_due(now=ends - timedelta(seconds=1)) == 0
        assert (expire_due(now=ends), expire_due(now=ends)) == (1, 0)
        assert outcome(only.request) == "expired"
        assert letters("expired") == [cast.ae.email]

    def test_superseded(self, only: Signatory, cast: Cast) -> None:
        subject = only.request.document.subject
        assert supersede_requests(subject, by=cast.ae, now=LATER) == 1
        assert supersede_requests(subject, by=cast.ae, now=LATER) == 0
        assert outcome(only.request) == "superseded"

    def test_a_wrong_address(self, only: Signatory, cast: Cast) -> None:
        with pytest.raises(Refused, match="Another contact"):
            correct_address_and_resend(only, cast.second_contact.email, by=cast.ae, now=LATER)
        with pytest.raises(Refused, match="Enter an email address"):
            correct_address_and_resend(only, "nonsense", by=cast.ae, now=LATER)
        correct_address_and_resend(only, "marta@new.example", by=cast.ae, now=LATER)
        cast.contact.refresh_from_db()
        assert cast.contact.email == "marta@new.example"
        assert letters("request") == ["marta@acme.example", "marta@new.example"]

    def test_the_old_mail_is_not_sent_after_a_resend(self, only: Signatory, cast: Cast) -> None:
        from agency.mail import letter_named

        old = OutgoingMail.objects.get(letter="signoffs.request")
        resend(only, by=cast.ae, now=LATER)
        new = OutgoingMail.objects.filter(letter="signoffs.request").latest("pk")
        assert new.key != old.key
        wanted = letter_named("signoffs.request").still_wanted
        assert (wanted(old), wanted(new)) == (False, True)
        withdraw_request(only.request, reason="Sent too early", by=cast.ae, now=LATER)
        assert not wanted(new)


class TestDelegation:
    def propose(self, signatory: Signatory, email: str = "sam@acme.example", name: str = "Sam Reed"):  # type: ignore[no-untyped-def]
        return propose_delegate(signatory, name=name, email=email, reason="He decides this.", now=LATER)

    def test_takes_effect_when_confirmed(self, only: Signatory, cast: Cast) -> None:
        proposal = self.propose(only)
        assert letters("delegate_proposed") == [cast.ae.email]
        assert letters("request") == [cast.contact.email]
        with pytest.raises(Refused, match="may sign"):
            confirm_delegate(proposal, cast.second_contact, by=cast.ae, now=LATER)
        SigningAuthority.objects.create(contact=cast.second_contact, kind="probe")
        with pytest.raises(NotPermitted):
            confirm_delegate(proposal, cast.second_contact, by=cast.coordinator, now=LATER)
        new = confirm_delegate(proposal, cast.second_contact, by=cast.ae, now=LATER)
        with pytest.raises(WrongState):
            record_decision(only, given(only), now=LATER)
        record_decision(new, given(new), now=LATER)
        assert outcome(only.request) == "approved"

    def test_never_to_another_client(self, only: Signatory, cast: Cast) -> None:
        proposal = self.propose(only, "rosa@rival.example", "Rosa")
        with pytest.raises(Refused, match="doesn't work for this client"):
            confirm_delegate(proposal, cast.rival_contact, by=cast.director, now=LATER)

    def test_refused_and_answered_oneself(self, only: Signatory, cast: Cast) -> None:
        proposal = self.propose(only)
        with pytest.raises(WrongState):
            self.propose(only)
        refuse_delegate(proposal, by=cast.ae, now=LATER)
        assert letters("delegate_refused") == [cast.contact.email]
        with pytest.raises(WrongState):
            confirm_delegate(proposal, cast.second_contact, by=cast.ae, now=LATER)
        assert record_decision(only, given(only), now=LATER).counted

    def test_an_answer_settles_an_open_proposal(self, only: Signatory, cast: Cast) -> None:
        proposal = self.propose(only)
        record_decision(only, given(only), now=LATER)
        proposal.refresh_from_db()
        assert proposal.accepted is False

    def test_at_most_four_times(self, only: Signatory, cast: Cast) -> None:
        for contact in (cast.contact, cast.second_contact):
            SigningAuthority.objects.get_or_create(contact=contact, kind="probe")
        holder = only
        holder = confirm_delegate(self.propose(holder), cast.second_contact, by=cast.ae, now=LATER)
        for _n in range(3):
            refuse_delegate(self.propose(holder, "x@acme.example"), by=cast.ae, now=LATER)
        with pytest.raises(Refused, match="too often"):
            self.propose(holder, "x@acme.example")


class TestCodes:
    @pytest.fixture
    def locked(self, sent: Callable[..., SignRequest]) -> Signatory:
        return sent(code_required=True).signatories.get()

    def test_nothing_is_shown_before_the_code(self, locked: Signatory, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        from .helpers import posted

        monkeypatch.setattr("agency.clock.now", lambda: LATER)
        page = url(locked)
        for address in (page, url(locked, "pass-on/")):
            words = client.get(address).content.decode()
            assert not re.search("Light opens|Metro panels|ACM-26-0001", words)
        assert client.get(url(locked, "document/")).status_code == 302
        client.post(page, posted(locked))
        locked.refresh_from_db()
        assert locked.decided_at is None
        client.post(page, {"step": "send_code"})
        mail = OutgoingMail.objects.get(letter="signoffs.code")
        code = mail_code(mail)
        assert code not in mail.text
        assert not re.search("Light opens|Metro panels|ACM-26-0001", f"{mail.subject} {mail.text} {mail.html}")
        assert "Light opens." not in client.get(page).content.decode()
        assert client.post(page, {"step": "code", "code": f" {code[:3]} {code[3:]} "}).status_code == 302
        assert "Light opens." in client.get(page).content.decode()
        assert "Light opens." not in Browser().get(page).content.decode()  # a forwarded link, in another browser
        client.post(page, posted(locked))
        assert Event.objects.get(kind="decided").data["code"] == "passed"

    def test_what_became_of_it_says_nothing_either(self, locked: Signatory, cast: Cast, client: Browser) -> None:
        withdraw_request(locked.request, reason="The headline is wrong", by=cast.ae, now=NOW)
        words = client.get(url(locked)).content.decode()
        assert "withdrawn" in words
        assert not re.search("Metro panels|ACM-26-0001|headline", words)

    def test_five_tries_counted_in_the_database(self, locked: Signatory) -> None:
        code = request_code(locked, now=NOW)
        right = code_digits(code)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _n in range(5):
            with pytest.raises(Refused, match="not the code"):
                check_code(locked, wrong, now=NOW)
        with pytest.raises(WrongState):
            check_code(locked, right, now=NOW)
        assert OneTimeCode.objects.get().tries == 5
        assert Event.objects.filter(kind="code_blocked").exists()

    def test_ten_minutes_once_and_only_the_last(self, locked: Signatory) -> None:
        first = code_digits(request_code(locked, now=NOW))
        with pytest.raises(Refused, match="a moment ago"):
            request_code(locked, now=NOW + timedelta(seconds=30))
        second = code_digits(request_code(locked, now=NOW + timedelta(minutes=2)))
        with pytest.raises(Refused):
            check_code(locked, first, now=NOW + timedelta(minutes=3))
        with pytest.raises(Refused):
            check_code(locked, second, now=NOW + timedelta(minutes=12, seconds=1))
        third = code_digits(request_code(locked, now=NOW + timedelta(minutes=20)))
        check_code(locked, third, now=NOW + timedelta(minutes=21))
        with pytest.raises(WrongState):
            check_code(locked, third, now=NOW + timedelta(minutes=21))

    def test_codes_are_not_asked_for_without_end(self, locked: Signatory) -> None:
        for n in range(5):
            request_code(locked, now=NOW + timedelta(minutes=2 * n))
        with pytest.raises(Refused, match="Wait an hour"):
            request_code(locked, now=NOW + timedelta(minutes=30))


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_two_racing_clicks_one_counts(cast: Cast, sent: Callable[..., SignRequest]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time; the race is for PostgreSQL")
    signatory = sent().signatories.get()
    yes, no = given(signatory), given(signatory, "", "This is not our campaign.")
    start, receipts = threading.Barrier(8), []

    def click(n: int) -> None:
        try:
            start.wait()
            action = record_decision if n % 2 else decline
            receipts.append(action(Signatory.objects.get(pk=signatory.pk), yes if n % 2 else no, now=LATER))
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(receipt.counted for receipt in receipts) == 1
    assert len({receipt.signatory.answer for receipt in receipts}) == 1
    assert Event.objects.filter(kind="decided").count() == Event.objects.filter(kind="closed").count() == 1
