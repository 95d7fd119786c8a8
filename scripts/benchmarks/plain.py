"""WeasyPrint as it comes: what a document takes without anything we do about it, for comparison."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from agency import pdf


def render(template: str, context: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """As agency.pdf.render(), without its checks and without anything it keeps from one document to the next."""
    with translation.override(language):
        return render_html(render_to_string(template, pdf.full_context(context, language=language, title=title)))


def render_html(html: str) -> bytes:
    """A document of ours with its fonts loaded and its style sheet parsed for it alone, as the library does by itself."""
    weasyprint = pdf.load()
    style_sheet, _type = pdf.read(f"countersign-static:{pdf.STYLE_SHEET}")
    document = weasyprint.HTML(string=html, url_fetcher=pdf.fetcher(), media_type="print")
    data: bytes = document.write_pdf(stylesheets=[weasyprint.CSS(string=style_sheet.decode())], **pdf.OPTIONS)
    return data
