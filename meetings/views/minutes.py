"""The minutes of a meeting: written, previewed, sent, amended."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require
from agency import clock
from agency.asked import whole_number
from agency.errors import NotPermitted, Refused
from agency.files import file_response
from agency.posting import Done, form_page, posted

from ..actions import amend_minutes, check_complete, edit_minutes, file_minutes, send_minutes, start_minutes
from ..actions.sending import frozen
from ..forms import MinutesEditor, SendForm
from ..models import Meeting, Minutes
from .meetings import get_meeting


@require_POST
def minutes_start(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    try:
        start_minutes(meeting, by=user, now=clock.now())
    except NotPermitted:
        raise
    except Refused as error:
        messages.error(request, str(error))
        return redirect(meeting)
    return redirect("minutes_edit", serial=meeting.serial)


def _draft(meeting: Meeting) -> Minutes | None:
    minutes = meeting.newest_minutes()
    return minutes if minutes and minutes.is_draft else None


@require_http_methods(["GET", "POST"])
def minutes_edit(request: HttpRequest, serial: str) -> HttpResponse:
    """The editor. `more` saves and gives empty rows; `preview` saves and goes on to sending."""
    meeting = get_meeting(request, serial)
    user: Any = request.user
    require(user, "meetings.write")
    minutes = _draft(meeting)
    if minutes is None:
        if request.method == "POST":
            messages.error(request, _("These minutes have gone out; they can't be changed any more. Amend them instead."))
        return redirect(meeting)
    if request.method == "GET":
        return _editor(request, minutes, MinutesEditor(minutes, more=bool(request.GET.get("more"))))
    editor = MinutesEditor(minutes, request.POST)
    if not editor.is_valid():
        return _editor(request, minutes, editor, status=422, formset_errors=editor.errors())
    try:
        edit_minutes(
            minutes, lines=editor.line_facts(), steps=editor.step_facts(), present=editor.present,
            revision=editor.revision, by=user, now=clock.now(),
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refused as error:
        stale = {"stale": True, "now_lines": minutes.lines.all(), "now_steps": minutes.steps.select_related("contact", "user")}
        return _editor(request, minutes, editor, status=409, refused=str(error), **stale)
    return _after_save(request, meeting)


def _after_save(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    if "more" in request.POST:
        response = redirect("minutes_edit", serial=meeting.serial)
        response["Location"] += "?more=1#more"
        return response
    if "preview" in request.POST:
        return redirect("minutes_send", serial=meeting.serial)
    messages.success(request, _("The minutes are saved."))
    return redirect("minutes_edit", serial=meeting.serial)


def _editor(request: HttpRequest, minutes: Minutes, editor: MinutesEditor, *, status: int = 200, **more: Any) -> HttpResponse:
    earlier = minutes.meeting.minutes.filter(version__lt=minutes.version).order_by("-version").first()
    context = {
        "meeting": minutes.meeting,
        "minutes": minutes,
        "editor": editor,
        "revision": minutes.revision,
        "earlier": earlier,
        "disputed": earlier.lines.exclude(disputed_text="") if earlier else [],
        "now": clock.now(),
        **more,
    }
    return render(request, "meetings/editor.html", context, status=status)


@require_http_methods(["GET", "POST"])
def minutes_send(request: HttpRequest, serial: str) -> HttpResponse:
    """The preview, and the button that sends (or files) what it shows."""
    meeting = get_meeting(request, serial)
    user: Any = request.user
    require(user, "meetings.write" if meeting.is_internal else "meetings.send")
    minutes = _draft(meeting)
    if minutes is None:
        if request.method == "POST":
            messages.error(request, _("These minutes have gone out already."))
        return redirect(meeting)

    def send(form: SendForm | None) -> Done:
        _send(request, minutes, form)
        return "", meeting

    context = {
        "meeting": meeting, "minutes": minutes, "data": frozen(minutes, by=user, now=clock.now()),
        "missing": _missing(minutes), "now": clock.now(),
    }  # fmt: skip
    form = None if meeting.is_internal else posted(SendForm, request, minutes=minutes)
    return form_page(request, "meetings/send.html", form, send, context)


def _send(request: HttpRequest, minutes: Minutes, form: SendForm | None) -> None:
    user: Any = request.user
    if form is None:
        revision = whole_number(request.POST.get("revision", ""), -1)
        file_minutes(minutes, revision=revision, by=user, now=clock.now())
        messages.success(request, _("The minutes are filed."))
        return
    data = form.cleaned_data
    send_minutes(
        minutes, signers=list(data["signers"]), copies=list(data["copies"]), message=data["message"],
        revision=data["revision"], by=user, now=clock.now(),
    )  # fmt: skip
    messages.success(request, _("The minutes are on their way to the client, who confirms them or objects line by line."))


def _missing(minutes: Minutes) -> str:
    """What still keeps these minutes from going out."""
    try:
        check_complete(minutes)
    except Refused as error:
        return str(error)
    return ""


@require_POST
def minutes_amend(request: HttpRequest, serial: str) -> HttpResponse:
    meeting = get_meeting(request, serial)
    user: Any = request.user
    minutes = meeting.newest_minutes()
    try:
        if minutes is None:
            raise Refused(_("There are no minutes to amend yet."))
        amend_minutes(minutes, by=user, now=clock.now())
    except NotPermitted:
        raise
    except Refused as error:
        messages.error(request, str(error))
        return redirect(meeting)
    return redirect("minutes_edit", serial=meeting.serial)


@require_GET
def minutes_pdf(request: HttpRequest, serial: str) -> HttpResponseBase:
    """The newest minutes that went out: as sealed once everyone answered, else as sent."""
    from signoffs.models import SealedDocument

    meeting = get_meeting(request, serial)
    minutes = Minutes.objects.out().filter(meeting=meeting).exclude(document=None).order_by("-version").first()
    if minutes is None:
        raise Http404
    sealed = SealedDocument.objects.filter(request__document=minutes.document_id).select_related("file").order_by("-pk").first()
    stored = sealed.file if sealed else minutes.document.file
    if stored is None:
        raise Http404
    return file_response(stored, request, inline=True)
