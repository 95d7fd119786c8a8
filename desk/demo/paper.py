"""The files a walk makes, put into one folder under names a person can read, with their SHA-256."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

from agency.models import StoredFile


class Paper:
    """The folder var/walk/<job>/ and what lies in it."""

    def __init__(self, job: str) -> None:
        self.folder = Path(settings.VAR_DIR) / "walk" / job
        self.files: list[dict[str, str]] = []

    def keep(self, stored: StoredFile, kind: str) -> Path:
        """A copy of a stored file."""
        with stored.file.open("rb") as content:
            return self.keep_bytes(content.read(), stored.name, kind)

    def keep_bytes(self, data: bytes, name: str, kind: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / re.sub(r"[/\\\0]", "-", name)
        path.write_bytes(data)
        self.files.append({"path": str(path), "sha256": hashlib.sha256(data).hexdigest(), "kind": kind})
        return path
