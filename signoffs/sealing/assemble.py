"""One PDF out of the frozen pages and ours: the frozen ones stay as they are, the tags of both stay readable."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NumberObject, TextStringObject

DOCUMENT_NAME, EVIDENCE_NAME = "document.pdf", "evidence.json"


def assemble(frozen: bytes, appended: bytes, evidence: bytes) -> bytes:
    """`frozen` with the pages of `appended` after it; the frozen bytes and the evidence attached, named in the active language."""
    writer = PdfWriter(clone_from=BytesIO(frozen))
    more = PdfReader(BytesIO(appended))
    first_new = len(writer.pages)
    for page in more.pages:
        writer.add_page(page)
    _join_tags(writer, more, first_new)
    _attach(writer, DOCUMENT_NAME, frozen, "application/pdf", _("The document exactly as it was shown"))
    _attach(writer, EVIDENCE_NAME, evidence, "application/json", _("The chain of evidence"))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _join_tags(writer: PdfWriter, more: PdfReader, first_new: int) -> None:
    """Hang the structure tree of the appended pages below the frozen one, so that screen readers read on (PDF/UA)."""
    mine, theirs = writer.root_object.get("/StructTreeRoot"), more.root_object.get("/StructTreeRoot")
    if mine is None or theirs is None:
        return
    root: Any = mine.get_object()
    other: Any = theirs.get_object().clone(writer)
    tree: Any = root["/ParentTree"].get_object()
    numbers, new_numbers = _numbers(tree), _numbers(other["/ParentTree"].get_object())
    offset = max([*numbers, -1]) + 1
    merged = {**numbers, **{key + offset: value for key, value in new_numbers.items()}}
    flat = ArrayObject()
    for key in sorted(merged):
        flat.extend([NumberObject(key), merged[key]])
    tree[NameObject("/Nums")] = flat
    tree.pop("/Kids", None)
    tree.pop("/Limits", None)
    root[NameObject("/ParentTreeNextKey")] = NumberObject(max([*merged, -1]) + 1)
    _join_children(root, other, writer)
    for page in writer.pages[first_new:]:
        _shift(page, offset)


def _numbers(tree: Any) -> dict[int, Any]:
    """A number tree as a dictionary."""
    found: dict[int, Any] = {}
    flat = tree.get("/Nums", [])
    for place in range(0, len(flat), 2):
        found[int(flat[place])] = flat.raw_get(place + 1) if hasattr(flat, "raw_get") else list.__getitem__(flat, place + 1)
    for kid in tree.get("/Kids", []):
        found |= _numbers(kid.get_object())
    return found


def _join_children(root: Any, other: Any, writer: PdfWriter) -> None:
    children = _listed(root, "/K")
    # A document has one Document element: ours take their place inside it.
    top: Any = children[0].get_object() if len(children) == 1 else None
    into, parent = (root, root.indirect_reference) if top is None or top.get("/S") != "/Document" else (top, children[0])
    kept = _listed(into, "/K")
    for child in _listed(other, "/K"):
        element = child.get_object()
        inner = _listed(element, "/K") if into is not root and element.get("/S") == "/Document" else [child]
        for one in inner:
            one.get_object()[NameObject("/P")] = parent
            kept.append(one)
    into[NameObject("/K")] = ArrayObject(kept)
    for name in ("/RoleMap", "/ClassMap"):
        if name in other:
            merged = DictionaryObject({**other[name].get_object(), **(root[name].get_object() if name in root else {})})
            root[NameObject(name)] = writer._add_object(merged)


def _listed(holder: Any, key: str) -> list[Any]:
    """The children of a structure element, as references."""
    raw = holder.raw_get(key) if key in holder else ArrayObject()
    if isinstance(raw, IndirectObject) and isinstance(raw.get_object(), ArrayObject):
        raw = raw.get_object()
    return list(list.__iter__(raw)) if isinstance(raw, ArrayObject) else [raw]


def _shift(page: Any, offset: int) -> None:
    if "/StructParents" in page:
        page[NameObject("/StructParents")] = NumberObject(int(page["/StructParents"]) + offset)
    for annotation in page.get("/Annots", []):
        found = annotation.get_object()
        if "/StructParent" in found:
            found[NameObject("/StructParent")] = NumberObject(int(found["/StructParent"]) + offset)


def _attach(writer: PdfWriter, name: str, data: bytes, content_type: str, description: str) -> None:
    embedded = writer.add_attachment(name, data)
    file_spec: Any = embedded.pdf_object
    file_spec[NameObject("/Desc")] = TextStringObject(description)
    file_spec[NameObject("/AFRelationship")] = NameObject("/Source" if name == DOCUMENT_NAME else "/Data")
    file_spec[NameObject("/UF")] = TextStringObject(name)
    stream = file_spec["/EF"]["/F"].get_object()
    stream[NameObject("/Subtype")] = NameObject("/" + content_type.replace("/", "#2F"))
    listed = writer.root_object.setdefault(NameObject("/AF"), ArrayObject()).get_object()
    listed.append(file_spec.indirect_reference)
