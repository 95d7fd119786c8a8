"""Money that came in, and what it paid. A wrong payment is reversed, never deleted."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.querysets import AccountOwnedQuerySet
from agency.immutable import register

from .invoices import Invoice


class Payment(models.Model):
    """One receipt on the agency's bank account."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    received_on = models.DateField(_("received on"))  # local date of the agency
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3)
    reference = models.CharField(_("bank reference"), max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reversed_reason = models.TextField(blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reversed_by=None, reversed_reason="")
                | (Q(reversed_at__isnull=False) & ~Q(reversed_reason="")),
                name="reversed_payment_has_a_reason",
            ),
        ]
        verbose_name = _("payment")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class AllocationQuerySet(AccountOwnedQuerySet):
    path_to_account = "invoice__account"


class Allocation(models.Model):
    """The part of a payment that settles one invoice."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=14, decimal_places=3)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="one_allocation_per_invoice"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_is_positive"),
        ]

    def __str__(self) -> str:
        return str(self.amount)


REVERSAL = ["reversed_at", "reversed_by", "reversed_reason"]
register(Payment, columns=[field.name for field in Payment._meta.concrete_fields if field.name not in REVERSAL])
register(Payment, columns=REVERSAL, delete=False, when="old.reversed_at IS NOT NULL")
register(Allocation)
