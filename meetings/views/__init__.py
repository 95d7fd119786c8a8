"""The pages of meetings, one module for each thing."""

from .lists import meeting_list, step_done, step_list
from .meetings import agenda_send, meeting_cancel, meeting_create, meeting_detail, meeting_edit
from .minutes import minutes_amend, minutes_edit, minutes_pdf, minutes_send, minutes_start

__all__ = [
    "agenda_send",
    "meeting_cancel",
    "meeting_create",
    "meeting_detail",
    "meeting_edit",
    "meeting_list",
    "minutes_amend",
    "minutes_edit",
    "minutes_pdf",
    "minutes_send",
    "minutes_start",
    "step_done",
    "step_list",
]
