"""One meeting: calling it, changing it, its page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Account
from accounts.permissions import may, require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.asked import whole_number
from agency.errors import NotPermitted, Refused
from agency.mail import mails_about
from agency.models import AuditEntry
from signoffs.models import SignRequest

from ..actions import cancel_meeting, create_meeting, edit_meeting, send_agenda
from ..forms import MeetingForm, ReasonForm
from ..models import Meeting, Minutes, NextStep


def get_meeting(request: HttpRequest, serial: str) -> Meeting:
    meetings = Meeting.objects.select_related("account__client", "account__lead", "called_by")
    meeting: Meeting = get_visible_or_404(meetings, request.user, serial=serial)
    return meeting


@require_GET
def meeting_detail(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    now = clock.now()
    minutes = meeting.newest_minutes()
    context: dict[str, Any] = {
        "meeting": meeting,
        "minutes": minutes,
        "earlier": meeting.minutes.exclude(pk=minutes.pk) if minutes else [],
        "lines": minutes.lines.all() if minutes else [],
        "steps": minutes.steps.select_related("contact", "user") if minutes else [],
        "binding": set(NextStep.objects.binding().filter(minutes=minutes).values_list("pk", flat=True)) if minutes else set(),
        "attendees": meeting.attendees.select_related("contact", "user"),
        "agenda": meeting.agenda.all(),
        "mails": mails_about(meeting),
        "entries": _entries(meeting, minutes),
        "now": now,
        "over": meeting.ends_at <= now,
        "begun": meeting.starts_at <= now,
        "may_write": may(request.user, "meetings.write"),
        "may_send": may(request.user, "meetings.send"),
        **_sign_state(minutes),
    }
    return render(request, "meetings/detail.html", context)


def _sign_state(minutes: Minutes | None) -> dict[str, Any]:
    """The sign request of the newest minutes, with the people asked."""
    if minutes is None or minutes.document_id is None:
        return {}
    sign_request = SignRequest.objects.filter(document=minutes.document_id).order_by("-pk").first()
    if sign_request is None:
        return {}
    return {"sign_request": sign_request, "signatories": sign_request.signatories.select_related("contact", "user")}


def _entries(meeting: Meeting, minutes: Minutes | None) -> list[AuditEntry]:
    found = list(AuditEntry.objects.all().for_object(meeting)[:12])
    if minutes:
        found += list(AuditEntry.objects.all().for_object(minutes).exclude(action="minutes.edited")[:12])
    return sorted(found, key=lambda entry: (entry.at, entry.pk), reverse=True)[:12]


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest) -> HttpResponse:
    """First with whom (?account=…, ?internal=1), then the meeting itself."""
    user: Any = request.user
    require(user, "meetings.write")
    accounts = Account.objects.all().visible_to(user).current().select_related("client")
    if not request.GET.get("account") and not request.GET.get("internal"):
        return render(request, "meetings/with_whom.html", {"accounts": accounts})
    account = None if request.GET.get("internal") else _account(accounts, request.GET.get("account", ""))
    form = MeetingForm(
        request.POST or None, account=account, initial={"colleagues": [user.pk], "title": request.GET.get("title")}
    )
    context: dict[str, Any] = {"form": form, "account": account}
    if request.method == "POST" and form.is_valid():
        try:
            meeting = create_meeting(account, form.facts(), by=user, now=clock.now())
        except NotPermitted:
            raise
        except Refused as error:
            return render(request, "meetings/form.html", {**context, "refused": str(error)}, status=409)
        return redirect(meeting)
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


def _account(accounts: Any, asked: str) -> Account:
    account = accounts.filter(pk=whole_number(asked, digits=18)).first()
    if account is None:
        raise Http404
    found: Account = account
    return found


@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    require(user, "meetings.write")
    initial = MeetingForm.initial_of(meeting)
    form = MeetingForm(request.POST or None, account=meeting.account, initial=initial)
    context: dict[str, Any] = {"form": form, "account": meeting.account, "meeting": meeting}
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            edit_meeting(meeting, form.facts(), revision=-1 if revision is None else revision, by=user, now=clock.now())
        except NotPermitted:
            raise
        except Refused as error:
            return _refused_edit(request, context, error)
        messages.success(request, _edited(meeting))
        return redirect(meeting)
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


def _refused_edit(request: HttpRequest, context: dict[str, Any], error: Refused) -> HttpResponse:
    """Nothing of what was typed is lost: the form comes back, beside it the meeting as it stands now."""
    meeting: Meeting = context["meeting"]
    meeting.refresh_from_db()
    form = context["form"]
    form.data = form.data.copy()
    form.data["revision"] = meeting.revision
    now_stored = {"now_agenda": meeting.agenda.all(), "now_attendees": meeting.attendees.select_related("contact", "user")}
    return render(request, "meetings/form.html", {**context, "refused": str(error), "stale": True, **now_stored}, status=409)


def _edited(meeting: Meeting) -> str:
    if meeting.agenda_sent_at:
        return _("Changed. The client has the agenda as it was before: send it again if that matters.")
    return _("The meeting is changed.")


@require_http_methods(["GET", "POST"])
def meeting_cancel(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    require(user, "meetings.write")
    form = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "meeting": meeting, "danger": True}
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(meeting, reason=form.cleaned_data["reason"], by=user, now=clock.now())
        except NotPermitted:
            raise
        except Refused as error:
            return render(request, "meetings/cancel.html", {**context, "refused": str(error)}, status=409)
        return redirect(meeting)
    return render(request, "meetings/cancel.html", context, status=422 if form.errors else 200)


@require_POST
def agenda_send(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    try:
        contacts = send_agenda(meeting, by=user, now=clock.now())
    except NotPermitted:
        raise
    except Refused as error:
        messages.error(request, str(error))
    else:
        sent = ngettext(
            "The agenda is on its way to %(count)s person of the client.",
            "The agenda is on its way to %(count)s people of the client.",
            len(contacts),
        )
        messages.success(request, sent % {"count": len(contacts)})
    return redirect(meeting)
