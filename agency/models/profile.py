"""The agency itself, its counters and the signs of life of its processes."""

import copy
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from asgiref.local import Local
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signals import request_started
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

_current = Local()


def forget_current(**_signal: Any) -> None:
    """Read the agency's row anew at the next use: at the start of each request and task, and after a save."""
    _current.agency = None


request_started.connect(forget_current, dispatch_uid="agency.forget_current")


def validate_time_zone(value: str) -> None:
    """An IANA zone such as Europe/Madrid."""
    if value not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as Europe/Madrid."))


class Agency(models.Model):
    """The one agency this deployment serves: what stands on its paper, and by which clock and calendar it works."""

    name = models.CharField(_("name"), max_length=120, default="Countersign", help_text=_("What everyone calls the agency."))
    legal_name = models.CharField(
        _("legal name"), max_length=200, blank=True, help_text=_("As it must stand on invoices and contracts.")
    )
    logo = models.ForeignKey("agency.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo"))
    address = models.TextField(_("address"), max_length=500, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as ES."))
    tax_id = models.CharField(_("tax ID"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.URLField(_("web site"), blank=True)
    bank_details = models.TextField(_("bank details"), max_length=500, blank=True, help_text=_("Printed on invoices."))
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Enter the three letters of a currency, such as EUR."))],
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    zone_name = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    #: ISO weekdays (1 Monday … 7 Sunday) on which the agency works.
    working_week = models.CharField(
        _("working days"),
        max_length=7,
        default="12345",
        validators=[RegexValidator(r"^[1-7]{1,7}$", _("Choose at least one working day."))],
    )
    holidays_country = models.CharField(
        _("public holidays of"), max_length=2, blank=True, help_text=_("Two letters, such as ES; empty: none are known.")
    )
    opens = models.TimeField(_("opens"), default=time(9, 0))
    closes = models.TimeField(_("closes"), default=time(18, 0))
    #: After a restored backup no mail leaves until someone says so (`manage.py hold_mail`, `release_mail`).
    mail_held = models.BooleanField(_("mail is held"), default=False, editable=False)

    class Meta:
        verbose_name = _("agency")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_agency"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="agency_opens_before_it_closes"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
        forget_current()

    @classmethod
    def current(cls) -> "Agency":
        """The agency's profile: one query a request or task, a copy each time; made with defaults when there is none."""
        agency = getattr(_current, "agency", None)
        if agency is None:
            agency = cls.objects.select_related("logo").filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]
            _current.agency = agency
        return copy.copy(agency)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def paper_name(self) -> str:
        """The name for invoices and contracts."""
        return self.legal_name or self.name


class Counter(models.Model):
    """The last number given in one series, such as the jobs of one client in one year (agency/numbering.py)."""

    name = models.CharField(max_length=100, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class Heartbeat(models.Model):
    """When a background process last showed that it lives (UTC)."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str, *, now: datetime) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": now})
