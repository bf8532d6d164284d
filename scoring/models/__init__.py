"""The judgement: rubric, round, experts, score sheets, results and awards (model.md)."""

from scoring.models.people import Appointment, Expert, Recusal
from scoring.models.results import Award, Result
from scoring.models.rounds import Entry, Plan, Round, Rubric
from scoring.models.sheets import Mark, ScoreSheet

__all__ = [
    "Appointment",
    "Award",
    "Entry",
    "Expert",
    "Mark",
    "Plan",
    "Recusal",
    "Result",
    "Round",
    "Rubric",
    "ScoreSheet",
]
