"""How the kernel's own actions read in the history."""

from django.utils.translation import gettext_lazy as _

from .audit import register_sentences

register_sentences(
    {
        "mail.retried": _("sent the mail “%(object)s” again"),
        "mail.doubt_resend": _("had the unconfirmed mail “%(object)s” sent once more"),
        "mail.doubt_settled": _("noted that the unconfirmed mail “%(object)s” has arrived"),
        "mail.released": _("released the held mail “%(object)s”"),
        "mail.discarded": _("decided that the mail “%(object)s” is not sent"),
        "mail.all_held": _("held all outgoing mail"),
        "mail.all_released": _("released all outgoing mail"),
    }
)
