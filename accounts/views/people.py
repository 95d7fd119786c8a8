"""Colleagues, one's own profile, the agency's profile and its logo."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from agency import clock, words
from agency.files import preview_response
from agency.models import Agency, AuditEntry
from agency.paging import page_of
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..choices import zone_label
from ..forms import AgencyForm, HandOverForm, InviteForm, ProfileForm, UserForm
from ..models import Role, TeamMember, User
from ..permissions import may, require
from .base import record_page
from .clients import get_or_post
from .contacts import HISTORY


@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    """Everyone at the agency; ?q= searches, ?role= and ?state=left filter."""
    people = User.objects.prefetch_related("role_grants")
    left, role = request.GET.get("state") == "left", request.GET.get("role", "")
    people = people.filter(is_active=not left)
    words = request.GET.get("q", "").replace("\x00", "")[:100].split()
    for word in words[:6]:
        people = people.filter(full_name__icontains=word) | people.filter(email__icontains=word)
    if role in Role.values:
        people = people.filter(pk__in=User.objects.with_role(role).values("pk"))
    page = page_of(people.order_by("full_name", "pk"), request)
    context = {
        "rows": page.rows, "page": page, "filtered": bool(words or left or role), "q": " ".join(words),
        "left": left, "role": role, "roles": Role.choices,
    }  # fmt: skip
    return render(request, "accounts/user_list.html", context)


@require_safe
def user_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague: how to reach them, and their accounts among those the reader may see."""
    person = get_object_or_404(User.objects.prefetch_related("role_grants"), pk=pk)
    manages = may(request.user, "users.manage")
    context = {
        "person": person,
        "zone": zone_label(person.zone_name),
        "memberships": TeamMember.objects.visible_to(request.user)
        .current()
        .filter(user=person)
        .select_related("account__client", "account__lead"),
        "entries": AuditEntry.objects.for_object(person)[:HISTORY] if manages else [],
        "waits": person.is_active and not person.has_usable_password(),
        "second_factor": manages and person.has_second_factor,
    }
    return render(request, "accounts/user_detail.html", context)


@get_or_post
def user_invite(request: HttpRequest) -> HttpResponse:
    require(request.user, "users.manage")

    def act(form: InviteForm) -> Done:
        user = actions.invite_user(
            email=form.cleaned_data["email"],
            facts=form.facts(),
            roles=form.cleaned_data["roles"],
            by=request.user,
            now=clock.now(),
        )
        return _("The invitation to %(person)s is on its way.") % {"person": user}, user.get_absolute_url()

    agency = Agency.current()
    form = posted(InviteForm, request, initial={"language": agency.language, "zone_name": agency.zone_name})
    return form_page(request, "accounts/user_invite.html", form, act)


@get_or_post
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)

    def act(form: UserForm) -> Done:
        now, seen = clock.now(), form.cleaned_data["seen"]
        with transaction.atomic():
            actions.edit_user(person, facts=form.facts(), seen=seen, by=request.user, now=now)
            changed = actions.change_roles(person, roles=form.cleaned_data["roles"], by=request.user, now=now)
        if changed.pk == request.user.pk:
            update_session_auth_hash(request, User.objects.get(pk=person.pk))
        return _("%(person)s is changed.") % {"person": changed}, person.get_absolute_url()

    form = posted(UserForm, request, instance=User.objects.get(pk=person.pk))
    return record_page(request, "accounts/user_form.html", form, act, {"person": person})


@get_or_post
def user_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)
    now = clock.now()

    def act(form: HandOverForm) -> Done:
        successor = form.cleaned_data["successor"]
        with transaction.atomic():  # refused at the second step, the first hasn't happened either
            told = actions.hand_over(person, successor, by=request.user, now=now)
            if form.cleaned_data["deactivate"]:
                actions.deactivate_user(person, by=request.user, now=now)
        if not told:
            return _("%(person)s had nothing left to hand over.") % {"person": person}, person.get_absolute_url()
        return (
            _("Handed over to %(successor)s: %(things)s.") % {"successor": successor, "things": words.listed(told)},
            person.get_absolute_url(),
        )

    context = {
        "person": person,
        "things": actions.people.whats_left(person, by=request.user, now=now),
        "memberships": TeamMember.objects.current().filter(user=person).select_related("account__client"),
    }
    return form_page(request, "accounts/user_hand_over.html", posted(HandOverForm, request, leaver=person), act, context)


@get_or_post
def user_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "accounts/user_deactivate.html", {"person": person})

    def act() -> str:
        actions.deactivate_user(person, by=request.user, now=clock.now())
        return _("%(person)s can no longer log in.") % {"person": person}

    return deed(request, act, person.get_absolute_url())


@require_POST
def user_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)

    def act() -> str:
        actions.reactivate_user(person, by=request.user, now=clock.now())
        return _("%(person)s can log in again.") % {"person": person}

    return deed(request, act, person.get_absolute_url())


@require_POST
def user_invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)

    def act() -> str:
        actions.invite_again(person, by=request.user, now=clock.now())
        return _("The invitation to %(person)s is on its way.") % {"person": person}

    return deed(request, act, person.get_absolute_url())


@require_POST
def user_reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "users.manage")
    person = get_object_or_404(User, pk=pk)

    def act() -> str:
        actions.reset_second_factor(person, by=request.user, now=clock.now())
        return _("The second factor of %(person)s is taken away; they were told by mail.") % {"person": person}

    return deed(request, act, person.get_absolute_url())


@get_or_post
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, telephone, language and zone."""

    def act(form: ProfileForm) -> Done:
        user = actions.edit_profile(request.user, facts=form.facts(), by=request.user, now=clock.now())
        with override(user.language):
            return _("Your profile is changed."), "profile"

    return record_page(
        request, "accounts/profile.html", posted(ProfileForm, request, instance=User.objects.get(pk=request.user.pk)), act
    )


@get_or_post
def agency_profile(request: HttpRequest) -> HttpResponse:
    require(request.user, "agency.edit")

    def act(form: AgencyForm) -> Done:
        actions.edit_agency(
            facts=form.facts(),
            logo=form.cleaned_data["logo_file"],
            without_logo=form.cleaned_data.get("without_logo", False),
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        )
        return _("The agency's profile is changed. Papers from now on show it."), "agency_profile"

    agency = Agency.current()
    context = {"logo": agency.logo, "entries": AuditEntry.objects.for_object(agency)[:HISTORY]}
    return record_page(
        request, "accounts/agency_profile.html", posted(AgencyForm, request, instance=Agency.current()), act, context
    )


@login_not_required
@require_safe
def agency_logo(request: HttpRequest) -> HttpResponseBase:
    """The agency's logo, re-encoded; public, since every page and letter shows it."""
    logo = Agency.current().logo
    if logo is None:
        raise Http404
    response = preview_response(logo, "thumbnail")
    response["Cache-Control"] = "public, max-age=300"
    return response
