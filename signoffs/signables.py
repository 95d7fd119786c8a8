"""What can be signed. A signable freezes itself into a document, names the answers it takes and is told what was decided.

Each app registers its kinds in `AppConfig.ready`; the engine knows nothing else about them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise

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
    pdf_template: ClassVar[str]  # the frozen pages, given `document` and `data`
    page_template: ClassVar[str]  # the thing on the public page, as HTML
    answers: ClassVar[tuple[Answer, ...]]
    code_by_default: ClassVar[bool] = False

    def ask(self, document: Document) -> Text:
        """The heading of the public page, in the reader's language: "Ana Ruiz asks you to approve …"."""
        raise NotImplementedError

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


def registered() -> dict[str, Signable]:
    return dict(_kinds)
