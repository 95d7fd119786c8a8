"""What people fill in on the pages of jobs."""

from .jobs import CopyForm, DueForm, Essentials, JobFilter, OverrideForm, ReasonForm, SheetForm
from .work import (
    AssignForm,
    CheckForm,
    DeliverableForm,
    QuestionForm,
    ReferenceForm,
    SendForm,
    ShaForm,
    VersionForm,
)  # fmt: skip

__all__ = [
    "AssignForm",
    "CheckForm",
    "CopyForm",
    "DeliverableForm",
    "DueForm",
    "Essentials",
    "JobFilter",
    "OverrideForm",
    "QuestionForm",
    "ReasonForm",
    "ReferenceForm",
    "SendForm",
    "ShaForm",
    "SheetForm",
    "VersionForm",
]
