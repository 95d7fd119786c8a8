"""The job's page: where it stands in the chain, what is delivered, who is on it, what happened."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import billing.chain
import jobsheets.chain
from accounts.permissions import may
from agency import clock, words
from agency.clock import agency_zone, local
from agency.models import AuditEntry
from agency.money import format_money
from billing.figures import add_draft_totals
from billing.models import Invoice
from jobsheets.models import Job, SheetIssue, Version
from jobsheets.views.common import settled_job_of
from signoffs.models import SignRequest
from signoffs.summary import summaries

HISTORY = 12
#: What the sign-off engine records when a version or a sheet goes out or is answered: the job's own record says it already.
SAID_TWICE = ("signoff.requested", "signoff.approved", "signoff.changes_wanted", "signoff.declined")
ZERO = Decimal(0)


@require_safe
def job_detail(request: HttpRequest, number: str) -> HttpResponse:
    user, now = request.user, clock.now()
    job = settled_job_of(request, number)
    today = local(now, agency_zone()).date()
    invoices = [one for one in billing.chain.invoices_of([job]).get(job.pk, []) if one.is_issued or not user.room]
    versions = dict(Version.objects.visible_to(user).filter(deliverable__in=job.wanted).values_list("pk", "answer"))
    requests = requests_about(list(versions), [issue.pk for issue in job.issues.all()], now)
    add_draft_totals(invoices)
    sees_money = may(user, "invoices.view")
    context = {
        "job": job,
        "now": now,
        "steps": [*jobsheets.chain.steps(job, now=now), *money_steps(billing.chain.steps_of(job, invoices, today), sees_money)],
        "figures": figures(job, requests, list(versions.values()), invoices if sees_money else None, now),
        "invoices": invoices if sees_money else [],
        "requests": requests,
        "entries": history(job, list(versions), requests, invoices if sees_money else []),
        "primary": primary(job, user, billed=bool(invoices)),
        "overrides": job.overrides.select_related("by"),
        "latest": next(iter(job.issues.all()), None),
        "may_edit": may(user, "jobs.edit") and job.status in (Job.Status.DRAFT, Job.Status.OPEN, Job.Status.HELD),
        "can_assign": may(user, "jobs.assign"),
    }
    return render(request, "desk/job.html", context)


def requests_about(versions: list[int], issues: list[int], now: datetime) -> list[dict[str, Any]]:
    """The sign requests of the job's sheet and versions, newest first, with how each signatory stands."""
    of_type = ContentType.objects.get_for_models(SheetIssue, Version)
    about = Q(document__subject_type=of_type[Version], document__subject_id__in=versions)
    about |= Q(document__subject_type=of_type[SheetIssue], document__subject_id__in=issues)
    return summaries(SignRequest.objects.filter(about), now=now)


def money_steps(steps: list[dict[str, Any]], sees_money: bool) -> list[dict[str, Any]]:
    """How far billing is, for everybody; amounts, days and the way to the invoice for those who may see invoices."""
    return steps if sees_money else [step | {"note": "", "url": ""} for step in steps]


def figures(
    job: Any, requests: list[dict[str, Any]], answers: list[str], invoices: list[Invoice] | None, now: datetime
) -> list[dict[str, Any]]:
    """Up to four numbers, each saying what it counts; `invoices` is None for those who may not see them."""
    waiting = [one for one in requests if one["request"].is_open]
    rounds = answers.count(Version.Answer.CHANGES)
    found: list[dict[str, Any]] = [
        {
            "label": _("Due"),
            "value": words.left(job.due_at, now),
            "role": "late" if job.due_at < now and not job.delivered_at else "",
        }
        if job.status in (Job.Status.OPEN, Job.Status.HELD) and not job.delivered_at
        else {"label": _("Due"), "value": words.day(words.in_zone(job.due_at), "short")},
        {
            "label": _("Waiting on client"),
            "value": len(waiting),
            "note": ngettext("sign-off", "sign-offs", len(waiting)),
            "url": "#signoffs" if waiting else "",
            "role": "client" if waiting else "",
        },
        {"label": _("Rounds of changes"), "value": rounds, "note": _("asked for by the client")},
    ]
    if invoices is None:
        return found
    standing = [one for one in invoices if one.is_issued and not one.is_credit_note and not one.credited_at]
    billed = sum((one.net or ZERO for one in standing), ZERO)
    if job.budget:
        currency = job.account.client.currency
        found.append(
            {
                "label": _("Billed, net"),
                "value": format_money(billed, currency),
                "note": _("of %(budget)s") % {"budget": format_money(job.budget, currency)},
                "of": (billed, job.budget),
            }
        )
    return found


