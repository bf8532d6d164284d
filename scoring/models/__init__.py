"""The judgement: rubric, round, experts, score sheets, results and awards (model.md)."""

from scoring.models.approvals import Approval, ExtraCall, Honour, OrganizingMark
from scoring.models.blind import BlindFinding, BlindPackage, CleanFile
from scoring.models.flags import SheetFlag
from scoring.models.paper import PaperEntry, PaperSheet
from scoring.models.people import Appointment, Engagement, Expert, ExpertImport, Recusal
from scoring.models.reports import SensitivityReport
from scoring.models.results import Award, Result
from scoring.models.rounds import Entry, Panel, Plan, Round, Rubric
from scoring.models.sheets import Mark, ScoreSheet

__all__ = [
    "Appointment",
    "Approval",
    "Award",
    "BlindFinding",
    "BlindPackage",
    "CleanFile",
    "Engagement",
    "Entry",
    "Expert",
    "ExpertImport",
    "ExtraCall",
    "Honour",
    "Mark",
    "OrganizingMark",
    "Panel",
    "PaperEntry",
    "PaperSheet",
    "Plan",
    "Recusal",
    "Result",
    "Round",
    "Rubric",
    "ScoreSheet",
    "SensitivityReport",
    "SheetFlag",
]
