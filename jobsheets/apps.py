from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsheetsConfig(AppConfig):
    name = "jobsheets"
    verbose_name = _("Jobs")
