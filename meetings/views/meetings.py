"""One meeting: calling it, changing it, its page."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
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
from agency.posting import Done, form_page, posted
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
    versions = list(meeting.minutes.select_related("written_by").order_by("-version"))
    minutes = versions[0] if versions else None
    binding = NextStep.objects.binding().filter(pk=OuterRef("pk"))
    context: dict[str, Any] = {
        "meeting": meeting,
        "minutes": minutes,
        "earlier": versions[1:],
        "lines": minutes.lines.order_by("position") if minutes else [],
        "steps": minutes.steps.select_related("contact", "user").annotate(binds=Exists(binding)).order_by("position")
        if minutes
        else [],
        "attendees": meeting.attendees.select_related("contact", "user"),
        "agenda": meeting.agenda.order_by("position"),
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


def _entries(meeting: Meeting, minutes: Minutes | None) -> "QuerySet[AuditEntry]":
    """What happened to the meeting and to its newest minutes; not every saving of a draft."""
    entries = AuditEntry.objects.all()
    found = entries.for_object(meeting)
    if minutes:
        found = found | entries.for_object(minutes).exclude(action="minutes.edited")
    return found.order_by("-at", "-pk")[:12]


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest) -> HttpResponse:
    """First with whom (?account=…, ?internal=1), then the meeting itself."""
    user: Any = request.user
    require(user, "meetings.write")
    accounts = Account.objects.all().visible_to(user).current().select_related("client")
    if not request.GET.get("account") and not request.GET.get("internal"):
        return render(request, "meetings/with_whom.html", {"accounts": accounts})
    account = None if request.GET.get("internal") else _account(accounts, request.GET.get("account", ""))

    def create(form: MeetingForm) -> Done:
        return "", create_meeting(account, form.facts(), by=user, now=clock.now())

    initial = {"colleagues": [user.pk], "title": request.GET.get("title")}
    form = posted(MeetingForm, request, account=account, initial=initial)
    return form_page(request, "meetings/form.html", form, create, {"account": account})


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

    def edit(form: MeetingForm) -> Done:
        revision = form.cleaned_data["revision"]
        edit_meeting(meeting, form.facts(), revision=-1 if revision is None else revision, by=user, now=clock.now())
        return _edited(meeting), meeting

    def as_it_stands(_refusal: Refused) -> dict[str, Any]:
        return _as_it_stands(meeting, form)

    form = posted(MeetingForm, request, account=meeting.account, initial=MeetingForm.initial_of(meeting))
    context = {"account": meeting.account, "meeting": meeting}
    return form_page(request, "meetings/form.html", form, edit, context, after_refusal=as_it_stands)


def _as_it_stands(meeting: Meeting, form: Any) -> dict[str, Any]:
    """Nothing of what was typed is lost: the form comes back, beside it the meeting as it is by now."""
    meeting.refresh_from_db()
    form.data = form.data.copy()
    form.data["revision"] = meeting.revision
    attendees = meeting.attendees.select_related("contact", "user")
    return {"stale": True, "now_agenda": meeting.agenda.all(), "now_attendees": attendees}


def _edited(meeting: Meeting) -> str:
    if meeting.agenda_sent_at:
        return _("Changed. The client has the agenda as it was before: send it again if that matters.")
    return _("The meeting is changed.")


@require_http_methods(["GET", "POST"])
def meeting_cancel(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    require(user, "meetings.write")

    def cancel(form: ReasonForm) -> Done:
        cancel_meeting(meeting, reason=form.cleaned_data["reason"], by=user, now=clock.now())
        return "", meeting

    context = {"meeting": meeting, "danger": True}
    return form_page(request, "meetings/cancel.html", posted(ReasonForm, request), cancel, context)


@require_POST
def agenda_send(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    try:
        times = whole_number(request.POST["times"], -1, digits=5) if "times" in request.POST else None
        contacts = send_agenda(meeting, times=times, by=user, now=clock.now())
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
