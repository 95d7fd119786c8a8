"""Everything that changes a request locks its row first: answers, turns and the chain's places are decided one after another."""

from django.utils.translation import gettext as _

from agency.errors import WrongState

from ..models import Signatory, SignRequest


def lock(request_id: int) -> SignRequest:
    """The request, locked until the transaction ends (SQLite: the whole database is)."""
    SignRequest.objects.select_for_update().get(pk=request_id)
    return SignRequest.objects.select_related("document__created_by", "account__client", "account__lead", "requested_by").get(
        pk=request_id
    )


def lock_open(request_id: int) -> SignRequest:
    """The same, but it must still wait for answers. Raises WrongState otherwise."""
    request = lock(request_id)
    if not request.is_open:
        raise WrongState(
            _("This sign-off is already closed: %(state)s. Reload the page to see it.") % {"state": request.get_outcome_display()}
        )
    return request


def signatories_of(request: SignRequest) -> list[Signatory]:
    """All of them, fresh, with their people."""
    rows = list(request.signatories.select_related("contact__client", "user").order_by("turn", "pk"))
    for row in rows:
        row.request = request
    return rows
