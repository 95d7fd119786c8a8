"""How this app's actions read in the history: "Ana Ruiz opened job ACM-26-0042 Opening weekend"."""

from django.utils.translation import gettext_lazy as _

from agency.audit import register_sentences, register_words
from signoffs.models import SignRequest

from .gate import NAMES
from .models import Approval, Version

register_sentences(
    {
        "job.created": _("wrote job sheet %(object)s"),
        "job.edited": _("changed job sheet %(object)s"),
        "job.issued": _("issued job sheet %(object)s again, issue %(new_issue)s"),
        "job.due_moved": _("moved the due date of %(object)s"),
        "job.handed_over": _("handed %(object)s over from %(old_owner)s to %(new_owner)s"),
        "job.submitted": _("sent job sheet %(object)s for approval"),
        "job.taken_back": _("took job sheet %(object)s back from approval"),
        "job.approved": _("approved job sheet %(object)s (%(new_side)s)"),
        "job.returned": _("returned job sheet %(object)s"),
        "job.opened": _("opened job %(object)s"),
        "job.assigned": _("put %(new_who)s on %(object)s (%(new_craft)s)"),
        "job.unassigned": _("took %(old_who)s off %(object)s"),
        "job.acknowledged": _("acknowledged job sheet %(object)s, issue %(new_issue)s"),
        "job.questioned": _("asked about job sheet %(object)s"),
        "job.reference_added": _("added the reference file %(new_file)s to %(object)s"),
        "job.reference_removed": _("removed the reference file %(old_file)s from %(object)s"),
        "job.held": _("put job %(object)s on hold"),
        "job.resumed": _("resumed job %(object)s"),
        "job.cancelled": _("cancelled job %(object)s"),
        "job.delivered": _("noted that everything of %(object)s is signed off"),
        "job.closed": _("closed job %(object)s"),
        "job.reopened": _("reopened job %(object)s"),
        "job.overridden": _("overrode the gate of %(object)s (%(new_thing)s)"),
        "job.passed_gate": _("passed the gate of %(object)s under an override (%(new_thing)s)"),
        "job.sheet_sent": _("sent job sheet %(object)s to %(new_to)s"),
        "job.sheet_answered": _("answered job sheet %(object)s (%(new_answer)s)"),
        "deliverable.added": _("added deliverable %(object)s"),
        "deliverable.edited": _("changed deliverable %(object)s"),
        "deliverable.dropped": _("dropped deliverable %(object)s"),
        "deliverable.reopened": _("reopened deliverable %(object)s"),
        "deliverable.signed_off": _("signed off deliverable %(object)s"),
        "version.uploaded": _("uploaded %(object)s"),
        "version.checked": _("passed the quality check of %(object)s"),
        "version.check_failed": _("found flaws in the quality check of %(object)s"),
        "version.released": _("released %(object)s"),
        "version.refused": _("refused to release %(object)s"),
        "version.sent": _("sent %(object)s to %(new_to)s"),
        "version.answered": _("answered %(object)s (%(new_answer)s)"),
        "version.recalled": _("recalled %(object)s from the client"),
    }
)
register_words(
    {
        "job.approved": {"new_side": dict(Approval.Side.choices)},
        "job.overridden": {"new_thing": NAMES},
        "job.passed_gate": {"new_thing": NAMES},
        "job.sheet_answered": {"new_answer": dict(SignRequest.Outcome.choices)},
        "version.answered": {"new_answer": dict(Version.Answer.choices)},
    }
)
