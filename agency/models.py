"""The kernel's tables."""

from django.db import models


class StoredFile(models.Model):
    """A file as it was given, with its SHA-256; never changed."""

    name = models.CharField(max_length=255)
