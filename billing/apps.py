from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Money")

    def ready(self) -> None:
        from . import audit_sentences, mails, openwork, soundness, tasks  # noqa: F401 (they register themselves)
        from .plan import seed_plan

        post_migrate.connect(seed_plan, sender=self, dispatch_uid="billing.seed_plan")
