"""The PDF of each issue of a job sheet; a lost task is made good by the sweep."""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, override

from agency import clock, papers
from agency.files import store_bytes
from agency.models import Agency
from agency.pdf import render

from .models import SheetIssue
from .sheetpdf import context_of


@shared_task(name="jobsheets.tasks.render_issue")
def render_issue(issue_id: int) -> None:
    """Make the PDF of one issue, once."""
    issue = (
        SheetIssue.objects.select_related("job__account__client", "job__account__brand").filter(pk=issue_id, file=None).first()
    )
    if issue is not None:
        now = clock.now()
        papers.attempt(issue, lambda: make_paper(issue, now=now), now=now)


def make_paper(issue: SheetIssue, *, now: datetime) -> None:
    """Make the PDF of an issue and keep it with it. Raises Refused when it can't be made."""
    language = Agency.current().language
    with override(language):
        title = gettext("Job sheet %(number)s, issue %(n)s") % {"number": issue.job.number, "n": issue.number}
    data = render("pdf/jobsheets/sheet.html", context_of(issue), language=language, title=title)
    with transaction.atomic():
        row = SheetIssue.objects.select_for_update().get(pk=issue.pk)
        if row.file_id is None:
            file = store_bytes(data, f"{issue.job.number} #{issue.number}.pdf", "application/pdf", now=now)
            SheetIssue.objects.filter(pk=issue.pk).update(file=file)


def without_paper(now: datetime) -> QuerySet[SheetIssue]:
    """Issued a while ago, and still without its PDF."""
    return SheetIssue.objects.filter(file=None, issued_at__lt=now - papers.TASK_LOST)


def _page(issue: SheetIssue) -> str:
    return reverse("job_sheet", args=[issue.job.number])


papers.register(papers.Kind(SheetIssue, render_issue, without_paper, "jobs.edit", _page))
