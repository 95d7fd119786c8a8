"""The kernel's tables: the agency's profile, counters, stored files, the outbox, papers that failed and the record of who did what."""

from .audit import AuditEntry
from .files import StoredFile
from .mails import MailAttachment, OutgoingMail
from .papers import PaperTry
from .profile import Agency, Counter, Heartbeat

__all__ = ["Agency", "AuditEntry", "Counter", "Heartbeat", "MailAttachment", "OutgoingMail", "PaperTry", "StoredFile"]
