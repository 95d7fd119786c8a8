"""The list of jobs; writing, copying and moving a job; its life."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Account, User
from accounts.permissions import may, require
from agency import clock
from agency.asked import whole_number
from agency.errors import Refused
from agency.paging import page_of
from agency.posting import Done, form_page, posted

from .. import actions, issues
from ..forms import CopyForm, DueForm, Essentials, JobFilter, OverrideForm, ReasonForm, SheetForm
from ..models import Deliverable, Job
from ..states import settle, with_words
from .common import job_of, press, sent_for_approval, sheet_of, user_of

SORTS = {
    "number": "number", "title": "title", "client": "account__client__name", "due": "due_at", "owner": "owner__full_name",
    "status": "status",
}  # fmt: skip
#: What the rows say and a job's next step follows from.
LISTED = (
    "number", "title", "kind", "status", "due_at", "opened_at", "delivered_at", "returned_reason", "revision",
    "account__name", "account__client__name", "owner__full_name",
)  # fmt: skip


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job the reader may see, what is to be done first, by date; the address holds the filters."""
    user = user_of(request)
    form = JobFilter(request.GET, user=user)
    form.is_valid()  # what isn't understood is ignored
    rows = _sorted(_filtered(Job.objects.visible_to(user), form.cleaned_data, clock.now()), request.GET.get("sort", ""))
    # Thousands are sorted quicker by what sorts them alone; what is read then are the visible ones found so.
    page = page_of(rows.values_list("pk", flat=True), request)
    jobs = with_words(Job.objects.filter(pk__in=page.rows)).only(*LISTED).in_bulk()
    page = replace(page, rows=[jobs[pk] for pk in page.rows])
    settle(page, for_the_client=bool(user.room))
    filtered = any(form.cleaned_data.get(name) for name in form.fields)
    context = {
        "rows": page.rows, "page": page, "form": form, "filtered": filtered, "chips": _chips(user, request),
        "may_create": may(user, "jobs.create"),
    }  # fmt: skip
    return render(request, "jobsheets/job_list.html", context)


def _filtered(rows: "QuerySet[Job]", facts: dict[str, Any], now: datetime) -> "QuerySet[Job]":
    status = facts.get("status")
    if not status:
        rows = rows.alive()  # type: ignore[attr-defined]
    elif status != "all":
        rows = rows.filter(status=status)
    if words := facts.get("q"):
        rows = rows.filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(client_order__icontains=words))
    if client := facts.get("client"):
        rows = rows.filter(account__client__code=client)
    if owner := facts.get("owner"):
        rows = rows.filter(owner=owner)
    if kind := facts.get("kind"):
        rows = rows.filter(kind=kind)
    return rows.filter(**_due(facts.get("due") or "", now))


def _due(which: str, now: datetime) -> dict[str, datetime]:
    """The range of due dates, by the reader's days."""
    today = timezone.localtime(now).date()
    ends = timezone.make_aware(datetime.combine(today + timedelta(days=1), time()))
    week = timezone.make_aware(datetime.combine(today + timedelta(days=8), time()))
    begins = timezone.make_aware(datetime.combine(today, time()))
    ranges = {
        "late": {"due_at__lt": now},
        "today": {"due_at__gte": begins, "due_at__lt": ends},
        "week": {"due_at__gte": begins, "due_at__lt": week},
        "later": {"due_at__gte": week},
    }
    return ranges.get(which, {})


def _sorted(rows: "QuerySet[Job]", sort: str) -> "QuerySet[Job]":
    """By the column asked for; else by due date, and what only waits for finance after what is still to be done.

    Small changes promised to the client are still to be done, though everything is signed off.
    """
    field = SORTS.get(sort.removeprefix("-"))
    if not field:
        owing = Exists(Deliverable.objects.owing_small_changes().filter(job=OuterRef("pk")))
        return rows.order_by(Case(When(delivered_at=None, then=0), When(owing, then=0), default=1), "due_at", "pk")
    return rows.order_by(f"-{field}" if sort.startswith("-") else field, "pk")


