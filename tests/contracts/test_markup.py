"""What a browser forgives and a reader of pages by ear doesn't: a list, table or part closed by another's tag."""

import re
from pathlib import Path

from django.conf import settings

COMMENTS = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
PARTS = (
    "ul",
    "ol",
    "li",
    "dl",
    "table",
    "thead",
    "tbody",
    "tr",
    "section",
    "article",
    "form",
    "details",
    "figure",
    "select",
    "main",
)


def lopsided(source: str) -> list[str]:
    """The parts that are opened more or less often than they are closed."""
    source = COMMENTS.sub("", source)
    return [part for part in PARTS if len(re.findall(rf"<{part}\b", source)) != source.count(f"</{part}>")]


def test_every_part_is_closed_by_its_own_tag() -> None:
    pages = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
    assert len(pages) > 100
    assert not {page.name: found for page in pages if (found := lopsided(page.read_text(encoding="utf-8")))}


def test_a_list_closed_by_another_is_found() -> None:
    assert lopsided("<ul><li>one</li></ol>") == ["ul", "ol"]
    assert lopsided("<ul>{# <ol> #}<li>one</li></ul>") == []
