"""The letters of billing: the document itself, the calm reminder, the word to the director."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Client, Contact, User
from accounts.visibility import clients_for
from agency import clock
from agency.mail import Recipient, compose, mails_about, queue, register_letter
from agency.models import Agency, MailAttachment, OutgoingMail
from agency.models.mails import OutgoingMailQuerySet

from . import figures
from .models import ChaseLetter, Invoice

#: Reminders are ready when the local day begins and leave when people are at their desks.
READING_HOUR = time(8)


def billing_contacts(client: Client) -> list[Contact]:
    """Who gets a client's invoices and reminders."""
    return list(client.contacts.filter(archived_at=None, gets_invoices=True).order_by("pk"))


def letters_about_money(user: User) -> OutgoingMailQuerySet:
    """Invoices, credit notes and reminders to clients this colleague sees, as letters."""
    return OutgoingMail.objects.filter(letter__startswith="billing.", client__in=clients_for(user))


# The document


def send_document(invoice: Invoice, contacts: Iterable[Contact], *, now: datetime, again: bool = False) -> list[OutgoingMail]:
    """Mail an invoice or credit note, its PDF attached, to each contact in their language."""
    name = "billing.credit_note" if invoice.is_credit_note else "billing.invoice"
    client, lead = invoice.account.client, invoice.account.lead
    times = mails_about(invoice).count() if again else 0
    return [
        queue(
            name, to=_recipient(contact), key=f"invoice:{invoice.pk}:{contact.pk}" + (f":{times}" if times else ""),
            context=_document_context(invoice, contact, lead),
            about=invoice, account=invoice.account, client=client, reply_to=_reply_to(lead), sender_name=_sender(),
            attachments=[invoice.file] if invoice.file else [], thread=f"invoice:{invoice.pk}:{contact.pk}", now=now,
        )
        for contact in contacts
    ]  # fmt: skip


def _document_context(invoice: Invoice, contact: Contact, lead: User) -> dict[str, Any]:
    with translation.override(contact.language):
        facts = [
            (_("Billed to"), invoice.frozen["buyer"]["name"]),
            (_("Your order number"), invoice.order_number),
            (_("Reason"), invoice.credit_reason),
            ("IBAN", "" if invoice.is_credit_note else invoice.frozen["seller"]["iban"]),
            (_("Reference"), invoice.number),
        ]
    return {"invoice": invoice, "client": invoice.account.client, "sender": lead, "facts": facts}


def _document_wanted(mail: OutgoingMail) -> bool:
    """Not to someone who left the client."""
    return _still_there(mail)


# The chase


def remind(letter: ChaseLetter, invoices: Sequence[Invoice], *, now: datetime) -> OutgoingMail:
    """Remind a billing contact of the invoices that have reached a step; at eight of their clock, or at once if it is later."""
    lead = invoices[0].account.lead
    return queue(
        "billing.reminder", to=_recipient(letter.reader), key=letter.key, context=_reminder_context(letter, invoices), about=letter,
        account=_common_account(invoices), client=letter.client, reply_to=_reply_to(lead), sender_name=_sender(),
        attachments=[invoice.file for invoice in invoices if invoice.file], now=now,
        not_before=clock.at_local(letter.local_day, READING_HOUR, letter.reader.zone), thread=f"chase:{letter.client_id}",
    )  # fmt: skip


def escalate(letter: ChaseLetter, invoices: Sequence[Invoice], *, now: datetime) -> OutgoingMail:
    """Tell a director that a client's money hasn't come by the day the agency set itself."""
    return queue(
        "billing.escalation", to=_recipient(letter.reader), key=letter.key, context=_reminder_context(letter, invoices), about=letter,
        account=_common_account(invoices), client=letter.client, now=now,
        not_before=clock.at_local(letter.local_day, READING_HOUR, letter.reader.zone), thread=f"escalation:{letter.client_id}",
    )  # fmt: skip


def _reminder_context(letter: ChaseLetter, invoices: Sequence[Invoice]) -> dict[str, Any]:
    ordered = sorted(invoices, key=lambda invoice: (invoice.due_on, invoice.pk))
    overdue = [invoice for invoice in ordered if invoice.due_on and invoice.due_on < letter.local_day]
    rows = [{"invoice": one, "days_late": (letter.local_day - one.due_on).days, "age": (letter.local_day - one.issued_on).days}
            for one in ordered if one.due_on and one.issued_on]  # fmt: skip
    return {
        "client": letter.client,
        "reader": letter.reader,
        "sender": ordered[0].account.lead,
        "first": ordered[0],
        "overdue": [row for row in rows if row["invoice"] in overdue],
        "upcoming": [row for row in rows if row["invoice"] not in overdue],
        "rows": rows,
        "ageing": figures.ageing_of_client(letter.client, letter.local_day) if letter.user_id else None,
        "receivables_url": settings.SITE_URL + reverse("receivables") + f"?client={letter.client.code}",
    }


def reword_reminders(invoice_ids: Sequence[int], *, now: datetime) -> None:
    """An invoice was paid, credited or paused: reminders about it that still wait are worded anew without it, or dropped."""
    letters = ChaseLetter.objects.filter(items__invoice__in=invoice_ids).select_related("client", "contact", "user").distinct()
    for letter in letters:
        waiting = OutgoingMail.objects.filter(key=letter.key, status=OutgoingMail.Status.QUEUED, attempts=0)
        owing = _owing(letter)
        if not owing or not waiting.exists():
            continue  # nothing owed any more: `still_wanted` drops it when its turn comes
        name = "billing.escalation" if letter.user_id else "billing.reminder"
        wording = compose(name, to=_recipient(letter.reader), context=_reminder_context(letter, owing))
        gone = MailAttachment.objects.filter(mail__in=waiting).exclude(stored__in=[one.file_id for one in owing if one.file_id])
        gone.delete()
        waiting.update(subject=wording.subject, text=wording.text, html=wording.html)


def _owing(letter: ChaseLetter) -> list[Invoice]:
    """The invoices of a letter that are still to be chased."""
    unpaid = Invoice.objects.unpaid().filter(chase_paused_at=None, chase_items__letters=letter)
    return list(unpaid.select_related("account__client", "account__lead"))


def _reminder_wanted(mail: OutgoingMail) -> bool:
    """Asked just before sending: is something still owed, and the reader still there?"""
    letter = ChaseLetter.objects.filter(pk=mail.object_id or 0).select_related("client", "contact", "user").first()
    if letter is None or not _owing(letter):
        return False
    if letter.contact:
        return letter.contact.is_active and letter.contact.gets_invoices
    return bool(letter.user and letter.user.is_active)


# Who


def _recipient(person: Contact | User) -> Recipient:
    return Recipient.of(person)


def _still_there(mail: OutgoingMail) -> bool:
    return Contact.objects.filter(client=mail.client_id, email=mail.to_email, archived_at=None).exists()


def _reply_to(lead: User) -> str:
    return lead.email if lead.is_active else Agency.current().email


def _sender() -> str:
    return Agency.current().name


def _common_account(invoices: Sequence[Invoice]) -> Any:
    """The account of a letter, if all its invoices are of one; else it belongs to the client alone."""
    accounts = {invoice.account for invoice in invoices}
    return accounts.pop() if len(accounts) == 1 else None


register_letter("billing.invoice", still_wanted=_document_wanted)
register_letter("billing.credit_note", still_wanted=_document_wanted)
register_letter("billing.reminder", still_wanted=_reminder_wanted, when_in_doubt="ask")
register_letter("billing.escalation", still_wanted=_reminder_wanted, when_in_doubt="ask")
