"""What status reports ask of a colleague now: for My day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo, stuck_mails

from .models import StatusReport

#: How long a missed report stays in sight.
SHOWN = timedelta(days=7)
#: What the rows say of a report, and no more is read.
OF_REPORT = ("period", "status", "due_at", "account__name", "account__client__name")


def todos(user: User, now: datetime, stuck: Sequence[Any] | None = None) -> list[Todo]:
    """Reports of the accounts I lead: to review before their slot, held, or missed; and their mails that need a person.

    `stuck`: of `stuck_mails`, where they have been read already.
    """
    if not may(user, "reports.edit"):
        return []
    recent = Q(status=StatusReport.Status.MISSED, due_at__gt=now - SHOWN)
    rows = StatusReport.objects.visible_to(user).filter(Q(status__in=["review", "held"]) | recent, account__lead=user)
    rows = rows.select_related("account__client").only(*OF_REPORT).order_by("due_at", "pk")
    return [_todo(report) for report in rows[:30]] + _mails(user, stuck_mails(user, now) if stuck is None else stuck)


def _mails(user: User, stuck: Sequence[Any]) -> list[Todo]:
    """Mails that carry reports and were refused, or that the mail server never confirmed."""
    return [
        Todo(
            icon="mail", what=mail.subject, why=_("The mail to %(name)s: %(state)s") % {"name": mail.to_name, "state": mail.get_status_display()},
            url=reverse("report_detail", args=[mail.object_id]), button=_("Look into it"), since=mail.created_at,
        )
        for mail in stuck if mail.letter == "reporting.status" and mail.lead == user.pk
    ][:30]  # fmt: skip


def _todo(report: StatusReport) -> Todo:
    missed = report.status == StatusReport.Status.MISSED
    why = {
        StatusReport.Status.REVIEW: _("it leaves by itself at its slot"),
        StatusReport.Status.HELD: _("on hold: nothing leaves"),
        StatusReport.Status.MISSED: _("it did not leave in time"),
    }[StatusReport.Status(report.status)]
    return Todo(
        icon="report",
        what=_("Status report: %(account)s") % {"account": report.account.name},
        why=why,
        url=report.get_absolute_url(),
        button=_("Look at it") if missed else _("Review"),
        client=report.account.client.name,
        number=report.period,
        due_at=report.due_at,
    )
