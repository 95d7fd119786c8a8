"""The sheet as a page: read it, approve or return it, acknowledge it or ask, send it to the client."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import may, require
from agency import clock
from agency.asked import whole_number
from agency.errors import NotPermitted
from agency.files import file_response
from agency.posting import Done, form_page, posted

from .. import actions, issues
from ..chain import steps
from ..documents import sheet_data
from ..forms import QuestionForm, ReasonForm, SendForm
from ..models import Job
from ..sheetpdf import sections
from .common import job_of, press, sent_for_approval, settled_job_of, sheet_of, user_of


@require_GET
def job_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet in force, or the draft; with what the reader is asked to do about it."""
    user, job = user_of(request), settled_job_of(request, number)
    return render(request, "jobsheets/job_sheet.html", sheet_context(job, user))


def sheet_context(job: Any, user: Any) -> dict[str, Any]:
    """What the sheet page shows, for a job of `settled_job_of`."""
    now = clock.now()
    latest = next(iter(job.issues.all()), None)
    mine = next((row for row in job.at_work if row.user_id == user.pk), None)
    unread = mine is not None and latest is not None and mine.acknowledged_issue != latest.number
    going = job.status in (Job.Status.OPEN, Job.Status.HELD)
    return {
        "job": job,
        "client": job.account.client,
        "steps": steps(job, now=now),
        "sections": sections({name: getattr(job, name) for name in issues.BRIEF}),
        "latest": latest,
        "mine": mine,
        "to_acknowledge": unread and going and may(user, "jobs.acknowledge"),
        "changes": _changes_for(job, mine) if unread else [],
        "side": actions.open_side(job, user),
        "words": [word for word in job.approvals.all() if word.at >= (job.submitted_at or word.at)],
        "references": job.references.filter(removed_at=None).select_related("file", "by"),
        "overrides": job.overrides.select_related("by"),
        "missing": actions.missing(job) if job.status == Job.Status.DRAFT else [],
        "may_edit": may(user, "jobs.edit") and (going or job.status == Job.Status.DRAFT),
        "may_refer": (may(user, "jobs.edit") or mine)
        and not user.room
        and job.status not in (Job.Status.CLOSED, Job.Status.CANCELLED),
        "may_send": may(user, "signoffs.send") and going,
        **{f"can_{name}": may(user, action) and job.status in states for name, action, states in BUTTONS},
    }


_S = Job.Status
#: Buttons of the sheet: name, permission, the states in which they stand there.
BUTTONS = (
    ("submit", "jobs.submit", {_S.DRAFT}),
    ("take_back", "jobs.submit", {_S.APPROVAL}),
    ("assign", "jobs.assign", {_S.DRAFT, _S.APPROVAL, _S.OPEN, _S.HELD}),
    ("due", "jobs.edit", {_S.DRAFT, _S.OPEN, _S.HELD}),
    ("hold", "jobs.hold", {_S.OPEN}),
    ("resume", "jobs.hold", {_S.HELD}),
    ("cancel", "jobs.cancel", {_S.DRAFT, _S.APPROVAL, _S.OPEN, _S.HELD}),
    ("close", "jobs.close", {_S.OPEN}),
    ("reopen", "jobs.reopen", {_S.CLOSED}),
    ("copy", "jobs.create", set(_S)),
    ("override", "jobs.override", set(_S)),
)


def _changes_for(job: Any, mine: Any) -> list[issues.Change]:
    """What changed since the issue this colleague acknowledged."""
    if mine is None or mine.acknowledged_issue is None:
        return []
    found = {issue.number: issue for issue in job.issues.filter(number__in=[mine.acknowledged_issue, job.issue_number])}
    read, latest = found.get(mine.acknowledged_issue), found.get(job.issue_number)
    return issues.changes(read, latest) if read and latest else []


@require_GET
def sheet_pdf(request: HttpRequest, number: str, issue: int) -> HttpResponseBase:
    """One issue of the sheet as it was given out."""
    job = job_of(request, number)
    found = job.issues.filter(number=issue).select_related("file").first() if issue < 10_000 else None
    if found is None or found.file is None:
        raise Http404
    return file_response(found.file, request, inline=True)