def _chips(user: User, request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Ready-made views: (address, words, whether it is the one in force)."""
    here, asked = reverse("job_list"), request.GET.urlencode()
    views = [
        (f"owner={user.pk}", _("Mine")),
        ("due=late", _("Late")),
        ("due=week", _("Due in seven days")),
        ("status=approval", _("In approval")),
        ("status=closed", _("Closed")),
    ]
    return [(f"{here}?{query}", word, query == asked) for query, word in views]


@require_http_methods(["GET", "POST"])
def job_create(request: HttpRequest) -> HttpResponse:
    """The essentials first; the brief follows on the next page."""
    user = user_of(request)
    require(user, "jobs.create")
    initial = {"account": _account_meant(request, user), "title": request.GET.get("title", "")[:120]}

    def create(form: Essentials) -> Done:
        job = actions.create_with_deliverables(by=user, now=clock.now(), **form.cleaned_data)
        return "", reverse("job_edit", args=[job.number])

    recent = Job.objects.visible_to(user).filter(owner=user).select_related("account__client").order_by("-pk")[:4]
    form = posted(Essentials, request, user=user, initial=initial)
    return form_page(request, "jobsheets/job_create.html", form, create, {"recent": recent if request.method == "GET" else []})


def _account_meant(request: HttpRequest, user: User) -> Account | None:
    """The account of ?account=, or the only one of ?client= (its code): it is chosen beforehand."""
    rows = Account.objects.visible_to(user).current()
    if account := whole_number(request.GET.get("account", ""), digits=18):
        return rows.filter(pk=account).first()
    code = request.GET.get("client", "")
    of_client = [row for row in rows.select_related("client") if row.client.code == code] if code else []
    return of_client[0] if len(of_client) == 1 else None


@require_http_methods(["GET", "POST"])
def job_edit(request: HttpRequest, number: str) -> HttpResponse:
    """The whole sheet with guidance. A stale form comes back with what the other person wrote beside it."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.edit")
    submit = "submit" in request.POST

    def save(form: SheetForm) -> Done:
        changed = actions.edit_job(job, revision=form.cleaned_data["revision"], by=user, now=clock.now(), **form.facts())
        if submit:
            actions.submit_for_approval(changed, by=user, now=clock.now())
        return _saved(changed, submit), sheet_of(job)

    def as_it_stands(refusal: Refused) -> dict[str, Any]:
        job.refresh_from_db()
        if not isinstance(refusal, actions.Stale):
            return {}
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["revision"] = str(refusal.job.revision)  # type: ignore[index]  # saving again overwrites, knowingly
        return {"theirs": _differences(refusal.job, form)}

    def context() -> dict[str, Any]:
        return {
            "job": job, "may_submit": may(user, "jobs.submit"),
            "missing": actions.missing(job) if job.status == Job.Status.DRAFT else [],
            "locked": job.status not in (Job.Status.DRAFT, Job.Status.OPEN, Job.Status.HELD),
        }  # fmt: skip

    form = posted(SheetForm, request, job=job)
    return form_page(request, "jobsheets/job_edit.html", form, save, context, after_refusal=as_it_stands)


def _saved(job: Job, submitted: bool) -> str:
    if submitted:
        return sent_for_approval()
    if job.status == Job.Status.DRAFT:
        return _("Saved.")
    return _("Saved. The sheet is issued again, and everyone on the job is asked to acknowledge it.")


def _differences(job: Job, form: SheetForm) -> list[tuple[Any, Any, Any]]:
    """(field, theirs, mine) wherever the sheet as it stands differs from the form."""
    return [
        (issues.field_label(name), getattr(job, name), form.cleaned_data.get(name))
        for name in (*issues.FACTS, "owner")
        if getattr(job, name) != form.cleaned_data.get(name)
    ]


