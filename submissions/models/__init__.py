"""The rows of an achievement: the work itself, and what was decided about it."""

from submissions.models.decisions import (
    AchievementVersion,
    Batch,
    BatchRow,
    FieldNote,
    Recommendation,
    StatusChange,
)
from submissions.models.importing import PoolImport
from submissions.models.work import Achievement, Attachment, Leader, Member, Patent

__all__ = [
    "Achievement",
    "AchievementVersion",
    "Attachment",
    "Batch",
    "BatchRow",
    "FieldNote",
    "Leader",
    "Member",
    "Patent",
    "PoolImport",
    "Recommendation",
    "StatusChange",
]
