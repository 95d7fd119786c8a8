"""The few files that all rows share: real pictures and real PDFs, kept once, listed under each thing's own name."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product

from django.core.files.base import ContentFile

from agency import doorbell, pdf
from agency.files import make_previews, store_upload
from agency.files.storing import clean_name
from agency.models import StoredFile

from ..demo.artwork import COMPOSITIONS, PALETTES, Piece, as_pdf, as_png
from .ledger import Ledger
from .size import Size

#: What stands on the one page that is every paper of a language.
PAGE = {
    "en": ("Paper of a seeded agency", "Everything about it is on its page in Countersign. This sheet stands for the paper, so that it can be opened and checked."),
    "es": ("Documento de una agencia de muestra", "Todo lo que dice está en su página de Countersign. Esta hoja ocupa su lugar, para que se pueda abrir y comprobar."),
    "ru": ("Документ агентства-образца", "Всё о нём есть на его странице в Countersign. Этот лист стоит на его месте, чтобы документ можно было открыть и проверить."),
    "zh-hans": ("示例公司的文件", "文件内容见 Countersign 中的对应页面。本页代替正式文件，供打开和核对之用。"),
    "ar": ("مستند وكالة نموذجية", "كل ما فيه مذكور في صفحته في Countersign. تحلّ هذه الورقة محلّه ليمكن فتحه والتحقق منه."),
}  # fmt: skip
HEADLINES = ("Hola", "Now", "Oui", "Luz", "Ma", "Nord", "Sol", "Open", "Mar", "Uno")


@dataclass
class Files:
    """Artwork to hand in, and one PDF per language."""

    artwork: list[StoredFile]
    papers: dict[str, StoredFile]
    ledger: Ledger

    def version(self, name: str, place: int, *, at: datetime) -> StoredFile:
        """A creative's file. `place` picks the picture; the next place is another one, as a next version is."""
        shape = self.artwork[place % len(self.artwork)]
        return self._copy(shape, f"{at:%y%m%d} {name}.{'pdf' if shape.kind == StoredFile.Kind.PDF else 'png'}", at)

    def paper(self, language: str, name: str, *, at: datetime) -> StoredFile:
        """A paper the house made."""
        return self._copy(self.papers[language], f"{name}.pdf", at)

    def _copy(self, shape: StoredFile, name: str, at: datetime) -> StoredFile:
        """Its own row: the same bytes, hash and pictures under another name."""
        row = StoredFile(
            name=clean_name(name), size=shape.size, sha256=shape.sha256, content_type=shape.content_type, kind=shape.kind,
            file=shape.file.name, preview=shape.preview.name, thumbnail=shape.thumbnail.name, pages=shape.pages, width=shape.width,
            height=shape.height, created_at=at,
        )  # fmt: skip
        return self.ledger.add(row)


def draw(size: Size, ledger: Ledger, now: datetime) -> Files:
    """Render and store them: a second or two, whatever the scale."""
    number = 16 if size.scale >= 0.5 else 5
    shapes = list(islice(zip(product(PALETTES, COMPOSITIONS), HEADLINES * 9, strict=False), 0, 9 * number, 9))
    with doorbell.muted():
        artwork = [_artwork(n, palette, shape, word, now) for n, ((palette, shape), word) in enumerate(shapes[:number])]
        papers = {language: _keep(_page(language), "paper.pdf", now) for language in PAGE}
    ledger.last.pop(StoredFile, None)
    return Files(artwork, papers, ledger)


def _artwork(n: int, palette: str, composition: str, word: str, now: datetime) -> StoredFile:
    form = ("poster", "screen", "square", "card", "banner")[n % 5]
    piece = Piece(composition, palette, form, word, f"No. {n + 1}", "N&O")
    data, name = (as_pdf(piece), "artwork.pdf") if form in ("poster", "card") else (as_png(piece, 1000), "artwork.png")
    return _keep(data, name, now)


def _page(language: str) -> bytes:
    title, text = PAGE[language]
    direction = "rtl" if language == "ar" else "ltr"
    face = '"IBM Plex Sans Arabic"' if language == "ar" else '"Noto Sans SC"' if language == "zh-hans" else '"Noto Sans"'
    return pdf.render_html(
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><title>{title}</title><style>html {{ font-family: {face} }}'
        f"</style></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )


def _keep(data: bytes, name: str, now: datetime) -> StoredFile:
    stored = store_upload(ContentFile(data, name=name), now=now)
    make_previews(stored)
    return stored
