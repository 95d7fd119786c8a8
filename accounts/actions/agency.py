"""The agency's own profile: what stands on its paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from agency.audit import Acts, record
from agency.errors import Refused
from agency.files import make_previews, store_upload
from agency.models import Agency, StoredFile

from ..changes import apply, refuse_if_stale
from ..permissions import require

AGENCY_FIELDS = (
    "name", "legal_name", "address", "country", "tax_id", "email", "phone", "website", "bank_details", "iban", "bic",
    "currency", "language", "zone_name", "working_week", "holidays_country", "opens", "closes",
)  # fmt: skip


def edit_agency(
    *, facts: Mapping[str, Any], logo: File | None = None, without_logo: bool = False, seen: str = "", by: Acts, now: datetime
) -> Agency:
    """Change the profile; papers already sent or issued keep what stood on them. Raises Refused for a logo that isn't a picture."""
    require(by, "agency.edit")
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=Agency.current().pk)
        refuse_if_stale(agency, AGENCY_FIELDS, seen)
        changes = {name: facts[name] for name in AGENCY_FIELDS if name in facts}
        if logo is not None:
            changes["logo"] = _stored_logo(logo, now)
        elif without_logo:
            changes["logo"] = None
        old, new = apply(agency, changes)
        if new:
            record("agency.edited", agency, by=by, now=now, old=old, new=new)
    return agency


def _stored_logo(upload: File, now: datetime) -> StoredFile:
    stored = store_upload(upload, now=now)
    if stored.kind != StoredFile.Kind.IMAGE:
        raise Refused(_("The logo must be a picture: PNG, JPEG, GIF or WebP."))
    make_previews(stored)  # small, and wanted by the very next page: not left to the background task
    return stored
