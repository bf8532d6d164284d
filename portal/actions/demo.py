"""Moving the demo season on by whole stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actor import Actor
from contests import calendar
from contests.actions.dates import shift_phases
from contests.models import Contest
from contests.queries import season_of
from core.errors import Refusal

_JUST_AFTER = timedelta(seconds=2)


@dataclass(frozen=True)
class Stage:
    """A moment of the season that a walk wants to stand right behind."""

    label: str
    at: datetime


def stages(contest: Contest) -> list[Stage]:
    """Openings and closings in order of time."""
    found = [Stage(f"{phase.name}开始", phase.opens_at) for phase in contest.phases.all()]
    season = season_of(contest)
    unit, recommender = calendar.unit_closing(season), calendar.recommender_closing(season)
    found += [Stage("基层单位申报截止", unit)] if unit else []
    found += [Stage("推荐单位审核截止", recommender)] if recommender else []
    return sorted(found, key=lambda stage: stage.at)


def next_stage(contest: Contest, now: datetime) -> Stage | None:
    return next((stage for stage in stages(contest) if stage.at > now), None)


def advance(actor: Actor, contest: Contest, now: datetime) -> Stage:
    """Shift every phase so that the next stage has just begun."""
    stage = next_stage(contest, now)
    if stage is None:
        raise Refusal("日程已经走完，没有下一个阶段。")
    shift_phases(actor, contest, now - _JUST_AFTER - stage.at)
    return stage
