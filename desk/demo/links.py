"""Who can log in to the demo, and a client's link to try."""

import re
from collections.abc import Iterator

from django.conf import settings

from accounts.models import User
from agency.mail import filled
from agency.models import OutgoingMail
from signoffs.models import Signatory

from .people import COLLEAGUES, PASSWORD


def logins() -> Iterator[tuple[str, str, str]]:
    """Address, name and job title of whoever of the demo's colleagues can log in."""
    here = {user.email: user for user in User.objects.active().filter(email__endswith="@demo.example")}
    for colleague in COLLEAGUES:
        if user := here.get(f"{colleague.login}@demo.example"):
            yield user.email, user.full_name, user.title


def link_in(mail: OutgoingMail) -> str:
    """The link to sign in a mail as its reader gets it; empty if there is none."""
    found = re.search(re.escape(settings.SITE_URL) + r"/s/[A-Za-z0-9_-]+/", filled(mail).text)
    return found[0] if found else ""


def path_in(mail: OutgoingMail) -> str:
    """The same, without the site."""
    return link_in(mail).removeprefix(settings.SITE_URL)


def client_link() -> tuple[str, str]:
    """A live link and whom it was sent to; English if there is one."""
    waiting = Signatory.objects.waiting().filter(contact__isnull=False).select_related("request__document")
    for signatory in sorted(waiting, key=lambda row: (row.language != "en", -row.pk)):
        key = f"sign:{signatory.pk}:{signatory.link_number}"
        mail = OutgoingMail.objects.filter(key=key).first()
        if mail and (link := link_in(mail)):
            return link, f"{signatory.name}: {signatory.request.document.title}"
    return "", ""


def lines() -> Iterator[str]:
    """What `make run` prints."""
    yield f"Log in at {settings.SITE_URL}/ with the password “{PASSWORD}”:"
    for email, name, title in logins():
        yield f"  {email:<32} {name}, {title}"
    link, whose = client_link()
    if link:
        yield f"\nWhat a client sees ({whose}):\n  {link}"
    if settings.MAILBOX:
        yield f"\nEvery mail, as its reader gets it: {settings.SITE_URL}/mailbox/"
