"""The gate: no job sheet, no work. Every action that hangs something on a job asks here first.

Versions, sign-offs of deliverables, receipts, time and vendor costs need an open job; an invoice an open or closed one.
The sheet itself, schedules, quotations and minutes are signed whenever they are due and don't ask.
"""

from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import audit
from agency.errors import WrongState

from .models import Job, Override

Thing = Literal["version", "signoff", "receipt", "time", "cost", "invoice"]

_OPEN = frozenset({Job.Status.OPEN})
#: From what may hang on a job to the states of the job that let it.
ALLOWED: dict[str, frozenset[Job.Status]] = {
    "version": _OPEN,
    "signoff": _OPEN,
    "receipt": _OPEN,
    "time": _OPEN,
    "cost": _OPEN,
    "invoice": frozenset({Job.Status.OPEN, Job.Status.CLOSED}),
}
NAMES: dict[str, str | Promise] = {
    "version": gettext_lazy("Uploading, checking and releasing versions"),
    "signoff": gettext_lazy("Sending a deliverable for sign-off"),
    "receipt": gettext_lazy("Writing a sign receipt"),
    "time": gettext_lazy("Writing down hours"),
    "cost": gettext_lazy("Ordering from a vendor"),
    "invoice": gettext_lazy("Invoicing"),
}


def passes(job: Job, thing: Thing) -> bool:
    """Whether the job's own state lets `thing` hang on it; overrides aside."""
    return job.status in ALLOWED[thing]


def override_of(job: Job, thing: Thing) -> Override | None:
    """A director's word that lets `thing` pass while the job is in its present state."""
    return job.overrides.filter(gate=thing, status=job.status).first()


def may(job: Job, thing: Thing) -> bool:
    """Whether `thing` may hang on the job now: for buttons, never instead of `require`."""
    return passes(job, thing) or override_of(job, thing) is not None


def require(job: Job, thing: Thing, *, by: audit.Acts, now: datetime) -> None:
    """Let `thing` pass or raise WrongState. A passage under an override is written down each time."""
    if passes(job, thing):
        return
    word = override_of(job, thing)
    if word is None:
        raise WrongState(refusal(job, thing))
    audit.record("job.passed_gate", job, by=by, now=now, new={"thing": thing}, reason=word.reason)


def require_open(job: Job, thing: Thing) -> None:
    """As `require`, for showing a form: nothing is done yet, so nothing is written down."""
    if not may(job, thing):
        raise WrongState(refusal(job, thing))


def refusal(job: Job, thing: Thing) -> str:
    """Why the gate is shut, and what to do."""
    facts = {"number": job.number, "status": job.get_status_display(), "thing": NAMES[thing]}
    if thing == "invoice":
        return (
            _(
                "%(thing)s needs a job that is open or closed, but %(number)s is in the state “%(status)s”. "
                "A director can let it pass, with a reason."
            )
            % facts
        )
    return (
        _(
            "%(thing)s needs an open job, but %(number)s is in the state “%(status)s”. No job sheet, no work: "
            "a director can let it pass, with a reason."
        )
        % facts
    )
