"""What a desk makes of its own round's result: the order of its recommendation (001 四(三): chosen, then sent up)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies
from scoring.actions.results import refuse_conflicted
from scoring.lifecycle import RoundStatus
from scoring.models import Entry, Result, Round
from submissions.actions import commending, moves
from submissions.actions.holding import release_all


@transaction.atomic
def confirm_order(actor: Actor, round_id: int, *, recommend: int) -> int:
    """End the judgement of a desk: every work may move again, and the first `recommend` go up, commended, by rank.

    All or none: a work that may not go up (a quota, the closing) is named in the refusal. How many went up.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    policies.require_status(round_, RoundStatus.CLOSED, "确认结果")
    _refuse(round_, recommend)
    refuse_conflicted(round_)
    release_all(actor, round_.enrolment, list(chain_of(round_).values_list("achievement", flat=True)))
    chosen = list(ranked(round_)[:recommend])
    _commend(actor, round_, chosen)
    for result in chosen:
        _send_up(actor, result)
    round_.status = RoundStatus.AWARDED
    round_.save(update_fields=["status"])
    payload = {"recommended": [result.entry_id for result in chosen]}
    ledger.record(actor, "confirm_order", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return len(chosen)


def _commend(actor: Actor, round_: Round, chosen: list[Result]) -> None:
    """Chosen below, commended, then sent up: the round is the proof (001 五(三), rules.md "What may enter" 5)."""
    places = {result.entry.achievement_id: f"第 {result.rank} 名" for result in chosen}
    if places:
        commending.commend(actor, round_.enrolment, places, f"{round_.contest.label}年度“五小”竞赛{round_.name}")


def _refuse(round_: Round, recommend: int) -> None:
    if round_.enrolment.is_host:
        raise Refusal("主办单位的评审结果用于定奖，不用于推荐。")
    if round_.following.exists():
        raise Refusal("本轮之后还有一轮评审，请在最后一轮确认结果。", code="followed")
    most = ranked(round_).count()
    if not 0 <= recommend <= most:
        raise Refusal(f"请填写 0 到 {most} 之间的整数：有名次的成果共 {most} 项。", "recommend")


def _send_up(actor: Actor, result: Result) -> None:
    try:
        moves.recommend(actor, result.entry.achievement_id)
    except Refusal as refusal:
        title = result.entry.achievement.title
        raise Refusal(
            f"第 {result.rank} 名“{title}”不能推荐：{refusal.message}全部没有推荐。", "recommend"
        ) from refusal


def ranked(round_: Round) -> QuerySet[Result]:
    """Results with a rank, the first one first."""
    rows = Result.objects.filter(entry__round=round_, rank__isnull=False).select_related("entry__achievement")
    return rows.order_by("position")


def chain_of(round_: Round) -> QuerySet[Entry]:
    """The entries of the round and of all before it: what the first one held, the last one lets go."""
    ids, current = [round_.pk], round_.previous
    while current is not None:
        ids.append(current.pk)
        current = current.previous
    return Entry.objects.filter(round__in=ids)
