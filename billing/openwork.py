"""Money that keeps an account from being archived: what is about to be billed, and what the client still owes."""

from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import Account
from accounts.openwork import register_open_work

from .models import Invoice


def drafts(account: Account, *, now: datetime) -> str:
    """Invoices that aren't issued yet."""
    n = Invoice.objects.filter(account=account).exclude(status=Invoice.Status.ISSUED).count()
    return ngettext("%(n)s invoice isn't issued.", "%(n)s invoices aren't issued.", n) % {"n": n} if n else ""


def unpaid(account: Account, *, now: datetime) -> str:
    """Issued invoices with something left to pay."""
    n = Invoice.objects.filter(account=account).unpaid().count()
    return ngettext("%(n)s invoice isn't paid.", "%(n)s invoices aren't paid.", n) % {"n": n} if n else ""


register_open_work(drafts)
register_open_work(unpaid)
