"""Sign-offs in short, for the pages of the things they are about: {% include "signoffs/_requests.html" with requests=… %}."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from .models import Signatory
from .standing import standing_of


def summaries(requests: Any, *, now: datetime) -> list[dict[str, Any]]:
    """Each request with its signatories and how they stand. Two queries, however many there are."""
    if hasattr(requests, "select_related"):
        requests = requests.select_related("document", "account__client").prefetch_related(
            Prefetch("signatories", Signatory.objects.select_related("contact"))
        )
    rows = []
    for request in requests:
        people = []
        for signatory in request.signatories.all():
            signatory.request = request
            people.append({"signatory": signatory, "standing": standing_of(signatory, now=now)})
        rows.append({"request": request, "people": people})
    return rows
