from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from signoffs.signables import register

        from . import audit_sentences, handover, mails, openwork, soundness  # noqa: F401
        from .signable import MinutesSignable

        register(MinutesSignable())
