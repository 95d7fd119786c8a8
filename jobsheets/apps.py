from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsheetsConfig(AppConfig):
    name = "jobsheets"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from signoffs.signables import register

        from . import audit_sentences, handover, mails, openwork, soundness, tasks  # noqa: F401 (they register themselves)
        from .signables import DeliverableSignable, JobSheetSignable

        register(DeliverableSignable())
        register(JobSheetSignable())
