"""A deliverable: its newest version large, all versions, what comes next."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.permissions import may, require
from agency import clock
from agency.errors import Refused
from agency.mail import mails_about
from agency.posting import Done, form_page, posted
from signoffs.models import SignRequest

from .. import actions, gate
from ..forms import DeliverableForm, ReasonForm
from ..models import Deliverable, Job, QualityCheck, Release, Version
from ..states import set_states, unacknowledged
from .common import deliverable_of, job_of, user_of


@require_GET
def deliverable_detail(request: HttpRequest, number: str) -> HttpResponse:
    user, found = user_of(request), deliverable_of(request, number)
    row: Any = found
    set_states([row], for_the_client=bool(user.room))
    versions = list(
        Version.objects.visible_to(user)
        .filter(deliverable=row)
        .select_related("file", "by")
        .prefetch_related(*_hands())
        .order_by("-number")
    )
    version = versions[0] if versions else None
    asked = (
        SignRequest.objects.about(version).select_related("document__file", "requested_by").prefetch_related("signatories")
        if version
        else []
    )
    context = {
        "deliverable": row, "job": row.job, "client": row.job.account.client, "version": version, "state": row.state,
        "versions": versions, "requests": asked, "mails": mails_about(version)[:10] if version else [],
        "gate_shut": "" if gate.may(row.job, "version") else gate.refusal(row.job, "version"),
        **_buttons(row, user),
    }  # fmt: skip
    return render(request, "jobsheets/deliverable_detail.html", context)


def _hands() -> list[Prefetch]:
    """Who checked and who released, with their names."""
    checks, releases = QualityCheck.objects.select_related("by"), Release.objects.select_related("by")
    return [Prefetch("checks", checks), Prefetch("releases", releases)]


def _buttons(row: Any, user: User) -> dict[str, bool]:
    """Which deeds the page offers; the actions ask again."""
    version, key = row.current, row.state.key
    open_ = gate.may(row.job, "version")
    mine = next((person for person in row.job.at_work if person.user_id == user.pk), None)
    hand = mine not in unacknowledged(row.job) if mine is not None else may(user, "jobs.edit")
    uploads = may(user, "versions.upload") and hand
    in_house = version is not None and not version.answer and not version.sent_at and key not in ("signed_off", "dropped")
    return {
        "can_upload": uploads and open_ and key not in ("signed_off", "dropped"),
        "can_check": bool(in_house and open_ and may(user, "versions.check") and version.by_id != user.pk and key != "ready"),
        "can_release": bool(in_house and open_ and may(user, "versions.release") and key == "release"),
        "can_refuse": bool(in_house and open_ and may(user, "versions.release") and key in ("release", "check", "flawed")),
        "can_send": key == "ready" and may(user, "signoffs.send") and gate.may(row.job, "signoff"),
        "can_edit": may(user, "jobs.edit") and row.job.status in ("draft", "open", "held") and not row.dropped_at,
        "can_reopen": bool(row.signed_off_at) and may(user, "jobs.submit") and row.job.status in ("open", "held"),
    }


@require_http_methods(["GET", "POST"])
def deliverable_add(request: HttpRequest, number: str) -> HttpResponse:
    user, job = user_of(request), job_of(request, number)
    require(user, "jobs.edit")

    def add(form: DeliverableForm) -> Deliverable:
        facts = {name: form.cleaned_data[name] for name in ("title", "specification", "due_at")}
        return actions.add_deliverable(job, by=user, now=clock.now(), **facts)

    form = posted(DeliverableForm, request)
    return _form(request, job, form, add, heading=_("Add a deliverable"), submit=_("Add it"), back=("job_sheet", job.number))


@require_http_methods(["GET", "POST"])
def deliverable_edit(request: HttpRequest, number: str) -> HttpResponse:
    user, row = user_of(request), deliverable_of(request, number)
    require(user, "jobs.edit")

    def edit(form: DeliverableForm) -> Deliverable:
        revision = form.cleaned_data["revision"]
        facts = form.cleaned_data | {"revision": -1 if revision is None else revision}
        return actions.edit_deliverable(row, by=user, now=clock.now(), **facts)

    initial = {"title": row.title, "specification": row.specification, "due_at": row.due_at, "revision": row.job.revision}
    form = posted(DeliverableForm, request, initial=initial)
    return _form(
        request, row.job, form, edit, heading=_("Change %(number)s") % {"number": row.number}, submit=_("Save"),
        back=("deliverable_detail", row.number),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def deliverable_drop(request: HttpRequest, number: str) -> HttpResponse:
    user, row = user_of(request), deliverable_of(request, number)
    require(user, "jobs.edit")
    return _form(
        request, row.job, posted(ReasonForm, request),
        lambda form: actions.drop_deliverable(row, form.cleaned_data["reason"], by=user, now=clock.now()),
        heading=_("Drop %(number)s: no longer wanted") % {"number": row.number}, submit=_("Drop it"), danger=True,
        what=gettext_lazy("What was made stays on file. If the client has it to sign, it is withdrawn."),
        back=("deliverable_detail", row.number),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def deliverable_reopen(request: HttpRequest, number: str) -> HttpResponse:
    user, row = user_of(request), deliverable_of(request, number)
    require(user, "jobs.submit")
    return _form(
        request, row.job, posted(ReasonForm, request),
        lambda form: actions.reopen_deliverable(row, form.cleaned_data["reason"], by=user, now=clock.now()),
        heading=_("Reopen %(number)s") % {"number": row.number}, submit=_("Reopen it"),
        what=gettext_lazy("The signed document stays as it is; the next version must be signed anew."),
        back=("deliverable_detail", row.number),
    )  # fmt: skip


def _form(request: HttpRequest, job: Job, form: Any, change: Any, *, back: tuple[str, str], **words: Any) -> HttpResponse:
    """Ask, do, go back."""

    def act(form: Any) -> Done:
        made = change(form)
        return _("Saved."), made if isinstance(made, Deliverable) else reverse(back[0], args=[back[1]])

    def as_it_stands(refusal: Refused) -> dict[str, Any]:
        if isinstance(refusal, actions.Stale) and "revision" in form.fields:
            form.data = form.data.copy()
            form.data["revision"] = str(refusal.job.revision)
        return {}

    context = {"job": job, "back": back, **words}
    return form_page(request, "jobsheets/job_deed.html", form, act, context, after_refusal=as_it_stands)
