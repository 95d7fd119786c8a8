"""Composing, reviewing and sending status reports; the only code that changes them."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, TeamMember, User
from accounts.permissions import require
from agency import audit, clock, pdf
from agency.audit import SYSTEM, Acts
from agency.doorbell import ring
from agency.errors import Refused, WrongState
from agency.files import store_bytes
from agency.models import AuditEntry, OutgoingMail
from agency.transitions import move

from . import mails
from .compose import WEEK, comments_of, compose, with_comments
from .models import CATCH_UP, StatusReport
from .slots import Slot, slots_around

logger = logging.getLogger(__name__)
Status = StatusReport.Status
#: How far back reports matter to the next one; longer than the slots that are looked at.
RECENT = timedelta(days=21)


def recipients(account: Account) -> list[Contact]:
    """The client's people who get status reports."""
    people = Contact.objects.filter(client=account.client_id, archived_at=None, gets_reports=True, letters_allowed=True)
    return list(people.select_related("client").order_by("pk"))


def compose_report(account: Account, slot: Slot, *, by: Acts = SYSTEM, now: datetime) -> StatusReport:
    """Make the account's report of that week for review, held at once where the client's reports are on hold.

    Answers the one there is when it was made already: one account has one report a week.
    """
    require(by, "reports.edit")
    if existing := StatusReport.objects.filter(account=account, period=slot.period).first():
        return existing
    held = account.client.report_held
    try:
        with transaction.atomic():
            report = StatusReport.objects.create(
                account=account, period=slot.period, due_at=slot.due_at, send_at=slot.send_at, composed_at=now,
                language=account.client.language, content=compose(account, since=_since(account, now), now=now),
                status=Status.HELD if held else Status.REVIEW,
            )  # fmt: skip
            audit.record("report.composed", report, by=by, now=now)
    except IntegrityError:  # another beat was quicker
        return StatusReport.objects.get(account=account, period=slot.period)
    return report


def _since(account: Account, now: datetime) -> datetime:
    """The end of what the client was told last; a week ago where there is nothing."""
    last = StatusReport.objects.filter(account=account, status=Status.SENT).order_by("-composed_at").first()
    return datetime.fromisoformat(last.content["until"]) if last else now - WEEK


@transaction.atomic
def edit_report(
    report: StatusReport, *, introduction: str, comments: dict[str, str], revision: int, by: User, now: datetime
) -> None:
    """Put the AE's words into the report: the introduction and a comment per job (by number). Raises WrongState when stale."""
    require(by, "reports.edit")
    _claim(report, revision, by)
    report.introduction = introduction.strip()
    report.content = with_comments(report.content, comments)
    report.save(update_fields=["introduction", "content"])
    audit.record("report.edited", report, by=by, now=now)


@transaction.atomic
def refresh_report(report: StatusReport, *, revision: int, by: User, now: datetime) -> None:
    """Read the jobs again, keeping what the AE wrote."""
    require(by, "reports.edit")
    _claim(report, revision, by)
    _read_again(report, now)
    audit.record("report.refreshed", report, by=by, now=now)


def _read_again(report: StatusReport, now: datetime) -> None:
    fresh = compose(report.account, since=_since(report.account, now), now=now)
    report.content, report.composed_at = with_comments(fresh, comments_of(report.content)), now
    report.save(update_fields=["content", "composed_at"])


def _has_news(report: StatusReport, now: datetime) -> bool:
    """Whether the client's day is another one than when the jobs were read, or anything was recorded about the account since.

    What was recorded just before counts too: some of it has consequences a task later.
    """
    if report.composed_at >= now:  # composed and sent in one go
        return False
    zone = report.account.client.zone
    if clock.local(report.composed_at, zone).date() != clock.local(now, zone).date():
        return True
    recorded = AuditEntry.objects.filter(account=report.account_id, at__gt=report.composed_at - timedelta(minutes=10))
    return recorded.exclude(action__startswith="report.").exists()


def _claim(report: StatusReport, revision: int, by: User) -> None:
    rows = StatusReport.objects.undecided().filter(pk=report.pk, revision=revision)
    if not rows.update(revision=F("revision") + 1, changed_by=by):
        report.refresh_from_db()
        if not report.is_open:
            raise WrongState(
                _("This report is “%(status)s” by now; it can't be changed any more.") % {"status": report.get_status_display()}
            )
        raise WrongState(_("A colleague changed this report while you were writing. Compare, then save again."))
    report.refresh_from_db()


@transaction.atomic
def hold_report(report: StatusReport, *, reason: str, by: User, now: datetime) -> None:
    """Keep it from leaving by itself, with a reason."""
    require(by, "reports.edit")
    _with_reason(reason)
    move(report, Status.HELD, by=by, now=now, action="report.held", only_from=Status.REVIEW, reason=reason, changed_by=by)
    StatusReport.objects.filter(pk=report.pk).update(reason=reason.strip())


