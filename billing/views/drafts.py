"""Writing a draft: from the jobs that are signed off but unbilled, or line by line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from accounts.permissions import require
from accounts.visibility import accounts_for, get_visible_or_404
from agency import clock, words
from agency.asked import whole_number
from agency.errors import NotPermitted, Refused
from agency.money import line_total, totals
from jobsheets.models import Job

from .. import actions, figures
from ..forms import DraftForm, LineFormSet, jobs_of
from ..models import Invoice
from .common import code_of, invoice_or_404, person, refused_page, today


def draft_context(invoice: Invoice) -> dict[str, Any]:
    """Lines and sums of an invoice that isn't issued: computed, nothing is stored yet."""
    lines = list(invoice.lines.select_related("job"))
    rows = [{"line": line, "total": line_total(line, invoice.currency)} for line in lines]
    return {"rows": rows, "sums": totals(lines, invoice.currency), "steps": steps_of(invoice)}


def steps_of(invoice: Invoice) -> list[dict[str, Any]]:
    """The strip: who did what when, and what comes next. For templates/cs/chain.html."""
    facts = [
        (_("Drafted"), invoice.created_by, invoice.created_at),
        (_("Requested"), invoice.requested_by, invoice.requested_at),
        (_("Approved"), invoice.approved_by, invoice.approved_at),
        (_("Issued"), invoice.issued_by, invoice.issued_at),
    ]
    steps = [{"label": label, "state": "done" if at else "todo", "who": who, "at": at} for label, who, at in facts]
    if not invoice.is_issued:
        steps[sum(step["state"] == "done" for step in steps)]["state"] = "now"
    paid = {"paid": "done", "credited": "done", "overdue": "late"}.get(invoice.state, "client" if invoice.is_issued else "todo")
    due = _("due %(day)s") % {"day": words.day(invoice.due_on, "short")} if invoice.due_on and paid in ("client", "late") else ""
    return [
        *steps,
        {"label": _("Credited") if invoice.credited_at else _("Paid"), "state": paid, "who": None, "at": None, "note": due},
    ]


