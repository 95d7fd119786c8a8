"""What a client will see, before it is sent: the same words and the same partial as on the sign page, without links that work."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.models import Account, User
from agency import words
from agency.models import StoredFile

from .models import Document
from .signables import registered
from .views.place import ShownFile


def preview_context(
    kind: str,
    *,
    account: Account,
    language: str,
    title: str,
    reference: str,
    data: dict[str, Any],
    files: Sequence[StoredFile] = (),
    amount: Decimal | None = None,
    currency: str = "",
    message: str = "",
    wanted_by: datetime | None = None,
    zone: ZoneInfo | None = None,
    file_address: Callable[..., str],
    by: User,
) -> dict[str, Any]:
    """The context of signoffs/_preview.html. Takes what `freeze_document` takes; nothing is stored.

    `language` and `zone` are the reader's; `file_address("file", pk)` and `file_address("picture", pk, "preview")` give
    addresses the colleague may use.
    """
    signable = registered()[kind]
    document = Document(
        kind=kind, account=account, language=language, title=title, reference=reference, data=data, amount=amount,
        currency=currency, created_by=by,
    )  # fmt: skip
    shown = [
        ShownFile(
            f, file_address("file", f.pk), file_address("picture", f.pk, "preview"), file_address("picture", f.pk, "thumbnail")
        )
        for f in files
    ]
    with translation.override(language):
        lead = _("For %(client)s") % {"client": account.client.name}
        if wanted_by:
            moment = words.when_there(wanted_by, zone or account.client.zone)
            lead = _("For %(client)s, please answer by %(moment)s") % {"client": account.client.name, "moment": moment}
        preview = {
            "document": document, "files": shown, "ask": str(signable.ask(document)), "lead": lead, "message": message,
            "page_template": signable.page_template,
            "answers": [{"label": str(a.label), "hint": str(a.hint)} for a in signable.answers],
        }  # fmt: skip
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return {"preview": preview, "preview_language": language, "preview_direction": direction}
