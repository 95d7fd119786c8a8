"""One job through the whole chain, headless: what is walked with, and how each step is told (walk_steps.py has the steps)."""

from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import Account, User
from agency import clock, doorbell
from agency.models import OutgoingMail, StoredFile
from billing.models import Invoice
from jobsheets.models import Deliverable, Job, Version
from meetings.models import Meeting, Minutes
from signoffs.models import SignRequest

from .browser import Browser
from .paper import Paper


class Failed(Exception):
    """A step didn't do what it should; the sentence says what was found instead."""


def expect(true: Any, otherwise: str) -> None:
    """Raises Failed unless it is true."""
    if not true:
        raise Failed(otherwise)


class Walk:
    """The people, the things made so far, and the tale of it. All happens now; background work is done on the spot."""

    job: Job
    row: Deliverable
    version: Version
    request: SignRequest
    meeting: Meeting
    minutes: Minutes
    invoice: Invoice
    paper: Paper

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.users = {user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")}
        self.account = Account.objects.select_related("client", "lead").get(client__code="HBL", name="Property")
        self.signer = self.account.client.contacts.select_related("client").get(email="grace.bell@harbourlofts.example")
        self.last_mail = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.staff, self.phone = Browser(), Browser()  # Ana's at her desk, Grace's in her hand
        self.steps: list[dict[str, Any]] = []
        self.ahead: list[dict[str, Any]] = []  # letters of the chase, played ahead and not kept

    def run(self, steps: "Sequence[Step]") -> bool:
        """Walk to the end, or to the first step that fails; answers whether all went well."""
        with doorbell.answered():
            return all(self.take(name, step) for name, step in steps)

    def take(self, name: str, step: "Callable[[Walk], str]") -> bool:
        now = clock.now()
        try:
            told, ok = step(self), True
        except Exception as error:
            told, ok = str(error) or type(error).__name__, False
        self.steps.append({"name": name, "at": now.isoformat(), "ok": ok} | ({} if ok else {"error": told}))
        at = clock.local(now, clock.agency_zone())
        self.say(f"{at:%H:%M:%S}  {'ok' if ok else 'FAILED'}  {name}" + (f": {told}" if told else ""))
        return ok

    def by(self, login: str) -> User:
        return self.users[login]

    def keep(self, stored: StoredFile | None, kind: str) -> None:
        """Put a file the chain made among those of the walk."""
        if stored is None:
            raise Failed(f"The file ({kind}) wasn't made.")
        self.paper.keep(stored, kind)

    def files(self) -> list[dict[str, str]]:
        return self.paper.files if hasattr(self, "paper") else []

    def mails(self) -> list[dict[str, Any]]:
        """Every mail since the walk began, and those of the chase that were played ahead."""
        rows = OutgoingMail.objects.filter(pk__gt=self.last_mail).order_by("pk")
        return [mail_facts(mail) for mail in rows] + self.ahead

    def as_json(self) -> dict[str, Any]:
        number = self.job.number if hasattr(self, "job") else ""
        return {"job": number, "steps": self.steps, "mails": self.mails(), "files": self.files()}


Step = tuple[str, Callable[[Walk], str]]


def mail_facts(mail: OutgoingMail) -> dict[str, Any]:
    """A mail without its text, which may hold a link."""
    return {
        "key": mail.key, "letter": mail.letter, "to": mail.to_email, "subject": mail.subject, "status": mail.status,
        "at": (mail.sent_at or mail.due_at).isoformat(),
    }  # fmt: skip
