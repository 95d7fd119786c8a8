"""Reference files of a job."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.errors import NotPermitted
from agency.files import file_response, preview_response
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..forms import ReferenceForm
from ..models import Job, ReferenceFile
from .common import job_of, user_of


@require_http_methods(["GET", "POST"])
def job_references(request: HttpRequest, number: str) -> HttpResponse:
    """The files, and a form to add one."""
    user, job = user_of(request), job_of(request, number)
    may_add = actions.may_refer(job, user)
    if request.method == "POST" and not may_add:
        raise NotPermitted(_("Reference files are kept by the account team and by those who work on the job."))

    def add(form: ReferenceForm) -> Done:
        actions.add_reference(job, form.cleaned_data["file"], form.cleaned_data["note"], by=user, now=clock.now())
        return _("Added."), reverse("job_references", args=[job.number])

    files = job.references.filter(removed_at=None).select_related("file", "by")
    context = {"job": job, "files": files, "may_add": may_add}
    return form_page(request, "jobsheets/job_references.html", posted(ReferenceForm, request) if may_add else None, add, context)


def _reference(job: Job, pk: int) -> ReferenceFile:
    found = job.references.filter(pk=pk, removed_at=None).select_related("file").first() if pk < 2**62 else None
    if found is None:
        raise Http404
    return found


@require_GET
def reference_file(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    return file_response(_reference(job_of(request, number), pk).file, request)


@require_GET
def reference_thumbnail(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    return preview_response(_reference(job_of(request, number), pk).file, "thumbnail")


@require_POST
def reference_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    job = job_of(request, number)
    found = _reference(job, pk)

    def act() -> str:
        actions.remove_reference(found, by=user_of(request), now=clock.now())
        return _("Removed.")

    return deed(request, act, reverse("job_references", args=[job.number]))
