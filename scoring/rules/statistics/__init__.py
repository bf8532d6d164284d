"""Figures about a jury: shown beside the result, never in it (rules.md, "From sheets to a score").

Everything starts from ratings: one total of one expert on one achievement. Sums and quotients are exact (Fraction);
only the additive model solves a linear system and is in floating point.
"""

from scoring.rules.statistics.agreement import icc, krippendorff_alpha
from scoring.rules.statistics.calibration import MILD, SEVERE, UNEVEN, Calibration, calibrations, medians
from scoring.rules.statistics.patterns import CONSTANT, FAR_OFF, QUICK, Pattern, patterns
from scoring.rules.statistics.ratings import Rating, by_expert, by_work, ratings_of
from scoring.rules.statistics.severity import Leaning, Typical, components, effects, leanings, typicals

__all__ = [
    "CONSTANT",
    "FAR_OFF",
    "MILD",
    "QUICK",
    "SEVERE",
    "UNEVEN",
    "Calibration",
    "Leaning",
    "Pattern",
    "Rating",
    "Typical",
    "by_expert",
    "by_work",
    "calibrations",
    "components",
    "effects",
    "icc",
    "krippendorff_alpha",
    "leanings",
    "medians",
    "patterns",
    "ratings_of",
    "typicals",
]
