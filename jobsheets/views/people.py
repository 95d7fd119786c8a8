"""Who works on the job."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require
from agency import clock
from agency.errors import NotPermitted, Refused

from .. import actions, issues
from ..forms import AssignForm
from .common import job_of, posted, say_no, user_of


@require_http_methods(["GET", "POST"])
def job_people(request: HttpRequest, number: str) -> HttpResponse:
    """Everyone on the job, what they acknowledged, and a form to add one more."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.assign")
    form = AssignForm(posted(request), job=job)
    refused, status = "", 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.assign(job, form.cleaned_data["user"], form.cleaned_data["craft"], by=user, now=clock.now())
        except NotPermitted:
            raise
        except Refused as error:
            refused, status = str(error), 409
        else:
            messages.success(request, _("%(name)s is on the job.") % {"name": made.user.full_name})
            return redirect("job_people", number=job.number)
    people = job.assignments.filter(removed_at=None).select_related("user")
    context = {"form": form, "job": job, "refused": refused, "people": people, "latest": issues.latest(job)}
    return render(request, "jobsheets/job_people.html", context, status=status)


@require_POST
def job_unassign(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    job = job_of(request, number)
    found = job.assignments.filter(pk=pk).select_related("user").first() if pk < 2**62 else None
    if found is None:
        raise Http404
    try:
        actions.unassign(found, by=user_of(request), now=clock.now())
    except Refused as error:
        return say_no(request, error, reverse("job_people", args=[job.number]))
    messages.success(request, _("%(name)s is off the job.") % {"name": found.user.full_name})
    return redirect("job_people", number=job.number)
