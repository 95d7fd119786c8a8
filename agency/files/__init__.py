"""Files: what may be uploaded, how it is kept, how it is served, and the pictures made of it."""

from .cleaning import orphaned_files
from .previews import ensure_previews, make_previews
from .serving import file_response, preview_response
from .sniffing import Sniffed, sniff
from .storing import clean_name, store_bytes, store_upload

__all__ = [
    "Sniffed",
    "clean_name",
    "ensure_previews",
    "file_response",
    "make_previews",
    "orphaned_files",
    "preview_response",
    "sniff",
    "store_bytes",
    "store_upload",
]
