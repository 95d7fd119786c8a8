"""What a job delivers: deliverables, their versions, and who checked and released each."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.querysets import AccountOwnedQuerySet
from agency.immutable import register
from agency.models import StoredFile
from signoffs.hands import How

from .jobs import Job


class DeliverableQuerySet(AccountOwnedQuerySet):
    path_to_account = "job__account"

    def wanted(self) -> "DeliverableQuerySet":
        return self.filter(dropped_at=None)

    def owing_small_changes(self) -> "DeliverableQuerySet":
        """Signed off with small changes, and the version that makes them isn't released yet."""
        answered = Version.objects.filter(deliverable=OuterRef("pk")).exclude(answer="").order_by("-number")
        last = {"last_answer": Subquery(answered.values("answer")[:1]), "last_number": Subquery(answered.values("number")[:1])}
        made = Version.objects.filter(deliverable=OuterRef("pk"), number__gt=OuterRef("last_number"), releases__released=True)
        owing = self.wanted().filter(signed_off_at__isnull=False).annotate(**last)
        return owing.filter(~Exists(made), last_answer=Version.Answer.SMALL_CHANGES)


class Deliverable(models.Model):
    """One thing a job delivers, such as a poster; numbered D01, D02 … within the job."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="deliverables")
    position = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=120)
    specification = models.TextField(_("sizes and specifications"), max_length=2000, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, help_text=_("Empty: with the job."))
    signed_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["job", "position"]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="one_deliverable_per_number")]
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("deliverable_detail", args=[self.number])

    @property
    def number(self) -> str:
        return f"{self.job.number}-{self.code}"

    @property
    def code(self) -> str:
        """Its number within the job: D03."""
        return f"D{self.position:02d}"

    @property
    def account(self) -> Account:
        return self.job.account


class VersionQuerySet(AccountOwnedQuerySet):
    path_to_account = "deliverable__job__account"

    def visible_to(self, user: User) -> Self:
        """By account; while the client is in the room only what may go to them."""
        visible = super().visible_to(user)
        return visible.for_the_client() if user.room else visible

    def for_the_client(self) -> Self:
        """What was sent to the client, or is released for them: nothing unreleased is ever shown."""
        return self.filter(Q(sent_at__isnull=False) | Q(pk__in=Release.objects.filter(released=True).values("version")))


class Version(models.Model):
    """V1, V2 … of a deliverable: a file that never changes. Never "final"; what is signed off is signed off."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer")
        APPROVED = "approved", _("signed off")
        SMALL_CHANGES = "small_changes", _("signed off with small changes")
        CHANGES = "changes", _("changes needed")
        DECLINED = "declined", _("declined")

    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    note = models.TextField(_("what changed"), max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=13, choices=How.choices, default=How.PASSWORD)
    # the client's side; facts told by the sign-off engine
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=14, choices=Answer.choices, default=Answer.NONE, blank=True)
    answer_text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["deliverable", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="version_answer_has_time",
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], condition=Q(answer="", sent_at__isnull=False), name="version_with_client")]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self) -> str:
        return f"{self.deliverable.number} V{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.deliverable.get_absolute_url()}#v{self.number}"

    @property
    def label(self) -> str:
        return f"V{self.number}"

    @property
    def answer_role(self) -> str:
        """The colour of the client's answer."""
        return {"approved": "done", "small_changes": "due", "changes": "late", "declined": "late"}.get(self.answer, "")

    @property
    def account(self) -> Account:
        return self.deliverable.job.account


register(Version, columns=["deliverable", "number", "file", "sha256", "note", "by", "at", "how"])


class VersionChildQuerySet(AccountOwnedQuerySet):
    path_to_account = "version__deliverable__job__account"


class QualityCheck(models.Model):
    """The checklist gone through by someone who didn't make the version, bound to the file's SHA-256."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="checks")
    sha256 = models.CharField(max_length=64)
    items = models.JSONField()  # [{"key", "answer": "ok" | "not_ok" | "n/a", "note"}]
    passed = models.BooleanField()
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=13, choices=How.choices, default=How.PASSWORD)

    objects = VersionChildQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.passed}"

    @property
    def account(self) -> Account:
        return self.version.account


register(QualityCheck)


class Release(models.Model):
    """The creative director's word: this version may go to the client, or not yet and why."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="releases")
    sha256 = models.CharField(max_length=64)
    released = models.BooleanField()
    reason = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=13, choices=How.choices, default=How.PASSWORD)

    objects = VersionChildQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(released=True), name="released_once"),
            models.CheckConstraint(condition=Q(released=True) | ~Q(reason=""), name="not_released_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.released}"

    @property
    def account(self) -> Account:
        return self.version.account


register(Release)
