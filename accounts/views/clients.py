"""Clients and brands: list, take on, edit, put away."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import clock
from agency.paging import page_of
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..forms import BrandForm, ClientForm, NewClientForm
from ..models import Account, Brand, Client
from ..permissions import require
from ..visibility import accounts_for, get_visible_or_404
from .base import record_page

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def client_list(request: HttpRequest) -> HttpResponse:
    """The clients one may see, with the accounts one may see; ?q= searches, ?state=archived shows those put away."""
    clients = Client.objects.visible_to(request.user)
    state = request.GET.get("state", "")
    clients = clients.exclude(archived_at=None) if state == "archived" else clients.current()
    words = request.GET.get("q", "").replace("\x00", "")[:100].split()
    for word in words[:6]:
        clients = clients.filter(Q(name__icontains=word) | Q(legal_name__icontains=word) | Q(code__icontains=word))
    if mine := request.GET.get("mine") == "1":
        clients = clients.filter(pk__in=Account.objects.current().filter(lead=request.user).values("client"))
    page = page_of(clients, request)
    _add_accounts(list(page.rows), request)
    context = {
        "rows": page.rows, "page": page, "filtered": bool(words or state or mine),
        "q": " ".join(words), "archived": state == "archived", "mine": mine,
    }  # fmt: skip
    return render(request, "accounts/client_list.html", context)


def _add_accounts(clients: list[Any], request: HttpRequest) -> None:
    """One query for all rows: each client's accounts that the reader may see, with who leads them."""
    accounts = (
        accounts_for(request.user).filter(client__in=clients, archived_at=None).select_related("lead").order_by("name", "pk")
    )
    by_client: dict[int, list[Account]] = {}
    for account in accounts:
        by_client.setdefault(account.client_id, []).append(account)
    for client in clients:
        client.shown_accounts = by_client.get(client.pk, [])


@get_or_post
def client_create(request: HttpRequest) -> HttpResponse:
    require(request.user, "clients.create")

    def act(form: NewClientForm) -> Done:
        client = actions.create_client(
            code=form.cleaned_data["code"],
            facts=form.facts(),
            account_name=form.cleaned_data["account_name"],
            lead=form.cleaned_data["lead"],
            by=request.user,
            now=clock.now(),
        )
        return _("%(client)s is a client now.") % {"client": client}, client.get_absolute_url()

    return form_page(request, "accounts/client_form.html", posted(NewClientForm, request, initial=_defaults(request)), act)


def _defaults(request: HttpRequest) -> dict[str, Any]:
    from agency.models import Agency

    agency = Agency.current()
    return {
        "currency": agency.currency, "country": agency.country or agency.holidays_country, "language": agency.language,
        "zone_name": agency.zone_name, "working_week": agency.working_week, "lead": request.user.pk,
    }  # fmt: skip


@get_or_post
def client_edit(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)
    require(request.user, "clients.edit")

    def act(form: ClientForm) -> Done:
        actions.edit_client(client, facts=form.facts(), seen=form.cleaned_data["seen"], by=request.user, now=clock.now())
        return _("The facts of %(client)s are changed.") % {"client": client}, client.get_absolute_url()

    form = posted(ClientForm, request, instance=Client.objects.get(pk=client.pk))
    return record_page(request, "accounts/client_form.html", form, act, {"client": client})


@get_or_post
def client_archive(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)
    require(request.user, "clients.archive")
    if request.method != "POST":
        return render(request, "accounts/client_archive.html", {"client": client})

    def act() -> str:
        actions.archive_client(client, by=request.user, now=clock.now())
        return _("%(client)s is archived.") % {"client": client}

    return deed(request, act, client.get_absolute_url())


@require_POST
def client_restore(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)

    def act() -> str:
        actions.restore_client(client, by=request.user, now=clock.now())
        return _("%(client)s is restored.") % {"client": client}

    return deed(request, act, client.get_absolute_url())


@get_or_post
def brand_create(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)
    require(request.user, "accounts.manage")

    def act(form: BrandForm) -> Done:
        brand = actions.create_brand(client, name=form.cleaned_data["name"], by=request.user, now=clock.now())
        return _("The brand %(brand)s is added.") % {"brand": brand}, client.get_absolute_url()

    return form_page(request, "accounts/brand_form.html", posted(BrandForm, request), act, {"client": client})


@get_or_post
def brand_edit(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_visible_or_404(Brand.objects.select_related("client"), request.user, pk=pk)
    require(request.user, "accounts.manage")

    def act(form: BrandForm) -> Done:
        actions.edit_brand(brand, name=form.cleaned_data["name"], by=request.user, now=clock.now())
        return _("The brand is renamed."), brand.client.get_absolute_url()

    form = posted(BrandForm, request, instance=Brand.objects.get(pk=brand.pk))
    return record_page(request, "accounts/brand_form.html", form, act, {"client": brand.client, "brand": brand})


@require_POST
def brand_archive(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_visible_or_404(Brand.objects.select_related("client"), request.user, pk=pk)

    def act() -> str:
        actions.archive_brand(brand, by=request.user, now=clock.now())
        return _("The brand %(brand)s is archived.") % {"brand": brand}

    return deed(request, act, brand.client.get_absolute_url())


@require_POST
def brand_restore(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_visible_or_404(Brand.objects.select_related("client"), request.user, pk=pk)

    def act() -> str:
        actions.restore_brand(brand, by=request.user, now=clock.now())
        return _("The brand %(brand)s is restored.") % {"brand": brand}

    return deed(request, act, reverse("client_detail", args=[brand.client.code]))
