"""The PDF of each issue of a job sheet; a lost task is made good by the sweep."""

from datetime import datetime, timedelta

from celery import shared_task
from django.utils.translation import gettext, override

from agency import clock
from agency.doorbell import ring
from agency.files import store_bytes
from agency.models import Agency
from agency.pdf import render
from agency.sweep import swept

from .models import SheetIssue
from .sheetpdf import context_of


@shared_task(name="jobsheets.tasks.render_issue")
def render_issue(issue_id: int) -> None:
    """Make the PDF of one issue, once."""
    issue = (
        SheetIssue.objects.select_related("job__account__client", "job__account__brand").filter(pk=issue_id, file=None).first()
    )
    if issue is None:
        return
    language = Agency.current().language
    with override(language):
        title = gettext("Job sheet %(number)s, issue %(n)s") % {"number": issue.job.number, "n": issue.number}
    data = render("pdf/jobsheets/sheet.html", context_of(issue), language=language, title=title)
    file = store_bytes(data, f"{issue.job.number} #{issue.number}.pdf", "application/pdf", now=clock.now())
    SheetIssue.objects.filter(pk=issue.pk, file=None).update(file=file)


@swept
def unrendered_issues(now: datetime) -> int:
    """Issues whose task was lost: ring again."""
    waiting = SheetIssue.objects.filter(file=None, issued_at__lt=now - timedelta(minutes=2))[:50]
    for issue in waiting:
        ring(render_issue, issue.pk)
    return len(waiting)
