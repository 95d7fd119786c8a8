"""How billing's actions read in the history."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences(
    {
        "invoice.drafted": _("drafted an invoice"),
        "invoice.edited": _("changed the invoice draft"),
        "invoice.discarded": _("threw %(object)s away"),
        "invoice.requested": _("asked for approval of the invoice"),
        "invoice.approved": _("approved the invoice"),
        "invoice.returned": _("returned the invoice: %(reason)s"),
        "invoice.issued": _("issued invoice %(new_number)s"),
        "invoice.sent_again": _("sent %(object)s again to %(new_to)s"),
        "invoice.credited": _("credited %(object)s by %(new_credit_note)s: %(reason)s"),
        "credit_note.issued": _("issued credit note %(object)s for %(new_credits)s"),
        "payment.recorded": _("recorded a payment of %(new_money)s on %(object)s"),
        "payment.reversed": _("reversed a payment of %(new_money)s on %(object)s: %(reason)s"),
        "chase.paused": _("paused the reminders of %(object)s: %(reason)s"),
        "chase.resumed": _("resumed the reminders of %(object)s"),
    }
)
