"""One PDF out of the frozen pages and ours: the frozen ones stay as they are, the tags of both stay readable."""

from io import BytesIO

from django.utils.translation import gettext as _
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, NumberTree, Object, Pdf

DOCUMENT_NAME, EVIDENCE_NAME = "document.pdf", "evidence.json"


def assemble(frozen: bytes, appended: bytes, evidence: bytes) -> bytes:
    """`frozen` with the pages of `appended` after it; the frozen bytes and the evidence attached, named in the active language."""
    with Pdf.open(BytesIO(frozen)) as whole, Pdf.open(BytesIO(appended)) as more:
        first_new = len(whole.pages)
        whole.pages.extend(more.pages)
        _join_tags(whole, more, first_new)
        _attach(whole, DOCUMENT_NAME, frozen, "application/pdf", Name.Source, _("The document exactly as it was shown"))
        _attach(whole, EVIDENCE_NAME, evidence, "application/json", Name.Data, _("The chain of evidence"))
        out = BytesIO()
        whole.save(out)
        return out.getvalue()


def _join_tags(whole: Pdf, more: Pdf, first_new: int) -> None:
    """Hang the structure tree of the appended pages below the frozen one, so that screen readers read on (PDF/UA)."""
    if Name.StructTreeRoot not in whole.Root or Name.StructTreeRoot not in more.Root:
        return
    root, other = whole.Root.StructTreeRoot, whole.copy_foreign(more.Root.StructTreeRoot)
    numbers = NumberTree(root.ParentTree)
    offset = max(numbers, default=-1) + 1
    for key, element in NumberTree(other.ParentTree).items():
        numbers[key + offset] = element
    root.ParentTreeNextKey = max(numbers, default=-1) + 1
    _join_children(root, other)
    for page in whole.pages[first_new:]:
        _shift(page.obj, offset)


def _join_children(root: Object, other: Object) -> None:
    children = _children(root)
    # A document has one Document element: ours take their place inside it.
    into = children[0] if len(children) == 1 and _is_document(children[0]) else root
    kept = _children(into)
    for child in _children(other):
        for one in _children(child) if into is not root and _is_document(child) else [child]:
            one.P = into
            kept.append(one)
    into.K = Array(kept)
    for name in (Name.RoleMap, Name.ClassMap):
        if name in other:
            root[name] = Dictionary({**dict(other[name].items()), **dict(root.get(name, Dictionary()).items())})


def _is_document(element: Object) -> bool:
    return element.get(Name.S) == Name.Document


def _children(element: Object) -> list[Object]:
    found = element.get(Name.K, Array())
    return list(found) if isinstance(found, Array) else [found]


def _shift(page: Object, offset: int) -> None:
    """A page and its links name their elements by number in the tree that was hung below."""
    if Name.StructParents in page:
        page.StructParents = int(page.StructParents) + offset
    for annotation in page.get(Name.Annots, Array()):
        if Name.StructParent in annotation:
            annotation.StructParent = int(annotation.StructParent) + offset


def _attach(pdf: Pdf, name: str, data: bytes, content_type: str, relationship: Name, description: str) -> None:
    # The stub asks for dates and doesn't know the relationship; the documentation has both right.
    pdf.attachments[name] = AttachedFileSpec(  # type: ignore[call-arg]
        pdf, data, filename=name, description=description, mime_type=content_type, relationship=relationship
    )
