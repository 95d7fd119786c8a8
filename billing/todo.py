"""What billing needs of a colleague now, for My day."""

from collections.abc import Sequence
from datetime import datetime, time
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from accounts.permissions import may
from accounts.todo import Todo, stuck_mails
from agency import clock
from agency.models import OutgoingMail

from . import figures
from .models import Invoice

#: More than this of one kind is a list to open, not a day.
AT_MOST = 20
#: What the rows say of an invoice on its way, and no more is read.
OF_INVOICE = (
    "number", "status", "returned_reason", "created_at", "requested_at", "approved_at", "requested_by__full_name",
    "approved_by__full_name", "account__client__name",
)  # fmt: skip


def todos(user: User, now: datetime, stuck: Sequence[OutgoingMail] | None = None) -> list[Todo]:
    """What this colleague's roles let them do about money, a few queries whatever there is.

    `stuck`: of `stuck_mails`, where they have been read already.
    """
    found = _of_invoices(user)
    if may(user, "invoices.request"):
        found += _unbilled(user)
    if may(user, "chase.manage"):
        found += _in_doubt(stuck_mails(user, now) if stuck is None else stuck) + _nobody_to_remind(user)
    return found


def _of_invoices(user: User) -> list[Todo]:
    """Invoices on their way that wait for this colleague: to correct, to approve, to issue."""
    wanted = []
    if may(user, "invoices.request"):
        wanted.append(Q(status=Invoice.Status.DRAFT, created_by=user) & ~Q(returned_reason=""))
    if may(user, "invoices.approve"):
        wanted.append(Q(status=Invoice.Status.REQUESTED) & ~Q(requested_by=user))
    if may(user, "invoices.issue"):
        wanted.append(Q(status=Invoice.Status.APPROVED))
    if not wanted:
        return []
    rows = (
        Invoice.objects.visible_to(user)
        .filter(reduce(or_, wanted))
        .select_related("account__client", "requested_by", "approved_by")
    )
    rows = rows.order_by(Coalesce("approved_at", "requested_at", "created_at"), "pk")
    row = {Invoice.Status.DRAFT: _correct, Invoice.Status.REQUESTED: _approve, Invoice.Status.APPROVED: _issue}
    return [row[Invoice.Status(one.status)](one) for one in rows.only(*OF_INVOICE)[: len(wanted) * AT_MOST]]


def _correct(one: Invoice) -> Todo:
    return Todo(
        icon="invoice", what=_("Invoice returned: %(client)s") % {"client": one.client.name}, why=one.returned_reason,
        url=one.get_absolute_url(), button=_("Correct the invoice"), button_url=reverse("invoice_edit", args=[one.pk]), since=one.created_at,
    )  # fmt: skip


def _approve(one: Invoice) -> Todo:
    return Todo(
        icon="approve", what=_("Approve the invoice to %(client)s") % {"client": one.client.name},
        why=_("Asked by %(name)s") % {"name": one.requested_by.full_name if one.requested_by else ""},
        url=one.get_absolute_url(), button=_("Check and approve"), since=one.requested_at,
    )  # fmt: skip


def _issue(one: Invoice) -> Todo:
    return Todo(
        icon="invoice", what=_("Issue the invoice to %(client)s") % {"client": one.client.name},
        why=_("Approved by %(name)s") % {"name": one.approved_by.full_name if one.approved_by else ""},
        url=one.get_absolute_url(), button=_("Check and issue"), button_url=reverse("invoice_issue", args=[one.pk]), since=one.approved_at,
    )  # fmt: skip


def _unbilled(user: User) -> list[Todo]:
    rows = figures.jobs_to_bill(user).filter(owner=user)
    return [
        Todo(
            icon="money", what=_("Bill “%(title)s”") % {"title": job.title}, client=job.account.client.name, number=job.number,
            why=_("signed off by the client, not billed yet"), url=job.get_absolute_url(),
            button=_("Request billing"), button_url=f"{reverse('invoice_create')}?job={job.number}", since=job.delivered_at,
        )
        for job in rows.only("number", "title", "delivered_at", "account__client__name")[:AT_MOST]
    ]  # fmt: skip


def _in_doubt(stuck: Sequence[OutgoingMail]) -> list[Todo]:
    """Letters about money that only a person can decide on."""
    return [
        Todo(
            icon="mail", what=mail.subject, why=_("The mail to %(email)s didn't go through for certain") % {"email": mail.to_email},
            url=reverse("chase"), button=_("Decide"), since=mail.created_at,
        )
        for mail in stuck if mail.letter.startswith("billing.")
    ][:AT_MOST]  # fmt: skip


def _nobody_to_remind(user: User) -> list[Todo]:
    """Clients who owe something and have nobody who gets invoices: their reminders wait."""
    readers = Contact.objects.active().filter(client=OuterRef("account__client"), gets_invoices=True)
    rows = Invoice.objects.visible_to(user).unpaid().filter(~Exists(readers)).select_related("account__client")
    rows = rows.only("number", "due_on", "account__client__name", "account__client__code").order_by("due_on")
    oldest: dict[int, Invoice] = {}
    for invoice in rows[:200]:
        oldest.setdefault(invoice.account.client_id, invoice)
    zone = clock.agency_zone()
    return [
        Todo(
            icon="contact", what=_("Nobody at %(client)s gets invoices") % {"client": one.client.name},
            why=_("Reminders wait until a contact is marked for them"), url=one.client.get_absolute_url(), button=_("Choose a contact"),
            number=one.number or "", due_at=clock.at_local(one.due_on, time(18), zone) if one.due_on else None,
        )
        for one in oldest.values()
    ][:AT_MOST]  # fmt: skip
