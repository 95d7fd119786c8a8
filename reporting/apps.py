from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Status reports")

    def ready(self) -> None:
        from . import audit_sentences, mails, tasks  # noqa: F401 (they register themselves)
