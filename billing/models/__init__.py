"""Invoices, what was paid, and the reminders in between."""

from .chase import ChaseItem, ChaseLetter, ChaseStep
from .invoices import Invoice, InvoiceLine, TaxLine
from .payments import Allocation, Payment

__all__ = ["Allocation", "ChaseItem", "ChaseLetter", "ChaseStep", "Invoice", "InvoiceLine", "Payment", "TaxLine"]
