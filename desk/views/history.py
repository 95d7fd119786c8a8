"""The record of who did what, for one thing or (for those who see all) for everything."""

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import require
from accounts.visibility import get_visible_or_404
from agency.asked import whole_number
from agency.models import AuditEntry

PAGE = 100
#: Apps whose things have a history page.
APPS = frozenset({"accounts", "jobsheets", "signoffs", "meetings", "billing", "reporting"})


@require_safe
def of_object(request: HttpRequest, app: str, model: str, pk: int) -> HttpResponse:
    """Everything recorded about one thing; who may not see the thing gets the same 404 as for an unknown one."""
    if app not in APPS:
        raise Http404
    try:
        kind = apps.get_model(app, model)
    except LookupError:
        raise Http404 from None
    if kind._meta.label == "accounts.User":
        require(request.user, "users.manage")
        thing = kind._default_manager.filter(pk=pk).first()
        if thing is None:
            raise Http404
    elif hasattr(kind._default_manager, "visible_to"):
        if app == "billing":
            require(request.user, "invoices.view")
        thing = get_visible_or_404(kind._default_manager, request.user, pk=pk)
    else:
        raise Http404
    entries = AuditEntry.objects.for_object(thing)[:PAGE]
    return render(request, "desk/history.html", {"thing": thing, "entries": entries, "page": PAGE})


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The agency's whole record, a page at a time by `before`; administrators and directors."""
    require(request.user, "outbox.manage")
    entries = AuditEntry.objects.select_related("client").order_by("-pk")
    if before := whole_number(request.GET.get("before", ""), digits=18):
        entries = entries.filter(pk__lt=before)
    rows = list(entries[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return render(request, "desk/history_list.html", {"entries": rows[:PAGE], "before": more})
