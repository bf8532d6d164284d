"""The rows of an achievement: the work itself, and what was decided about it."""

from submissions.models.cases import Ban, BanClearance, Case, CaseFile, Ruling
from submissions.models.decisions import (
    AchievementVersion,
    AttachmentCheck,
    Batch,
    BatchRow,
    FieldNote,
    Recommendation,
    StatusChange,
)
from submissions.models.duplicates import DuplicateMark, DuplicateVerdict, Fingerprint, PictureHash
from submissions.models.importing import PoolImport
from submissions.models.nominations import NominationOpinion, UnitNomination
from submissions.models.office import IpHelp, Override
from submissions.models.sending import Dispatch, DispatchEntry, SendingReport
from submissions.models.stamped import StampedForm
from submissions.models.suspects import SuspectPair, WonAward
from submissions.models.work import Achievement, Attachment, Commendation, Leader, Member, Patent

__all__ = [
    "Achievement",
    "AchievementVersion",
    "Attachment",
    "AttachmentCheck",
    "Ban",
    "BanClearance",
    "Batch",
    "BatchRow",
    "Case",
    "CaseFile",
    "Commendation",
    "Dispatch",
    "DispatchEntry",
    "DuplicateMark",
    "DuplicateVerdict",
    "FieldNote",
    "Fingerprint",
    "IpHelp",
    "Leader",
    "Member",
    "NominationOpinion",
    "Override",
    "Patent",
    "PictureHash",
    "PoolImport",
    "Recommendation",
    "Ruling",
    "SendingReport",
    "StampedForm",
    "StatusChange",
    "SuspectPair",
    "UnitNomination",
    "WonAward",
]
