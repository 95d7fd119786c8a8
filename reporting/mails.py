"""The letter that brings a status report, and the words both it and the PDF use."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Contact
from agency import words
from agency.mail import Recipient, queue, register_letter
from agency.models import OutgoingMail

from .models import StatusReport

#: Where a job stands, in the words a client reads.
STATES = {
    "preparing": (gettext_lazy("being prepared"), "now"),
    "working": (gettext_lazy("in work"), "now"),
    "changing": (gettext_lazy("your changes in work"), "now"),
    "with_client": (gettext_lazy("waiting on you"), "client"),
    "signed_off": (gettext_lazy("signed off"), "done"),
    "held": (gettext_lazy("on hold"), "due"),
    "closed": (gettext_lazy("delivered"), "done"),
}

#: The city of a zone in the language of whoever reads it.
_city = lazy(words.zone_city, str)


def _wanted(mail: OutgoingMail) -> bool:
    """Not for someone who left the client or no longer gets reports since."""
    contacts = Contact.objects.filter(client=mail.client_id, email__iexact=mail.to_email, archived_at=None)
    return contacts.filter(gets_reports=True).exists()


register_letter("reporting.status", still_wanted=_wanted, when_in_doubt="resend")


def title_of(report: StatusReport, language: str = "") -> str:
    """The report's heading in its own language, or in another."""
    with translation.override(language or report.language):
        until = words.in_zone(datetime.fromisoformat(report.content["until"]), report.account.client.zone)
        day = words.day(until.date(), "long")
        return _("Status report: %(name)s, %(day)s") % {"name": report.account.name, "day": day}


def context_of(report: StatusReport) -> dict[str, Any]:
    """What the PDF, the letter and the review page show. States get their words here, lazily, for any language."""
    content = report.content

    def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "word": STATES[row["state"]][0], "role": STATES[row["state"]][1]} for row in rows]

    return {
        "report": report, "account": report.account, "client": report.account.client, "sender": report.account.lead,
        "content": {**content, "done": named(content["done"]), "jobs": named(content["jobs"])},
        "client_zone": report.account.client.zone,
        "client_city": _city(report.account.client.zone),
    }  # fmt: skip


def status_report(report: StatusReport, contact: Contact, *, now: datetime) -> OutgoingMail:
    """One contact's copy: in their language, the PDF in the client's."""
    lead = report.account.lead
    return queue(
        "reporting.status",
        to=Recipient.of(contact),
        key=f"report:{report.account_id}:{report.period}:{contact.pk}",
        context={**context_of(report), "title": title_of(report, contact.language), "recipient_city": _city(contact.zone)},
        about=report,
        account=report.account,
        reply_to=lead.email,
        sender_name=lead.full_name,
        attachments=[report.file] if report.file else [],
        thread=f"report:{report.account_id}:{contact.pk}",
        now=now,
    )