@require_http_methods(["GET", "POST"])
def job_copy(request: HttpRequest, number: str) -> HttpResponse:
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.create")

    def copy(form: CopyForm) -> Done:
        made = actions.copy_job(job, by=user, now=clock.now(), **form.cleaned_data)
        return "", reverse("job_edit", args=[made.number])

    form = posted(CopyForm, request, initial={"title": job.title})
    return form_page(request, "jobsheets/job_copy.html", form, copy, {"job": job})


@require_http_methods(["GET", "POST"])
def job_due(request: HttpRequest, number: str) -> HttpResponse:
    """Move the due date, with a reason."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.edit")
    words = {"heading": gettext_lazy("Move the due date"), "submit": gettext_lazy("Move the due date")}
    return _deed(
        request, job, DueForm, words, lambda form: actions.move_due_date(job, by=user, now=clock.now(), **form.cleaned_data)
    )


def _deed(
    request: HttpRequest, job: Job, form_class: type[Any], words: Mapping[str, str | Promise | bool], change: Callable[[Any], Any]
) -> HttpResponse:
    """A page that asks (a reason, mostly), then does one thing to the job and goes back to it."""

    def act(form: Any) -> Done:
        change(form)
        return _("Done."), sheet_of(job)

    return form_page(request, "jobsheets/job_deed.html", posted(form_class, request), act, {"job": job, **words})


def _with_reason(permission: str, change: Callable[..., Any], **words: Any) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view for an action that takes the job and a reason."""

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, number: str) -> HttpResponse:
        user, job = user_of(request), job_of(request, number)
        require(user, permission)
        return _deed(
            request, job, ReasonForm, words, lambda form: change(job, form.cleaned_data["reason"], by=user, now=clock.now())
        )

    return view


job_hold = _with_reason(
    "jobs.hold", actions.hold, heading=gettext_lazy("Put the job on hold"), submit=gettext_lazy("Put on hold"),
    what=gettext_lazy("No version can be uploaded or sent until it is resumed. Everyone on the job is told. What the client has to sign stays open."),
)  # fmt: skip
job_cancel = _with_reason(
    "jobs.cancel", actions.cancel, heading=gettext_lazy("Cancel the job"), submit=gettext_lazy("Cancel the job"), danger=True,
    what=gettext_lazy("This can’t be taken back. What the client has to sign is withdrawn, and everyone on the job is told."),
)  # fmt: skip
job_reopen = _with_reason(
    "jobs.reopen", actions.reopen, heading=gettext_lazy("Open the job again"), submit=gettext_lazy("Open it again"),
    what=gettext_lazy("Versions and costs can land on it again."),
)  # fmt: skip


@require_POST
def job_resume(request: HttpRequest, number: str) -> HttpResponse:
    return press(request, job_of(request, number), actions.resume, _("The job is open again."))


@require_http_methods(["GET", "POST"])
def job_close(request: HttpRequest, number: str) -> HttpResponse:
    """Stop the job card."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.close")

    def close(_form: None) -> Done:
        actions.close(job, by=user, now=clock.now())
        return _("The job is closed: no cost lands on it any more. It can still be invoiced."), sheet_of(job)

    context = {
        "job": job, "heading": _("Close the job"), "submit": _("Close the job"),
        "what": _("The job card is stopped: no version, hours or cost lands on it any more. It can still be invoiced."),
        "obstacles": actions.in_flight(job),
    }  # fmt: skip
    return form_page(request, "jobsheets/job_deed.html", None, close, context)


@require_http_methods(["GET", "POST"])
def job_override(request: HttpRequest, number: str) -> HttpResponse:
    """A director lets something pass the gate."""
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.override")
    words = {
        "heading": gettext_lazy("Override the gate"), "submit": gettext_lazy("Let it pass"),
        "what": gettext_lazy("No job sheet, no work. Your override holds while the job stays in its present state; it is recorded and counted."),
    }  # fmt: skip
    return _deed(
        request, job, OverrideForm, words,
        lambda form: actions.override_gate(job, form.cleaned_data["thing"], form.cleaned_data["reason"], by=user, now=clock.now()),
    )  # fmt: skip
