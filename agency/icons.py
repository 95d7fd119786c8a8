"""Our names for the icons we use, each drawn once from lucide and kept in the process."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon  # the template tag's own renderer; there is no other entry

#: Our name → lucide's. Pages say what they mean; what it looks like is decided here.
NAMES = {
    "account": "users-round",
    "agency": "building-2",
    "answer": "message-square",
    "approve": "check",
    "archive": "archive",
    "attach": "paperclip",
    "back": "arrow-left",
    "brief": "file-text",
    "calendar": "calendar",
    "call": "phone",
    "check": "check",
    "chase": "bell-ring",
    "checked": "list-checks",
    "chevron": "chevron-down",
    "client": "building-2",
    "clock": "clock",
    "close": "x",
    "contact": "contact",
    "copy": "copy",
    "dashboard": "layout-dashboard",
    "deliverable": "image",
    "done": "circle-check",
    "download": "download",
    "edit": "pencil",
    "error": "circle-alert",
    "external": "external-link",
    "file": "file",
    "filter": "list-filter",
    "forward": "arrow-right",
    "history": "history",
    "hold": "circle-pause",
    "info": "info",
    "invoice": "receipt-text",
    "job": "clipboard-list",
    "language": "languages",
    "late": "triangle-alert",
    "lock": "lock",
    "login": "log-in",
    "logout": "log-out",
    "mail": "mail",
    "mailbox": "inbox",
    "meeting": "users",
    "menu": "menu",
    "minutes": "notebook-pen",
    "money": "wallet",
    "more": "ellipsis",
    "my-day": "sun",
    "new": "plus",
    "next": "chevron-right",
    "note": "sticky-note",
    "outbox": "send",
    "override": "key-round",
    "pdf": "file-text",
    "people": "users",
    "person": "circle-user-round",
    "pin": "map-pin",
    "previous": "chevron-left",
    "print": "printer",
    "receivables": "hand-coins",
    "release": "stamp",
    "report": "newspaper",
    "resend": "refresh-cw",
    "room": "presentation",
    "retry": "refresh-cw",
    "seal": "badge-check",
    "search": "search",
    "security": "shield-check",
    "send": "arrow-up",
    "settings": "settings",
    "sign": "signature",
    "signoff": "signature",
    "sort": "arrow-up-down",
    "status": "activity",
    "team": "users-round",
    "theme": "sun-moon",
    "time": "timer",
    "trash": "trash-2",
    "upload": "upload",
    "version": "layers",
    "view": "eye",
    "wait": "hourglass",
    "warning": "triangle-alert",
    "withdraw": "undo-2",
}
#: What points along the line of reading turns around in right-to-left languages.
_FLIPS = frozenset({"back", "forward", "next", "previous", "withdraw", "external", "logout", "login", "report"})


@lru_cache(maxsize=256)
def svg(name: str, extra: str = "", label: str = "") -> SafeString:
    """The inline SVG of one of our icons: hidden from screen readers, unless it stands alone and so carries a label."""
    classes = " ".join(filter(None, ["cs-icon", "flips" if name in _FLIPS else "", extra]))
    drawn = _render_icon(NAMES[name], 24, **{"class": classes, "stroke-width": "1.75", "focusable": "false"})
    if label:
        labelled = format_html('<svg role="img" aria-label="{}"', label)
    else:
        labelled = mark_safe('<svg aria-hidden="true"')
    return mark_safe(str(labelled) + drawn.removeprefix("<svg"))  # noqa: S308 (lucide's own drawing, our own attributes)
