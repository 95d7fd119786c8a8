"""The pages of status reports: this week's by slot, one report and its review."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Case, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Account, Client
from accounts.permissions import may, require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.asked import whole_number
from agency.errors import NotPermitted, Refused
from agency.files import file_response
from agency.mail import mails_about
from agency.models import AuditEntry
from agency.paging import page_of
from agency.posting import Done, deed, form_page, posted

from .actions import edit_report, hold_report, recipients, refresh_report, release_report, send_report, skip_report
from .forms import ReasonForm, ReportForm
from .mails import context_of
from .models import StatusReport
from .slots import Slot, slots_around

#: The states in which a report can still be changed.
OPEN = (StatusReport.Status.REVIEW, StatusReport.Status.HELD)
#: How many of the next slots a list names.
COMING = 50
#: What of a client decides when its reports are due.
CALENDAR = ("country", "working_week", "zone_name", "report_slot")


def get_report(request: HttpRequest, pk: int) -> StatusReport:
    reports = StatusReport.objects.select_related("account__client", "account__lead", "changed_by", "file")
    report: StatusReport = get_visible_or_404(reports, request.user, pk=pk)
    return report


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """This week: what is in review, held, sent or missed, then what comes; and everything before."""
    user: Any = request.user
    now = clock.now()
    past = request.GET.get("view") == "past"
    visible = StatusReport.objects.visible_to(user).select_related("account__client", "account__lead").defer("content")
    context: dict[str, Any] = {"view": "past" if past else "week", "now": now}
    if past:
        rows = visible.order_by("-due_at", "-pk")
    else:
        recent = visible.filter(Q(due_at__gt=now - timedelta(days=4)) | Q(status__in=OPEN))
        made = set(recent.order_by().values_list("account", "period"))
        context["coming"] = _coming(user, made, now)
        context["waiting"] = visible.filter(status=StatusReport.Status.REVIEW).count()
        rows = recent.order_by(Case(When(status__in=OPEN, then=0), default=1), "due_at", "pk")  # to read comes first
    page = page_of(rows, request)
    return render(request, "reporting/list.html", {**context, "page": page, "rows": page.rows})


def _coming(user: Any, made: set[tuple[int, str]], now: Any) -> list[dict[str, Any]]:
    """The next slot of each account whose review hasn't opened yet, the next ones first."""
    accounts = Account.objects.all().visible_to(user).current().filter(client__archived_at=None)
    slots: dict[tuple[str, ...], Slot | None] = {}  # most clients share the same few calendars
    found: list[tuple[Slot, int]] = []
    for account, *facts in accounts.values_list("pk", *(f"client__{name}" for name in CALENDAR)):
        calendar = tuple(facts)
        if calendar not in slots:
            slots[calendar] = _next_slot(Client(**dict(zip(CALENDAR, calendar, strict=True))), now)
        slot = slots[calendar]
        if slot and (account, slot.period) not in made:
            found.append((slot, account))
    shown = sorted(found, key=lambda row: row[0].due_at)[:COMING]
    named = Account.objects.select_related("client", "lead").in_bulk([account for _slot, account in shown])
    return [{"account": named[account], "slot": slot, "held": named[account].client.report_held} for slot, account in shown]


def _next_slot(client: Client, now: Any) -> Slot | None:
    return next((slot for slot in slots_around(client, now) if slot.due_at > now), None)


@require_http_methods(["GET", "POST"])
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as the client reads it; while it is in review, with the AE's words beside it."""
    report = get_report(request, pk)
    user: Any = request.user
    editable = report.is_open and may(user, "reports.edit")
    if request.method == "POST":
        require(user, "reports.edit")
    form = ReportForm(request.POST or None, report=report) if report.is_open else None
    if request.method == "GET":
        return _page(request, report, form if editable else None)
    if form is None:
        refused = _("This report is “%(status)s” by now; it can't be changed any more.") % {"status": report.get_status_display()}
        return _page(request, report, None, status=409, refused=refused)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    data = form.cleaned_data
    try:
        edit_report(
            report,
            introduction=data["introduction"],
            comments=form.comments(),
            revision=data["revision"],
            by=user,
            now=clock.now(),
        )
    except NotPermitted:
        raise
    except Refused as error:
        return _stale(request, report, form, str(error))
    messages.success(request, _("Your words are in the report."))
    return redirect("report_send" if "send" in request.POST else "report_detail", pk=report.pk)


def _stale(request: HttpRequest, report: StatusReport, form: ReportForm, refused: str) -> HttpResponse:
    """The form comes back with what was typed; what is stored stands beside it."""
    stored = context_of(report)
    typed: Any = form.data
    form.data = data = typed.copy()
    data["revision"] = report.revision
    return _page(request, report, form, status=409, refused=refused, stale=True, stored=stored["content"])


def _page(request: HttpRequest, report: StatusReport, form: ReportForm | None, *, status: int = 200, **more: Any) -> HttpResponse:
    context = context_of(report)
    if form:
        for job in context["content"]["jobs"]:
            job["field"] = form[f"comment-{job['number']}"] if f"comment-{job['number']}" in form.fields else None
    return render(
        request,
        "reporting/detail.html",
        {
            **context,
            "form": form,
            "mails": mails_about(report),
            "people": recipients(report.account) if report.is_open else [],
            "entries": AuditEntry.objects.all().for_object(report)[:10],
            "may_edit": may(request.user, "reports.edit"),
            "now": clock.now(),
            **more,
        },
        status=status,
    )


@require_POST
def report_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk)
    revision = whole_number(request.POST.get("revision", ""), -1)
    return _do(request, report, lambda **who: refresh_report(report, revision=revision, **who), _("The jobs are read again."))


@require_POST
def report_release(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk)
    return _do(request, report, lambda **who: release_report(report, **who), _("It leaves at its slot."))


def _do(request: HttpRequest, report: StatusReport, action: Callable[..., None], done: str) -> HttpResponse:
    def act() -> str:
        action(by=request.user, now=clock.now())
        return done

    return deed(request, act, report)


@require_http_methods(["GET", "POST"])
def report_hold(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, "hold", hold_report)


@require_http_methods(["GET", "POST"])
def report_skip(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, "skip", skip_report)


def _with_reason(request: HttpRequest, pk: int, deed: str, action: Callable[..., None]) -> HttpResponse:
    report = get_report(request, pk)
    require(request.user, "reports.edit")

    def act(form: ReasonForm) -> Done:
        action(report, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        return "", report

    return form_page(request, "reporting/reason.html", posted(ReasonForm, request), act, {"report": report, "deed": deed})


@require_http_methods(["GET", "POST"])
def report_send(request: HttpRequest, pk: int) -> HttpResponse:
    """The page between the button and the deed: to whom, what."""
    report = get_report(request, pk)
    user: Any = request.user
    require(user, "reports.edit")
    if not report.is_open:
        messages.error(request, _("This report is “%(status)s” by now.") % {"status": report.get_status_display()})
        return redirect(report)

    def send(_form: None) -> Done:
        send_report(report, by=user, now=clock.now())
        return _("The status report is on its way."), report

    context = {"report": report, "people": recipients(report.account), **context_of(report)}
    return form_page(request, "reporting/send.html", None, send, context)


@require_GET
def report_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    report = get_report(request, pk)
    if report.file is None:
        raise Http404
    return file_response(report.file, request, inline=True)
