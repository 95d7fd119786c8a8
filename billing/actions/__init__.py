"""The only code that changes invoices, payments and the chase."""

from .approval import approve_billing, request_billing, return_billing
from .chasing import pause_chase, resume_chase
from .drafts import LineData, create_invoice, discard_draft, edit_draft
from .issuing import credit_invoice, issue_invoice, send_again
from .payments import record_payment, reverse_payment

__all__ = [
    "LineData",
    "approve_billing",
    "create_invoice",
    "credit_invoice",
    "discard_draft",
    "edit_draft",
    "issue_invoice",
    "pause_chase",
    "record_payment",
    "request_billing",
    "resume_chase",
    "return_billing",
    "reverse_payment",
    "send_again",
]
