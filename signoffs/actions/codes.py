"""One-time codes: six digits to the address the link went to; ten minutes, once, five tries, all counted in the database."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from agency.errors import Refused, WrongState

from .. import mails
from ..evidence import add_event
from ..links import same_code
from ..models import OneTimeCode, Signatory, SignRequest
from ..origin import UNKNOWN, Origin
from ..standing import stage_of
from .locking import lock

LIFE, TRIES = timedelta(minutes=10), 5
PAUSE, PER_HOUR, IN_ALL = timedelta(seconds=60), 5, 25


def _lock_readable(signatory: Signatory, now: datetime) -> SignRequest:
    """The request, locked, while its document may still be read by this signatory; a closed one's chain grows no more."""
    request = lock(signatory.request_id)
    fresh = Signatory.objects.select_related("contact").get(pk=signatory.pk)
    fresh.request = request
    if stage_of(fresh, now=now) not in ("open", "copy", "answered"):
        raise WrongState(_("This link can't be used any more."))
    return request


@transaction.atomic
def request_code(signatory: Signatory, *, now: datetime) -> OneTimeCode:
    """Mail a fresh code; the ones before it stop working. Raises Refused when asked for too often."""
    request = _lock_readable(signatory, now)
    sent = OneTimeCode.objects.filter(signatory=signatory)
    if sent.filter(sent_at__gt=now - PAUSE).exists():
        raise Refused(_("We mailed you a code a moment ago. Wait a minute before you ask for another one."))
    if sent.filter(sent_at__gt=now - timedelta(hours=1)).count() >= PER_HOUR or sent.count() >= IN_ALL:
        raise Refused(_("You have asked for many codes. Wait an hour, or call us."))
    sent.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    code = OneTimeCode.objects.create(signatory=signatory, nonce=secrets.token_hex(32), sent_at=now, expires_at=now + LIFE)
    if request.is_open:
        add_event(request, "code_sent", now=now, signatory=signatory.name, email=signatory.email)
    mails.queue_code(code, now=now)
    return code


def check_code(signatory: Signatory, typed: str, *, origin: Origin = UNKNOWN, now: datetime) -> None:
    """Pass the code, or raise Refused. A try counts even when it fails, and racing tries are counted one by one."""
    digits = "".join(c for c in typed if c.isdigit())
    with transaction.atomic():
        request = _lock_readable(signatory, now)
        code = OneTimeCode.objects.filter(signatory=signatory, used_at=None, expires_at__gt=now).order_by("-pk").first()
        tried = code and OneTimeCode.objects.filter(pk=code.pk, used_at=None, tries__lt=TRIES).update(tries=F("tries") + 1)
        passed = bool(tried and code and len(digits) == 6 and digits.isascii() and same_code(code, digits))
        if passed and code:
            OneTimeCode.objects.filter(pk=code.pk).update(used_at=now)
            Signatory.objects.filter(pk=signatory.pk, decided_at=None).update(code_passed_at=now)
            where = {f"from_{name}": value for name, value in origin.as_dict().items()}
            if request.is_open:
                add_event(request, "code_passed", now=now, signatory=signatory.name, **where)
        elif tried and code and code.tries + 1 == TRIES and request.is_open:
            add_event(request, "code_blocked", now=now, signatory=signatory.name, tries=TRIES)
    if passed:
        return
    if code is None or not tried:
        raise WrongState(_("This code no longer works. Ask for a new one."))
    raise Refused(_("That is not the code we mailed last. Check the newest mail, or ask for a new code."))
