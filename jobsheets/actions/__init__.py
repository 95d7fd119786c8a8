"""Everything that changes a job. Views, tasks and commands call these and nothing else."""

from .approval import approve, open_side, return_job, submit_for_approval, take_back
from .deliverables import add_deliverable, drop_deliverable, edit_deliverable, reopen_deliverable
from .lifecycle import cancel, close, hold, in_flight, override_gate, reopen, resume
from .people import acknowledge, ask_question, assign, assignment_of, unassign
from .references import add_reference, may_refer, remove_reference
from .sending import ready_to_send, send_sheet_to_client, send_version_to_client
from .sheet import Stale, copy_job, create_job, create_with_deliverables, edit_job, hand_over_job, missing, move_due_date
from .work import record_quality_check, refuse_release, release_version, require_hand, upload_version

__all__ = [
    "Stale",
    "acknowledge",
    "add_deliverable",
    "add_reference",
    "approve",
    "ask_question",
    "assign",
    "assignment_of",
    "cancel",
    "close",
    "copy_job",
    "create_job",
    "create_with_deliverables",
    "drop_deliverable",
    "edit_deliverable",
    "edit_job",
    "hand_over_job",
    "hold",
    "in_flight",
    "may_refer",
    "missing",
    "move_due_date",
    "open_side",
    "override_gate",
    "ready_to_send",
    "record_quality_check",
    "refuse_release",
    "release_version",
    "remove_reference",
    "reopen",
    "reopen_deliverable",
    "require_hand",
    "resume",
    "return_job",
    "send_sheet_to_client",
    "send_version_to_client",
    "submit_for_approval",
    "take_back",
    "unassign",
    "upload_version",
]
