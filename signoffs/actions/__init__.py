"""Everything that changes a sign-off. Nothing else writes these tables."""

from .closing import expire_due, supersede_requests, withdraw_request
from .codes import check_code, request_code
from .deciding import CodeNeeded, Given, NewerVersion, Receipt, Signature, decline, mark_seen, record_decision
from .delegating import confirm_delegate, propose_delegate, refuse_delegate
from .documents import freeze_document
from .reminding import remind_due
from .sending import Asked, correct_address_and_resend, pause_reminders, resend, send_for_signature

__all__ = [
    "Asked",
    "CodeNeeded",
    "Given",
    "NewerVersion",
    "Receipt",
    "Signature",
    "check_code",
    "confirm_delegate",
    "correct_address_and_resend",
    "decline",
    "expire_due",
    "freeze_document",
    "mark_seen",
    "pause_reminders",
    "propose_delegate",
    "record_decision",
    "refuse_delegate",
    "remind_due",
    "request_code",
    "resend",
    "send_for_signature",
    "supersede_requests",
    "withdraw_request",
]
