"""Next steps: done, or not after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may, require
from agency import audit
from agency.errors import WrongState

from ..models import NextStep


def complete_step(step: NextStep, *, by: User, now: datetime) -> None:
    """Mark a step of minutes that went out as done. Its owner may, and whoever writes minutes. Raises WrongState."""
    _settle(step, done_at=now, by=by, now=now)


def reopen_step(step: NextStep, *, by: User, now: datetime) -> None:
    """It wasn't done after all. Raises WrongState when it is open."""
    _settle(step, done_at=None, by=by, now=now)


@transaction.atomic
def _settle(step: NextStep, *, done_at: datetime | None, by: User, now: datetime) -> None:
    if step.user_id != by.pk or not may(by, "jobs.acknowledge"):
        require(by, "meetings.write")
    rows = NextStep.objects.binding().filter(pk=step.pk, done_at__isnull=done_at is not None)
    if not NextStep.objects.filter(pk__in=list(rows.values_list("pk", flat=True)), done_at=step.done_at).update(done_at=done_at):
        raise WrongState(_("This next step was changed meanwhile, or newer minutes carry it on. Reload the page."))
    step.refresh_from_db(fields=["done_at"])
    audit.record("step.done" if done_at else "step.reopened", step, by=by, now=now)
