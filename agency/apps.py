from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AgencyConfig(AppConfig):
    name = "agency"
    verbose_name = _("Agency")

    def ready(self) -> None:
        from . import audit_sentences, cache, immutable, outbox, papers, soundness  # noqa: F401 (they register themselves)

        post_migrate.connect(immutable.install_after_migrate, dispatch_uid="agency.immutable")
        post_migrate.connect(cache.make_table, sender=self, dispatch_uid="agency.cache")
