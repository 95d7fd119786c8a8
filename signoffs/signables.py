"""What can be signed. A signable freezes itself into a document, names the answers it takes and is told what was decided.

Each app registers its kinds in `AppConfig.ready`; the engine knows nothing else about them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .models import Document, SignRequest

Text = str | Promise


@dataclass(frozen=True)
class Answer:
    """One answer a signatory may choose."""

    value: str
    label: Text  # "Approve"
    hint: Text  # "We produce it exactly like this."
    button: Text  # on the check page: "Approve version 3"; may use %(title)s
    said: Text  # on the sealed PDF: "Approved."
    approves: bool = False
    needs_text: bool = False
    takes_lines: bool = False  # objections line by line


class Signable:
    """The base of every kind of document that can be signed."""

    kind: ClassVar[str]
    name: ClassVar[Text]  # "Sign-off", "Meeting minutes"
    #: The frozen pages; given `document`, `data` and `files` (stored files, their pictures made).
    pdf_template: ClassVar[str]
    #: The thing on the public page, as HTML; given `document`, `data` and `files` (each with stored, url, picture, thumbnail).
    page_template: ClassVar[str]
    answers: ClassVar[tuple[Answer, ...]]
    code_by_default: ClassVar[bool] = False

    def ask(self, document: Document) -> Text:
        """The heading of the public page, in the reader's language: "Ana Ruiz asks you to approve …"."""
        return _("%(name)s asks you to sign “%(title)s”") % {"name": document.created_by.full_name, "title": document.title}

    def subject_line(self, document: Document) -> Text:
        """The verb and the thing, for the subject of the mail; the engine adds by when: "Approve: Metro panels V1"."""
        return _("Sign: %(title)s") % {"title": document.title}

    def lines(self, document: Document) -> Sequence[tuple[str, str]]:
        """(key, words) of each line that can be objected to, where an answer `takes_lines`."""
        return ()

    def newer_request(self, document: Document) -> SignRequest | None:
        """The request for a newer version of the same thing, if one was sent; the old link then points to it."""
        return None

    def is_current(self, document: Document) -> bool:
        """Whether the document still shows the newest state of its subject; otherwise answers are refused."""
        return True

    def decided(self, request: SignRequest, *, now: datetime) -> None:
        """Called once, in the engine's transaction, when the request closed with approved, changes or declined."""

    def void(self, request: SignRequest, *, now: datetime) -> None:
        """Called once, in the engine's transaction, when it closed without an answer (expired, withdrawn, superseded)."""


_kinds: dict[str, Signable] = {}


def register(signable: Signable) -> None:
    _kinds[signable.kind] = signable


def signable_for(document: Document) -> Signable:
    return _kinds[document.kind]


def answer_of(document: Document, value: str) -> Answer | None:
    """The answer with this value, if the document's kind takes it."""
    return next((answer for answer in signable_for(document).answers if answer.value == value), None)


def registered() -> dict[str, Signable]:
    return dict(_kinds)
