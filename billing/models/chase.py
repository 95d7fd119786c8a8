"""The chase: money arrives within 45 days of the invoice date, and reminders stop by themselves when it does (mission.md)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Client, Contact, User
from accounts.models.clients import ClientOwnedQuerySet
from accounts.querysets import AccountOwnedQuerySet
from agency.immutable import register

from .invoices import Invoice


class ChaseStep(models.Model):
    """One step of the agency's plan: how many days from which date, and what happens."""

    class Anchor(models.TextChoices):
        DUE = "due", _("due date")
        ISSUED = "issued", _("invoice date")

    class Letter(models.TextChoices):
        BEFORE_DUE = "before_due", _("friendly reminder before the due date")
        AFTER_DUE = "after_due", _("reminder after the due date")
        ESCALATION = "escalation", _("escalation to the account director")

    position = models.PositiveSmallIntegerField(unique=True)
    anchor = models.CharField(max_length=6, choices=Anchor.choices)
    days = models.SmallIntegerField()  # after the anchor; negative is before
    letter = models.CharField(max_length=12, choices=Letter.choices)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.get_letter_display()

    @property
    def when_words(self) -> str:
        """5 days before the due date, 45 days after the invoice date."""
        facts = {"days": abs(self.days)}
        if self.anchor == self.Anchor.ISSUED:
            return ngettext("%(days)s day after the invoice date", "%(days)s days after the invoice date", abs(self.days)) % facts
        if self.days < 0:
            return ngettext("%(days)s day before the due date", "%(days)s days before the due date", abs(self.days)) % facts
        return ngettext("%(days)s day after the due date", "%(days)s days after the due date", abs(self.days)) % facts


class ChaseLetter(models.Model):
    """One letter to one person on one local day, listing every invoice due for it; never two clients in one.

    The reader is a billing contact of the client or, at the escalation, a director of the agency.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # the director, at escalation
    local_day = models.DateField()  # in the reader's zone
    items: "models.ManyToManyField[ChaseItem, models.Model]" = models.ManyToManyField("ChaseItem", related_name="letters")
    created_at = models.DateTimeField()

    objects = ClientOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "contact", "local_day"], name="one_chase_letter_a_day"),
            models.UniqueConstraint(fields=["client", "user", "local_day"], name="one_escalation_a_day"),
            models.CheckConstraint(
                condition=Q(contact=None, user__isnull=False) | Q(contact__isnull=False, user=None),
                name="chase_letter_has_a_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.local_day}"

    @property
    def reader(self) -> Contact | User:
        found = self.contact or self.user
        assert found is not None  # one of the two, by constraint
        return found

    @property
    def key(self) -> str:
        """The key of its mail: one letter to one reader about one client on one day."""
        who = self.contact_id if self.contact_id else f"user-{self.user_id}"
        return f"chase:{self.client_id}:{self.local_day}:{who}"


class ChaseItemQuerySet(AccountOwnedQuerySet):
    path_to_account = "invoice__account"


class ChaseItem(models.Model):
    """An invoice that reached a step: done once, whoever sweeps. Without letters: passed over, because a later step was due too."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="chase_items")
    step = models.ForeignKey(ChaseStep, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ChaseItemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["invoice", "step"], name="one_step_per_invoice")]

    def __str__(self) -> str:
        return f"{self.invoice} {self.step}"


register(ChaseItem)
register(ChaseLetter)
