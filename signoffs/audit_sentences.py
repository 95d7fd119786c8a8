"""How the engine's actions read in the history."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences(
    {
        "document.frozen": _("froze the document %(object)s"),
        "signoff.requested": _("asked %(new_to)s to sign %(object)s"),
        "signoff.resent": _("sent %(new_to)s the link for %(object)s again"),
        "signoff.address_corrected": _("corrected the address of %(object)s from %(old_email)s to %(new_email)s"),
        "signoff.reminders_paused": _("paused the reminders of %(new_to)s for %(object)s"),
        "signoff.reminders_resumed": _("resumed the reminders of %(new_to)s for %(object)s"),
        "signoff.approved": _("approved %(object)s"),
        "signoff.changes_wanted": _("asked for changes to %(object)s"),
        "signoff.declined": _("refused to sign %(object)s"),
        "signoff.delegate_proposed": _("named %(new_to)s as the right person for %(object)s"),
        "signoff.delegated": _("passed %(object)s on from %(old_to)s to %(new_to)s"),
        "signoff.delegate_refused": _("did not accept %(new_to)s as a signatory of %(object)s"),
        "signoff.withdrawn": _("withdrew the sign-off of %(object)s"),
        "signoff.superseded": _("replaced the sign-off of %(object)s by a newer version"),
        "signoff.expired": _("let the sign-off of %(object)s expire"),
        "signoff.sealed": _("sealed the signed PDF of %(object)s"),
    }
)
