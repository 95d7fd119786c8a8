"""What of a job the client signs: a version of a deliverable, and the job sheet."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import audit
from signoffs.models import Document, Signatory, SignRequest
from signoffs.signables import Answer, Signable, Text

from . import issues, mails
from .models import Deliverable, SheetIssue, Version

APPROVED, SMALL_CHANGES, CHANGES = "approved", "small_changes", "changes"


class DeliverableSignable(Signable):
    """The sign-off of one version: the artwork, its facts, and who of the agency stands behind it."""

    kind = "deliverable"
    name = gettext_lazy("Sign-off")
    pdf_template = "pdf/jobsheets/version.html"
    page_template = "jobsheets/sign/_version.html"
    answers = (
        Answer(
            APPROVED,
            label=gettext_lazy("Approve"),
            hint=gettext_lazy("We produce it exactly like this."),
            button=gettext_lazy("Approve “%(title)s”"),
            said=gettext_lazy("Approved."),
            approves=True,
        ),
        Answer(
            SMALL_CHANGES,
            label=gettext_lazy("Approve with small changes"),
            hint=gettext_lazy("You tell us what; we change it without showing it again."),
            button=gettext_lazy("Approve “%(title)s” with small changes"),
            said=gettext_lazy("Approved with small changes."),
            approves=True,
            needs_text=True,
        ),
        Answer(
            CHANGES,
            label=gettext_lazy("Changes needed"),
            hint=gettext_lazy("You tell us what; you will see a new version."),
            button=gettext_lazy("Ask for changes to “%(title)s”"),
            said=gettext_lazy("Changes needed."),
            needs_text=True,
        ),
    )

    def ask(self, document: Document) -> Text:
        facts = {"name": document.created_by.full_name, "title": document.title}
        return _("%(name)s asks you to approve “%(title)s”") % facts

    def subject_line(self, document: Document) -> Text:
        return _("Approve: %(title)s") % {"title": document.title}

    def is_current(self, document: Document) -> bool:
        """The newest version of something still wanted, not answered yet."""
        newer = Version.objects.filter(deliverable=OuterRef("deliverable"), number__gt=OuterRef("number"))
        wanted = Version.objects.filter(~Exists(newer), answer="", deliverable__dropped_at=None)
        return wanted.filter(pk=document.subject_id).exists()

    def newer_request(self, document: Document) -> SignRequest | None:
        """The request about a newer version of the same deliverable."""
        version = _version(document)
        if version is None:
            return None
        for newer in version.deliverable.versions.filter(number__gt=version.number):
            if found := SignRequest.objects.about(newer).first():
                return found
        return None

    def decided(self, request: SignRequest, *, now: datetime) -> None:
        """Write the client's answer on the version; approved, the deliverable is signed off."""
        version = _version(request.document)
        if version is None:
            return
        answer, text, who = _answer(request)
        version.answer, version.answer_text, version.answered_at = answer, text, now
        version.save(update_fields=["answer", "answer_text", "answered_at"])
        audit.record("version.answered", version, by=who, now=now, new={"answer": answer}, reason=text)
        if answer in (Version.Answer.APPROVED, Version.Answer.SMALL_CHANGES):
            _sign_off(version, who, now=now)
        mails.tell_answered(version, request, by=who, now=now)

    def void(self, request: SignRequest, *, now: datetime) -> None:
        """Closed without an answer: the version is no longer with the client and may be sent again."""
        version = _version(request.document)
        if version is not None and Version.objects.filter(pk=version.pk, answer="", sent_at__isnull=False).update(sent_at=None):
            new = {"outcome": request.outcome}
            audit.record("version.recalled", version, by=audit.SYSTEM, now=now, new=new, reason=request.reason)


def _version(document: Document) -> Version | None:
    """The version in the database, with everything above it."""
    rows = Version.objects.select_related("by", "deliverable__job__account__client", "deliverable__job__owner")
    return rows.filter(pk=document.subject_id).first()


