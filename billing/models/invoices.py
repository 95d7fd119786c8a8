"""Invoices: asked for by the AE, approved by a manager, issued by finance with a gap-free number, then never edited."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Client, User
from accounts.querysets import AccountOwnedQuerySet
from agency import clock
from agency.immutable import register
from agency.models import StoredFile
from jobsheets.models import Job

ZERO = Decimal("0")

#: The computed states in words, and the colour that helps them.
STATE_WORDS = {
    "draft": _("draft"),
    "requested": _("billing requested"),
    "approved": _("approved"),
    "issued": _("issued"),
    "part_paid": _("part-paid"),
    "overdue": _("overdue"),
    "paid": _("paid"),
    "credited": _("credited"),
}
STATE_ROLES = {
    "requested": "due",
    "approved": "now",
    "issued": "client",
    "part_paid": "client",
    "overdue": "late",
    "paid": "done",
}


class InvoiceQuerySet(AccountOwnedQuerySet):
    def visible_to(self, user: User) -> Self:
        """By account; while the client is in the room only what they got: billing in preparation is the agency's own affair."""
        visible = super().visible_to(user)
        return visible.filter(status=Invoice.Status.ISSUED) if user.room else visible

    def listed(self) -> "InvoiceQuerySet":
        """For rows of a list: with their client, without what only the invoice's own page and paper show."""
        return self.select_related("account__client").defer("frozen", "note", "credit_reason")

    def issued(self) -> "InvoiceQuerySet":
        return self.filter(status=Invoice.Status.ISSUED)

    def billing(self) -> "InvoiceQuerySet":
        """Invoices that bill their jobs or are about to: neither credit notes nor credited."""
        return self.filter(kind=Invoice.Kind.INVOICE, credited_at=None)

    def unpaid(self) -> "InvoiceQuerySet":
        """Issued invoices (not credit notes) with something left to pay."""
        return self.issued().filter(kind=Invoice.Kind.INVOICE, settled__lt=F("gross"))

    def overdue(self, today: date) -> "InvoiceQuerySet":
        """Unpaid after their due date; `today` is the agency's local date."""
        return self.unpaid().filter(due_on__lt=today)


