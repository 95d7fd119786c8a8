"""What sign-offs ask of a colleague now, for My day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
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
#: What the rows say of a request, and no more is read.
OF_REQUEST = (
    "outcome",
    "wanted_by",
    "expires_at",
    "closed_at",
    "document__title",
    "document__reference",
    "account__client__name",
)
#: How a request ends without a signature, and what to do about it.
UNSIGNED = {"declined": gettext_lazy("Declined: call them"), "expired": gettext_lazy("Expired without an answer")}


def todos(user: User, now: datetime, stuck: Sequence[OutgoingMail] | None = None) -> list[Todo]:
    """Signatures wanted from them, then what their requests need: delegations, mails that failed, refusals.

    `stuck`: of `stuck_mails`, where they have been read already.
    """
    rows = _to_sign(user)
    if may(user, "signoffs.manage"):
        rows += _of_requests(user, now, stuck_mails(user, now) if stuck is None else stuck)
    return rows


def _to_sign(user: User) -> list[Todo]:
    waiting = (
        Signatory.objects.waiting()
        .visible_to(user)
        .filter(user=user)
        .select_related("request__document", "request__requested_by", "request__account__client")
        .only("invited_at", "request__requested_by__full_name", *(f"request__{name}" for name in OF_REQUEST))
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


def _of_requests(user: User, now: datetime, stuck: Sequence[OutgoingMail]) -> list[Todo]:
    """Mails only a person can settle and delegations, of open requests; and those that came back without a signature."""
    kind = ContentType.objects.get_for_model(SignRequest)
    mails = [mail for mail in stuck if mail.content_type_id == kind.pk]
    named = Delegation.objects.filter(signatory__request=OuterRef("pk"), settled_at=None)
    news = Q(outcome__in=UNSIGNED, closed_at__gt=now - NEWS)
    waiting = Q(outcome="") & (Q(pk__in={mail.object_id for mail in mails}) | Q(delegated=True))
    mine = SignRequest.objects.visible_to(user).filter(Q(requested_by=user) | Q(account__lead=user))
    found = mine.annotate(delegated=Exists(named)).filter(news | waiting).select_related("document", "account__client")
    requests: dict[int, Any] = {request.pk: request for request in found.only(*OF_REQUEST)[:100]}
    delegated = [pk for pk, request in requests.items() if request.delegated and request.is_open]
    return [
        *(_delegations(requests, delegated) if delegated and may(user, "signoffs.confirm_delegate") else []),
        *(_stuck(request, mail) for mail in mails if (request := requests.get(mail.object_id or 0)) and request.is_open),
        *(_came_back(request) for request in requests.values() if request.outcome),
    ]


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
