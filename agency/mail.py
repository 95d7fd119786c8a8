"""Letters: worded in the recipient's language when their cause happens, saved as rows, sent after commit (agency/outbox.py)."""

import hashlib
import hmac
import html as html_escapes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import get_language_info

from .doorbell import ring
from .models import Agency, MailAttachment, OutgoingMail, StoredFile
from .models.mails import OutgoingMailQuerySet

UTC = ZoneInfo("UTC")
WhenInDoubt = Literal["resend", "ask"]
SECRET = re.compile(r"\[\[([a-z_]+)\]\]")


class Person(Protocol):
    """A colleague or a contact."""

    email: str
    full_name: str
    language: str

    @property
    def zone(self) -> ZoneInfo: ...


@dataclass(frozen=True)
class Recipient:
    """To whom a letter goes, and how to word it for them."""

    email: str
    name: str
    language: str = "en"
    zone: ZoneInfo = UTC

    @classmethod
    def of(cls, person: Person) -> "Recipient":
        return cls(person.email, person.full_name, person.language, person.zone)


@dataclass(frozen=True)
class Letter:
    """What the outbox asks about a letter before it is sent, and does when the mail server's answer was lost."""

    name: str
    still_wanted: Callable[[OutgoingMail], bool]
    when_in_doubt: WhenInDoubt
    secrets: Callable[[OutgoingMail], Mapping[str, str]]


def _always(_mail: OutgoingMail) -> bool:
    return True


def _none(_mail: OutgoingMail) -> Mapping[str, str]:
    return {}


_letters: dict[str, Letter] = {}


def register_letter(
    name: str,
    *,
    still_wanted: Callable[[OutgoingMail], bool] = _always,
    when_in_doubt: WhenInDoubt = "resend",
    secrets: Callable[[OutgoingMail], Mapping[str, str]] = _none,
) -> Letter:
    """Make a letter known (in <app>/mails.py, imported by the app's ready()).

    `still_wanted(mail)` is asked just before sending: is the link still open, the invoice still unpaid? `when_in_doubt`:
    "resend" sends the same message once more, "ask" leaves it to a person. `secrets(mail)` gives the texts that replace
    [[name]] in the stored body; they exist in the sent message only.
    """
    letter = Letter(name, still_wanted, when_in_doubt, secrets)
    _letters[name] = letter
    return letter


def letter_named(name: str) -> Letter:
    """The registered letter; one that is gone from the code is sent without questions."""
    return _letters.get(name) or Letter(name, _always, "ask", _none)


def registered_letters() -> list[str]:
    return sorted(_letters)


def queue(
    letter: str,
    *,
    to: Recipient,
    key: str,
    context: Mapping[str, Any],
    about: models.Model | None,
    account: models.Model | None = None,
    client: models.Model | None = None,
    reply_to: str = "",
    sender_name: str = "",
    attachments: Sequence[StoredFile] = (),
    now: datetime,
    not_before: datetime | None = None,
    thread: str = "",
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Word a letter and save it, in the caller's transaction; it is sent after commit, not before `not_before` (UTC).

    `key` names the cause and the recipient, such as `sign:17:1`: a second call with the same key changes nothing and
    answers the first row. Account and client are taken from `about` when it has them.
    """
    if existing := OutgoingMail.objects.filter(key=key).first():
        return existing
    account = account or getattr(about, "account", None)
    client = client or getattr(about, "client", None) or getattr(account, "client", None)
    wording = compose(letter, to=to, context=context)
    mail = OutgoingMail(
        key=key, letter=letter, to_email=to.email, to_name=to.name, language=to.language, zone_name=to.zone.key,
        sender_name=sender_name, reply_to=reply_to, headers=dict(headers or {}), thread=thread, message_id=message_id(key),
        account_id=account.pk if account else None, client_id=client.pk if client else None,
        content_type=ContentType.objects.get_for_model(about) if about else None, object_id=about.pk if about else None,
        subject=wording.subject, text=wording.text, html=wording.html, created_at=now, due_at=max(now, not_before or now),
    )  # fmt: skip
    if not _insert(mail, attachments):
        return OutgoingMail.objects.get(key=key)
    if mail.due_at <= now:
        from .tasks import send_mail

        ring(send_mail, mail.pk)
    return mail


def _insert(mail: OutgoingMail, attachments: Sequence[StoredFile]) -> bool:
    """Whether this mail is the first of its key; of two that queue at once, one is."""
    rows = [MailAttachment(mail=mail, stored=stored, position=place) for place, stored in enumerate(attachments)]
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            MailAttachment.objects.bulk_create(rows)
    except IntegrityError:
        return False
    return True


@dataclass(frozen=True)
class Wording:
    """Subject, text and HTML of a letter."""

    subject: str
    text: str
    html: str


def compose(letter: str, *, to: Recipient, context: Mapping[str, Any]) -> Wording:
    """Render templates/mail/<letter with dots as slashes>.{subject.txt,txt,html} in the recipient's language and zone."""
    path = f"mail/{letter.replace('.', '/')}"
    with translation.override(to.language), timezone.override(to.zone):
        direction = "rtl" if get_language_info(to.language)["bidi"] else "ltr"
        frame = {
            "agency": Agency.current(), "recipient": to, "language": to.language, "direction": direction,
            "zone": to.zone, "site_url": settings.SITE_URL,
        }  # fmt: skip
        full = {**frame, **context}
        subject = " ".join(_plain_text(f"{path}.subject.txt", full).split())
        body = re.sub(r"\n{3,}", "\n\n", _plain_text(f"{path}.txt", {**full, "subject": subject})).strip() + "\n"
        html = get_template(f"{path}.html").render({**full, "subject": subject})
    return Wording(subject[:255], body, html)


def _plain_text(template: str, context: Mapping[str, Any]) -> str:
    """A text template: nothing is escaped for HTML in it."""
    found: Any = get_template(template)
    rendered: str = found.template.render(Context(dict(context), autoescape=False))
    return rendered


def filled(mail: OutgoingMail) -> Wording:
    """The mail with its secrets in place, as the recipient gets it. Never stored, never logged."""
    secrets = letter_named(mail.letter).secrets(mail)

    def fill(body: str, escape: Callable[[str], str]) -> str:
        return SECRET.sub(lambda found: escape(secrets[found[1]]) if found[1] in secrets else found[0], body)

    return Wording(mail.subject, fill(mail.text, str), fill(mail.html, html_escapes.escape))


def sender_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def message_id(key: str) -> str:
    """The Message-ID of the mail with this key: the same at every retry, and telling nothing about the key."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"message-id:{key}".encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:40]}@{sender_domain()}>"


def mails_about(obj: models.Model) -> OutgoingMailQuerySet:
    """The mails about one thing, newest first: for {% include "agency/_mail_state.html" with mails=... %}."""
    return OutgoingMail.objects.about(obj)
