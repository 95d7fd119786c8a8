from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Clients and people")

    def ready(self) -> None:
        from . import audit_sentences, mails  # noqa: F401 (they register themselves)
