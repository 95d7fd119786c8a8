"""One agency with something of everything, all of it Acme's: what the wall tests try to reach from the other side.

Add a thing by a field and a line in `make_world`; rows are made directly where a state is meant, by actions elsewhere.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Role, TeamMember, User
from agency.files import store_bytes
from agency.mail import message_id
from agency.models import OutgoingMail
from billing.models import Invoice, Payment
from jobsheets.models import Assignment, Deliverable, Job, ReferenceFile, Version
from meetings.actions import send_minutes
from meetings.models import Meeting, NextStep
from reporting.compose import compose
from reporting.models import StatusReport
from signoffs.models import Delegation, Signatory, SignRequest
from tests.cast import NOW, Cast, join, make_cast, make_job, make_user
from tests.meetings.factories import make_meeting, write

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@dataclass
class World:
    """The cast and the things; `everything.acme`, `everything.ae` … are reached as `world.acme`, `world.ae`."""

    cast: Cast
    stranger: User  # on the rival's account only, with every role that doesn't see all
    member: TeamMember
    job: Job
    deliverable: Deliverable
    version: Version
    reference: ReferenceFile
    assignment: Assignment
    meeting: Meeting
    step: NextStep
    draft: Invoice
    invoice: Invoice
    payment: Payment
    mail: OutgoingMail
    signrequest: SignRequest
    signatory: Signatory
    delegation: Delegation
    report: StatusReport

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cast, name)

    def by_role(self) -> dict[str, User]:
        """One colleague for each role; those who don't see all are on Acme's team."""
        cast = self.cast
        people = (
            cast.coordinator, cast.ae, cast.planner, cast.manager, cast.director, cast.creative,
            cast.creative_director, cast.traffic, cast.finance, cast.admin,
        )  # fmt: skip
        return {next(iter(person.roles)): person for person in people}


def make_world() -> World:
    cast = make_cast()
    narrow = (Role.COORDINATOR, Role.AE, Role.PLANNER, Role.MANAGER, Role.CREATIVE, Role.CREATIVE_DIRECTOR)
    stranger = make_user("stranger@agency.example", *narrow, name="Stan Stranger")
    join(cast.rival_account, stranger)
    job = make_job(cast.account, cast.ae)
    meeting = make_meeting(cast)
    minutes = write(cast, meeting)
    invoice = _issued(cast)
    signatory = _asked(cast)
    deliverable = Deliverable.objects.create(job=job, position=1, title="Poster")
    picture = store_bytes(PIXEL, "poster.png", "image/png", now=NOW)
    return World(
        cast=cast,
        stranger=stranger,
        member=TeamMember.objects.get(account=cast.account, user=cast.teammate),
        job=job,
        deliverable=deliverable,
        version=Version.objects.create(
            deliverable=deliverable, number=1, file=picture, sha256=picture.sha256, by=cast.creative, at=NOW
        ),
        reference=ReferenceFile.objects.create(job=job, file=picture, by=cast.ae, at=NOW),
        assignment=Assignment.objects.create(
            job=job, user=cast.creative, craft="art direction", assigned_at=NOW, assigned_by=cast.ae
        ),
        meeting=meeting,
        step=NextStep.objects.filter(minutes=minutes).order_by("pk")[0],
        draft=Invoice.objects.create(account=cast.account, currency="EUR", created_by=cast.ae, created_at=NOW),
        invoice=invoice,
        payment=Payment.objects.create(
            account=cast.account, received_on=NOW.date(), amount=Decimal("10"), currency="EUR", by=cast.finance, at=NOW
        ),
        mail=_mail(cast),
        signrequest=signatory.request,
        signatory=signatory,
        delegation=Delegation.objects.create(
            signatory=signatory, name="Nils Next", email="nils@acme.example", reason="My desk moved.", proposed_at=NOW
        ),
        report=StatusReport.objects.create(
            account=cast.account,
            period="2026-W48",
            due_at=NOW + timedelta(days=3),
            send_at=NOW + timedelta(days=3),
            language="en",
            content=compose(cast.account, since=NOW - timedelta(days=7), now=NOW),
            composed_at=NOW,
        ),
    )


def _issued(cast: Cast) -> Invoice:
    return Invoice.objects.create(
        account=cast.account, currency="EUR", created_by=cast.ae, created_at=NOW, status="issued", number="2026-00001",
        issued_on=NOW.date(), due_on=(NOW + timedelta(days=30)).date(), net=Decimal("100"), tax=Decimal("21"),
        gross=Decimal("121"), issued_at=NOW, issued_by=cast.finance,
    )  # fmt: skip


def _asked(cast: Cast) -> Signatory:
    """Minutes that are with the client."""
    minutes = write(cast, make_meeting(cast))
    request = send_minutes(minutes, signers=[cast.contact], revision=minutes.revision, by=cast.ae, now=NOW)
    return Signatory.objects.select_related("request").get(request=request)


def _mail(cast: Cast) -> OutgoingMail:
    return OutgoingMail.objects.create(
        key="world:1", letter="world", to_email=cast.contact.email, language="en", subject="Hello", text="Hello", html="<p>Hello</p>",
        message_id=message_id("world:1"), created_at=NOW, due_at=NOW, account=cast.account, client=cast.acme, status="failed",
    )  # fmt: skip
