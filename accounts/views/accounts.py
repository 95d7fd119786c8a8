"""Accounts and their teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency import clock
from agency.models import AuditEntry
from agency.posting import Done, deed, form_page, posted

from .. import actions
from ..forms import AccountForm, TeamForm
from ..models import Account, Client, TeamMember
from ..permissions import may, require
from ..visibility import get_visible_or_404
from .base import record_page
from .clients import get_or_post
from .contacts import HISTORY

WITH_CLIENT = Account.objects.select_related("client", "brand", "lead")


@require_safe
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)
    return _account_page(request, account, TeamForm(account=account) if may(request.user, "accounts.manage") else None)


def _account_page(
    request: HttpRequest, account: Account, form: TeamForm | None, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = {
        "account": account,
        "client": account.client,
        "team": TeamMember.objects.current().filter(account=account).select_related("user").prefetch_related("user__role_grants"),
        "former": TeamMember.objects.filter(account=account, until__isnull=False).select_related("user").order_by("-until")[:20],
        "form": form,
        "refused": refused,
        "entries": AuditEntry.objects.for_object(account)[:HISTORY],
    }
    return render(request, "accounts/account_detail.html", context, status=status)


@get_or_post
def account_create(request: HttpRequest, code: str) -> HttpResponse:
    client = get_visible_or_404(Client.objects, request.user, code=code)
    require(request.user, "accounts.manage")

    def act(form: AccountForm) -> Done:
        account = actions.create_account(client, **form.facts(), by=request.user, now=clock.now())
        return _("The account %(account)s is open.") % {"account": account.name}, account.get_absolute_url()

    form = posted(AccountForm, request, client=client, user=request.user, initial={"lead": request.user.pk})
    return form_page(request, "accounts/account_form.html", form, act, {"client": client})


@get_or_post
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)
    require(request.user, "accounts.manage")

    def act(form: AccountForm) -> Done:
        seen = form.cleaned_data["seen"]
        actions.edit_account(account, facts=form.facts(), seen=seen, by=request.user, now=clock.now())
        return _("The account is changed."), account.get_absolute_url()

    form = posted(AccountForm, request, client=account.client, user=request.user, instance=Account.objects.get(pk=account.pk))
    return record_page(request, "accounts/account_form.html", form, act, {"client": account.client, "account": account})


@require_POST
def account_archive(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)

    def act() -> str:
        actions.archive_account(account, by=request.user, now=clock.now())
        return _("The account %(account)s is archived.") % {"account": account.name}

    return deed(request, act, account.get_absolute_url())


@require_POST
def account_restore(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)

    def act() -> str:
        actions.restore_account(account, by=request.user, now=clock.now())
        return _("The account %(account)s is restored.") % {"account": account.name}

    return deed(request, act, account.get_absolute_url())


@require_POST
def account_join(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)
    require(request.user, "accounts.manage")
    form = TeamForm(request.POST, account=account)
    if not form.is_valid():
        return _account_page(request, account, form, status=422)

    def act() -> str:
        actions.join_team(account, form.cleaned_data["user"], does=form.cleaned_data["does"], by=request.user, now=clock.now())
        return _("%(person)s is on the team now.") % {"person": form.cleaned_data["user"]}

    return deed(request, act, account.get_absolute_url())


@require_POST
def account_leave(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    account = get_visible_or_404(WITH_CLIENT.all(), request.user, pk=pk)
    member = get_visible_or_404(
        TeamMember.objects.filter(account=account).select_related("account", "user"), request.user, pk=member_pk
    )

    def act() -> str:
        actions.leave_team(member, by=request.user, now=clock.now())
        return _("%(person)s is off the team.") % {"person": member.user}

    # One who has just taken themselves off no longer sees the account.
    return deed(request, act, "client_list" if member.user_id == request.user.pk else account.get_absolute_url())
