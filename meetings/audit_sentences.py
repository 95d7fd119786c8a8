"""What each action on meetings reads like in the history."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences

register_sentences(
    {
        "meeting.called": _("called the meeting %(object)s"),
        "meeting.edited": _("changed the meeting %(object)s"),
        "meeting.cancelled": _("cancelled the meeting %(object)s"),
        "meeting.agenda_sent": _("sent the agenda of %(object)s to %(new_to)s"),
        "minutes.started": _("began the minutes %(object)s"),
        "minutes.edited": _("edited the minutes %(object)s"),
        "minutes.amended": _("began to amend the minutes: %(object)s"),
        "minutes.sent": _("sent the minutes %(object)s to be signed"),
        "minutes.filed": _("filed the minutes %(object)s"),
        "minutes.confirmed": _("signed the minutes %(object)s"),
        "minutes.disputed": _("objected to the minutes %(object)s"),
        "minutes.expired": _("did not answer the minutes %(object)s in time"),
        "minutes.withdrawn": _("withdrew the minutes %(object)s"),
        "minutes.superseded": _("replaced the minutes %(object)s by a newer version"),
        "meeting.handed_over": _("handed the meeting %(object)s over from %(old_who)s to %(new_who)s"),
        "step.handed_over": _("handed a next step of %(object)s over from %(old_who)s to %(new_who)s"),
        "step.done": _("marked “%(object)s” as done"),
        "step.reopened": _("marked “%(object)s” as not done"),
    }
)
