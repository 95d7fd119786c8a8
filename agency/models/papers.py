"""Papers whose making failed or is under way (agency/papers.py)."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext


class PaperTry(models.Model):
    """How often a task has tried to make one paper, and when it tries again. Gone as soon as the paper is there."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    tries = models.PositiveIntegerField(default=1)  # 0: the sweep has rung for it, nobody has begun
    #: Not before this (UTC): longer each time. Set when a try begins, so that two never work on the same paper at once.
    again_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)  # when the sweep last rang for it (UTC)
    error = models.CharField(max_length=300, blank=True)  # why the last try failed, untranslated; empty: its process died

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="one_count_per_paper")]
        indexes = [models.Index(fields=["tries"], name="paper_by_tries")]

    def __str__(self) -> str:
        return f"{self.content_type_id} {self.object_id}: {self.tries}"

    @property
    def reason(self) -> str:
        """Why the last try failed, in the reader's language."""
        return gettext(self.error) if self.error else ""
