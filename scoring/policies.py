"""Who may run a round, who may score, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.actor import Actor
from contests import calendar
from contests.models import Enrolment
from contests.queries import season_of
from core.errors import NotAllowed, Refusal
from scoring.lifecycle import PaperState, RoundStatus, SheetState
from scoring.models import Engagement, Round, ScoreSheet

_SECOND = timedelta(seconds=1)  # the second that is named is still inside, as in contests.calendar


def may_chair(actor: Actor, desk: Enrolment) -> bool:
    """Who runs the rounds of a desk: at the host its office, below it the auditor of a body that audits."""
    if desk.is_host:
        return actor.is_office and desk.organization_id == actor.organization.pk
    return actor.is_auditor and desk.audits and desk.organization_id == actor.organization.pk


def require_chair(actor: Actor, desk: Enrolment) -> None:
    if not may_chair(actor, desk):
        who = "竞赛办公室" if desk.is_host else "本级审核员"
        raise NotAllowed(f"只有{who}可以组织评审。")


def may_run(actor: Actor, round_: Round) -> bool:
    return may_chair(actor, round_.enrolment)


def may_award(actor: Actor, round_: Round) -> bool:
    """Awards are the host's, in the last of its rounds."""
    return round_.enrolment.is_host and may_run(actor, round_) and not round_.following.exists()


def require_award(actor: Actor, round_: Round) -> None:
    require_chair(actor, round_.enrolment)
    if not round_.enrolment.is_host:
        raise NotAllowed("等次由主办单位评定；本级评审的结果用于推荐。")
    if round_.following.exists():
        raise Refusal("本轮之后还有一轮评审，请在最后一轮评定等次。", code="followed")


def require_status(round_: Round, wanted: RoundStatus, doing: str) -> None:
    """The second of two persons is told what the first one did."""
    if round_.status != wanted:
        raise Refusal(f"本轮评审当前为“{round_.status_label[0]}”，不能{doing}；请刷新页面查看最新状态。", code="status")


def scoring_window(round_: Round, now: datetime) -> calendar.Window:
    """When sheets may be changed: inside the review phase and the round's own dates (rules.md "When").

    A round below the host has its own dates only: its result goes into the recommendation, before the review phase.
    """
    window = calendar.Window(None, None, open=True)
    if round_.enrolment.is_host:
        window = calendar.open_for(calendar.Move.HAND_IN, now, season_of(round_.contest))
    opens, closes = _later(window.opens, round_.opens_at), _earlier(window.closes, round_.closes_at)
    if window.open and round_.opens_at and now < round_.opens_at:
        text = f"本轮评分于{calendar.in_words(round_.opens_at)}开始，届时再打分。"
        return calendar.Window(opens, closes, open=False, reason=text)
    if window.open and round_.closes_at and now >= round_.closes_at + _SECOND:
        text = f"本轮评分已于{calendar.in_words(round_.closes_at)}截止。"
        return calendar.Window(opens, closes, open=False, reason=text)
    return calendar.Window(opens, closes, open=window.open, reason=window.reason)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)


def why_not_score(sheet: Any, now: datetime) -> str:
    """ "" when the sheet may be changed now, else the sentence why not.

    保密、回避、不请托 is accepted once a season, before the first sheet is opened; the common entries go before the
    batch. A sheet that was read `with_standing` is asked for nothing more.
    """
    if sheet.state == SheetState.HANDED_IN:
        return "本评分表已经提交，不能再修改。"
    if sheet.paper == PaperState.TYPED:
        return "您签名的纸质评分表已经录入，正由另一人核对，不能再在线修改；如有出入，请联系竞赛办公室。"
    host = sheet.round.enrolment.is_host
    standing = sheet if hasattr(sheet, "stays") else ScoreSheet.objects.with_standing(host=host).get(pk=sheet.pk)
    if not standing.committed:
        return "请先阅读并确认评审承诺，再评分。"
    if not standing.stays:
        return "该成果已经不在评审之列，不需要再评分；您已保存的内容仍然保留。"
    first = sheet.common is None and not sheet.revision  # what she has begun stays open whatever comes to her later
    return why_not_round(sheet.round, now) or (CALIBRATE_FIRST if first and standing.calibrates else "")


CALIBRATE_FIRST = "请先评完并提交校准件，其余成果随后打开。"
KEPT_AWAY = (
    "该成果与您之间有应当回避的情形，材料和评分表不再打开。"
    "您不需要做任何事：您交卷时（最迟在本轮截止时）会告知竞赛办公室，由其另请专家。"
)


def opens(sheet: Any) -> bool:
    """Has she accepted the season's commitment? Of a sheet that was read `with_standing`: nothing more is asked."""
    return bool(sheet.committed)


def has_committed(sheet: ScoreSheet) -> bool:
    rows = Engagement.objects.filter(contest=sheet.round.contest_id, committed_at__isnull=False)
    return rows.filter(expert__appointments=sheet.appointment_id).exists()


def why_not_round(round_: Round, now: datetime) -> str:
    """The same for all sheets of a round."""
    if round_.status != RoundStatus.OPEN:
        return "本轮评审已经截止，不能再评分；您已保存的内容仍然保留。"
    return scoring_window(round_, now).reason


def wants_comment(round_: Round) -> bool:
    """Does this contest want a 评语 on every sheet? Asked once a page: the settings are read anew each time."""
    return round_.contest.settings.require_comment
