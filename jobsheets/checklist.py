"""The quality check of artwork: what is looked at before anything leaves the house."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    key: str
    label: str | Promise


OK, NOT_OK, NOT_APPLICABLE = "ok", "not_ok", "n/a"
ANSWERS = ((OK, _("in order")), (NOT_OK, _("not in order")), (NOT_APPLICABLE, _("doesn't apply")))

CHECKLIST: tuple[Item, ...] = (
    Item("content", _("All content is there and confirmed by the client")),
    Item("typos", _("No typing errors; no line begins with punctuation; Latin letters match the local typeface")),
    Item("outlines", _("All text is outlined, in embedded files too")),
    Item("colours", _("Colours are right for this paper or screen")),
    Item("pictures", _("Pictures match the words; resolution, contrast and crop are right")),
    Item("alignment", _("Aligned, centred and evenly divided where meant")),
    Item("hairlines", _("No line is thinner than 0.2 pt")),
    Item("foreign", _("Foreign wording is translated correctly")),
    Item("addresses", _("Addresses, telephone numbers, dates and prices are right")),
    Item("legal", _("Licence numbers and legal wording stand where the law wants them")),
    Item("maps", _("Map, road names and signs are right")),
    Item("bleed", _("Bleed on every page; page numbers are right")),
    Item("size", _("Page size is as ordered")),
    Item("finishes", _("Special finishes are in register, on a plate of their own")),
)
KEYS = frozenset(item.key for item in CHECKLIST)
