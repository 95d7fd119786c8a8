"""What the views share: the thing behind the address, 404 before 403."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.posting import Done, deed

from ..models import Approval, Deliverable, Job, SheetIssue, Version
from ..states import settle, with_words


def user_of(request: HttpRequest) -> User:
    """The colleague who is logged in: the middleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def job_of(request: HttpRequest, number: str) -> Job:
    rows = Job.objects.select_related("account__client", "account__brand", "owner", "created_by")
    found: Job = get_visible_or_404(rows, user_of(request), number=number)
    return found


def settled_job_of(request: HttpRequest, number: str) -> Any:
    """The job with all its pages show: states (states.settle), the words of its approvers, its issues without their data."""
    rows = with_words(Job.objects.select_related("account__brand", "copied_from"))
    job = get_visible_or_404(rows, user_of(request), number=number)
    settle([job], for_the_client=bool(user_of(request).room))
    issues = SheetIssue.objects.defer("data").order_by("-number")
    prefetch_related_objects([job], Prefetch("approvals", Approval.objects.select_related("by")), Prefetch("issues", issues))
    return job


def deliverable_of(request: HttpRequest, number: str) -> Deliverable:
    """ACM-26-0042-D03: the job's number and the place within it."""
    job, _dash, place = number.rpartition("-D")
    if not (place.isascii() and place.isdigit() and len(place) == 2):
        raise Http404
    rows = Deliverable.objects.select_related("job__account__client", "job__account__brand", "job__owner")
    found: Deliverable = get_visible_or_404(rows, user_of(request), job__number=job, position=int(place))
    return found


def version_of(request: HttpRequest, number: str, v: int) -> Version:
    deliverable = deliverable_of(request, number)
    rows = Version.objects.visible_to(user_of(request)).filter(deliverable=deliverable)
    found: Version | None = rows.select_related("file", "by").filter(number=v).first() if v < 10_000 else None
    if found is None:
        raise Http404
    found.deliverable = deliverable
    return found


def sheet_of(job: Job) -> str:
    return reverse("job_sheet", args=[job.number])


def press(
    request: HttpRequest,
    job: Job,
    change: Callable[..., Any],
    done: str | Callable[[Job], str],
    *args: Any,
    to: str = "job_sheet",
) -> HttpResponse:
    """A button on the sheet: do it, say so (in words that may hang on what became of the job), on to the sheet or to `to`."""

    def act() -> Done:
        changed = change(job, *args, by=user_of(request), now=clock.now())
        return done if isinstance(done, str) else done(changed), reverse(to, args=[job.number])

    return deed(request, act, sheet_of(job))


def sent_for_approval() -> str:
    """What happens next, after a sheet was submitted on either of two pages."""
    return _("Sent for approval. Strategy and creative direction are asked by mail; the job opens when both have approved.")
