"""A tiny thing to sign, so that the engine is tested without knowing any real one."""

from typing import Any, ClassVar

from signoffs.models import Document, SignRequest
from signoffs.signables import Answer, Signable


class Probe(Signable):
    kind = "probe"
    name = "Sign-off"
    pdf_template = "probe/document.html"
    page_template = "probe/page.html"
    answers = (
        Answer("approve", "Approve", "We produce it exactly like this.", "Approve %(title)s", "Approved.", approves=True),
        Answer(
            "approve_small", "Approve with small changes", "You tell us what.", "Approve %(title)s with small changes",
            "Approved with small changes.", approves=True, needs_text=True,
        ),
        Answer("changes", "Changes needed", "You tell us what.", "Send the changes", "Changes needed.", needs_text=True),
        Answer("object", "Object to lines", "Line by line.", "Object", "Objections.", needs_text=True, takes_lines=True),
    )  # fmt: skip
    current: ClassVar[bool] = True
    newer: ClassVar[SignRequest | None] = None
    heard: ClassVar[list[tuple[str, str]]] = []

    def is_current(self, document: Document) -> bool:
        return self.current

    def newer_request(self, document: Document) -> SignRequest | None:
        return self.newer

    def lines(self, document: Document) -> list[tuple[str, str]]:
        return [("1", "The logo is blue"), ("2", "Delivery on Friday")]

    def decided(self, request: SignRequest, **facts: Any) -> None:
        self.heard.append(("decided", request.outcome))

    def void(self, request: SignRequest, **facts: Any) -> None:
        self.heard.append(("void", request.outcome))
