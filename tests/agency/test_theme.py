"""Every pair of colours that meets on a page has its contrast, in both themes (WCAG 2.2 AA: 4.5:1 words, 3:1 edges)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
ROLES = ("done", "due", "late", "client", "accent")
WORDS = [
    *[("ink", ground) for ground in ("paper", "surface", "sunken")],
    *[("ink-soft", ground) for ground in ("paper", "surface", "sunken")],
    *[(role, f"{role}-soft") for role in ROLES],
    *[(role, ground) for role in ROLES for ground in ("paper", "surface")],
    *[("ink", f"{role}-soft") for role in ROLES],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "paper"),
    ("surface", "late"),
    ("accent", "sunken"),
]
EDGES = [("line-strong", "paper"), ("line-strong", "surface"), ("accent", "paper"), ("late", "surface"), ("accent", "line")]


def tokens(selector: str) -> dict[str, str]:
    css = (CSS / "theme.css").read_text()
    body = css[css.index(selector + " {") :]
    return dict(re.findall(r"--cs-([a-z-]+): (#[0-9a-f]{6})", body[: body.index("}")]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_edges_can_be_seen(theme: str) -> None:
    colours = tokens(f'[data-bs-theme="{theme}"]')
    faint = [pair for pair in WORDS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    faint += [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert faint == []


def test_the_device_theme_is_the_dark_theme() -> None:
    assert tokens('[data-bs-theme="auto"]') == tokens('[data-bs-theme="dark"]') != {}


@pytest.mark.parametrize("name", ["components.css", "public.css"])
def test_colours_have_names(name: str) -> None:
    """Only ink on white (what is signed, and plates under logos) is written out."""
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (CSS / name).read_text()))
    assert found <= {"#fff", "#000", "#16233f", "#454d5b"}


@pytest.mark.parametrize("path", [*sorted(CSS.glob("[!p]*.css")), CSS / "public.css"], ids=lambda path: path.name)
def test_sides_are_logical(path: Path) -> None:
    """Arabic mirrors by itself: no left or right in what a page uses."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert (
        re.findall(r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|float: (?:left|right)", css)
        == []
    )


def test_no_page_carries_style_or_script() -> None:
    """The content policy forbids it. Letters and documents have no such policy and need inline CSS."""
    templates = Path(settings.BASE_DIR) / "templates"
    pages = [page for page in templates.rglob("*.html") if page.relative_to(templates).parts[0] not in ("mail", "pdf")]
    bad = [
        str(page)
        for page in pages
        if re.search(
            r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"",
            re.sub(r"{% comment.*?endcomment %}", "", page.read_text(), flags=re.S),
        )
    ]
    assert bad == []
