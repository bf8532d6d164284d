"""Rounds for tests: opened, scored and closed by the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from contests.actions.dates import shift_phases
from scoring import queries
from scoring.actions import committee, results, rounds, sheets
from scoring.actions.committee import Votes
from scoring.actions.sheets import Given
from scoring.models import Approval, Expert, Round, Rubric, ScoreSheet
from scoring.rules.rubric import levels_for
from tests.cast import Cast

EXPERTS = ("expert1", "expert2", "expert3", "expert4")


def to_review(cast: Cast) -> None:
    review = cast.contest.phases.get(kind="review")
    shift_phases(None, cast.contest, timezone.now() - timedelta(hours=1) - review.opens_at)


def created(cast: Cast, who: str = "office", k: int = 3, name: str = "终评", **design: Any) -> Round:
    """A draft as it is created, at whatever desk."""
    return rounds.create_round(
        cast[who],
        cast.contest,
        name=name,
        rubric=Rubric.objects.get(code="jincheng-2021"),
        sheets_per_achievement=k,
        expert_ids=[Expert.objects.get(user__username=name).pk for name in EXPERTS],
        design=rounds.Design(**design),
    )


def drawn_up(cast: Cast, k: int = 3, name: str = "终评", rubric: Any = None, experts: Sequence[str] = EXPERTS) -> Round:
    """A round in preparation, with its assignment."""
    round_ = rounds.create_round(
        cast["office"],
        cast.contest,
        name=name,
        rubric=rubric or Rubric.objects.get(code="jincheng-2021"),
        sheets_per_achievement=k,
        expert_ids=[Expert.objects.get(user__username=name).pk for name in experts],
    )
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    return round_


def opened(cast: Cast, k: int = 3, **more: Any) -> Round:
    return rounds.open_round(cast["office"], drawn_up(cast, k, **more).pk)


def filled(sheet: ScoreSheet, points: str = "high") -> dict[str, Given]:
    """Of each criterion the best level that is open to the sheet, with its highest or lowest points."""
    path = sheet.entry.path
    best = {c.code: levels_for(c, path)[0] for c in queries.rubric_of(sheet.round).criteria}
    return {code: Given(level.code, getattr(level, points)) for code, level in best.items()}


def score(cast: Cast, points: str = "high", *, hand_in: bool = True) -> None:
    """Every expert fills her sheets, and hands them in."""
    for name in EXPERTS:
        own = list(ScoreSheet.objects.visible_to(cast[name]).filter(state="open"))
        for sheet in own:
            sheets.save_marks(cast[name], sheet.pk, filled(sheet, points), revision=sheet.revision)
        if hand_in and own:
            sheets.hand_in(cast[name], [sheet.pk for sheet in own])


def closed(cast: Cast, k: int = 3, points: str = "high") -> Round:
    round_ = opened(cast, k)
    score(cast, points)
    return close(cast, round_)


def close(cast: Cast, round_: Round) -> Round:
    return results.close_round(cast["office"], round_.pk)


def special(cast: Cast, entry_id: int, reason: str = "填补国内空白。") -> Approval:
    """特等奖, proposed by one person of the office and approved by another."""
    tier = cast.contest.awardtier_set.get(code="special")
    approval = committee.propose(cast["office"], entry_id, tier.pk, reason, Votes(5, 1, 1))
    return committee.approve(cast["office2"], approval.pk)
