"""Minutes that clients have to sign: one meeting, one paper, one link each; and what the answer to one looks like."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Account, Brand, Client, Contact, SigningAuthority, TeamMember, User
from agency import clock
from meetings import actions as meetings
from signoffs.links import token_of
from signoffs.models import Signatory, SignRequest

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class House:
    """One client with an account, and the contact who signs for it."""

    account: Account
    contact: Contact
    lead: User


def make_house(lead: User, code: str = "ACM") -> House:
    client = Client.objects.create(
        code=code, name=f"Client {code}", legal_name=f"Client {code} Ltd", address="1 High Street", country="", zone_name="UTC"
    )
    account = Account.objects.create(
        client=client, name="Retail", lead=lead, brand=Brand.objects.create(client=client, name="Shoes")
    )
    TeamMember.objects.create(account=account, user=lead, since=clock.now() - timedelta(days=30))
    contact = Contact.objects.create(
        client=client, full_name=f"Marta of {code}", email=f"marta@{code.lower()}.example", gets_minutes=True, gets_invoices=True
    )
    SigningAuthority.objects.create(contact=contact, kind="minutes")
    return House(account, contact, lead)


def send_minutes(house: House, title: str) -> SignRequest:
    """Minutes of a meeting that ended an hour ago, sent to be signed; a task makes the paper and the mail."""
    now = clock.now()
    facts = meetings.MeetingFacts(
        title=title, kind="meeting", starts_at=now - 2 * HOUR, ends_at=now - HOUR, agenda=["Poster"],
        contacts=[house.contact], colleagues=[house.lead],
    )  # fmt: skip
    meeting = meetings.create_meeting(house.account, facts, by=house.lead, now=now)
    minutes = meetings.start_minutes(meeting, by=house.lead, now=now)
    meetings.edit_minutes(
        minutes, lines=[meetings.LineFacts("Poster", "Too dark.", "Lighter sky.")], steps=[],
        present={attendee.pk for attendee in meeting.attendees.all()}, revision=minutes.revision, by=house.lead, now=now,
    )  # fmt: skip
    minutes.refresh_from_db()
    return meetings.send_minutes(minutes, signers=[house.contact], revision=minutes.revision, by=house.lead, now=now)


def link_of(signatory: Signatory) -> str:
    return f"/s/{token_of(signatory.pk, signatory.link_number)}/"


def confirming(signatory: Signatory) -> dict[str, str]:
    """What the last step of the sign page posts."""
    return {
        "answer": "confirm",
        "step": "confirm",
        "typed_name": signatory.name,
        "document": signatory.request.document.sha256,
    }


def declining(signatory: Signatory) -> dict[str, str]:
    return {
        "text": "This is not what we agreed.",
        "typed_name": signatory.name,
        "document": signatory.request.document.sha256,
    }
