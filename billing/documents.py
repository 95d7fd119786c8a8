"""The paper of an invoice: rendered once from what was fixed at issue, stored, mailed; in the client's language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from agency import files, pdf
from agency.words import isolated

from . import mails
from .models import Invoice


def render_document(invoice_id: int, *, now: datetime) -> bool:
    """Make the PDF of an issued invoice or credit note, and queue its letters in the transaction that stores it.

    Whether it did: of two renderers one stores, the other finds it done. Raises Refused when it can't be made.
    """
    invoice = Invoice.objects.select_related("account__client", "account__lead", "credits").filter(pk=invoice_id).first()
    if invoice is None or not invoice.is_issued or invoice.file_id:
        return False
    language = invoice.account.client.language
    data = pdf.render("pdf/billing/invoice.html", document_context(invoice), language=language, title=title_of(invoice, language))
    with transaction.atomic():
        current = Invoice.objects.select_for_update().get(pk=invoice.pk)
        if current.file_id:
            return False
        invoice.file = files.store_bytes(data, f"{invoice.number}.pdf", "application/pdf", now=now, pictures=True)
        Invoice.objects.filter(pk=invoice.pk).update(file=invoice.file)
        mails.send_document(invoice, mails.billing_contacts(invoice.account.client), now=now)
    return True


def title_of(invoice: Invoice, language: str) -> str:
    with translation.override(language):
        words = _("Credit note %(number)s") if invoice.is_credit_note else _("Invoice %(number)s")
        return words % {"number": isolated(invoice.number or "")}


def document_context(invoice: Invoice) -> dict[str, Any]:
    """What the template shows; only facts that are fixed."""
    frozen = invoice.frozen
    return {
        "invoice": invoice,
        "seller": frozen["seller"],
        "buyer": frozen["buyer"],
        "lines": [_numbers(line, "quantity", "unit_price", "tax_rate", "total") for line in frozen["lines"]],
        "taxes": list(invoice.taxes.all()),
        "signoffs": [
            {**signoff, "at": parse_datetime(signoff["at"]) if signoff["at"] else None} for signoff in frozen["signoffs"]
        ],
        "credits": _dated(frozen["credits"]),
        "zone": invoice.account.client.zone,
    }


def _numbers(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: Decimal(value) if name in names else value for name, value in facts.items()}


def _dated(credited: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**credited, "issued_on": parse_date(credited["issued_on"])} if credited else None
