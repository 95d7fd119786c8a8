"""What a signatory agrees to, in each language, with a version: changing a word here means a new version."""

import hashlib
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

VERSION = "2026-11"


@dataclass(frozen=True)
class Consent:
    version: str
    language: str
    text: str
    sha256: str


def consent(language: str) -> Consent:
    """The consent text as a reader of `language` sees it, with the hash that goes into the evidence."""
    with translation.override(language):
        text = _(
            "By confirming, you sign this document electronically in your own name. We record your answer, your name, the time, "
            "the address this link was sent to, your network address and your browser, and seal them into a PDF together with "
            "the document. You and the agency each receive it."
        )
    return Consent(VERSION, language, text, hashlib.sha256(text.encode()).hexdigest())
