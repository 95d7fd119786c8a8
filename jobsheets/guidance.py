"""What each part of the brief should say: hints beside the fields, from the handbooks of the trade."""

from django.utils.translation import gettext_lazy as _

HINTS = {
    "title": _("What everybody will call it, such as “Opening weekend, Valencia”."),
    "background": _(
        "The market, the place and the people; what the product is, its strengths, weaknesses and price; what came before."
    ),
    "objective": _("What this must achieve, and how we will know. One aim, not five."),
    "audience": _("Who buys: where they live, age, work, family, income; what they believe now. One audience."),
    "message": _("One sentence: what someone should remember tomorrow."),
    "support": _("Why they should believe it: the benefits and proofs behind the message."),
    "tone": _("How it speaks and looks; base colour; what the client’s owner likes and dislikes in colour and pictures."),
    "mandatories": _("What must be on it: logos, telephone, address, map, legal wording, licence number."),
    "sizes": _("Sizes, formats, colours, bleed, paper; where it hangs, indoors or out, what stands in the way."),
    "budget": _("Net, in the client’s currency. Leave empty if it isn’t agreed yet."),
    "dates": _("Agree time with the creatives before you promise it to the client: first proposal, rounds, delivery."),
    "instructions": _("Remarks for the team only. The client doesn’t read them."),
    "client_order": _("Their purchase order number; it stands on the invoice."),
}
