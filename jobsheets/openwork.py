"""Jobs that keep an account from being archived: everything between the draft and the end."""

from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import Account
from accounts.openwork import register_open_work

from .models import Job


def living_jobs(account: Account, *, now: datetime) -> str:
    """How many of the account's jobs are neither closed nor cancelled."""
    n = Job.objects.filter(account=account).alive().count()
    return ngettext("%(n)s job isn't closed.", "%(n)s jobs aren't closed.", n) % {"n": n} if n else ""


register_open_work(living_jobs)
