"""Who works on the job."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require
from agency import clock
from agency.posting import Done, deed, form_page, posted

from .. import actions, issues
from ..forms import AssignForm
from .common import job_of, user_of


@require_http_methods(["GET", "POST"])
def job_people(request: HttpRequest, number: str) -> HttpResponse:
    """Everyone on the job, what they acknowledged, and a form to add one more."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.assign")

    def assign(form: AssignForm) -> Done:
        made = actions.assign(job, form.cleaned_data["user"], form.cleaned_data["craft"], by=user, now=clock.now())
        return _("%(name)s is on the job.") % {"name": made.user.full_name}, reverse("job_people", args=[job.number])

    people = job.assignments.filter(removed_at=None).select_related("user")
    context = {"job": job, "people": people, "latest": issues.latest(job)}
    return form_page(request, "jobsheets/job_people.html", posted(AssignForm, request, job=job), assign, context)


@require_POST
def job_unassign(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    job = job_of(request, number)
    found = job.assignments.filter(pk=pk).select_related("user").first() if pk < 2**62 else None
    if found is None:
        raise Http404

    def act() -> str:
        actions.unassign(found, by=user_of(request), now=clock.now())
        return _("%(name)s is off the job.") % {"name": found.user.full_name}

    return deed(request, act, reverse("job_people", args=[job.number]))
