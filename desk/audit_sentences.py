"""What desk writes into the record."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences({"demo.loaded": _("loaded the demo agency")})
