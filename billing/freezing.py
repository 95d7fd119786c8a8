"""What an invoice says, fixed at issue: who sells, who buys, what for, and the signatures behind it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType

from accounts.models import Client
from agency.models import Agency
from agency.money import line_total
from jobsheets.models import Job, Version
from signoffs.models import Signatory, SignRequest

from .models import Invoice, InvoiceLine

SIGNED = (Version.Answer.APPROVED, Version.Answer.SMALL_CHANGES)


def frozen_facts(invoice: Invoice, lines: Sequence[InvoiceLine], signoffs: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Everything on the document besides its number, days and sums, as JSON. `signoffs`: those of its jobs, where they are at hand."""
    return {
        "seller": _seller(Agency.current()),
        "buyer": _buyer(invoice.account.client),
        "account": invoice.account.name,
        "lines": [_line(line, invoice.currency) for line in lines],
        "signoffs": signed_signoffs(line.job for line in lines) if signoffs is None else signoffs,
        "credits": _credited(invoice),
    }


def _seller(agency: Agency) -> dict[str, str]:
    return {
        "name": agency.paper_name,
        "address": agency.address,
        "tax_id": agency.tax_id,
        "email": agency.email,
        "phone": agency.phone,
        "bank_details": agency.bank_details,
        "iban": agency.iban,
        "bic": agency.bic,
    }


def _buyer(client: Client) -> dict[str, str]:
    return {"name": client.legal_name, "code": client.code, "address": client.address, "tax_id": client.tax_id}


def _line(line: InvoiceLine, currency: str) -> dict[str, str]:
    return {
        "job": line.job.number,
        "job_title": line.job.title,
        "description": line.description,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "tax_rate": str(line.tax_rate),
        "total": str(line_total(line, currency)),
    }


def _credited(invoice: Invoice) -> dict[str, str] | None:
    """On a credit note: which invoice it rectifies, of when, and why."""
    original = invoice.credits
    if original is None:
        return None
    return {"number": str(original.number), "issued_on": str(original.issued_on), "reason": invoice.credit_reason}


def signed_signoffs(jobs: Iterable[Job]) -> list[dict[str, str]]:
    """The versions of these jobs the client signed off: reference, title, who, when (ISO, UTC), SHA-256 of what was signed.

    The hash is the sealed document's; before it is sealed, that of the version's file. Who is empty where not recorded.
    """
    versions = list(
        Version.objects.filter(deliverable__job__in={job.pk for job in jobs}, answer__in=SIGNED)
        .select_related("deliverable__job")
        .order_by("deliverable__job__number", "deliverable__position", "number")
    )
    requests = _requests(versions)
    return [_signoff(version, requests.get(version.pk)) for version in versions]


def _requests(versions: Iterable[Version]) -> dict[int, tuple[SignRequest, list[str]]]:
    """The approved sign request of each version, and the names of those who approved."""
    found = SignRequest.objects.filter(
        outcome=SignRequest.Outcome.APPROVED,
        document__subject_type=ContentType.objects.get_for_model(Version),
        document__subject_id__in=[version.pk for version in versions],
    ).select_related("document", "sealed")
    names: dict[int, list[str]] = defaultdict(list)
    approvers = Signatory.objects.filter(
        request__in=found, role=Signatory.Role.APPROVER, decided_at__isnull=False, delegated_to=None
    )
    for signatory in approvers.order_by("decided_at"):
        names[signatory.request_id].append(signatory.typed_name or signatory.name)
    return {request.document.subject_id: (request, names[request.pk]) for request in found.order_by("closed_at")}


def _signoff(version: Version, found: tuple[SignRequest, list[str]] | None) -> dict[str, str]:
    request, names = found if found else (None, [])
    sealed = getattr(request, "sealed", None)
    return {
        "reference": str(version),
        "job": version.deliverable.job.number,
        "title": version.deliverable.title,
        "who": ", ".join(names),
        "at": version.answered_at.isoformat() if version.answered_at else "",
        "sha256": sealed.sha256 if sealed else version.sha256,
        "sealed": "yes" if sealed else "",
    }
