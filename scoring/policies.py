"""Who may run a round, who may score, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actor import Actor
from contests import calendar
from contests.models import Contest
from contests.queries import season_of
from core.errors import NotAllowed, Refusal
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Round, ScoreSheet

_SECOND = timedelta(seconds=1)  # the second that is named is still inside, as in contests.calendar


def require_office(actor: Actor, contest: Contest) -> None:
    if not (actor.is_office and contest.host_id == actor.organization.pk):
        raise NotAllowed("只有竞赛办公室可以组织评审。")


def may_run(actor: Actor, contest: Contest) -> bool:
    return actor.is_office and contest.host_id == actor.organization.pk


def require_status(round_: Round, wanted: RoundStatus, doing: str) -> None:
    """The second of two persons is told what the first one did."""
    if round_.status != wanted:
        raise Refusal(f"本轮评审当前为“{round_.status_label[0]}”，不能{doing}；请刷新页面查看最新状态。", code="status")


def scoring_window(round_: Round, now: datetime) -> calendar.Window:
    """Until when sheets may be changed: the review phase, or the round's own earlier closing (rules.md "When")."""
    window = calendar.open_for(calendar.Move.HAND_IN, now, season_of(round_.contest))
    if window.open and round_.closes_at and now >= round_.closes_at + _SECOND:
        text = f"本轮评分已于{calendar.in_words(round_.closes_at)}截止。"
        return calendar.Window(window.opens, round_.closes_at, open=False, reason=text)
    return window


def why_not_score(sheet: ScoreSheet, now: datetime) -> str:
    """ "" when the sheet may be changed now, else the sentence why not."""
    if sheet.state == SheetState.HANDED_IN:
        return "本评分表已经提交，不能再修改。"
    return why_not_round(sheet.round, now)


def why_not_round(round_: Round, now: datetime) -> str:
    """The same for all sheets of a round."""
    if round_.status != RoundStatus.OPEN:
        return "本轮评审已经截止，不能再评分；您已保存的内容仍然保留。"
    return scoring_window(round_, now).reason
