"""The weekly status report: what is done, what is next, who, when, and what waits on the client."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Client, User
from accounts.querysets import AccountOwnedQuerySet
from agency.models import StoredFile

#: A slot that passed is caught up this long; after that the report is missed, and shown as missed.
CATCH_UP = timedelta(hours=24)


class StatusReportQuerySet(AccountOwnedQuerySet):
    def undecided(self) -> "StatusReportQuerySet":
        return self.filter(status__in=[StatusReport.Status.REVIEW, StatusReport.Status.HELD])

    def due(self, now: datetime) -> "StatusReportQuerySet":
        """In review, and the moment to send them has come."""
        return self.filter(status=StatusReport.Status.REVIEW, send_at__lte=now)

    def undelivered(self) -> "StatusReportQuerySet":
        """Sent by decision, but without their PDF and letters yet."""
        return self.filter(status=StatusReport.Status.SENT, file=None)


class StatusReport(models.Model):
    """One account's report of one of the client's ISO weeks. Composed when its review opens, sent once at its slot."""

    class Status(models.TextChoices):
        REVIEW = "review", pgettext_lazy("status report", "in review")
        HELD = "held", pgettext_lazy("status report", "held")
        SENT = "sent", pgettext_lazy("status report", "sent")
        SKIPPED = "skipped", pgettext_lazy("status report", "skipped")
        MISSED = "missed", pgettext_lazy("status report", "missed")

    TRANSITIONS = {
        Status.REVIEW: {Status.HELD, Status.SENT, Status.SKIPPED, Status.MISSED},
        Status.HELD: {Status.REVIEW, Status.SENT, Status.SKIPPED, Status.MISSED},
        Status.SENT: set(),
        Status.SKIPPED: set(),
        Status.MISSED: set(),
    }
    ROLES = {Status.REVIEW: "due", Status.HELD: "", Status.SENT: "done", Status.SKIPPED: "", Status.MISSED: "late"}

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)  # the client's local ISO week, such as 2026-W47
    due_at = models.DateTimeField()  # the slot, as an instant: until when it reaches the client
    send_at = models.DateTimeField()  # when it leaves by itself
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.REVIEW, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    language = models.CharField(max_length=10)
    content = models.JSONField()  # composed from the jobs; the AE's words per job beside it
    introduction = models.TextField(_("in your own words"), max_length=2000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    composed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was held or skipped
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "period"], name="one_report_per_week"),
            models.CheckConstraint(condition=~Q(status="sent") | Q(sent_at__isnull=False), name="sent_report_has_time"),
        ]
        indexes = [
            models.Index(fields=["-due_at", "-id"], name="report_by_day"),
            models.Index(fields=["due_at"], condition=Q(status__in=["review", "held"]), name="report_due"),
            models.Index(fields=["sent_at"], condition=Q(status="sent", file=None), name="report_undelivered"),
        ]
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")

    def __str__(self) -> str:
        return f"{self.account} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("report_detail", args=[self.pk])

    @property
    def week(self) -> str:
        """The period in words: week 47 of 2026."""
        year, week = self.period.split("-W")
        return str(_("week %(week)s of %(year)s") % {"week": int(week), "year": year})

    @property
    def client(self) -> Client:
        return self.account.client

    @property
    def state_role(self) -> str:
        return self.ROLES[self.Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether it can still be edited, held, skipped or sent."""
        return self.status in (self.Status.REVIEW, self.Status.HELD)
