"""The job sheet: no job sheet, no work."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Client, User
from accounts.querysets import AccountOwnedQuerySet
from agency.immutable import register
from agency.models import StoredFile


class JobQuerySet(AccountOwnedQuerySet):
    def open(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.OPEN)

    def alive(self) -> "JobQuerySet":
        """Neither closed nor cancelled."""
        return self.filter(status__in=[Job.Status.DRAFT, Job.Status.APPROVAL, Job.Status.OPEN, Job.Status.HELD])


class Job(models.Model):
    """A piece of work a client ordered, written on a sheet that finance, creatives and the client go by."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("job", "draft")
        APPROVAL = "approval", pgettext_lazy("job", "in approval")
        OPEN = "open", pgettext_lazy("job", "open")
        HELD = "held", pgettext_lazy("job", "on hold")
        CLOSED = "closed", pgettext_lazy("job", "closed")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    #: From a state to the states it may become. Reopening returns a closed job to open.
    TRANSITIONS = {
        Status.DRAFT: {Status.APPROVAL, Status.CANCELLED},
        Status.APPROVAL: {Status.DRAFT, Status.OPEN, Status.CANCELLED},
        Status.OPEN: {Status.HELD, Status.CLOSED, Status.CANCELLED},
        Status.HELD: {Status.OPEN, Status.CANCELLED},
        Status.CLOSED: {Status.OPEN},
        Status.CANCELLED: set(),
    }

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", _("campaign")
        PRINT = "print", _("print")
        OUTDOOR = "outdoor", _("outdoor")
        DIGITAL = "digital", _("digital")
        FILM = "film", _("film and video")
        RADIO = "radio", _("radio")
        BRANDING = "branding", _("branding")
        EVENT = "event", _("event")
        STRATEGY = "strategy", _("strategy paper")
        PITCH = "pitch", _("pitch")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)  # ACM-26-0042, from the client's counter
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CAMPAIGN)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("account executive"))
    due_at = models.DateTimeField(_("due"))
    client_order = models.CharField(_("client's order number"), max_length=60, blank=True)
    # the brief
    background = models.TextField(_("background"), max_length=4000, blank=True)
    objective = models.TextField(_("objective"), max_length=4000, blank=True)
    audience = models.TextField(_("audience"), max_length=4000, blank=True)
    message = models.TextField(_("single message"), max_length=1000, blank=True)
    support = models.TextField(_("support"), max_length=4000, blank=True)
    tone = models.TextField(_("tone"), max_length=2000, blank=True)
    mandatories = models.TextField(_("mandatories"), max_length=4000, blank=True)
    sizes = models.TextField(_("sizes and specifications"), max_length=4000, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, null=True, blank=True
    )  # the client's currency, net
    dates = models.TextField(_("dates agreed"), max_length=2000, blank=True)
    instructions = models.TextField(_("special instructions"), max_length=4000, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)  # raised by every edit; a stale form is refused
    returned_reason = models.TextField(blank=True, editable=False)  # why an approver sent the draft back last
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)  # last sent for approval
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)  # when its last deliverable was signed off
    # when the first of the invoices that bill it and stand was issued; billing keeps it true
    billed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["open", "held", "closed"]) | Q(opened_at__isnull=False), name="open_job_was_opened"
            ),
            models.CheckConstraint(condition=~Q(status="closed") | Q(closed_at__isnull=False), name="closed_job_has_time"),
        ]
        indexes = [
            models.Index(fields=["account", "status", "due_at"], name="job_by_account"),
            models.Index(fields=["status", "due_at"], name="job_by_due"),
            models.Index(fields=["owner", "status"], name="job_by_owner"),
            models.Index(fields=["due_at"], condition=Q(status="open", delivered_at=None), name="job_undelivered"),
            models.Index(
                fields=["delivered_at", "id"],
                condition=Q(delivered_at__isnull=False, billed_at=None, status__in=["open", "closed"]),
                name="job_unbilled",
            ),
        ]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("job_detail", args=[self.number])

    @property
    def client(self) -> Client:
        return self.account.client

    @property
    def state_role(self) -> str:
        """The colour of the state's badge."""
        roles = {"approval": "due", "open": "now", "held": "late", "closed": "done"}
        return roles.get(self.status, "")


class JobChildQuerySet(AccountOwnedQuerySet):
    path_to_account = "job__account"


class JobChild(models.Model):
    """What hangs on a job belongs to the job's account."""

    class Meta:
        abstract = True

    @property
    def account(self) -> Account:
        account: Account = self.job.account  # type: ignore[attr-defined]
        return account


class SheetIssue(JobChild):
    """The job sheet as frozen at approval; every later change is issued again and acknowledged again. Immutable but for its PDF."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = JobChildQuerySet.as_manager()

    class Meta:
        ordering = ["job", "-number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_issue_per_number")]
        indexes = [models.Index(fields=["issued_at"], condition=Q(file=None), name="issue_without_paper")]

    def __str__(self) -> str:
        return f"{self.job.number} #{self.number}"


register(SheetIssue, columns=["job", "number", "data", "issued_at", "issued_by"])


class Approval(JobChild):
    """An approver's word on a sheet: the planner's on strategy, the creative director's on creative direction."""

    class Side(models.TextChoices):
        STRATEGY = "strategy", _("strategy")
        CREATIVE = "creative", _("creative direction")

    job = models.ForeignKey(Job, models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side.choices)
    revision = models.PositiveIntegerField()  # of the job, as it was read
    approved = models.BooleanField()
    reason = models.TextField(max_length=2000, blank=True)  # required to return it
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = JobChildQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "side", "revision"], name="one_word_per_side"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(reason=""), name="return_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.job.number} {self.side}"


register(Approval)


class Assignment(JobChild):
    """A colleague who does the work. Nobody works on a sheet they haven't acknowledged."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    craft = models.CharField(_("craft"), max_length=80)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acknowledged_issue = models.PositiveSmallIntegerField(null=True, blank=True)  # number of the SheetIssue
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    question = models.TextField(max_length=2000, blank=True)  # asked instead of acknowledging
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = JobChildQuerySet.as_manager()

    class Meta:
        ordering = ["assigned_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["job", "user"], condition=Q(removed_at=None), name="assigned_once")]
        indexes = [models.Index(fields=["user"], condition=Q(removed_at=None), name="assignment_by_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.job.number}"


class ReferenceFile(JobChild):
    """Material hung on the sheet: logos, plans, photographs, texts."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="references")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = JobChildQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class Override(JobChild):
    """A director let something pass the gate of a job, with a reason that is recorded and counted."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="overrides")
    gate = models.CharField(max_length=20)  # what was let pass: version, signoff, invoice …
    #: The job's state at the time: the word holds only while the job is in it.
    status = models.CharField(max_length=10, choices=Job.Status.choices)
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = JobChildQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason")]
        indexes = [models.Index(fields=["-at", "-id"], name="override_by_time")]

    def __str__(self) -> str:
        return f"{self.job.number} {self.gate}"

    @property
    def thing(self) -> str:
        """What was let pass, in words."""
        from ..gate import NAMES

        return str(NAMES.get(self.gate, self.gate))


register(Override)
