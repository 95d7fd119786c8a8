"""What many tests of the engine do."""

import re
from typing import Any

from django.apps import apps
from django.db import connection

from agency.mail import filled
from agency.models import OutgoingMail
from signoffs.actions import Given, Signature
from signoffs.links import token_of
from signoffs.models import Signatory


def token(signatory: Signatory) -> str:
    """The token of the link in force."""
    signatory.refresh_from_db()
    return token_of(signatory.pk, signatory.link_number)


def url(signatory: Signatory, more: str = "") -> str:
    return f"/s/{token(signatory)}/{more}"


def given(signatory: Signatory, answer: str = "approve", text: str = "", **facts: Any) -> Given:
    """An answer by the signatory about the document as it stands."""
    signatory.request.document.refresh_from_db()
    values = {"shown_sha256": signatory.request.document.sha256, "signature": Signature(signatory.name), "code_passed": True}
    return Given(**{"answer": answer, "text": text, **values, **facts})


def posted(signatory: Signatory, answer: str = "approve", step: str = "confirm", **more: str) -> dict[str, str]:
    """What the form of the sign page posts."""
    signatory.request.document.refresh_from_db()
    return {"answer": answer, "step": step, "document": signatory.request.document.sha256, "typed_name": signatory.name, **more}


def mail_link(mail: OutgoingMail) -> str:
    """The path of the link in a mail as its reader gets it."""
    found = re.search(r"https?://[^/\s]+(/s/[^\s]+)", filled(mail).text)
    assert found
    return found[1]


def mail_code(mail: OutgoingMail) -> str:
    found = re.search(r"^(\d{6})$", filled(mail).text, re.MULTILINE)
    assert found
    return found[1]


def every_row() -> dict[str, list[Any]]:
    """All that the database holds, table by table."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            rows[model._meta.db_table] = cursor.fetchall()
    return rows
