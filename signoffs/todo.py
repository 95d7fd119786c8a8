"""What sign-offs ask of a colleague now, for My day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import may
from accounts.todo import Todo, stuck_mails
from agency.models import OutgoingMail

from .models import Delegation, Signatory, SignRequest

#: How long what came back unsigned stays on the list.
NEWS = timedelta(days=3)
MOST = 150
#: What the rows say of a request, and no more is read.
OF_REQUEST = (
    "outcome",
    "wanted_by",
    "expires_at",
    "closed_at",
    "document__title",
    "document__reference",
    "requested_by__full_name",
    "account__lead",
    "account__client__name",
)
#: How a request ends without a signature, and what to do about it.
UNSIGNED = {"declined": gettext_lazy("Declined: call them"), "expired": gettext_lazy("Expired without an answer")}


def todos(user: User, now: datetime, stuck: Sequence[OutgoingMail] | None = None) -> list[Todo]:
    """Signatures wanted from them, then what their requests need: delegations, mails that failed, refusals.

    `stuck`: of `stuck_mails`, where they have been read already.
    """
    mails: list[OutgoingMail] = []
    if may(user, "signoffs.manage"):
        kind = ContentType.objects.get_for_model(SignRequest)
        mails = [mail for mail in (stuck_mails(user, now) if stuck is None else stuck) if mail.content_type_id == kind.pk]
    requests = {request.pk: request for request in _requests(user, now, mails)}
    mine = {pk: one for pk, one in requests.items() if one.is_open and user.pk in (one.requested_by_id, one.account.lead_id)}
    delegated = [pk for pk, request in mine.items() if request.delegated]
    return [
        *(_to_sign(request) for request in requests.values() if request.asked_at),
        *(_delegations(mine, delegated) if delegated and may(user, "signoffs.confirm_delegate") else []),
        *(_stuck(request, mail) for mail in mails if (request := mine.get(mail.object_id or 0))),
        *(_came_back(request) for request in requests.values() if request.outcome),
    ]


def _requests(user: User, now: datetime, mails: Sequence[OutgoingMail]) -> Any:
    """What waits for their signature (since `asked_at`); of their own, if they manage sign-offs, what needs somebody.

    That is: open with a mail only a person can settle or `delegated`, and what came back unsigned.
    """
    asked = Signatory.objects.waiting().filter(user=user)
    named = Delegation.objects.filter(signatory__request=OuterRef("pk"), settled_at=None)
    wanted = Q(outcome="", pk__in=asked.values("request"))
    if may(user, "signoffs.manage"):
        news = Q(outcome__in=UNSIGNED, closed_at__gt=now - NEWS)
        waiting = Q(outcome="") & (Q(pk__in={mail.object_id for mail in mails}) | Q(delegated=True))
        wanted |= (Q(requested_by=user) | Q(account__lead=user)) & (news | waiting)
    since = Subquery(asked.filter(request=OuterRef("pk")).values("invited_at")[:1])
    rows = SignRequest.objects.visible_to(user).annotate(asked_at=since, delegated=Exists(named)).filter(wanted)
    return rows.select_related("document", "requested_by", "account__client").only(*OF_REQUEST)[:MOST]


def _to_sign(request: Any) -> Todo:
    return Todo(
        icon="sign", what=request.document.title,
        why=_("%(name)s wants your signature") % {"name": request.requested_by.full_name},
        url=request.get_absolute_url(), button=_("Read and sign"), button_url=reverse("signoff_sign", args=[request.pk]),
        client=request.account.client.name, number=request.document.reference, due_at=request.deadline, since=request.asked_at,
    )  # fmt: skip


def _delegations(requests: Mapping[int, SignRequest], delegated: Sequence[int]) -> list[Todo]:
    found = Delegation.objects.filter(settled_at=None, signatory__request__in=delegated).select_related("signatory")
    return [
        Todo(
            icon="forward", what=request.document.title,
            why=_("%(old)s says that %(new)s should sign") % {"old": one.signatory.name, "new": one.name},
            url=request.get_absolute_url(), button=_("Confirm or refuse"),
            button_url=reverse("signoff_delegation", args=[request.pk, one.pk]), client=request.account.client.name,
            number=request.document.reference, due_at=request.deadline, since=one.proposed_at,
        )
        for one in found.only("name", "proposed_at", "signatory__name", "signatory__request")
        if (request := requests[one.signatory.request_id])
    ]  # fmt: skip


def _stuck(request: SignRequest, mail: OutgoingMail) -> Todo:
    return Todo(
        icon="mail", what=request.document.title,
        why=_("The mail to %(name)s: %(state)s") % {"name": mail.to_name, "state": mail.get_status_display()},
        url=request.get_absolute_url(), button=_("Look into it"), client=request.account.client.name,
        number=request.document.reference, due_at=request.deadline, since=mail.created_at,
    )  # fmt: skip


def _came_back(request: SignRequest) -> Todo:
    return Todo(
        icon="late", what=request.document.title, why=str(UNSIGNED[request.outcome]), url=request.get_absolute_url(),
        button=_("Open the sign-off"), client=request.account.client.name, number=request.document.reference,
        since=request.closed_at,
    )  # fmt: skip