def history(job: Job, versions: list[int], requests: list[dict[str, Any]], invoices: list[Invoice]) -> list[AuditEntry]:
    """The last things that happened to the job and to what hangs on it."""
    of_type = ContentType.objects.get_for_models(Job, Version, SignRequest, Invoice)
    things: list[tuple[type, list[int]]] = [
        (Job, [job.pk]),
        (Version, versions),
        (SignRequest, [one["request"].pk for one in requests]),
        (Invoice, [one.pk for one in invoices]),
    ]
    about = Q()
    for model, pks in things:
        about |= Q(content_type=of_type[model], object_id__in=pks)
    return list(AuditEntry.objects.filter(about).exclude(action__in=SAID_TWICE).order_by("-at", "-pk")[:HISTORY])


def primary(job: Any, user: Any, *, billed: bool) -> tuple[str, str] | None:
    """The next right thing for this person: (url name's path, words). What nobody but others can do has no button."""
    status, number = job.status, [job.number]
    if status == Job.Status.DRAFT and may(user, "jobs.submit"):
        return reverse("job_sheet", args=number), _("Finish and submit")
    if status == Job.Status.APPROVAL and (may(user, "jobs.approve_strategy") or may(user, "jobs.approve_creative")):
        return reverse("job_sheet", args=number), _("Read and approve")
    if status != Job.Status.OPEN:
        return None
    if not job.at_work and may(user, "jobs.assign"):
        return reverse("job_people", args=number), _("Put people on the job")
    mine = next((row for row in job.at_work if row.user_id == user.pk), None)
    latest = next(iter(job.issues.all()), None)
    if mine and latest and mine.acknowledged_issue != latest.number:
        return reverse("job_sheet", args=number), _("Read and acknowledge")
    return _work_button(job, user, mine) or (None if billed else _billing_button(job, user))


def _work_button(job: Any, user: Any, mine: Any) -> tuple[str, str] | None:
    """By the state of the deliverables: whoever's turn it is gets the button."""
    turns = {
        "ready": ("signoffs.send", _("Send for sign-off")),
        "release": ("versions.release", _("Release")),
        "check": ("versions.check", _("Check quality")),
    }
    for row in job.wanted:
        action, word = turns.get(row.state.key, ("", ""))
        if action and may(user, action) and not (row.state.key == "check" and row.current.by_id == user.pk):
            return where_to(row), word
    if mine and may(user, "versions.upload"):
        wanted = next(
            (row for row in job.wanted if row.state.key in ("waiting", "changes", "small_changes", "flawed", "refused")), None
        )
        if wanted:
            return reverse("version_upload", args=[wanted.number]), _("Upload version")
    return None


def where_to(row: Any) -> str:
    """Sending and checking begin at once; what is released is looked at first."""
    pages = {"ready": "version_send", "check": "version_check"}
    if page := pages.get(row.state.key):
        return reverse(page, args=[row.number, row.current.number])
    url: str = row.get_absolute_url()
    return url


def _billing_button(job: Any, user: Any) -> tuple[str, str] | None:
    if job.wanted and job.signed == len(job.wanted) and may(user, "invoices.request"):
        return f"{reverse('invoice_create')}?job={job.number}", _("Request billing")
    return None
