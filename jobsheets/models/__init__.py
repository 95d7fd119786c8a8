"""Jobs: the sheet that orders work, who does it, and what is delivered."""

from .jobs import Approval, Assignment, Job, Override, ReferenceFile, SheetIssue
from .work import Deliverable, QualityCheck, Release, Version

__all__ = [
    "Approval",
    "Assignment",
    "Deliverable",
    "Job",
    "Override",
    "QualityCheck",
    "ReferenceFile",
    "Release",
    "SheetIssue",
    "Version",
]
