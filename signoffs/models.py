"""What is signed, by whom, and the evidence. Nothing here knows what a document is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Contact, User
from accounts.querysets import AccountOwnedQuerySet
from agency.audit import Actor
from agency.immutable import AppendOnly, AppendOnlyQuerySet, register
from agency.models import StoredFile


class DocumentQuerySet(AccountOwnedQuerySet):
    def about(self, subject: models.Model) -> "DocumentQuerySet":
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)


class Document(models.Model):
    """One thing frozen for signing, in one language (the client's). Its bytes are rendered once by a task, then never change."""

    kind = models.CharField(max_length=20)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=60)  # such as ACM-26-0042-D03 V1
    data = models.JSONField()  # all that the pages show, and "hands": what colleagues did before
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    attachments = models.ManyToManyField(StoredFile, related_name="+", blank=True)  # artwork downloaded beside the document
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="document_by_subject"),
            models.Index(fields=["created_at"], condition=Q(file=None), name="document_unrendered"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, sha256="") | (Q(file__isnull=False) & ~Q(sha256="")), name="document_bytes_have_a_hash"
            ),
        ]
        verbose_name = _("document")

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class SignRequestQuerySet(AccountOwnedQuerySet):
    def open(self) -> "SignRequestQuerySet":
        return self.filter(outcome="")

    def about(self, subject: models.Model) -> "SignRequestQuerySet":
        return self.filter(document__in=Document.objects.about(subject))


class SignRequest(models.Model):
    """A document sent out to be signed. Open until every approver approved or the first answer that stops it."""

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("sign-off", "waiting for signatures")
        APPROVED = "approved", pgettext_lazy("sign-off", "signed")
        CHANGES = "changes", pgettext_lazy("sign-off", "changes needed")
        DECLINED = "declined", pgettext_lazy("sign-off", "declined")
        EXPIRED = "expired", pgettext_lazy("sign-off", "expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("sign-off", "withdrawn")
        SUPERSEDED = "superseded", pgettext_lazy("sign-off", "replaced by a newer version")

    document = models.ForeignKey(Document, models.PROTECT, related_name="requests")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    in_turn = models.BooleanField(_("in turn"), default=False)
    message = models.TextField(_("personal note"), max_length=2000, blank=True)
    code_required = models.BooleanField(_("one-time code by mail"), default=False)
    wanted_by = models.DateTimeField(
        _("answer wanted by"), null=True, blank=True
    )  # what the client is told; the link lives longer
    expires_at = models.DateTimeField(_("expires"))
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)  # when the document's bytes were ready and the first links were queued
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was withdrawn
    head_mailed_at = models.DateTimeField(null=True, blank=True)  # its last hash stood in the daily list to a director

    objects = SignRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="sign_request_closed_has_time",
            ),
            models.UniqueConstraint(fields=["document"], condition=Q(outcome=""), name="one_open_request_per_document"),
        ]
        indexes = [
            models.Index(fields=["account", "-requested_at"], name="sign_request_by_account"),
            models.Index(fields=["expires_at"], condition=Q(outcome=""), name="sign_request_open"),
            models.Index(fields=["sent_at"], condition=Q(outcome="", sent_at__isnull=False), name="sign_request_unsigned"),
            models.Index(fields=["closed_at"], name="sign_request_by_closing"),
        ]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return self.document.reference

    def get_absolute_url(self) -> str:
        return reverse("signrequest_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.outcome == ""

    @property
    def deadline(self) -> datetime:
        """By when an answer is asked for: the wish, or the day the links end."""
        return self.wanted_by or self.expires_at

    @property
    def state_word(self) -> str:
        """Where it stands, for the badge; a request whose bytes aren't made yet is still being prepared."""
        if self.outcome:
            return str(self.Outcome(self.outcome).label)
        if self.sent_at is None:
            return str(_("being prepared"))
        return str(self.Outcome.OPEN.label)

    @property
    def state_role(self) -> str:
        if not self.outcome:
            return "client" if self.sent_at else ""
        return {"approved": "done", "changes": "due", "declined": "late", "expired": "late"}.get(self.outcome, "")


class SignatoryQuerySet(AccountOwnedQuerySet):
    path_to_account = "request__account"

    def asked(self) -> "SignatoryQuerySet":
        """Those whose answer counts: not copies, not passed on, not revoked."""
        return self.filter(revoked_at=None, delegated_to=None).exclude(role=Signatory.Role.COPY)

    def unanswered(self) -> "SignatoryQuerySet":
        """Approvers and participants of open requests who have neither answered, passed it on nor been revoked."""
        return self.asked().filter(request__outcome="", decided_at=None)

    def waiting(self) -> "SignatoryQuerySet":
        """Those of them who were invited."""
        return self.unanswered().filter(invited_at__isnull=False)

    def waiting_in(self, request: SignRequest) -> "SignatoryQuerySet":
        """Those of one request, open or just closed, who were invited and have not answered."""
        found = self.filter(request=request, decided_at=None, revoked_at=None, delegated_to=None, invited_at__isnull=False)
        return found.exclude(role=Signatory.Role.COPY)


class Signatory(models.Model):
    """One person asked: a contact by emailed link, or a colleague inside the app. What they did is read from these facts."""

    class Role(models.TextChoices):
        APPROVER = "approver", _("approver")
        PARTICIPANT = "participant", _("participant")
        COPY = "copy", _("copy")

    class SignatureKind(models.TextChoices):
        TYPED = "typed", _("typed")
        DRAWN = "drawn", _("drawn")
        UPLOADED = "uploaded", _("uploaded")

    request = models.ForeignKey(SignRequest, models.PROTECT, related_name="signatories")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    zone_name = models.CharField(max_length=64)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.APPROVER)
    turn = models.PositiveSmallIntegerField(default=1)
    link_number = models.PositiveSmallIntegerField(default=0)  # raised by every resend; the older link is dead
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    code_passed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=20, blank=True)  # the value of one of the signable's answers, or "declined"
    text = models.TextField(max_length=2000, blank=True)
    line_texts = models.JSONField(default=dict, blank=True)  # objections by line, where the signable has lines
    typed_name = models.CharField(max_length=120, blank=True)
    signature_kind = models.CharField(max_length=10, choices=SignatureKind.choices, blank=True)
    signature_image = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    delegated_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    reminded_count = models.PositiveSmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminders_paused = models.BooleanField(default=False)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        ordering = ["turn", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user=None) | Q(contact=None, user__isnull=False),
                name="signatory_is_one_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, answer="") | (Q(decided_at__isnull=False) & ~Q(answer="")), name="answer_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["remind_at"], condition=Q(decided_at=None, revoked_at=None), name="signatory_to_remind"),
            models.Index(fields=["user"], condition=Q(decided_at=None, revoked_at=None), name="signatory_colleague_waiting"),
        ]
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return self.name

    @property
    def lines_said(self) -> list[tuple[str, str]]:
        """What they said line by line: (the line's words, theirs)."""
        from .standing import lines_said

        return lines_said(self)

    @property
    def full_name(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def account(self) -> Account:
        return self.request.account

    @property
    def is_copy(self) -> bool:
        return self.role == self.Role.COPY

    def as_actor(self) -> Actor:
        """A contact acts as themselves, a colleague as a colleague."""
        return Actor("user", self.user_id, self.name) if self.user_id else Actor("contact", self.contact_id, self.name)


class Delegation(models.Model):
    """ "Not the right person?": whom the signatory named instead; it takes effect when the agency confirms the new contact."""

    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="delegations")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    reason = models.TextField(max_length=2000)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)
    new_signatory = models.ForeignKey(Signatory, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["signatory"], condition=Q(settled_at=None), name="one_open_delegation")]

    def __str__(self) -> str:
        return f"{self.signatory} → {self.name}"


