"""What the actions share: the locked row, team membership, texts that must be there."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Account, TeamMember, User
from accounts.permissions import may
from agency.errors import Refused, WrongState

from ..models import Job

MAX_REASON = 2000


def locked(job: Job) -> Job:
    """The job's row, held until the transaction ends, as it stands in the database."""
    return Job.objects.select_for_update(of=("self",)).select_related("account__client", "account__brand", "owner").get(pk=job.pk)


def in_state(job: Job, *states: str) -> None:
    """Raises WrongState unless the job is in one of them."""
    if job.status not in states:
        raise WrongState(
            _("%(job)s is in the state “%(status)s”, which doesn't allow this. Reload the page to see where it stands.")
            % {"job": job.number, "status": job.get_status_display()}
        )


def reason_given(reason: str) -> str:
    """The reason, trimmed; raises Refused when there is none or it is too long."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Write the reason: others must be able to understand it."))
    if len(reason) > MAX_REASON:
        raise Refused(_("Shorten the reason to 2,000 characters."))
    return reason


def on_team(account: Account, user: User) -> bool:
    return TeamMember.objects.current().filter(account=account, user=user).exists()


def require_on_team(account: Account, user: User) -> None:
    """Work is given only to who is on the account's team."""
    if not user.is_active or not on_team(account, user):
        raise Refused(
            _("%(name)s isn't on the team of %(account)s. Add them to the team first.")
            % {"name": user.full_name, "account": account}
        )


def team_with(account: Account, action: str, *, but: Iterable[int] = ()) -> list[User]:
    """The active colleagues on the account's team whose roles allow `action`, without those in `but` (ids)."""
    members = TeamMember.objects.current().filter(account=account, user__is_active=True).select_related("user")
    people = [member.user for member in members.prefetch_related("user__role_grants")]
    return [user for user in people if may(user, action) and user.pk not in set(but)]


def text(value: str, limit: int) -> str:
    """A person's text, trimmed and held to its limit."""
    value = value.strip()
    if len(value) > limit:
        raise Refused(_("Shorten the text to %(limit)s characters.") % {"limit": limit})
    return value


def assignees(job: Job) -> list[User]:
    """Who does the work now."""
    rows = job.assignments.filter(removed_at=None, user__is_active=True).select_related("user")
    return [row.user for row in rows]


def future(moment: datetime, now: datetime) -> datetime:
    """A date to work towards lies ahead."""
    if moment <= now:
        raise Refused(_("The due date must be in the future."))
    return moment
