"""Meetings as rows: who came, what was agreed, the minutes the client signed, and the next steps."""

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import translation

from accounts.models import Contact, User
from meetings.models import AgendaPoint, Attendee, Meeting, MinuteLine, Minutes, NextStep
from meetings.people import KIND

from .course import EXPIRES, at_work
from .house import House, Place, role_on_paper
from .ledger import Ledger
from .papers import Desk, Paper, hand

INTERNAL_TITLES = (
    "Next week's work",
    "Who is where",
    "Overtime and holidays",
    "What we learned from the last pitch",
    "New people",
)
INTERNAL_POINTS = ("Capacity", "Job sheets due", "Overtime", "Who covers whom", "Printers and prices", "Next pitch")
INTERNAL_AGREED = (
    "Two more days for the fair stand.",
    "No new job before the catalogue is out.",
    "The new designer sits in room 3.",
)


@dataclass
class Talk:
    """When it was called and when it takes place; without a place it is internal."""

    called: datetime
    starts: datetime
    place: Place | None


class Secretary:
    """Writes one meeting after the other, in the order they were called."""

    def __init__(self, house: House, ledger: Ledger, desk: Desk, rng: Random, now: datetime) -> None:
        self.house, self.ledger, self.desk, self.rng, self.now = house, ledger, desk, rng, now
        self.serials: Tally[str] = Tally()  # the name of agency.numbering's counter → the last number

    def write(self, talk: Talk) -> None:
        rng, place = self.rng, talk.place
        caller = self._caller(place)
        meeting = self._meeting(talk, caller)
        people = self._attendees(meeting, caller, place)
        points = rng.sample(place.words.points if place else INTERNAL_POINTS, rng.choice([2, 3, 3, 4]))
        for position, text in enumerate(points, start=1):
            self.ledger.put(AgendaPoint, meeting_id=meeting.pk, position=position, text=text)
        account = place.account if place else None
        self.ledger.note("meeting.called", meeting, by=caller, at=talk.called, account=account, title=meeting.title)
        if meeting.cancelled_at:
            self.ledger.note("meeting.cancelled", meeting, by=caller, at=meeting.cancelled_at, account=account, reason=meeting.cancelled_reason)  # fmt: skip
        elif written := self._written(meeting):
            Record(self, meeting, place, caller, people, points, written).write()

    def _caller(self, place: Place | None) -> User:
        if place is None:
            return self.house.anyone("manager", self.rng)
        return place.coordinator if place.coordinator and self.rng.random() < 0.2 else place.lead

    def _meeting(self, talk: Talk, caller: User) -> Meeting:
        rng, place = self.rng, talk.place
        title, kind = rng.choice(place.words.meetings) if place else (rng.choice(INTERNAL_TITLES), "internal")
        ends = talk.starts + timedelta(minutes=rng.choice([30, 60, 60, 90, 120]))
        off = talk.starts - timedelta(hours=rng.randint(3, 30)) if rng.random() < 0.03 else None
        told = talk.called + timedelta(hours=1)
        agenda = told if place and told < self.now and rng.random() < 0.85 else None
        cancelled = off if off and talk.called < off < self.now else None
        return self.ledger.add(
            Meeting(
                account=place.account if place else None, serial=self._serial(talk), kind=kind, title=title, purpose="",
                starts_at=talk.starts, ends_at=ends, place=rng.choice(place.words.places) if place else "Room 2", called_by=caller,
                created_at=talk.called, cancelled_at=cancelled, agenda_sent_at=agenda, agenda_sent_count=1 if agenda else 0,
                cancelled_reason=rng.choice(place.words.reasons) if place and cancelled else "-" if cancelled else "",
            )
        )  # fmt: skip

    def _serial(self, talk: Talk) -> str:
        year = f"{talk.called.year % 100:02d}"
        if talk.place is None:
            series, prefix = f"minutes:internal:{year}", "M"
        else:
            series, prefix = f"minutes:{talk.place.client.pk}:{year}", f"{talk.place.client.code}-M"
        self.serials[series] += 1
        return f"{prefix}-{year}-{self.serials[series]:04d}"

    def _attendees(self, meeting: Meeting, caller: User, place: Place | None) -> list[User | Contact]:
        rng = self.rng
        if place is None:
            others = rng.sample(list(self.house.users.values()), rng.randint(2, 5))
            people: list[User | Contact] = list(dict.fromkeys([caller, *others]))
        else:
            ours = dict.fromkeys(
                [caller, place.lead, *rng.sample(place.makers, min(len(place.makers), rng.choice([0, 1, 1, 2])))]
            )
            people = [
                *ours,
                *dict.fromkeys([place.minute_takers[0], *rng.sample(place.copies, min(len(place.copies), rng.choice([0, 1])))]),
            ]
        past = meeting.ends_at < self.now
        for person in people:
            here = not past or person in (caller, people[-1]) or rng.random() < 0.93
            who = {"contact_id": person.pk} if isinstance(person, Contact) else {"user_id": person.pk}
            self.ledger.put(Attendee, meeting_id=meeting.pk, present=here, **who)
            person.present = here  # type: ignore[union-attr]
        return people

    def _written(self, meeting: Meeting) -> datetime | None:
        """When its minutes were begun; most the same day, and some are owed."""
        age = self.now - meeting.ends_at
        if age < timedelta() or self.rng.random() < (0.03 if age < timedelta(days=30) else 0):
            return None
        begun = at_work(meeting.ends_at + timedelta(hours=self.rng.uniform(0.2, 9)), self.rng)
        return begun if begun < self.now else None


