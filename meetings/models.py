"""Meetings, their minutes and what follows from them. Decisions by telephone get minutes too."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Client, Contact, Role, User
from accounts.visibility import accounts_for
from signoffs.models import Document

#: Minutes are with the client this long after the meeting's end: 24 hours on the clock, weekends and holidays included.
MINUTES_WITHIN = timedelta(hours=24)
#: No meeting lasts longer.
LONGEST = timedelta(hours=24)


def awaits_minutes(now: datetime) -> Q:
    """Held and over, and no minutes have gone out (or been filed) yet."""
    return Q(cancelled_at=None, ends_at__lte=now, minuted_at=None)


def is_attended_by(user: User) -> Q:
    """Whoever called a meeting is there too."""
    return Q(called_by=user) | Q(pk__in=Attendee.objects.filter(user=user).values("meeting"))


def sees_every_meeting(user: User) -> bool:
    return user.is_active and user.has_role(Role.DIRECTOR) and not user.room


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Client meetings by account; internal meetings by their attendees, whoever called them, and directors.

        Internal meetings belong to no client: none is visible while one is in the room.
        """
        if sees_every_meeting(user):
            return self.all()
        if user.room:
            return self.filter(account__in=accounts_for(user))
        of_clients = Q(account__isnull=False) if user.is_active and user.sees_all else Q(account__in=accounts_for(user))
        return self.filter(of_clients | (Q(account=None) & is_attended_by(user)))

    def held(self) -> "MeetingQuerySet":
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def upcoming(self, now: datetime) -> "MeetingQuerySet":
        return self.held().filter(starts_at__gt=now - LONGEST, ends_at__gt=now).order_by("starts_at", "pk")

    def awaiting_minutes(self, now: datetime) -> "MeetingQuerySet":
        """The most pressing first."""
        return self.filter(awaits_minutes(now)).order_by("ends_at", "pk")

    def missed_minutes(self, now: datetime) -> "MeetingQuerySet":
        """Those whose 24 hours are over without minutes."""
        return self.awaiting_minutes(now).filter(ends_at__lt=now - MINUTES_WITHIN)

    def attended_by(self, user: User) -> "MeetingQuerySet":
        return self.filter(is_attended_by(user))

    def with_minutes(self) -> "MeetingQuerySet":
        """Each with the status and version of its newest minutes, for lists."""
        newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-version")
        return self.annotate(
            newest_status=Subquery(newest.values("status")[:1]), newest_version=Subquery(newest.values("version")[:1])
        )


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
    revision = models.PositiveIntegerField(default=0, editable=False)  # raised by every edit; a stale form is refused
    agenda_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    agenda_sent_count = models.PositiveSmallIntegerField(default=0, editable=False)
    minuted_at = models.DateTimeField(null=True, blank=True, editable=False)  # when minutes first went out or were filed

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(account=None, kind="internal") | (Q(account__isnull=False) & ~Q(kind="internal")),
                name="internal_meeting_has_no_account",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-starts_at"], name="meeting_by_account"),
            models.Index(fields=["ends_at"], condition=Q(cancelled_at=None, minuted_at=None), name="meeting_unminuted"),
            models.Index(fields=["starts_at"], name="meeting_by_start"),
        ]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self) -> str:
        return f"{self.serial} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.serial])

    @property
    def client(self) -> Client | None:
        return self.account.client if self.account else None

    @property
    def is_internal(self) -> bool:
        return self.account_id is None

    @property
    def language(self) -> str:
        """The language of its papers: the client's; the caller's where there is no client."""
        return self.account.client.language if self.account else self.called_by.language

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its papers: the client's; the caller's where there is no client."""
        return self.account.client.zone if self.account else self.called_by.zone

    @property
    def minutes_due_at(self) -> datetime:
        """Until when its minutes must be with the client (or filed)."""
        return self.ends_at.astimezone(UTC) + MINUTES_WITHIN  # in a local zone, Python adds hours on the wall's clock

    def awaits_minutes(self, now: datetime) -> bool:
        return self.cancelled_at is None and self.ends_at <= now and self.minuted_at is None

    def newest_minutes(self) -> "Minutes | None":
        return self.minutes.order_by("-version").first()


class MeetingChildQuerySet(models.QuerySet[Any]):
    path_to_meeting = "meeting"

    def visible_to(self, user: User) -> "MeetingChildQuerySet":
        if sees_every_meeting(user):
            return self.all()
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


class MinutesQuerySet(MeetingChildQuerySet):
    def out(self) -> "MinutesQuerySet":
        """Those that have left the desk, sent or filed, and were not taken back."""
        return self.exclude(status__in=[Minutes.Status.DRAFT, Minutes.Status.WITHDRAWN])

    def signed(self) -> "MinutesQuerySet":
        return self.filter(status=Minutes.Status.CONFIRMED)


class Minutes(models.Model):
    """What was discussed, agreed and given to whom. Sent to the client within 24 hours and signed; an amendment is a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        SENT = "sent", pgettext_lazy("minutes", "with the client")
        CONFIRMED = "confirmed", pgettext_lazy("minutes", "signed")
        DISPUTED = "disputed", pgettext_lazy("minutes", "disputed")
        FILED = "filed", pgettext_lazy("minutes", "filed")  # internal minutes, which nobody outside signs
        EXPIRED = "expired", pgettext_lazy("minutes", "not answered in time")
        WITHDRAWN = "withdrawn", pgettext_lazy("minutes", "withdrawn")
        SUPERSEDED = "superseded", pgettext_lazy("minutes", "replaced by a newer version")

    #: What went out is never edited: an amendment is a new version.
    TRANSITIONS = {
        Status.DRAFT: {Status.SENT, Status.FILED},
        Status.SENT: {Status.CONFIRMED, Status.DISPUTED, Status.EXPIRED, Status.WITHDRAWN, Status.SUPERSEDED},
        Status.CONFIRMED: set(),
        Status.DISPUTED: set(),
        Status.FILED: set(),
        Status.EXPIRED: set(),
        Status.WITHDRAWN: set(),
        Status.SUPERSEDED: set(),
    }
    ROLES = {
        Status.DRAFT: "due", Status.SENT: "client", Status.CONFIRMED: "done", Status.DISPUTED: "late", Status.FILED: "done",
        Status.EXPIRED: "late", Status.WITHDRAWN: "", Status.SUPERSEDED: "",
    }  # fmt: skip

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)  # raised by every edit; a stale form is refused
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_text = models.TextField(blank=True, editable=False)  # what the client said about the whole

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="one_minutes_per_version"),
            models.CheckConstraint(condition=Q(status="draft") | Q(sent_at__isnull=False), name="minutes_out_have_time"),
        ]
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def reference(self) -> str:
        return f"{self.meeting.serial} V{self.version}"

    @property
    def account(self) -> Account | None:
        return self.meeting.account

    @property
    def state_role(self) -> str:
        return self.ROLES[self.Status(self.status)]

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


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

    def binding(self) -> "NextStepQuerySet":
        """The steps that count: of the newest minutes of a meeting that went out, and not carried on into later minutes."""
        out = Minutes.objects.out()
        newer = out.filter(meeting=OuterRef("minutes__meeting"), version__gt=OuterRef("minutes__version"))
        carried_on = NextStep.objects.filter(carried_from=OuterRef("pk"), minutes__in=out)
        return self.filter(minutes__in=out).exclude(Exists(newer)).exclude(Exists(carried_on))

    def open(self) -> "NextStepQuerySet":
        """What somebody still owes, the most pressing first."""
        return self.binding().undone().order_by("due_at", "pk")


class NextStep(models.Model):
    """Who does what by when, date and hour, on either side."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what"), max_length=300)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    #: The same step in earlier minutes: of the meeting before, or of the version that this one amends.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")

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

    @property
    def account(self) -> Account | None:
        return self.minutes.meeting.account
