"""What each action on status reports reads like in the history."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences(
    {
        "report.composed": _("composed the status report %(object)s"),
        "report.edited": _("edited the status report %(object)s"),
        "report.refreshed": _("read the jobs again for the status report %(object)s"),
        "report.held": _("put the status report %(object)s on hold"),
        "report.released": _("released the status report %(object)s"),
        "report.skipped": _("skipped the status report %(object)s"),
        "report.sent": _("sent the status report %(object)s"),
        "report.missed": _("missed the slot of the status report %(object)s"),
    }
)