@dataclass
class Record:
    """The minutes of one meeting."""

    office: Secretary
    meeting: Meeting
    place: Place | None
    by: User
    people: Sequence[User | Contact]
    points: list[str]
    begun: datetime

    def write(self) -> None:
        rng, now = self.office.rng, self.office.now
        sent = self.begun + timedelta(hours=rng.uniform(0.2, 6))
        if sent > now or (now - sent < timedelta(days=2) and rng.random() < 0.2):
            self._minutes(1, Minutes.Status.DRAFT)
            return
        self.meeting.minuted_at = sent
        if self.place is None:
            self._minutes(1, Minutes.Status.FILED, sent=sent)
            return
        answer = rng.choices(["confirm", "wrong", ""], [93, 4.5, 2.5])[0]
        answered = at_work(sent + timedelta(hours=rng.expovariate(1 / 30)), rng)
        if answer and answered < now:
            self._answered(sent, answered, answer)
        elif not answer and sent + EXPIRES < now < sent + timedelta(days=40):
            self._out(1, Minutes.Status.EXPIRED, sent, ended=("expired", sent + EXPIRES))
        elif sent + EXPIRES > now:
            self._out(1, Minutes.Status.SENT, sent)
        else:
            self._answered(sent, sent + timedelta(days=1), "confirm")

    def _answered(self, sent: datetime, answered: datetime, answer: str) -> None:
        if answer == "confirm":
            self._out(1, Minutes.Status.CONFIRMED, sent, answered=answered, answer=answer)
            return
        self._out(1, Minutes.Status.DISPUTED, sent, answered=answered, answer=answer)
        again, signed = answered + timedelta(hours=20), answered + timedelta(hours=60)
        if signed < self.office.now:
            self._out(2, Minutes.Status.CONFIRMED, again, answered=signed, answer="confirm")
        elif answered + timedelta(hours=2) < self.office.now:
            self._minutes(2, Minutes.Status.DRAFT)

    def _minutes(
        self, version: int, status: str, *, sent: datetime | None = None, answered: datetime | None = None, objection: str = ""
    ) -> tuple[Minutes, list[MinuteLine], list[NextStep]]:
        ledger, rng, words = self.office.ledger, self.office.rng, self.place.words if self.place else None
        minutes = ledger.add(
            Minutes(
                meeting=self.meeting, version=version, status=status, written_by=self.by, created_at=sent - timedelta(minutes=11) if version > 1 and sent else self.begun,
                sent_at=sent, answered_at=answered, answer_text=objection,
            )
        )  # fmt: skip
        lines = [
            ledger.add(
                MinuteLine(
                    minutes=minutes, position=position, topic=topic,
                    discussed=rng.choice(words.discussed) if words and rng.random() < 0.3 else "",
                    agreed="" if status == "draft" and position > 1 else rng.choice(words.agreed if words else INTERNAL_AGREED),
                    disputed_text=objection if position == len(self.points) else "",
                )
            )
            for position, topic in enumerate(self.points, start=1)
        ]  # fmt: skip
        return minutes, lines, list(self._steps(minutes, sent or self.begun))

    def _steps(self, minutes: Minutes, since: datetime) -> Iterator[NextStep]:
        rng, now = self.office.rng, self.office.now
        for position in range(1, rng.choice([1, 2, 2, 3, 4]) + 1):
            who = rng.choice(self.people)
            theirs = isinstance(who, Contact)
            text = (
                "Tell everybody"
                if self.place is None
                else rng.choice(self.place.words.theirs if theirs else self.place.words.ours)
            )
            due = at_work(since + timedelta(days=rng.uniform(1, 13)), rng).replace(minute=0, second=0, microsecond=0)
            done = due - timedelta(hours=rng.uniform(-30, 40))
            settled = done < now and (now - due > timedelta(days=20) or rng.random() < 0.85) and minutes.status != "draft"
            owner = {"contact": who} if theirs else {"user": who}
            step = NextStep(minutes=minutes, position=position, text=text, due_at=due, done_at=max(done, since) if settled else None, **owner)  # fmt: skip
            yield self.office.ledger.add(step)

    def _out(
        self,
        version: int,
        status: str,
        sent: datetime,
        *,
        answered: datetime | None = None,
        answer: str = "",
        ended: tuple[str, datetime] | None = None,
    ) -> None:
        """Sent to the client: the frozen paper, and how it came back."""
        assert self.place
        place, rng = self.place, self.office.rng
        objection = rng.choice(place.words.objections) if answer == "wrong" else ""
        minutes, lines, steps = self._minutes(version, status, sent=sent, answered=answered, objection=objection)
        signers = place.minute_takers[:1]
        account, note = place.account, self.office.ledger.note
        document, _request = self.office.desk.send(
            Paper(
                KIND, minutes, place, self.meeting.title, minutes.reference, self._frozen(minutes, lines, steps, sent), self.by, sent, signers,
                [c for c in place.copies if c in self.people and c not in signers], wanted_by=sent + timedelta(days=2),
                seen=answered and answered - timedelta(minutes=rng.randint(2, 20)), answered=answered, answer=answer, ended=ended,
                lines={str(len(lines)): objection} if objection else {},
            )
        )  # fmt: skip
        minutes.document = document
        note("minutes.sent", minutes, by=self.by, at=sent, account=account)
        if answered:
            note(
                "minutes.confirmed" if answer == "confirm" else "minutes.disputed",
                minutes,
                by=signers[0],
                at=answered,
                account=account,
            )

    def _frozen(self, minutes: Minutes, lines: list[MinuteLine], steps: list[NextStep], sent: datetime) -> dict[str, Any]:
        """The same as meetings.actions.sending.frozen() (a test compares them)."""
        meeting, place = self.meeting, self.place
        assert place
        language = place.client.language
        with translation.override(language):
            kind = str(meeting.get_kind_display())
        return {
            "serial": meeting.serial, "version": minutes.version, "kind": kind, "title": meeting.title, "purpose": meeting.purpose,
            "client": place.client.name, "account": place.account.name, "starts_at": meeting.starts_at.isoformat(),
            "ends_at": meeting.ends_at.isoformat(), "zone": meeting.zone.key, "place": meeting.place,
            "present": [_person(who, language) for who in self.people if who.present],  # type: ignore[union-attr]
            "absent": [_person(who, language) for who in self.people if not who.present],  # type: ignore[union-attr]
            "lines": [{"n": line.position, "topic": line.topic, "discussed": line.discussed, "agreed": line.agreed} for line in lines],
            "steps": [
                {"text": step.text, "due_at": step.due_at.isoformat() if step.due_at else "", **_person(step.contact or step.user, language)}
                for step in steps
            ],
            "hands": [hand(self.by, "wrote the minutes and sent them", sent, language)],
        }  # fmt: skip


def _person(who: User | Contact | None, language: str) -> dict[str, str]:
    if isinstance(who, Contact):
        return {"name": who.full_name, "role": who.title, "side": "client"}
    assert who
    return {"name": who.full_name, "role": role_on_paper(who, language), "side": "agency"}
