"""Files as they were given or made: their bytes, name and SHA-256 never change."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..immutable import register


def random_path(_instance: models.Model | None = None, _name: str = "") -> str:
    """A path that tells nothing about the file: two levels of folders and a random name."""
    name = uuid.uuid4().hex
    return f"files/{name[:2]}/{name[2:4]}/{name}"


class StoredFile(models.Model):
    """A file as it was given. `preview` and `thumbnail` are pictures we made of it later, re-encoded."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        PDF = "pdf", _("PDF")
        OPAQUE = "opaque", _("file")

    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    content_type = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.FileField(upload_to=random_path, max_length=200)
    preview = models.FileField(upload_to=random_path, max_length=200, blank=True)
    thumbnail = models.FileField(upload_to=random_path, max_length=200, blank=True)
    pages = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    preview_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file")
        indexes = [
            models.Index(fields=["sha256"], name="file_by_sha256"),
            models.Index(fields=["created_at"], condition=Q(preview=""), name="file_without_preview"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_preview(self) -> bool:
        return self.kind != self.Kind.OPAQUE


register(StoredFile, columns=["name", "size", "sha256", "content_type", "kind", "file", "created_at"])
