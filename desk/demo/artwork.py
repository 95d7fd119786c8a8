"""Artwork for the demo agency: posters, panels, cards and films' title frames, drawn as vectors and set in real type.

A piece is a composition (shapes), a palette and words. The same piece in another version moves what a client would have
asked to move: the headline, the size of the logo, the accent colour.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pypdfium2

from agency import pdf

#: Paper, ink, first and second accent, soft tone.
PALETTES: dict[str, tuple[str, str, str, str, str]] = {
    "sea": ("#12324f", "#fdf6e3", "#e9c46a", "#e76f51", "#2a6f97"),
    "citrus": ("#fff4d6", "#2b2118", "#f4a300", "#d7402b", "#f9d976"),
    "forest": ("#0f3d2e", "#f4f1de", "#a7c957", "#f2cc8f", "#386641"),
    "rose": ("#fbe9e7", "#3d0c11", "#c2185b", "#ff8a65", "#f8bbd0"),
    "night": ("#14121f", "#f5f3ff", "#8b5cf6", "#22d3ee", "#2e2a4a"),
    "clay": ("#f3e5d8", "#3b2a20", "#b5532a", "#2f6f6b", "#dcbfa6"),
    "milk": ("#eef6fb", "#0b3954", "#1e88c7", "#ff7f50", "#c9e4f5"),
    "ink": ("#fafafa", "#111111", "#e63946", "#457b9d", "#d9d9d9"),
    "sand": ("#efe2c6", "#1f3a3d", "#c8553d", "#588b8b", "#ffd5a1"),
}

#: Width and height in millimetres of what is shown (big formats are drawn to scale).
FORMATS: dict[str, tuple[int, int]] = {
    "poster": (200, 280),
    "panel": (180, 264),
    "card": (148, 105),
    "banner": (300, 125),
    "screen": (270, 152),
    "story": (135, 240),
    "square": (180, 180),
    "cover": (170, 240),
}

Shapes = Callable[[float, float, tuple[str, str, str, str, str], int], str]


@dataclass(frozen=True)
class Piece:
    """What is drawn. `language` decides face and direction; `version` shifts the composition as a client's wishes would."""

    composition: str
    palette: str
    format: str
    headline: str
    line: str
    brand: str
    language: str = "en"
    version: int = 1


