"""Build the fonts of the PDFs into var/fonts, once: `python scripts/fonts.py [FOLDER]`.

PDFs look the same on every machine because they use these files and no others: fonts.conf names this folder and a cache
of its own, and agency/pdf.py points FONTCONFIG_FILE at it. The sources come with the requirements and are under the SIL
Open Font License. Three kinds of work are done once here so that no PDF pays for it:

- variable fonts are cut to the letters of our languages and pinned to one weight, which halves the time a page takes;
- Noto Sans SC has cubic (CFF) outlines that some PDF readers show as blanks: they are redrawn as TrueType's quadratic ones;
- the rest is copied as it is.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib import instancer

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "var" / "fonts"
SOURCES = ("fontpkg-noto-sans", "fontpkg-caveat", "fontpkg-ibm-plex-sans-arabic", "pylopdf-fonts-zh-cn", "fonttools")
OUTLINE_TOLERANCE = 1.0  # font units: how far a redrawn outline may lie from the original one

LATIN_AND_CYRILLIC = (
    (0x0020, 0x024F),  # Latin with its European letters
    (0x02B0, 0x036F),  # modifiers and combining accents
    (0x0370, 0x03FF),  # Greek: µ, Ω, π
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # more accented Latin
    (0x2000, 0x22FF),  # punctuation, currencies, numbers, arrows, mathematics
    (0x2460, 0x24FF),
    (0x25A0, 0x27BF),
    (0xFB00, 0xFB06),  # fi, fl
)
CHINESE = (
    (0x0020, 0x00FF),
    (0x2000, 0x206F),
    (0x20A0, 0x20CF),
    (0x2100, 0x22FF),
    (0x2460, 0x24FF),
    (0x25A0, 0x26FF),
    (0x3000, 0x303F),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)

COUNTED_IN_MAXP = (
    *("maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours", "maxComponentElements", "maxComponentDepth"),
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements", "maxSizeOfInstructions"),
)

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias><family>sans-serif</family><prefer>{families}</prefer></alias>
  <alias><family>serif</family><prefer>{families}</prefer></alias>
  <alias><family>monospace</family><prefer>{families}</prefer></alias>
  <alias><family>cursive</family><prefer><family>Caveat</family>{families}</prefer></alias>
</fontconfig>
"""
FAMILIES = ("Noto Sans", "IBM Plex Sans Arabic", "Noto Sans SC")


def package_folder(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"The package {module} is not installed. Run make setup.")
    return Path(next(iter(spec.submodule_search_locations)))


def characters(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def gbk_characters() -> set[int]:
    """The 21,000 characters of GBK: people's names use many that the common 6,763 of GB2312 leave out."""
    return {
        ord(text)
        for high in range(0x81, 0xFF)
        for low in range(0x40, 0xFF)
        if len(text := bytes([high, low]).decode("gbk", errors="ignore")) == 1
    }


def load_subset(source: Path, codes: set[int]) -> TTFont:
    """The font with only these characters; hinting goes, as PDFs don't use it."""
    options = subset.Options(notdef_outline=True, layout_features=["*"], name_IDs=["*"], hinting=False)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    return font


def pin(source: Path, target: Path, axes: dict[str, float]) -> None:
    """One weight of a variable font."""
    font = load_subset(source, characters(LATIN_AND_CYRILLIC))
    instancer.instantiateVariableFont(font, axes, inplace=True, updateFontNames=True)
    font.save(target)


def quadratic_glyphs(font: TTFont) -> Iterator[tuple[str, Any]]:
    drawings = font.getGlyphSet()
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(drawings)
        # TrueType draws its outlines in the other direction
        drawings[name].draw(Cu2QuPen(pen, OUTLINE_TOLERANCE, reverse_direction=True))
        yield name, pen.glyph(dropImpliedOnCurves=True)


def redraw_as_truetype(source: Path, target: Path) -> None:
    """Noto Sans SC with TrueType outlines: glyf and loca in place of CFF, and the tables that say so."""
    font = load_subset(source, characters(CHINESE) | gbk_characters())
    order = font.getGlyphOrder()
    glyphs = dict(quadratic_glyphs(font))
    for tag in ("CFF ", "VORG", "vhea", "vmtx", "BASE", "DSIG"):
        if tag in font:
            del font[tag]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name in order:
        glyph = glyphs[name]
        glyph.recalcBounds(font["glyf"])
        width, _bearing = font["hmtx"][name]
        font["hmtx"][name] = (width, getattr(glyph, "xMin", 0))

    largest = font["maxp"]
    largest.tableVersion, largest.maxZones = 0x00010000, 1
    for field in COUNTED_IN_MAXP:
        setattr(largest, field, 0)  # the ones about outlines are counted again when the font is saved
    font["post"].formatType = 3.0  # no glyph names
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(target)


@dataclass(frozen=True)
class Job:
    """One file to make, by `make(source, target, *arguments)`."""

    target: str
    source: Path
    make: Callable[..., object]
    arguments: tuple[object, ...] = ()

    def run(self, folder: Path) -> str:
        # A half-written font must never be taken for a whole one.
        unfinished = folder / f".{self.target}.{os.getpid()}"
        self.make(self.source, unfinished, *self.arguments)
        unfinished.replace(folder / self.target)
        return self.target


def jobs() -> list[Job]:
    """Longest first, so that two processes end at the same time."""
    noto = package_folder("fontpkg_noto_sans") / "files"
    arabic = package_folder("fontpkg_ibm_plex_sans_arabic") / "files"
    upright, italic = noto / "NotoSans[wdth,wght].ttf", noto / "NotoSans-Italic[wdth,wght].ttf"
    return [
        Job("NotoSansSC-Regular.ttf", package_folder("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf", redraw_as_truetype),
        Job("NotoSans-Regular.ttf", upright, pin, ({"wght": 400, "wdth": 100},)),
        Job("NotoSans-Bold.ttf", upright, pin, ({"wght": 700, "wdth": 100},)),
        Job("NotoSans-Italic.ttf", italic, pin, ({"wght": 400, "wdth": 100},)),
        Job("Caveat-Regular.ttf", package_folder("fontpkg_caveat") / "files" / "Caveat[wght].ttf", pin, ({"wght": 400},)),
        Job("IBMPlexSansArabic-Regular.ttf", arabic / "IBMPlexSansArabic-Regular.ttf", shutil.copyfile),
        Job("IBMPlexSansArabic-Bold.ttf", arabic / "IBMPlexSansArabic-Bold.ttf", shutil.copyfile),
    ]


def stamp() -> str:
    """Changes when a source, a tool or this file does."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in SOURCES]
    return "\n".join([*versions, hashlib.sha256(Path(__file__).read_bytes()).hexdigest()]) + "\n"


def write_configuration(folder: Path) -> None:
    families = "".join(f"<family>{name}</family>" for name in FAMILIES)
    text = FONTS_CONF.format(folder=folder, families=families)
    path = folder / "fonts.conf"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_FOLDER).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    write_configuration(folder)  # first: it names the folder, which may have been moved
    built = folder / "stamp"
    if built.exists() and built.read_text(encoding="utf-8") == stamp():
        return
    with ProcessPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(job.run, folder) for job in jobs()]:
            print(f"  font {done.result()}")
    shutil.rmtree(folder / "cache", ignore_errors=True)
    built.write_text(stamp(), encoding="utf-8")


if __name__ == "__main__":
    main()
