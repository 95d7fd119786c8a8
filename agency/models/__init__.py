"""The kernel's tables: the agency's profile, counters, stored files, the outbox and the record of who did what."""

from .audit import AuditEntry
from .files import StoredFile
from .mails import MailAttachment, OutgoingMail
from .profile import Agency, Counter, Heartbeat

__all__ = ["Agency", "AuditEntry", "Counter", "Heartbeat", "MailAttachment", "OutgoingMail", "StoredFile"]