class Invoice(models.Model):
    """An invoice or a credit note. Stored states end at issued; part-paid, paid and overdue are computed. Paid + open = total."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit", _("credit note")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("invoice", "draft")
        REQUESTED = "requested", pgettext_lazy("invoice", "billing requested")
        APPROVED = "approved", pgettext_lazy("invoice", "approved")
        ISSUED = "issued", pgettext_lazy("invoice", "issued")

    TRANSITIONS = {
        Status.DRAFT: {Status.REQUESTED},
        Status.REQUESTED: {Status.DRAFT, Status.APPROVED},
        Status.APPROVED: {Status.ISSUED, Status.DRAFT},
        Status.ISSUED: set(),
    }

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.INVOICE, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    currency = models.CharField(max_length=3, editable=False)
    order_number = models.CharField(_("client's order number"), max_length=60, blank=True)
    note = models.TextField(_("note on the invoice"), max_length=1000, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30, validators=[MaxValueValidator(120)])
    credits = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes", editable=False)
    credit_reason = models.TextField(max_length=1000, blank=True, editable=False)
    returned_reason = models.TextField(blank=True, editable=False)

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    requested_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)

    # facts of an issued document; the database refuses their change
    # 2026-00042, credit notes 2026-R-00007; null until issued, so that drafts don't collide
    number = models.CharField(max_length=20, unique=True, null=True, blank=True, editable=False)
    issued_on = models.DateField(null=True, editable=False)  # local date of the agency
    due_on = models.DateField(null=True, editable=False)
    net = models.DecimalField(max_digits=14, decimal_places=3, null=True, editable=False)
    tax = models.DecimalField(max_digits=14, decimal_places=3, null=True, editable=False)
    gross = models.DecimalField(max_digits=14, decimal_places=3, null=True, editable=False)
    frozen = models.JSONField(default=dict, editable=False)  # seller, buyer, bank, signed sign-offs as they stood at issue

    # what may still move
    settled = models.DecimalField(max_digits=14, decimal_places=3, default=ZERO, editable=False)  # paid + credited, under lock
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    credited_at = models.DateTimeField(null=True, blank=True, editable=False)  # when a credit note took the whole back
    chase_paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    chase_paused_reason = models.TextField(blank=True, editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        status="issued",
                        number__isnull=False,
                        issued_on__isnull=False,
                        due_on__isnull=False,
                        net__isnull=False,
                        tax__isnull=False,
                        gross__isnull=False,
                        issued_at__isnull=False,
                    )
                    | (~Q(status="issued") & Q(number=None, issued_on=None, gross=None))
                ),
                name="issued_invoice_has_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(gross=None) | Q(settled__lte=F("gross"), settled__gte=0), name="settled_within_total"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", credits=None) | Q(kind="credit", credits__isnull=False), name="credit_credits"
            ),
            models.UniqueConstraint(fields=["credits"], condition=Q(kind="credit"), name="credited_once"),
        ]
        indexes = [
            models.Index(fields=["account", "-issued_on"], name="invoice_by_account"),
            models.Index(fields=["-issued_on", "-id"], name="invoice_by_day"),
            models.Index(
                fields=["due_on"], condition=Q(status="issued", kind="invoice", settled__lt=F("gross")), name="invoice_unpaid"
            ),
            models.Index(fields=["status"], condition=~Q(status="issued"), name="invoice_unissued"),
            models.Index(fields=["issued_at"], condition=Q(status="issued", file=None), name="invoice_without_paper"),
        ]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    def __str__(self) -> str:
        return self.number or str(_("invoice draft %(id)s") % {"id": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("invoice_detail", args=[self.number]) if self.number else reverse("invoice_draft", args=[self.pk])

    @property
    def client(self) -> Client:
        return self.account.client

    @property
    def open_amount(self) -> Decimal:
        """What is left to pay. Paid + credited + open = total, always."""
        return (self.gross or ZERO) - self.settled

    @property
    def paid(self) -> Decimal:
        """What came in by payments; an invoice that was credited has none."""
        return ZERO if self.credited_at else self.settled

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def is_issued(self) -> bool:
        return self.status == self.Status.ISSUED

    def state_on(self, today: date) -> str:
        """The computed state on a day of the agency: draft, requested, approved, issued, part_paid, overdue, paid, credited."""
        if not self.is_issued or self.is_credit_note:
            return self.status
        if self.credited_at:
            return "credited"
        if not self.open_amount:
            return "paid"
        if self.due_on and self.due_on < today:
            return "overdue"
        return "part_paid" if self.settled else "issued"

    @cached_property
    def today(self) -> date:
        """The agency's local day, for showing the state; lists set it once for all rows."""
        return clock.local(clock.now(), clock.agency_zone()).date()

    @property
    def state(self) -> str:
        return self.state_on(self.today)

    @property
    def state_word(self) -> str:
        return str(_("credit note") if self.is_credit_note and self.is_issued else STATE_WORDS[self.state])

    @property
    def state_role(self) -> str:
        return STATE_ROLES.get(self.state, "")


class InvoiceChildQuerySet(AccountOwnedQuerySet):
    path_to_account = "invoice__account"


class InvoiceLine(models.Model):
    """What is billed for which job; amounts in the invoice's currency, net."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, models.PROTECT, related_name="+", verbose_name=_("job"))
    description = models.CharField(_("description"), max_length=300)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=Decimal("1"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=3)
    tax_rate = models.DecimalField(
        _("tax %"), max_digits=5, decimal_places=2, default=ZERO, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    issued = models.BooleanField(default=False, editable=False)  # its invoice is issued: the database refuses every change

    objects = InvoiceChildQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_invoice_line_per_place")]
        indexes = [models.Index(fields=["job"], name="invoice_line_by_job")]

    def __str__(self) -> str:
        return self.description


class TaxLine(models.Model):
    """Tax by rate, stored at issue."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="taxes")
    rate = models.DecimalField(max_digits=5, decimal_places=2)
    base = models.DecimalField(max_digits=14, decimal_places=3)
    amount = models.DecimalField(max_digits=14, decimal_places=3)

    objects = InvoiceChildQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "-rate"]
        constraints = [models.UniqueConstraint(fields=["invoice", "rate"], name="one_tax_line_per_rate")]

    def __str__(self) -> str:
        return f"{self.rate} %"


#: What may still move once an invoice is issued.
MOVES = {"settled", "file", "credited_at", "chase_paused_at", "chase_paused_reason"}

register(
    Invoice,
    columns=[field.name for field in Invoice._meta.concrete_fields if field.name not in MOVES],
    when="old.status = 'issued'",
)
register(Invoice, columns=["file"], delete=False, when="old.file_id IS NOT NULL")
register(Invoice, columns=["credited_at"], delete=False, when="old.credited_at IS NOT NULL")
register(InvoiceLine, when="old.issued")
register(TaxLine)