def _sign_off(version: Version, who: audit.Acts, *, now: datetime) -> None:
    from .actions.lifecycle import delivered_if_done

    deliverable = version.deliverable
    if Deliverable.objects.filter(pk=deliverable.pk, signed_off_at=None).update(signed_off_at=now):
        audit.record("deliverable.signed_off", deliverable, by=who, now=now)
    delivered_if_done(deliverable.job, by=who, now=now)


def _answer(request: SignRequest) -> tuple[Version.Answer, str, audit.Acts]:
    """The one answer out of everyone's: the strictest counts. With all that was said, and who decided last."""
    answered = [row for row in request.signatories.select_related("contact", "user") if row.decided_at and row.answer]
    deciding = [row for row in answered if row.role == Signatory.Role.APPROVER] or answered
    last = max(deciding, key=lambda row: (row.decided_at, row.pk), default=None)
    text = _texts(answered)
    who: audit.Acts = audit.SYSTEM
    if last is not None:
        who = last.contact or last.user or audit.Actor("contact", None, last.name)
    if request.outcome == SignRequest.Outcome.DECLINED:
        return Version.Answer.DECLINED, text, who
    if request.outcome == SignRequest.Outcome.CHANGES:
        return Version.Answer.CHANGES, text, who
    small = any(row.answer == SMALL_CHANGES for row in deciding)
    return Version.Answer.SMALL_CHANGES if small else Version.Answer.APPROVED, text, who


def _texts(answered: list[Signatory]) -> str:
    """What people wrote; with their names where there are several."""
    said = [row for row in answered if row.text]
    if len(said) == 1:
        return said[0].text
    return "\n\n".join(f"{row.name}: {row.text}" for row in said)


class JobSheetSignable(Signable):
    """The job sheet the client accepts before the work is done."""

    kind = "job_sheet"
    name = gettext_lazy("Job sheet")
    pdf_template = "pdf/jobsheets/sheet_to_sign.html"
    page_template = "jobsheets/sign/_sheet.html"
    answers = (
        Answer(
            APPROVED,
            label=gettext_lazy("Accept the job sheet"),
            hint=gettext_lazy("We work exactly to this."),
            button=gettext_lazy("Accept “%(title)s”"),
            said=gettext_lazy("Accepted."),
            approves=True,
        ),
        Answer(
            CHANGES,
            label=gettext_lazy("Changes needed"),
            hint=gettext_lazy("You tell us what; we write it again."),
            button=gettext_lazy("Ask for changes to “%(title)s”"),
            said=gettext_lazy("Changes needed."),
            needs_text=True,
        ),
    )

    def ask(self, document: Document) -> Text:
        return _("%(name)s asks you to accept “%(title)s”") % {"name": document.created_by.full_name, "title": document.title}

    def subject_line(self, document: Document) -> Text:
        return _("Accept: %(title)s") % {"title": document.title}

    def is_current(self, document: Document) -> bool:
        """The issue in force of a job that isn't over."""
        issue = _issue(document)
        latest = issues.latest(issue.job) if issue else None
        return issue is not None and issue == latest and issue.job.status in ("open", "held")

    def newer_request(self, document: Document) -> SignRequest | None:
        issue = _issue(document)
        if issue is None:
            return None
        for newer in SheetIssue.objects.filter(job=issue.job, number__gt=issue.number):
            if found := SignRequest.objects.about(newer).first():
                return found
        return None

    def decided(self, request: SignRequest, *, now: datetime) -> None:
        """The account executive is told; the signature itself is kept by the engine."""
        issue = _issue(request.document)
        if issue is None:
            return
        _value, text, who = _answer(request)
        new = {"answer": request.outcome, "issue": issue.number}
        audit.record("job.sheet_answered", issue.job, by=who, now=now, new=new, reason=text)
        mails.tell_sheet_answered(issue, request, text, by=who, now=now)


def _issue(document: Document) -> SheetIssue | None:
    rows = SheetIssue.objects.select_related("job__account__client", "job__owner")
    return rows.filter(pk=document.subject_id).first()
