"""What sign-offs ask of a colleague now, for My day."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo
from agency.models import OutgoingMail
from agency.models.mails import OutgoingMailQuerySet

from .models import Delegation, Signatory, SignRequest, SignRequestQuerySet

#: How long what came back unsigned stays on the list.
NEWS = timedelta(days=3)


def todos(user: User, now: datetime) -> list[Todo]:
    """Signatures wanted from them, then what their requests need: delegations, mails that failed, refusals."""
    rows = _to_sign(user)
    if may(user, "signoffs.manage"):
        mine = SignRequest.objects.visible_to(user).filter(Q(requested_by=user) | Q(account__lead=user))
        rows += _delegations(user, mine) if may(user, "signoffs.confirm_delegate") else []
        rows += _mails(mine, now) + _came_back(mine, now)
    return rows


def _to_sign(user: User) -> list[Todo]:
    waiting = (
        Signatory.objects.waiting()
        .visible_to(user)
        .filter(user=user)
        .select_related("request__document", "request__requested_by", "request__account__client")
    )
    return [
        Todo(
            icon="sign", what=s.request.document.title,
            why=_("%(name)s wants your signature") % {"name": s.request.requested_by.full_name},
            url=s.request.get_absolute_url(), button=_("Read and sign"), button_url=reverse("signoff_sign", args=[s.request_id]),
            client=s.request.account.client.name, number=s.request.document.reference, due_at=s.request.deadline, since=s.invited_at,
        )
        for s in waiting[:50]
    ]  # fmt: skip


def _delegations(user: User, mine: SignRequestQuerySet) -> list[Todo]:
    found = Delegation.objects.filter(settled_at=None, signatory__request__in=mine.filter(outcome=""))
    return [
        Todo(
            icon="forward", what=d.signatory.request.document.title,
            why=_("%(old)s says that %(new)s should sign") % {"old": d.signatory.name, "new": d.name},
            url=d.signatory.request.get_absolute_url(), button=_("Confirm or refuse"),
            button_url=reverse("signoff_delegation", args=[d.signatory.request_id, d.pk]), client=d.signatory.request.account.client.name,
            number=d.signatory.request.document.reference, due_at=d.signatory.request.deadline, since=d.proposed_at,
        )
        for d in found.select_related("signatory__request__document", "signatory__request__account__client")[:50]
    ]  # fmt: skip


def _mails(mine: SignRequestQuerySet, now: datetime) -> list[Todo]:

    kind = ContentType.objects.get_for_model(SignRequest)
    open_ones = {r.pk: r for r in mine.filter(outcome="").select_related("document", "account__client")}
    stuck = OutgoingMailQuerySet(OutgoingMail).needs_person(now).filter(content_type=kind, object_id__in=list(open_ones))
    rows = []
    for mail in stuck[:50]:
        request = open_ones[mail.object_id or 0]
        rows.append(
            Todo(
                icon="mail", what=request.document.title,
                why=_("The mail to %(name)s: %(state)s") % {"name": mail.to_name, "state": mail.get_status_display()},
                url=request.get_absolute_url(), button=_("Look into it"), client=request.account.client.name, number=request.document.reference,
                due_at=request.deadline, since=mail.created_at,
            )
        )  # fmt: skip
    return rows


def _came_back(mine: SignRequestQuerySet, now: datetime) -> list[Todo]:
    words = {"declined": _("Declined: call them"), "expired": _("Expired without an answer")}
    found = mine.filter(outcome__in=words, closed_at__gt=now - NEWS).select_related("document", "account__client")
    return [
        Todo(
            icon="late", what=r.document.title, why=words[r.outcome], url=r.get_absolute_url(), button=_("Open the sign-off"),
            client=r.account.client.name, number=r.document.reference, since=r.closed_at,
        )
        for r in found[:50]
    ]  # fmt: skip
