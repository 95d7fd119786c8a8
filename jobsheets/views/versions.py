"""Versions: hand in, look at, check, release, send."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require
from agency import clock
from agency.errors import NotPermitted, Refused
from agency.files import file_response, preview_response
from agency.posting import Done, deed, form_page, posted

from .. import actions, gate
from ..documents import version_data
from ..forms import CheckForm, ReasonForm, SendForm, ShaForm, VersionForm
from ..models import Version
from .common import deliverable_of, user_of, version_of


@require_http_methods(["GET", "POST"])
def version_upload(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in the next version."""
    user, row = user_of(request), deliverable_of(request, number)
    require(user, "versions.upload")
    actions.require_hand(row.job, user)

    def upload(form: VersionForm) -> Done:
        made = actions.upload_version(row, form.cleaned_data["file"], form.cleaned_data["note"], by=user, now=clock.now())
        return _("Version %(n)s is in. It waits for its quality check.") % {"n": made.number}, row

    last = row.versions.first()
    context = {"deliverable": row, "job": row.job, "next_number": last.number + 1 if last else 1, "last": last}
    if request.method == "GET" and not gate.may(row.job, "version"):
        context["refused"] = gate.refusal(row.job, "version")
    return form_page(request, "jobsheets/version_upload.html", posted(VersionForm, request), upload, context)


@require_GET
def version_file(request: HttpRequest, number: str, v: int) -> HttpResponseBase:
    return file_response(version_of(request, number, v).file, request)


@require_GET
def version_preview(request: HttpRequest, number: str, v: int) -> HttpResponseBase:
    return preview_response(version_of(request, number, v).file, "preview")


@require_GET
def version_thumbnail(request: HttpRequest, number: str, v: int) -> HttpResponseBase:
    return preview_response(version_of(request, number, v).file, "thumbnail")


@require_http_methods(["GET", "POST"])
def version_check(request: HttpRequest, number: str, v: int) -> HttpResponse:
    """Go through the checklist, the artwork beside it."""
    user, version = user_of(request), version_of(request, number, v)
    require(user, "versions.check")
    if version.by_id == user.pk:
        raise NotPermitted(_("You made this version; someone else must check it."))

    def check(form: CheckForm) -> Done:
        facts = {"sha256": form.cleaned_data["sha256"], "note": form.cleaned_data["note"]}
        made = actions.record_quality_check(version, form.items(), by=user, now=clock.now(), **facts)
        words = _("Checked: everything is in order.") if made.passed else _("Checked: it goes back to its maker.")
        return words, version.deliverable

    context = {"version": version, "deliverable": version.deliverable, "job": version.deliverable.job}
    form = posted(CheckForm, request, initial={"sha256": version.sha256})
    return form_page(request, "jobsheets/version_check.html", form, check, context)


@require_POST
def version_release(request: HttpRequest, number: str, v: int) -> HttpResponse:
    user, version = user_of(request), version_of(request, number, v)
    form = ShaForm(request.POST)

    def release() -> str:
        sha256 = form.cleaned_data["sha256"] if form.is_valid() else ""
        actions.release_version(version, sha256=sha256, by=user, now=clock.now())
        if version.deliverable.signed_off_at:
            return _("Released. The small changes are made; the client isn't shown it again.")
        return _("Released. The account executive is told by mail and sends it to the client.")

    return deed(request, release, version.deliverable)


@require_http_methods(["GET", "POST"])
def version_refuse(request: HttpRequest, number: str, v: int) -> HttpResponse:
    """Send it back to its maker."""
    user, version = user_of(request), version_of(request, number, v)
    require(user, "versions.release")

    def send_back(form: ReasonForm) -> Done:
        actions.refuse_release(version, form.cleaned_data["reason"], sha256=version.sha256, by=user, now=clock.now())
        return _("Sent back. Its maker is told by mail."), version.deliverable

    context = {
        "job": version.deliverable.job, "submit": _("Send it back"),
        "heading": _("Send version %(n)s back") % {"n": version.number},
        "what": _("%(name)s is told by mail what isn’t right.") % {"name": version.by.full_name},
        "back": ("deliverable_detail", version.deliverable.number),
    }  # fmt: skip
    return form_page(request, "jobsheets/job_deed.html", posted(ReasonForm, request), send_back, context)


@require_http_methods(["GET", "POST"])
def version_send(request: HttpRequest, number: str, v: int) -> HttpResponse:
    """What the client will see, to whom it goes, and on what terms; then it is sent."""
    user, version = user_of(request), version_of(request, number, v)
    require(user, "signoffs.send")
    job, here = version.deliverable.job, version.deliverable.get_absolute_url()
    try:
        gate.require_open(job, "signoff")
        ready = actions.ready_to_send(version)
    except NotPermitted:
        raise
    except Refused as error:
        messages.error(request, str(error))
        return redirect(here)
    now = clock.now()

    def send(form: SendForm) -> Done:
        actions.send_version_to_client(version, signatories=form.signatories(), by=user, now=now, **form.terms(now))
        return _(
            "Sent. The client gets the link as soon as the document is made; tell them within 30 minutes that it is there."
        ), here

    context = {
        "job": job, "client": job.account.client, "data": version_data(ready, sent_at=now),
        "files": _preview_files(ready), "page_template": "jobsheets/sign/_version.html", "back": here,
        "heading": _("Send version %(n)s of “%(title)s” to %(client)s")
        % {"n": version.number, "title": version.deliverable.title, "client": job.account.client.name},
    }  # fmt: skip
    form = posted(SendForm, request, job=job, kind="deliverable", user=user)
    return form_page(request, "jobsheets/send.html", form, send, context)


def _preview_files(version: Version) -> list[dict[str, Any]]:
    """The artwork as the client's page gets it, at our own guarded addresses."""
    args = [version.deliverable.number, version.number]
    has = bool(version.file.preview)
    return [
        {
            "stored": version.file,
            "url": reverse("version_file", args=args),
            "picture": reverse("version_preview", args=args) if has else "",
            "thumbnail": reverse("version_thumbnail", args=args) if has else "",
        }
    ]
