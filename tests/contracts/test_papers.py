"""Every kind of document in each of our languages, sealed ones too, can be read by ear: PDF/UA-1, as outloud checks it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from agency import pdf
from signoffs.sealing.assemble import assemble
from signoffs.sealing.seal import put_seal
from tests import graph
from tests.cast import make_cast
from tests.graph import Team, make_graph, make_side, real_papers

outloud = pytest.importorskip("outloud", reason="outloud comes with requirements-dev.txt")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.skipif(not (pdf.FONTS / "fonts.conf").exists(), reason="the fonts are built by make setup"),
]
#: What outloud advises beyond the standard, and why we don't follow it.
LEFT = {
    "LNK-010": "the addresses of those who signed are evidence, not links to write to",
    "TAG-003": "compares words as they are painted with words as they are tagged, which differ where lines run from right to left",
    "HDG-010": "takes a short Chinese heading with a number for a reference",
}
#: One for each font; the others too with --full.
FONTS = ("en", "zh-hans", "ar")
SIGNATURES = "pdf/signoffs/signatures.html"


@pytest.fixture
def papers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Mapping[str, Any], str]]:
    """By template, what the life of a job had printed first: the facts and the title."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    printed: dict[str, tuple[Mapping[str, Any], str]] = {}
    blank = graph._blank

    def noted(template: str, context: Mapping[str, Any], *, language: str, title: str) -> bytes:
        # Two kinds share the invoice's template.
        key = f"{template} credit" if context.get("credits") else template
        printed.setdefault(key, (context, title))
        return blank(template, dict(context), language=language, title=title)

    monkeypatch.setattr(graph, "_blank", noted)
    team = Team.of(make_cast())
    make_graph(make_side("Quokka", "QKA", team), team, "Quokka")
    return printed


def rendered(papers: Mapping[str, tuple[Mapping[str, Any], str]], language: str) -> dict[str, bytes]:
    """Each kind as a PDF, and a sign-off with its signatures, sealed."""
    made = {
        key: pdf.render(key.removesuffix(" credit"), context, language=language, title=title)
        for key, (context, title) in papers.items()
    }
    with translation.override(language), real_papers():
        whole = assemble(made["pdf/jobsheets/version.html"], made[SIGNATURES], b"{}")
        return made | {"sealed": put_seal(whole, reason="Sealed", field_words="Seal of the agency")}


def test_documents_are_read_aloud_whole(papers: Mapping[str, tuple[Mapping[str, Any], str]], tmp_path: Path, full: bool) -> None:
    templates = {
        f"pdf/{path.parent.name}/{path.name}" for path in Path(settings.BASE_DIR, "templates/pdf").glob("[a-z]*/[a-z]*.html")
    }
    assert {key.removesuffix(" credit") for key in papers} == templates
    wrong: dict[str, list[str]] = {}
    for language in [code for code, _name in settings.LANGUAGES] if full else FONTS:
        for key, data in rendered(papers, language).items():
            file = tmp_path / "paper.pdf"
            file.write_bytes(data)
            result = outloud.check(str(file), skip=LEFT)
            found = [f"{one.rule}: {one.message}" for one in result.findings] + ([result.error] if result.error else [])
            if found:
                wrong[f"{key} {language}"] = found
    assert not wrong


def test_a_document_without_tags_is_found(tmp_path: Path) -> None:
    """So that the silence above means something."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(graph._blank("", {}, language="en", title="A title"))
    assert {"DOC-001", "DOC-002"} <= {one.rule for one in outloud.check(str(file)).findings}
