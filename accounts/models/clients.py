"""The other side: companies, their brands and the people who sign."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.audit import Actor
from agency.models.profile import validate_time_zone

from ..fields import validate_client_code
from .users import User


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User) -> "ClientQuerySet":
        """A client is visible if any of its accounts is; those who see all see clients without an account too."""
        from ..visibility import clients_for

        return self.filter(pk__in=clients_for(user).values("pk"))

    def current(self) -> "ClientQuerySet":
        return self.filter(archived_at=None)


class Client(models.Model):
    """A company that orders work. Its code begins every number on its papers; its language is the language of its documents."""

    class ReportSlot(models.TextChoices):
        """When the weekly status report reaches the client, in the client's own zone."""

        LAST_DAY = "last", _("last working day of the week, before 18:00")
        FIRST_DAY = "first", _("first working day of the week, 12:00")

    code = models.CharField(_("code"), max_length=5, unique=True, validators=[validate_client_code])
    name = models.CharField(_("name"), max_length=120, help_text=_("What everyone calls them."))
    legal_name = models.CharField(_("legal name"), max_length=200, help_text=_("As it must stand on an invoice."))
    address = models.TextField(_("address"), max_length=500, blank=True)
    tax_id = models.CharField(_("tax ID"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    tax_rate = models.DecimalField(
        _("tax rate in percent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("0"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, validators=[MaxValueValidator(120)], help_text=_("Counted from the invoice date.")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    zone_name = models.CharField(_("time zone"), max_length=64, default="Europe/Madrid", validators=[validate_time_zone])
    country = models.CharField(_("country"), max_length=2, default="ES", help_text=_("Decides the public holidays."))
    #: ISO weekdays (1 Monday … 7 Sunday) on which the client works.
    working_week = models.CharField(_("working days"), max_length=7, default="12345")
    report_slot = models.CharField(_("status report"), max_length=5, choices=ReportSlot.choices, default=ReportSlot.LAST_DAY)
    report_held = models.BooleanField(_("hold status reports"), default=False)
    order_number_required = models.BooleanField(_("purchase order number required on invoices"), default=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("client_detail", args=[self.code])

    @property
    def client(self) -> "Client":
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class ClientOwnedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ClientOwnedQuerySet":
        from ..visibility import clients_for

        return self.filter(client__in=clients_for(user))


class BrandQuerySet(ClientOwnedQuerySet):
    def current(self) -> "BrandQuerySet":
        return self.filter(archived_at=None)


class Brand(models.Model):
    """A name under which the client sells; an account looks after one brand or line of business."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="brands")
    name = models.CharField(_("name"), max_length=120)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = BrandQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="brand_once_per_client")]
        verbose_name = _("brand")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.client.get_absolute_url()


class ContactQuerySet(ClientOwnedQuerySet):
    def active(self) -> "ContactQuerySet":
        return self.filter(archived_at=None)


class Contact(models.Model):
    """A person at a client. They sign by emailed link and never log in."""

    class Seniority(models.TextChoices):
        TOP = "top", _("top management")
        SENIOR = "senior", _("senior")
        MIDDLE = "middle", _("middle")
        JUNIOR = "junior", _("junior")

    class Part(models.TextChoices):
        """What they do in a decision."""

        DECIDES = "decides", _("decides")
        INFLUENCES = "influences", _("influences")
        EXECUTES = "executes", _("executes")

    client = models.ForeignKey(Client, models.PROTECT, related_name="contacts")
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("email"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    zone_name = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone], help_text=_("Empty: the client's.")
    )
    seniority = models.CharField(_("seniority"), max_length=10, choices=Seniority.choices, default=Seniority.MIDDLE)
    part = models.CharField(_("part in decisions"), max_length=12, choices=Part.choices, default=Part.INFLUENCES)
    #: Mission: an AE doesn't write to a client's top management unless the contact is marked for letters.
    letters_allowed = models.BooleanField(_("may be written to"), default=True)
    gets_invoices = models.BooleanField(_("gets invoices and payment reminders"), default=False)
    gets_reports = models.BooleanField(_("gets status reports"), default=False)
    gets_minutes = models.BooleanField(_("gets meeting minutes"), default=True)
    notes = models.TextField(_("how they like to be talked to"), max_length=1000, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["client", "email"], name="contact_email_once_per_client")]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("contact_detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.archived_at is None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name or self.client.zone_name)

    def as_actor(self) -> Actor:
        return Actor("contact", self.pk, self.full_name)

    def may_sign(self, kind: str, amount: Decimal | None = None) -> bool:
        """Whether the may-sign register lets this contact approve a document of `kind` worth `amount` (the client's currency)."""
        return any(
            authority.kind == kind and (amount is None or authority.up_to is None or amount <= authority.up_to)
            for authority in self.authorities.all()
        )


class SigningAuthorityQuerySet(models.QuerySet["SigningAuthority"]):
    def visible_to(self, user: User) -> "SigningAuthorityQuerySet":
        from ..visibility import clients_for

        return self.filter(contact__client__in=clients_for(user))


class SigningAuthority(models.Model):
    """One line of the may-sign register: this contact may sign that kind of document, up to an amount."""

    class Kind(models.TextChoices):
        DELIVERABLE = "deliverable", _("deliverables")
        MINUTES = "minutes", _("minutes")
        JOB_SHEET = "job_sheet", _("job sheets")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="authorities")
    kind = models.CharField(_("kind of document"), max_length=20, choices=Kind.choices)
    up_to = models.DecimalField(
        _("up to"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("In the client's currency; empty: any amount."),
    )  # fmt: skip

    objects = SigningAuthorityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind"], name="one_authority_per_kind"),
            models.CheckConstraint(condition=Q(up_to=None) | Q(up_to__gte=0), name="authority_not_negative"),
        ]
        verbose_name = _("signing authority")

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_kind_display()}"
