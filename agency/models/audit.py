"""The record of who did what to what, and when; written once, never changed."""

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..immutable import AppendOnly, AppendOnlyQuerySet


class AuditEntryQuerySet(AppendOnlyQuerySet["AuditEntry"]):
    def for_object(self, obj: models.Model) -> "AuditEntryQuerySet":
        """The history of one thing, newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class AuditEntry(AppendOnly):
    """One thing that happened: actor (name frozen), dotted action, object (label frozen), old and new facts, reason."""

    class ActorKind(models.TextChoices):
        USER = "user", _("colleague")
        CONTACT = "contact", _("contact")
        SYSTEM = "system", _("system")

    at = models.DateTimeField(_("at"))
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("action"), max_length=80)
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    object = GenericForeignKey("content_type", "object_id")
    object_label = models.CharField(max_length=250, blank=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey("accounts.Client", models.PROTECT, null=True, related_name="+")
    old = models.JSONField(encoder=DjangoJSONEncoder, default=dict, blank=True)
    new = models.JSONField(encoder=DjangoJSONEncoder, default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"], name="audit_of_object"),
            models.Index(fields=["account", "-at"], name="audit_of_account"),
            models.Index(fields=["-at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language, without who and when."""
        from ..audit import sentence_of

        return sentence_of(self)

    def facts(self) -> dict[str, Any]:
        """The named values a sentence may use."""
        return {
            "object": self.object_label,
            "actor": self.actor_name,
            "reason": self.reason,
            **{f"old_{name}": value for name, value in (self.old or {}).items()},
            **{f"new_{name}": value for name, value in (self.new or {}).items()},
        }
