"""Contacts and the may-sign register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency import clock
from agency.models import AuditEntry
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..choices import zone_label
from ..forms import ContactForm, MaySignForm
from ..models import Client, Contact
from ..permissions import require
from ..visibility import get_visible_or_404
from .base import record_page
from .clients import get_or_post

HISTORY = 30


@require_safe
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_visible_or_404(Contact.objects.select_related("client"), request.user, pk=pk)
    context = {
        "contact": contact,
        "client": contact.client,
        "zone": zone_label(contact.zone.key),
        "authorities": contact.authorities.order_by("kind"),
        "entries": AuditEntry.objects.for_object(contact)[:HISTORY],
    }
    return render(request, "accounts/contact_detail.html", context)


@get_or_post
def contact_create(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)
    require(request.user, "contacts.edit")

    def act(form: ContactForm) -> Done:
        contact = actions.create_contact(client, facts=form.facts(), by=request.user, now=clock.now())
        return _("%(contact)s is added.") % {"contact": contact}, contact.get_absolute_url()

    form = posted(ContactForm, request, initial={"language": client.language})
    return form_page(request, "accounts/contact_form.html", form, act, {"client": client})


@get_or_post
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_visible_or_404(Contact.objects.select_related("client"), request.user, pk=pk)
    require(request.user, "contacts.edit")

    def act(form: ContactForm) -> Done:
        actions.edit_contact(contact, facts=form.facts(), seen=form.cleaned_data["seen"], by=request.user, now=clock.now())
        return _("The contact is changed."), contact.get_absolute_url()

    form = posted(ContactForm, request, instance=Contact.objects.get(pk=contact.pk))
    return record_page(request, "accounts/contact_form.html", form, act, {"client": contact.client, "contact": contact})


@get_or_post
def contact_may_sign(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_visible_or_404(Contact.objects.select_related("client"), request.user, pk=pk)
    require(request.user, "contacts.authorise")

    def act(form: MaySignForm) -> Done:
        actions.set_authorities(contact, may_sign=form.lines(), by=request.user, now=clock.now())
        return _("The may-sign register is changed."), contact.get_absolute_url()

    form = posted(MaySignForm, request, contact=contact)
    return form_page(request, "accounts/may_sign_form.html", form, act, {"client": contact.client, "contact": contact})


@get_or_post
def contact_archive(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_visible_or_404(Contact.objects.select_related("client"), request.user, pk=pk)
    require(request.user, "contacts.edit")
    if request.method != "POST":
        return render(request, "accounts/contact_archive.html", {"contact": contact, "client": contact.client})

    def act() -> str:
        actions.archive_contact(contact, by=request.user, now=clock.now())
        return _("%(contact)s is archived.") % {"contact": contact}

    return deed(request, act, contact.get_absolute_url())


@require_POST
def contact_restore(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_visible_or_404(Contact.objects.select_related("client"), request.user, pk=pk)

    def act() -> str:
        actions.restore_contact(contact, by=request.user, now=clock.now())
        return _("%(contact)s is restored.") % {"contact": contact}

    return deed(request, act, contact.get_absolute_url())
