"""Sign-offs that keep an account from being archived: links that the client can still answer."""

from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import Account
from accounts.openwork import register_open_work

from .models import SignRequest


def waiting(account: Account, *, now: datetime) -> str:
    """How many documents of the account are out to be signed."""
    n = SignRequest.objects.filter(account=account).open().count()
    return ngettext("%(n)s document waits to be signed.", "%(n)s documents wait to be signed.", n) % {"n": n} if n else ""


register_open_work(waiting)
