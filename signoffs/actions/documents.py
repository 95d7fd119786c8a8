"""Freezing a thing into a document."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Account, User
from agency import audit
from agency.doorbell import ring
from agency.errors import Refused
from agency.models import StoredFile

from ..models import Document
from ..signables import registered


@transaction.atomic
def freeze_document(
    kind: str,
    subject: models.Model,
    *,
    account: Account,
    language: str,
    title: str,
    reference: str,
    data: dict[str, Any],
    files: Sequence[StoredFile] = (),
    amount: Decimal | None = None,
    currency: str = "",
    by: User,
    now: datetime,
) -> Document:
    """Freeze what `subject` says now. `data` is all that pages and PDF show; its "hands" are who did what before.

    Part of the action that sends it, which asks permission. The bytes follow by a task, in `language` (the client's). Raises
    Refused when the kind isn't known or a text is too long.
    """
    if kind not in registered():
        raise Refused(_("This kind of document can't be signed."))
    if len(title) > 200 or len(reference) > 60:
        raise Refused(_("The title is too long for a document: at most 200 characters."))
    document = Document.objects.create(
        kind=kind, subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, account=account,
        language=language, title=title, reference=reference, data=data, amount=amount, currency=currency,
        created_at=now, created_by=by,
    )  # fmt: skip
    document.attachments.set(files)
    audit.record("document.frozen", document, by=by, now=now)
    from ..tasks import render_document

    ring(render_document, document.pk)
    return document