class OneTimeCode(models.Model):
    """Six digits mailed to the signatory: ten minutes, single use, five tries, counted here.

    The digits are derived from the link key and `nonce` (links.py), so neither this row nor the mail's row holds them.
    """

    signatory = models.ForeignKey(Signatory, models.CASCADE, related_name="codes")
    nonce = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.signatory)


EVENT_WORDS = {
    "requested": _("Requested"),
    "document": _("Document made"),
    "invited": _("Link sent"),
    "resent": _("Link sent again"),
    "address_corrected": _("Address corrected, link sent again"),
    "seen": _("First seen"),
    "code_sent": _("Code sent"),
    "code_passed": _("Code entered"),
    "code_blocked": _("Code blocked after five tries"),
    "delegate_proposed": _("Another person named"),
    "delegated": _("Passed on"),
    "delegate_refused": _("Other person refused, asked again"),
    "reminded": _("Reminded"),
    "decided": _("Answered"),
    "closed": _("Sign-off closed"),
    "sealed": _("Sealed"),
}


class Event(AppendOnly):
    """One link of a request's chain of evidence: append-only, each carrying the hash of the one before it."""

    request = models.ForeignKey(SignRequest, models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    data = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet["Event"].as_manager()

    class Meta:
        ordering = ["request", "sequence"]
        constraints = [models.UniqueConstraint(fields=["request", "sequence"], name="one_event_per_place")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"

    @property
    def word(self) -> str:
        """What happened, in the reader's language."""
        return str(EVENT_WORDS.get(self.kind, self.kind))


class SealedDocument(AppendOnly):
    """The signed PDF: frozen pages, signature page, certificate page, sealed once when the request closed, whatever the outcome."""

    request = models.OneToOneField(SignRequest, models.PROTECT, related_name="sealed")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    chain_head = models.CharField(max_length=64)
    certificate = models.CharField(max_length=200)  # subject and fingerprint of the sealing certificate
    sealed_at = models.DateTimeField()

    objects = AppendOnlyQuerySet["SealedDocument"].as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.request} {self.sha256[:12]}"


#: What the database itself refuses to change. Events and sealed documents are append-only as a whole.
FROZEN_DOCUMENT = [
    "kind", "subject_type", "subject_id", "account", "language", "title", "reference", "data", "amount", "currency",
    "created_at", "created_by",
]  # fmt: skip
DECISION = [
    "request", "contact", "user", "name", "title", "email", "role", "decided_at", "answer", "text", "line_texts",
    "typed_name", "signature_kind", "signature_image",
]  # fmt: skip
register(Document, columns=FROZEN_DOCUMENT)
register(Document, columns=["file", "sha256"], delete=False, when="old.sha256 <> ''")
register(Signatory, columns=DECISION, when="old.decided_at IS NOT NULL")
register(SignRequest, columns=["document", "account", "outcome", "closed_at"], when="old.outcome <> ''")
