"""On which ground the demo stands: an empty database, or one that holds the demo agency. Everybody else's is left alone."""

from datetime import datetime

from django.conf import settings

from accounts.models import Client, User
from agency import audit
from agency.models import Agency, AuditEntry

from .people import COLLEAGUES, COMPANIES

LOADED = "demo.loaded"


class Foreign(Exception):
    """This database isn't the demo's to write to; the sentence says why and what to do."""


class HalfLoaded(Foreign):
    """Loading was interrupted: what is there is no working agency."""


def is_loaded() -> bool:
    """Whether the demo agency lives here already. Raises Foreign where somebody else does, or outside embedded mode."""
    if not settings.EMBEDDED:
        raise Foreign("The demo agency lives in embedded mode only (DEBUG=1): its passwords are public.")
    known = {f"{colleague.login}@demo.example" for colleague in COLLEAGUES}
    strangers = User.objects.exclude(email__in=known).exclude(email__endswith="@demo.example").exists()
    empty = not User.objects.exists() and not Client.objects.exists()
    loaded = AuditEntry.objects.filter(action=LOADED).exists()
    if empty:
        return False
    if strangers or (not loaded and not _begun()):
        raise Foreign("This database holds something else than the demo agency. Use an empty one (DATABASE_URL).")
    if not loaded:
        raise HalfLoaded(
            "The demo agency was loaded only in part. Delete var/countersign.sqlite3 and var/media, then begin anew."
        )
    return True


def _begun() -> bool:
    """Somebody stopped the loading halfway: only the demo's people and clients are here."""
    codes = {company.code for company in COMPANIES}
    ours = User.objects.filter(email=f"{COLLEAGUES[0].login}@demo.example").exists()
    return ours and not Client.objects.exclude(code__in=codes).exists()


def mark_loaded(now: datetime) -> None:
    """From now on this is the demo agency's database."""
    audit.record(LOADED, Agency.current(), by=audit.SYSTEM, now=now)
