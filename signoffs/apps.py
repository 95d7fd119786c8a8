from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignoffsConfig(AppConfig):
    name = "signoffs"
    verbose_name = _("Sign-offs")

    def ready(self) -> None:
        from . import audit_sentences, mails, openwork, soundness, tasks  # noqa: F401 (they register themselves)
