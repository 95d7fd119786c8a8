"""Handing one message to the mail server, knowing at every moment whether it may have been taken.

SMTP takes a message with the final dot after its body. Just before that dot the caller's hook runs (it commits "in doubt");
whatever fails before it was certainly not taken, a refusal after it certainly not either; only silence after it is a doubt.
"""

import smtplib
import socket
from collections.abc import Callable
from email.charset import QP, Charset
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from .mail import Wording, message_id
from .models import Agency, OutgoingMail

Hook = Callable[[], None]


class RefusedForGood(Exception):
    """The mail server will never take this message (5xx), or the address can't be written to."""


class RefusedForNow(Exception):
    """The mail server doesn't take it now (4xx), can't be reached, or doesn't let us in: try again later."""


class NoAnswer(Exception):
    """The message was handed over, but whether the server took it is unknown."""


class _Plain(smtplib.SMTP):
    """smtplib's client with a pause between the body and the final dot."""

    before_final_dot: Hook | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # Without it the kernel may keep the dot back until the server has acknowledged the body.
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.putcmd("data")
        code, reply = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        body = msg.encode("ascii") if isinstance(msg, str) else msg
        body = smtplib._quote_periods(body)  # type: ignore[attr-defined]
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        if self.before_final_dot:
            self.before_final_dot()
        self.send(b".\r\n")
        answer: tuple[int, bytes] = self.getreply()
        return answer


class _Secure(_Plain, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Backend(EmailBackend):
    """Django's SMTP backend with our client."""

    @property
    def connection_class(self) -> Any:
        return _Secure if self.use_ssl else _Plain


def message_of(mail: OutgoingMail, wording: Wording) -> EmailMultiAlternatives:
    """The message as it leaves: text and HTML, attachments, and headers that keep auto-responders quiet and threads together."""
    headers = {
        **mail.headers,
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": mail.language,
    }
    if mail.thread:
        # The thread's first message is never sent: its name alone keeps the others together. The client and the recipient
        # are part of it, so that no two clients' mails ever meet in one.
        root = message_id(f"thread:{mail.client_id}:{mail.to_email}:{mail.thread}")
        headers |= {"In-Reply-To": root, "References": root}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=wording.text,
        from_email=_from(mail),
        to=[formataddr((mail.to_name, mail.to_email))],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    charset = Charset("utf-8")
    charset.body_encoding = QP
    message.encoding = charset
    message.attach_alternative(wording.html, "text/html")
    for attached in mail.attached.select_related("stored"):
        with attached.stored.file.open("rb") as content:
            message.attach(attached.stored.name, content.read(), attached.stored.content_type)
    return message


def _from(mail: OutgoingMail) -> str:
    """Our address, under the name of the colleague and the agency."""
    agency = Agency.current().name
    name = f"{mail.sender_name} ({agency})" if mail.sender_name else agency
    return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def deliver(message: EmailMultiAlternatives, *, before_final_dot: Hook, taken: Hook) -> None:
    """Hand the message over; `taken` runs as soon as the server said so. Raises RefusedForGood, RefusedForNow or NoAnswer."""
    if settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        _deliver_by_smtp(message, before_final_dot, taken)
    else:
        _deliver_by_service(message, before_final_dot)
        taken()


def _deliver_by_service(message: EmailMultiAlternatives, before_final_dot: Hook) -> None:
    """Another backend, such as a mail service's API: the whole call is the final dot."""
    before_final_dot()
    try:
        get_connection().send_messages([message])
    except Exception as error:
        status = getattr(error, "status_code", None)
        if isinstance(status, int) and 400 <= status < 500:
            raise (RefusedForNow if status in (401, 403, 429) else RefusedForGood)(f"{status}") from error
        raise NoAnswer(type(error).__name__) from error


def _deliver_by_smtp(message: EmailMultiAlternatives, before_final_dot: Hook, taken: Hook) -> None:
    handed_over = polite = False

    def hook() -> None:
        nonlocal handed_over
        before_final_dot()
        handed_over = True

    backend = Backend()
    try:
        backend.open()
        connection: Any = backend.connection
        connection.before_final_dot = hook
        sender = sanitize_address(parseaddr(message.from_email)[1], "ascii")
        to = [sanitize_address(parseaddr(address)[1], "ascii") for address in message.recipients()]
        wire: Any = message.message()
        connection.sendmail(sender, to, wire.as_bytes(linesep="\r\n"))
        polite = True
        taken()
    except (smtplib.SMTPException, OSError) as error:
        raise _meaning(error, handed_over) from error
    except UnicodeError as error:
        raise RefusedForGood("The address has letters that mail can't carry.") from error
    finally:
        _hang_up(backend, polite)


def _hang_up(backend: Backend, polite: bool) -> None:
    """Close the connection; a failure here says nothing about the message.

    Without `polite` there is no goodbye: in the middle of a body the server would take it for text and wait.
    """
    try:
        if not polite and backend.connection is not None:
            backend.connection.close()
            backend.connection = None
        backend.close()
    except (smtplib.SMTPException, OSError):
        backend.connection = None


def _meaning(error: Exception, handed_over: bool) -> Exception:
    code, text = _code(error)
    if handed_over and not isinstance(error, smtplib.SMTPDataError):
        return NoAnswer(text)
    lets_us_in = not isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    if lets_us_in and code in (530, 535):
        lets_us_in = False
    return RefusedForGood(text) if lets_us_in and 500 <= code < 600 else RefusedForNow(text)


def _code(error: Exception) -> tuple[int, str]:
    """The server's code, 0 without one, and a short text for people."""
    answer: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return 0, (str(error) or type(error).__name__)[:400]
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return code, f"{code} {words}"[:400]