@require_POST
def job_submit(request: HttpRequest, number: str) -> HttpResponse:
    return press(request, job_of(request, number), actions.submit_for_approval, sent_for_approval())


@require_POST
def job_take_back(request: HttpRequest, number: str) -> HttpResponse:
    return press(request, job_of(request, number), actions.take_back, _("It is a draft again."))


def _approved(job: Job) -> str:
    if job.status == Job.Status.OPEN:
        return _("Approved. The job is open; %(name)s is told by mail.") % {"name": job.owner.full_name}
    return _("Approved. The job opens with the other side's word.")


@require_POST
def job_approve(request: HttpRequest, number: str) -> HttpResponse:
    return press(request, job_of(request, number), actions.approve, _approved, request.POST.get("side", ""))


@require_http_methods(["GET", "POST"])
def job_return(request: HttpRequest, number: str) -> HttpResponse:
    """Send it back to its author, with what must be clearer."""
    user, job = user_of(request), job_of(request, number)
    side = actions.open_side(job, user)
    if not side and not (may(user, "jobs.approve_strategy") or may(user, "jobs.approve_creative")):
        raise NotPermitted(_("Only who approves job sheets can return them."))

    def send_back(form: ReasonForm) -> Done:
        actions.return_job(job, side or "strategy", form.cleaned_data["reason"], by=user, now=clock.now())
        return _("Returned to its author."), sheet_of(job)

    context = {
        "job": job, "heading": _("Return the job sheet"), "submit": _("Return it"),
        "what": _("It becomes a draft again. Say what must be clearer; one thing at a time helps most."),
    }  # fmt: skip
    return form_page(request, "jobsheets/job_deed.html", posted(ReasonForm, request), send_back, context)


@require_POST
def job_acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    issue = whole_number(request.POST.get("issue", ""))
    return press(request, job_of(request, number), actions.acknowledge, _("Acknowledged. You can begin."), issue, to="job_detail")


@require_http_methods(["GET", "POST"])
def job_question(request: HttpRequest, number: str) -> HttpResponse:
    """Something isn't clear: ask instead of acknowledging."""
    user, job = user_of(request), job_of(request, number)
    actions.assignment_of(job, user)

    def ask(form: QuestionForm) -> Done:
        actions.ask_question(job, form.cleaned_data["question"], by=user, now=clock.now())
        return _("%(name)s is asked by mail.") % {"name": job.owner.full_name}, sheet_of(job)

    context = {
        "job": job, "heading": gettext_lazy("Ask about the job sheet"),
        "submit": gettext_lazy("Ask"), "what": _("%(name)s gets your question by mail.") % {"name": job.owner.full_name},
    }  # fmt: skip
    return form_page(request, "jobsheets/job_deed.html", posted(QuestionForm, request), ask, context)


@require_http_methods(["GET", "POST"])
def sheet_send(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the client to sign the job sheet: whom, on what terms, and what they will see."""
    user, job = user_of(request), job_of(request, number)
    require(user, "signoffs.send")
    issue = issues.latest(job)
    if issue is None:
        messages.error(request, _("Only an approved job sheet can be sent to the client."))
        return redirect("job_sheet", number=job.number)

    def send(form: SendForm) -> Done:
        now = clock.now()
        actions.send_sheet_to_client(job, signatories=form.signatories(), by=user, now=now, **form.terms(now))
        return _(
            "Sent. The client gets the link as soon as the document is made; tell them within 30 minutes that it is there."
        ), sheet_of(job)

    context = {
        "job": job, "client": job.account.client, "data": sheet_data(issue),
        "page_template": "jobsheets/sign/_sheet.html", "heading": _("Send the job sheet to %(client)s") % {"client": job.account.client.name},
        "back": sheet_of(job),
    }  # fmt: skip
    form = posted(SendForm, request, job=job, kind="job_sheet", user=user)
    return form_page(request, "jobsheets/send.html", form, send, context)
