"""How what happens to people, clients and accounts reads in the history."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences(
    {
        "agency.edited": _("changed the agency's profile"),
        "client.created": _("took on the client %(object)s"),
        "client.edited": _("changed the facts of %(object)s"),
        "client.archived": _("archived the client %(object)s"),
        "client.restored": _("restored the client %(object)s"),
        "brand.created": _("added the brand %(object)s"),
        "brand.edited": _("renamed the brand %(old_name)s to %(new_name)s"),
        "brand.archived": _("archived the brand %(object)s"),
        "brand.restored": _("restored the brand %(object)s"),
        "contact.created": _("added the contact %(object)s"),
        "contact.edited": _("changed the contact %(object)s"),
        "contact.authorised": _("changed what %(object)s may sign"),
        "contact.archived": _("archived the contact %(object)s"),
        "contact.restored": _("restored the contact %(object)s"),
        "account.created": _("opened the account %(object)s, led by %(new_lead)s"),
        "account.edited": _("changed the account %(object)s"),
        "account.archived": _("archived the account %(object)s"),
        "account.restored": _("restored the account %(object)s"),
        "account.joined": _("put %(new_person)s on the team of %(object)s"),
        "account.does": _("changed what %(new_person)s does on the team of %(object)s"),
        "account.left": _("took %(new_person)s off the team of %(object)s"),
        "room.entered": _("brought %(object)s into the room"),
        "room.left": _("ended the meeting in the room with %(object)s"),
        "user.invited": _("invited %(object)s"),
        "user.invited_again": _("sent the invitation to %(object)s again"),
        "user.edited": _("changed the profile of %(object)s"),
        "user.roles_changed": _("changed the roles of %(object)s"),
        "user.deactivated": _("deactivated %(object)s"),
        "user.reactivated": _("reactivated %(object)s"),
        "user.handed_over": _("handed everything of %(object)s over to %(new_successor)s"),
        "user.second_factor_reset": _("took away the second factor of %(object)s"),
        "user.second_factor_added": _("added a second factor"),
        "user.second_factor_removed": _("removed the second factor"),
        "user.recovery_codes_made": _("made new recovery codes"),
        "user.password_changed": _("changed the password"),
        "user.password_reset": _("chose a new password by an emailed link"),
    }
)
