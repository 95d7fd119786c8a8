"""What the views of billing share: fetch (404), then ask (403), then do; a refusal is a sentence on the same page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from accounts.visibility import get_visible_or_404
from agency import clock
from agency.errors import NotPermitted, Refused

from ..models import Invoice


def person(request: HttpRequest) -> User:
    """The colleague who is logged in; the middleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def code_of(request: HttpRequest, name: str) -> str:
    """A code or number out of the query string; what can't be one finds nothing rather than failing in the database."""
    text = request.GET.get(name, "")
    return text if len(text) <= 20 and text.replace("-", "").isalnum() else "-" if text else ""


def today() -> date:
    """The agency's local day."""
    return clock.local(clock.now(), clock.agency_zone()).date()


def invoice_or_404(request: HttpRequest, **lookup: Any) -> Invoice:
    """The invoice, if it is on this side of the wall; then whether the role may look at money at all."""
    rows = Invoice.objects.select_related(
        "account__client", "account__lead", "file", "credits", "created_by", "requested_by", "approved_by", "issued_by"
    )
    invoice: Invoice = get_visible_or_404(rows, person(request), **lookup)
    require(person(request), "invoices.view")
    return invoice


def carry_out(request: HttpRequest, deed: Callable[[], Any], done: str, to: Any) -> HttpResponse:
    """Do a deed behind a small button: back to the page with a word about it, or with why not (nothing changed)."""
    try:
        deed()
    except NotPermitted:
        raise
    except Refused as error:
        return refused_page(request, str(error), to)
    messages.success(request, done)
    return redirect(to)


def refused_page(request: HttpRequest, sentence: str, to: Any) -> HttpResponse:
    """Why not, and the way back: 409."""
    return render(request, "billing/refused.html", {"refused": sentence, "back": to, "title": _("This wasn't done")}, status=409)
