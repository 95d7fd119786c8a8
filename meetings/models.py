"""Meetings, their minutes and what follows from them. Decisions by telephone get minutes too."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, User
from accounts.models.users import Role
from accounts.visibility import accounts_for
from signoffs.models import Document


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Client meetings by account; internal meetings by their attendees, whoever called them, and directors."""
        internal = Q(account=None)
        if not user.has_role(Role.DIRECTOR):
            internal &= Q(pk__in=Attendee.objects.filter(user=user).values("meeting")) | Q(called_by=user)
        return self.filter(Q(account__in=accounts_for(user)) | internal)


class Meeting(models.Model):
    """A meeting or a call with a purpose, an agenda and people of one or both sides."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        CALL = "call", _("call")
        PRESENTATION = "presentation", _("presentation")
        STATUS = "status", _("weekly status")
        INTERNAL = "internal", _("internal meeting")

    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account"))
    serial = models.CharField(max_length=20, unique=True, editable=False)  # ACM-M-26-0007, internal M-26-0007; given at creation
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.MEETING)
    title = models.CharField(_("title"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_reason = models.TextField(blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts")]
        indexes = [
            models.Index(fields=["account", "-starts_at"], name="meeting_by_account"),
            models.Index(fields=["ends_at"], condition=Q(cancelled_at=None), name="meeting_by_end"),
        ]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self) -> str:
        return f"{self.serial} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.serial])


class MeetingChildQuerySet(models.QuerySet):  # type: ignore[type-arg]
    path_to_meeting = "meeting"

    def visible_to(self, user: User) -> "MeetingChildQuerySet":
        return self.filter(**{f"{self.path_to_meeting}__in": Meeting.objects.all().visible_to(user)})


class Attendee(models.Model):
    """Someone invited, of either side, and whether they came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    present = models.BooleanField(default=True)

    objects = MeetingChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user=None) | Q(contact=None, user__isnull=False), name="attendee_is_one_person"
            ),
            models.UniqueConstraint(fields=["meeting", "contact"], name="contact_invited_once"),
            models.UniqueConstraint(fields=["meeting", "user"], name="colleague_invited_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def person(self) -> Contact | User:
        return self.contact or self.user  # type: ignore[return-value]


class AgendaPoint(models.Model):
    """One point of the outline the client gets beforehand."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("point"), max_length=200)

    objects = MeetingChildQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="one_point_per_place")]

    def __str__(self) -> str:
        return self.text


class Minutes(models.Model):
    """What was discussed, agreed and given to whom. Sent to the client within 24 hours and signed; an amendment is a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("with the client")
        CONFIRMED = "confirmed", _("signed")
        DISPUTED = "disputed", _("disputed")
        FILED = "filed", _("filed")  # internal minutes, which nobody outside signs

    TRANSITIONS = {
        Status.DRAFT: {Status.SENT, Status.FILED},
        Status.SENT: {Status.CONFIRMED, Status.DISPUTED, Status.DRAFT},
        Status.CONFIRMED: set(),
        Status.DISPUTED: set(),
        Status.FILED: set(),
    }

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)  # raised by every edit; a stale form is refused
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingChildQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="one_minutes_per_version"),
            models.CheckConstraint(condition=Q(status="draft") | Q(sent_at__isnull=False), name="minutes_out_have_time"),
        ]
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return f"{self.meeting.serial} V{self.version}"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class MinutesChildQuerySet(MeetingChildQuerySet):
    path_to_meeting = "minutes__meeting"


class MinuteLine(models.Model):
    """One numbered line: what was discussed and what was agreed. A client can dispute one without rejecting the rest."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(_("topic"), max_length=200)
    discussed = models.TextField(_("discussed"), max_length=4000, blank=True)
    agreed = models.TextField(_("agreed"), max_length=4000, blank=True)
    disputed_text = models.TextField(blank=True, editable=False)

    objects = MinutesChildQuerySet.as_manager()

    class Meta:
        ordering = ["minutes", "position"]
        constraints = [models.UniqueConstraint(fields=["minutes", "position"], name="one_line_per_place")]

    def __str__(self) -> str:
        return self.topic


class NextStepQuerySet(MinutesChildQuerySet):
    def undone(self) -> "NextStepQuerySet":
        return self.filter(done_at=None)


class NextStep(models.Model):
    """Who does what by when, date and hour, on either side."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what"), max_length=300)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = NextStepQuerySet.as_manager()

    class Meta:
        ordering = ["minutes", "position"]
        constraints = [models.CheckConstraint(condition=Q(contact=None) | Q(user=None), name="step_has_one_owner")]
        indexes = [models.Index(fields=["user", "due_at"], condition=Q(done_at=None), name="step_by_colleague")]

    def __str__(self) -> str:
        return self.text

    @property
    def owner(self) -> Contact | User | None:
        return self.contact or self.user
