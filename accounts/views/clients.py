"""Clients and brands: list, take on, edit, put away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..forms import BrandForm, ClientForm, NewClientForm
from ..models import Brand, Client
from ..permissions import require
from ..visibility import get_visible_or_404
from .base import record_page

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


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