def sun_and_hills(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    r = w * (0.17 + 0.02 * v)
    x = w * (0.72 if v % 2 else 0.64)
    return (
        f'<circle cx="{x}" cy="{h * 0.40}" r="{r}" fill="{c[3]}"/>'
        f'<path d="M0 {h * 0.78} L{w * 0.28} {h * 0.46} L{w * 0.47} {h * 0.66} L{w * 0.6} {h * 0.56} L{w} {h * 0.82} V{h} H0z" fill="{c[2]}"/>'
        f'<path d="M0 {h * 0.88} Q{w * 0.3} {h * 0.74} {w * 0.62} {h * 0.86} T{w} {h * 0.8} V{h} H0z" fill="{c[4]}"/>'
    )


def tiles(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    """A grid of quarter circles, as on a tiled floor."""
    columns, parts = 6, []
    size = w / columns
    for row in range(int(h * 0.5 / size) + 1):
        for column in range(columns):
            x, y = column * size, h * 0.46 + row * size
            turn = (row * 3 + column * 5 + v) % 4 * 90
            colour = c[2 + (row + column * 2 + v) % 3]
            parts.append(
                f'<g transform="translate({x + size / 2:.2f} {y + size / 2:.2f}) rotate({turn})">'
                f'<path d="M{-size / 2:.2f} {-size / 2:.2f} h{size:.2f} a{size:.2f} {size:.2f} 0 0 1 {-size:.2f} {size:.2f}z" fill="{colour}"/></g>'
            )
    return "".join(parts)


def rings(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    centre_x, centre_y = w * 0.5, h * 0.64
    widest = min(w, h) * 0.42
    return "".join(
        f'<circle cx="{centre_x}" cy="{centre_y}" r="{widest * (1 - i * 0.17):.2f}" fill="{(c[2], c[0], c[3], c[0], c[4], c[1])[i]}"/>'
        for i in range(4 + v % 3)
    )


def bottle(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    """A product shot: a bottle on a coloured disc."""
    x, base, unit = w * 0.5, h * 0.93, min(w, h * 0.72) / 100
    return (
        f'<circle cx="{x}" cy="{h * 0.64}" r="{unit * 43}" fill="{c[2]}"/>'
        f'<ellipse cx="{x}" cy="{base}" rx="{unit * 24}" ry="{unit * 3}" fill="{c[4]}"/>'
        f'<path d="M{x - unit * 5} {base - unit * 78} h{unit * 10} v{unit * 16} c0 {unit * 8} {unit * 11} {unit * 9} {unit * 11} {unit * 22}'
        f' V{base} H{x - unit * 16} V{base - unit * 40} c0 {-unit * 13} {unit * 11} {-unit * 14} {unit * 11} {-unit * 22}z" fill="{c[1]}"/>'
        f'<rect x="{x - unit * 16}" y="{base - unit * 33}" width="{unit * 32}" height="{unit * 20}" fill="{c[3]}"/>'
        f'<rect x="{x - unit * 6}" y="{base - unit * 82}" width="{unit * 12}" height="{unit * 7}" fill="{c[3 if v % 2 else 2]}"/>'
    )


def waves(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    parts = []
    for i in range(6):
        y = h * (0.5 + i * 0.085)
        swell = h * 0.035 * (1 + v % 2)
        parts.append(
            f'<path d="M0 {y:.2f} q{w / 8:.2f} {-swell:.2f} {w / 4:.2f} 0 t{w / 4:.2f} 0 t{w / 4:.2f} 0 t{w / 4:.2f} 0 V{h} H0z" '
            f'fill="{(c[4], c[2], c[4], c[3], c[2], c[4])[i]}" fill-opacity="{0.55 + i * 0.08:.2f}"/>'
        )
    return f'<circle cx="{w * 0.22}" cy="{h * 0.42}" r="{w * 0.09}" fill="{c[2]}"/>' + "".join(parts)


def skyline(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    heights = (0.24, 0.38, 0.30, 0.46, 0.20, 0.34, 0.42, 0.26)
    width = w / len(heights)
    parts = [f'<circle cx="{w * 0.78}" cy="{h * 0.46}" r="{w * 0.12}" fill="{c[2]}"/>']
    for i in range(len(heights)):
        tall = heights[(i + v) % len(heights)] * h
        x = i * width
        parts.append(
            f'<rect x="{x:.2f}" y="{h - tall:.2f}" width="{width + 0.2:.2f}" height="{tall:.2f}" fill="{c[3 if i % 3 else 4]}"/>'
        )
        for row in range(int(tall / (h * 0.06))):
            lit = c[2] if (row * 7 + i * 3 + v) % 4 else c[0]
            parts.append(
                f'<rect x="{x + width * 0.2:.2f}" y="{h - tall + h * 0.02 + row * h * 0.055:.2f}" width="{width * 0.22:.2f}" height="{h * 0.02:.2f}" fill="{lit}"/>'
                f'<rect x="{x + width * 0.58:.2f}" y="{h - tall + h * 0.02 + row * h * 0.055:.2f}" width="{width * 0.22:.2f}" height="{h * 0.02:.2f}" fill="{lit}"/>'
            )
    return "".join(parts)


def leaves(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    parts = []
    for i in range(9):
        angle = -150 + i * 15 + v * 3
        length = h * (0.36 + 0.05 * math.sin(i * 2.1))
        parts.append(
            f'<g transform="translate({w * 0.5} {h * 0.97}) rotate({angle + 90:.1f})"><path d="M0 0 C{length * 0.16:.2f} {-length * 0.3:.2f} '
            f'{length * 0.14:.2f} {-length * 0.75:.2f} 0 {-length:.2f} C{-length * 0.14:.2f} {-length * 0.75:.2f} {-length * 0.16:.2f} {-length * 0.3:.2f} 0 0z" '
            f'fill="{c[2 + i % 3]}" fill-opacity="0.92"/></g>'
        )
    return "".join(parts)


def books(w: float, h: float, c: tuple[str, str, str, str, str], v: int) -> str:
    parts, x = [], w * 0.12
    for i in range(9):
        thick = w * (0.055 + 0.02 * ((i * 5 + v) % 3))
        tall = h * (0.26 + 0.05 * ((i * 7 + v) % 4))
        lean = -9 if i == 8 else 0
        parts.append(
            f'<g transform="rotate({lean} {x:.2f} {h * 0.86})"><rect x="{x:.2f}" y="{h * 0.86 - tall:.2f}" width="{thick:.2f}" height="{tall:.2f}" '
            f'fill="{c[2 + i % 3]}"/><rect x="{x + thick * 0.25:.2f}" y="{h * 0.86 - tall * 0.86:.2f}" width="{thick * 0.5:.2f}" height="{tall * 0.08:.2f}" fill="{c[0]}"/></g>'
        )
        x += thick + w * 0.006
    return "".join(parts) + f'<rect x="{w * 0.06}" y="{h * 0.86}" width="{w * 0.88}" height="{h * 0.012}" fill="{c[1]}"/>'


COMPOSITIONS: dict[str, Shapes] = {
    "hills": sun_and_hills,
    "tiles": tiles,
    "rings": rings,
    "bottle": bottle,
    "waves": waves,
    "skyline": skyline,
    "leaves": leaves,
    "books": books,
}


def page_of(piece: Piece) -> str:
    """The piece as one HTML page of its own size, for the PDF renderer."""
    w, h = FORMATS[piece.format]
    colours = PALETTES[piece.palette]
    shapes = COMPOSITIONS[piece.composition](w, h, colours, piece.version)
    unit = min(w, h * 1.1)
    headline = unit * (0.125 if len(piece.headline) < 16 else 0.1 if len(piece.headline) < 30 else 0.078)
    direction = "rtl" if piece.language == "ar" else "ltr"
    side = "left" if direction == "rtl" else "right"
    top = "7%" if piece.version % 2 else "9%"
    return f"""<!doctype html><html lang="{piece.language}" dir="{direction}"><head><title>{escape(piece.headline)}</title><style>
@page {{ size: {w}mm {h}mm; margin: 0 }}
html {{ font-family: "Noto Sans", "IBM Plex Sans Arabic", "Noto Sans SC"; color: {colours[1]}; background: {colours[0]} }}
html:lang(zh-hans) {{ font-family: "Noto Sans SC", "Noto Sans" }}
body {{ margin: 0; width: {w}mm; height: {h}mm; position: relative; overflow: hidden }}
svg {{ position: absolute; left: 0; top: 0; width: {w}mm; height: {h}mm }}
div {{ position: absolute; top: {top}; left: 7%; right: 7% }}
h1 {{ margin: 0; font-size: {headline:.1f}mm; line-height: 1.08; font-weight: 700 }}
p {{ margin: {unit * 0.025:.1f}mm 0 0; font-size: {unit * 0.038:.1f}mm; line-height: 1.3; font-weight: 400 }}
b {{ position: absolute; bottom: 4%; {side}: 7%; font-size: {unit * (0.03 + 0.006 * (piece.version % 3)):.1f}mm;
 background: {colours[0]}; color: {colours[1]}; padding: {unit * 0.012:.1f}mm {unit * 0.025:.1f}mm; border-radius: {unit * 0.01:.1f}mm }}
</style></head><body><svg viewBox="0 0 {w} {h}" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>
<div><h1>{escape(piece.headline)}</h1><p>{escape(piece.line)}</p></div><b>{escape(piece.brand)}</b></body></html>"""


def as_pdf(piece: Piece) -> bytes:
    """The piece as a PDF of its own size."""
    return pdf.render_html(page_of(piece))


def as_png(piece: Piece, width: int = 1400) -> bytes:
    """The piece as a picture, `width` pixels wide."""
    document = pypdfium2.PdfDocument(as_pdf(piece))
    page = document[0]
    picture = io.BytesIO()
    page.render(scale=width / page.get_width()).to_pil().save(picture, "PNG", optimize=False, compress_level=6)
    return picture.getvalue()