@transaction.atomic
def release_report(report: StatusReport, *, by: User, now: datetime) -> None:
    """Let it leave at its slot after all."""
    require(by, "reports.edit")
    move(report, Status.REVIEW, by=by, now=now, action="report.released", only_from=Status.HELD, changed_by=by)
    StatusReport.objects.filter(pk=report.pk).update(reason="")


@transaction.atomic
def skip_report(report: StatusReport, *, reason: str, by: User, now: datetime) -> None:
    """No report this week, with a reason."""
    require(by, "reports.edit")
    _with_reason(reason)
    move(report, Status.SKIPPED, by=by, now=now, action="report.skipped", reason=reason, changed_by=by)
    StatusReport.objects.filter(pk=report.pk).update(reason=reason.strip())


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the history."))


@transaction.atomic
def send_report(report: StatusReport, *, by: Acts, now: datetime) -> None:
    """Decide that it goes out now. Its PDF and letters follow by a task, in one transaction with each other.

    Raises Refused when nobody of the client gets status reports, WrongState when it went out already or was skipped.
    """
    require(by, "reports.edit")
    if not recipients(report.account):
        raise Refused(_("Nobody at this client gets status reports. Mark a contact for them, then send."))
    move(report, Status.SENT, by=by, now=now, action="report.sent", only_from=[Status.REVIEW, Status.HELD], sent_at=now)
    report.refresh_from_db(fields=["revision", "content", "composed_at"])
    if report.revision == 0 and _has_news(report, now):  # nobody touched it: say how things stand now
        _read_again(report, now)
    from .tasks import deliver_report

    ring(deliver_report, report.pk)


def deliver(report: StatusReport, *, now: datetime) -> list[OutgoingMail]:
    """Make the PDF of a report that was sent and queue its letters, in one transaction. Doing it twice changes nothing."""
    if report.status != Status.SENT or report.file_id:
        return []
    title = mails.title_of(report)
    data = pdf.render("pdf/reporting/report.html", mails.context_of(report), language=report.language, title=title)
    name = f"{report.account.client.code} {report.period}.pdf"
    with transaction.atomic():
        locked = StatusReport.objects.select_for_update().get(pk=report.pk)
        if locked.file_id:
            return []
        stored = store_bytes(data, name, "application/pdf", now=now)
        StatusReport.objects.filter(pk=report.pk).update(file=stored)
        report.file = stored
        return [mails.status_report(report, contact, now=now) for contact in recipients(report.account)]


def send_due_reports(now: datetime) -> list[StatusReport]:
    """What beat does: compose what is up for review, send what is due, mark what was missed. Answers what it sent.

    Asks "what is due", never "is it Friday": a run that was missed is caught up within 24 hours, a second run changes nothing.
    """
    sent = _settle(now)  # first what there is, so that a run that is cut off again and again still gets somewhere
    made = set(StatusReport.objects.filter(due_at__gt=now - RECENT).values_list("account", "period"))
    for account in Account.objects.current().filter(client__archived_at=None).select_related("client", "lead").order_by("pk"):
        _compose_due(account, made, now)
    return sent + _settle(now)


def _settle(now: datetime) -> list[StatusReport]:
    """Give up what is too late, send what is due; answers what it sent."""
    late = StatusReport.objects.undecided().filter(due_at__lt=now - CATCH_UP)
    for report in late.select_related("account__client"):
        _too_late(report, now)
    sent = []
    for report in StatusReport.objects.due(now).select_related("account__client", "account__lead").order_by("send_at", "pk"):
        if report.account.archived_at or report.account.client.archived_at:
            continue
        try:
            send_report(report, by=SYSTEM, now=now)
        except Refused:  # nobody gets it; or a colleague or another beat was quicker
            continue
        sent.append(report)
    return sent


def _compose_due(account: Account, made: set[tuple[int, str]], now: datetime) -> None:
    """Make the reports whose review is open. A slot that passed unseen is missed, if the account had reports before."""
    for slot in slots_around(account.client, now):
        if slot.review_at > now or (account.pk, slot.period) in made:
            continue
        if _began(account) > slot.due_at:
            continue
        if now <= slot.due_at + CATCH_UP or _reported_before(account, slot):
            compose_report(account, slot, now=now)


def _began(account: Account) -> datetime:
    """Since when someone works on the account: what lies before is nobody's slot."""
    first = TeamMember.objects.filter(account=account).order_by("since").first()
    return first.since if first else datetime.min.replace(tzinfo=UTC)


def _reported_before(account: Account, slot: Slot) -> bool:
    return StatusReport.objects.filter(account=account, due_at__lt=slot.due_at, due_at__gt=slot.due_at - RECENT).exists()


def _too_late(report: StatusReport, now: datetime) -> None:
    """24 hours after the slot: what was on hold is skipped, what should have gone is missed. Neither is sent any more."""
    try:
        if report.status == Status.HELD:
            move(report, Status.SKIPPED, by=SYSTEM, now=now, action="report.skipped", reason=report.reason)
        else:
            move(report, Status.MISSED, by=SYSTEM, now=now, action="report.missed")
    except WrongState:
        logger.info("Report %s was settled meanwhile.", report.pk)
