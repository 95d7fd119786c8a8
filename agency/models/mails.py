"""The outbox: a mail is a row before it is a message."""

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def about(self, obj: models.Model) -> "OutgoingMailQuerySet":
        """The mails about one thing, newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk).order_by("-created_at", "-pk")

    def due(self, now: datetime) -> "OutgoingMailQuerySet":
        """Those whose turn has come."""
        return self.filter(status=OutgoingMail.Status.QUEUED, due_at__lte=now)

    def in_doubt(self, now: datetime) -> "OutgoingMailQuerySet":
        """Handed to the mail server without an answer, and nobody is still waiting for one."""
        return self.filter(status=OutgoingMail.Status.IN_DOUBT, leased_until__lt=now)

    def resent(self, since: datetime) -> "OutgoingMailQuerySet":
        """Written since then and sent once more because of a doubt, the latest first."""
        return self.filter(created_at__gt=since, resent_in_doubt__gt=0).order_by("-due_at", "-pk")

    def needs_person(self, now: datetime) -> "OutgoingMailQuerySet":
        """What only a person can decide: failed, held, or in doubt."""
        stuck = Q(status__in=[OutgoingMail.Status.FAILED, OutgoingMail.Status.HELD])
        return self.filter(stuck | Q(status=OutgoingMail.Status.IN_DOUBT, leased_until__lt=now))


class OutgoingMail(models.Model):
    """One letter to one recipient, as it was worded when its cause happened; links are filled in only at sending."""

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("mail", "waiting to be sent")
        CLAIMED = "claimed", pgettext_lazy("mail", "being sent")
        IN_DOUBT = "in_doubt", pgettext_lazy("mail", "sent, but the mail server did not confirm")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "not sent")
        HELD = "held", pgettext_lazy("mail", "held")
        SUPPRESSED = "suppressed", pgettext_lazy("mail", "no longer needed, not sent")

    key = models.CharField(max_length=200, unique=True)
    letter = models.CharField(max_length=80)
    to_email = models.EmailField(_("to"))
    to_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10)
    zone_name = models.CharField(max_length=64, default="UTC")
    sender_name = models.CharField(max_length=150, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    thread = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, unique=True)

    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey("accounts.Client", models.PROTECT, null=True, related_name="+")
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    about = GenericForeignKey("content_type", "object_id")
    attachments: models.ManyToManyField = models.ManyToManyField("agency.StoredFile", through="MailAttachment", related_name="+")

    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.QUEUED)
    created_at = models.DateTimeField(_("written"))
    #: When it may be sent next (UTC); moves with every back-off.
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    #: The sender that has it now, and until when it counts as alive.
    claim = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    #: How often a doubt was answered by sending the same message once more.
    resent_in_doubt = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["status", "due_at"], name="mail_by_status"),
            models.Index(fields=["-created_at", "-id"], name="mail_by_time"),
            models.Index(fields=["content_type", "object_id"], name="mail_about_object"),
            models.Index(fields=["created_at"], condition=Q(resent_in_doubt__gt=0), name="mail_resent"),
            models.Index(fields=["account", "-created_at"], name="mail_of_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(status="sent") | Q(sent_at__isnull=False), name="sent_mail_has_its_time"),
            models.CheckConstraint(
                condition=~Q(status__in=["claimed", "in_doubt"]) | Q(leased_until__isnull=False), name="claimed_mail_has_a_lease"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def state_word(self) -> "str | Promise":
        """The state in one word or two, for its badge."""
        return _("trying again") if self.is_retrying else self.get_status_display()

    @property
    def state_role(self) -> str:
        """The colour role of the state's badge."""
        if self.is_retrying or self.status in (self.Status.IN_DOUBT, self.Status.HELD):
            return "due"
        return {self.Status.SENT: "done", self.Status.FAILED: "late"}.get(self.Status(self.status), "")

    @property
    def is_retrying(self) -> bool:
        """Refused for now by the mail server; it will be tried again at `due_at`."""
        return self.status == self.Status.QUEUED and self.attempts > 0

    @property
    def needs_person(self) -> bool:
        return self.status in (self.Status.FAILED, self.Status.HELD, self.Status.IN_DOUBT)


class MailAttachment(models.Model):
    """One file that goes with one mail, in order."""

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attached")
    stored = models.ForeignKey("agency.StoredFile", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["mail", "stored"], name="attached_once")]

    def __str__(self) -> str:
        return self.stored.name