@require_safe
def invoice_draft(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    if invoice.is_issued:
        return redirect(invoice)
    return render(request, "billing/draft.html", {"invoice": invoice} | draft_context(invoice))


@require_http_methods(["GET", "HEAD", "POST"])
def invoice_create(request: HttpRequest) -> HttpResponse:
    user = person(request)
    job_number, account_id = code_of(request, "job"), code_of(request, "account")
    if job_number:
        account = get_visible_or_404(Job.objects.select_related("account__client"), user, number=job_number).account
    elif account_id:
        rows = Account.objects.select_related("client")
        account = get_visible_or_404(rows, user, pk=whole_number(account_id))
    else:
        require(user, "invoices.request")
        return _choose(request)
    require(user, "invoices.request")
    blank = Invoice(account=account, currency=account.client.currency, payment_days=account.client.payment_days)
    return _write(request, blank, _proposed(account, job_number))


@require_http_methods(["GET", "HEAD", "POST"])
def invoice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = invoice_or_404(request, pk=pk)
    require(person(request), "invoices.request")
    if invoice.status != Invoice.Status.DRAFT:
        sentence = _("Only a draft can be changed. Ask the approver to return it; what is issued is corrected by a credit note.")
        return refused_page(request, sentence, invoice)
    return _write(request, invoice, _stored(invoice))


def _choose(request: HttpRequest) -> HttpResponse:
    """No account yet: what is signed off but unbilled, then every account."""
    user = person(request)
    unbilled = figures.unbilled_jobs(user)
    accounts = accounts_for(user).filter(archived_at=None, client__archived_at=None).select_related("client")
    return render(request, "billing/choose.html", {"unbilled": unbilled[:100], "accounts": accounts, "today": today()})


def _proposed(account: Account, job_number: str) -> list[dict[str, Any]]:
    """A line for the job asked for, else one for each job of the account that is signed off and on no invoice yet."""
    jobs = Job.objects.filter(account=account, number=job_number) if job_number else figures.proposable_jobs(account)
    rate = account.client.tax_rate
    return [
        {"job": job.pk, "description": job.title, "quantity": 1, "unit_price": job.budget, "tax_rate": rate} for job in jobs[:50]
    ]


def _stored(invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {"job": line.job_id, "description": line.description, "quantity": line.quantity, "unit_price": line.unit_price, "tax_rate": line.tax_rate}
        for line in invoice.lines.all()
    ]  # fmt: skip


def _write(request: HttpRequest, invoice: Invoice, initial: list[dict[str, Any]]) -> HttpResponse:
    """Show, check and save the draft. "Add a line" only shows one more; it checks and keeps nothing."""
    client = invoice.account.client
    extra = {"jobs": jobs_of(invoice.account), "currency": invoice.currency, "tax_rate": client.tax_rate}
    lines: Any
    refused, current = "", None
    if request.method != "POST":
        head = {"revision": invoice.revision, "order_number": _order_number(invoice, initial), "payment_days": invoice.payment_days, "note": invoice.note}  # fmt: skip
        form, lines = DraftForm(initial=head, client=client), LineFormSet(initial=initial, form_kwargs=extra, prefix="lines")
    elif "add_line" in request.POST:
        form, lines = _one_more(request, client, extra)
    else:
        form, lines = DraftForm(request.POST, client=client), LineFormSet(request.POST, form_kwargs=extra, prefix="lines")
        if form.is_valid() & lines.is_valid():
            try:
                return redirect(_save(request, invoice, form, lines))
            except NotPermitted:
                raise
            except Refused as error:
                refused = str(error)
                form, current = _after_refusal(form, invoice, client)
    context = {
        "invoice": invoice, "account": invoice.account, "client": client, "form": form, "lines": lines, "refused": refused, "current": current,
        "billed_before": _billed_before(invoice, initial),
        "formset_errors": lines.sentences() if lines.is_bound and "add_line" not in request.POST else [],
    }  # fmt: skip
    bad = request.method == "POST" and "add_line" not in request.POST
    return render(request, "billing/draft_form.html", context, status=409 if refused else 422 if bad else 200)


def _billed_before(invoice: Invoice, initial: list[dict[str, Any]]) -> list[Invoice]:
    """Invoices that bill a proposed job already: billing in parts is right, billing twice isn't."""
    jobs = [line["job"] for line in initial]
    found = Invoice.objects.billing().filter(account=invoice.account, lines__job__in=jobs).exclude(pk=invoice.pk)
    return list(found.select_related("account__client").distinct().order_by("pk")[:20])


def _order_number(invoice: Invoice, initial: list[dict[str, Any]]) -> str:
    """The client's own number for the work, if the jobs agree on one."""
    if invoice.pk:
        return invoice.order_number
    numbers = set(Job.objects.filter(pk__in=[line["job"] for line in initial]).values_list("client_order", flat=True)) - {""}
    return numbers.pop() if len(numbers) == 1 else ""


def _one_more(request: HttpRequest, client: Any, extra: dict[str, Any]) -> tuple[DraftForm, Any]:
    """The same entries, unchecked, with one empty line more."""
    posted = request.POST.copy()
    count = min(whole_number(posted.get("lines-TOTAL_FORMS", ""), 1), LineFormSet.max_num - 1)
    names = ("job", "description", "quantity", "unit_price", "tax_rate")
    entered = [{name: posted.get(f"lines-{place}-{name}", "") for name in names} for place in range(count)]
    head = {name: posted.get(name, "") for name in DraftForm.base_fields}
    return DraftForm(initial=head, client=client), LineFormSet(initial=entered, form_kwargs=extra, prefix="lines")


def _save(request: HttpRequest, invoice: Invoice, form: DraftForm, lines: Any) -> Invoice:
    data, by, now = form.cleaned_data, person(request), clock.now()
    head = {name: data[name] for name in ("order_number", "note", "payment_days")}
    if not invoice.pk:
        return actions.create_invoice(invoice.account, lines.lines(), **head, by=by, now=now)
    actions.edit_draft(invoice, lines.lines(), revision=data["revision"] or 0, **head, by=by, now=now)
    return invoice


def _after_refusal(form: DraftForm, invoice: Invoice, client: Any) -> tuple[DraftForm, dict[str, Any] | None]:
    """After a stale save: what a colleague saved stands beside what was written; saving again means it."""
    stored = Invoice.objects.filter(pk=invoice.pk).first() if invoice.pk else None
    if stored is None or stored.revision == form.cleaned_data["revision"]:
        return form, None
    data = dict(form.data.items())
    data["revision"] = str(stored.revision)
    fresh = DraftForm(data, client=client)
    fresh.is_valid()
    return fresh, {"invoice": stored} | draft_context(stored)
