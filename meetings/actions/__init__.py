"""The only code that changes meetings, their minutes and next steps."""

from .meetings import MeetingFacts, cancel_meeting, create_meeting, edit_meeting, send_agenda
from .minutes import LineFacts, StepFacts, amend_minutes, edit_minutes, file_minutes, start_minutes
from .sending import check_complete, send_minutes
from .steps import complete_step, reopen_step

__all__ = [
    "LineFacts",
    "MeetingFacts",
    "StepFacts",
    "amend_minutes",
    "cancel_meeting",
    "check_complete",
    "complete_step",
    "create_meeting",
    "edit_meeting",
    "edit_minutes",
    "file_minutes",
    "reopen_step",
    "send_agenda",
    "send_minutes",
    "start_minutes",
]
