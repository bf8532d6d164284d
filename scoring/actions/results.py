"""From closed sheets to ranking, tiers and awards. Everything here can be computed again from the season file."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies, queries
from scoring.actions.calling import call_for_gaps, call_replacements
from scoring.actions.voiding import hold_sheets, void_all_conflicted, void_left
from scoring.lifecycle import PaperState, RoundStatus, SheetState
from scoring.models import Approval, Award, Result, Round, ScoreSheet
from scoring.queries import assignment, awarding
from scoring.rules.ranking import Row, rank
from scoring.rules.season import season_to_json
from submissions.actions import winning
from submissions.lifecycle import Status


def _locked(actor: Actor, round_id: int, wanted: RoundStatus, doing: str) -> Round:
    # no_key: a hand-in that voids a sheet refers to the round while it holds the sheet that is waited for here
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    if wanted == RoundStatus.OPEN:
        policies.require_chair(actor, round_.enrolment)
    else:  # awards are the host's; a desk below makes a recommendation of its result (actions/lower.py)
        policies.require_award(actor, round_)
    policies.require_status(round_, wanted, doing)
    return round_


def close_round(actor: Actor, round_id: int, *, waive: str = "") -> Round:
    """No more marks; the ranking is computed and stored. Sheets that are missing need a written waiver.

    Experts whom the closing itself has to call (a gap, a sheet voided now) stay called when it is refused for them.
    """
    round_, called = _close(actor, round_id, waive.strip())
    if round_.status != RoundStatus.CLOSED:
        raise Refusal(
            f"截止前发现分差过大或应当回避，已加派 {called} 份评分表；请等待提交，或写明理由后截止。", "waive"
        )
    return round_


@transaction.atomic
def _close(actor: Actor, round_id: int, waive: str) -> tuple[Round, int]:
    """The round, closed unless experts had to be called now, and how many were."""
    round_ = _locked(actor, round_id, RoundStatus.OPEN, "截止评分")
    hold_sheets(round_)
    left, conflicted = void_left(actor, round_), void_all_conflicted(actor, round_)
    open_sheets = assignment.not_handed_in(round_)
    if open_sheets and not waive:
        unread = round_.sheets.filter(state=SheetState.OPEN, paper=PaperState.TYPED).count()
        paper = f"，其中 {unread} 份纸质评分表已经录入、还没有由另一人核对" if unread else ""
        raise Refusal(f"还有 {open_sheets} 份评分表没有提交{paper}；请等待，或写明理由后截止。", "waive")
    called = 0 if waive else _call_now(round_, conflicted)
    if not called:
        _refuse_missing(round_, waive)
        _rank_and_store(actor, round_, waive, open_sheets, len(left) + len(conflicted))
    return round_, called


def _refuse_missing(round_: Round, waive: str) -> None:
    """A sheet that was voided and never given to somebody else is missing as much as one not handed in."""
    missing = assignment.missing(round_)
    if missing and not waive:
        words = f"有成果的专家不足，还缺 {missing} 份评分表；请在专家分配页补充，或写明理由后截止。"
        raise Refusal(words, "waive", code="missing")


def _call_now(round_: Round, voided: list[ScoreSheet]) -> int:
    """How many sheets are to be waited for now."""
    called = call_replacements(round_, voided)
    extra = call_for_gaps(round_, round_.entries.values_list("pk", flat=True))
    called += [call.sheet for call in extra if call.sheet]
    return sum(sheet.state == SheetState.OPEN for sheet in called)


def _rank_and_store(actor: Actor, round_: Round, waive: str, open_sheets: int, voided: int) -> None:
    short = assignment.shortfall(round_, open_sheets)
    round_.status, round_.closed_at = RoundStatus.CLOSED, timezone.now()
    round_.waiver, round_.waived_by = waive, actor.user if waive else None
    round_.save(update_fields=["status", "closed_at", "waiver", "waived_by"])
    season = queries.season(round_)
    _store(round_, rank(season.sheets, season.policy, season.tiers, season.rubric))
    payload = {
        "open_sheets": open_sheets,
        "missing": short.lacking,
        "unfinished": [entry for entry, _ in short.works],
        "voided": voided,
        "waive": ledger.digest(waive) if waive else "",
        "season": ledger.digest(season_to_json(season)),
        "ranking": ledger.digest(queries.ranking_download(round_)),
    }
    ledger.record(actor, "close_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)


def _store(round_: Round, rows: list[Row]) -> None:
    """One result an entry; those without any sheet come last and are not in the season file."""
    entries = dict(round_.entries.values_list("code", "pk"))
    Result.objects.filter(entry__round=round_).delete()
    results = [_result(entries.pop(row.achievement), place, row) for place, row in enumerate(rows, start=1)]
    last = len(results)
    results += [
        Result(entry_id=entry, position=last + place, sheets_counted=0, remark="too_few_sheets")
        for place, (_, entry) in enumerate(sorted(entries.items()), start=1)
    ]
    Result.objects.bulk_create(results, batch_size=500)


def _result(entry: int, place: int, row: Row) -> Result:
    return Result(
        entry_id=entry,
        position=place,
        rank=row.rank,
        score=row.score,
        score_text="" if row.score is None else f"{row.score:f}",
        tier_name=row.tier,
        sheets_counted=row.sheets_counted,
        remark=row.remark,
    )


@transaction.atomic
def confirm_awards(actor: Actor, round_id: int) -> int:
    """Every tier as it stands becomes an award; the committee's stay. Afterwards the result is locked."""
    round_ = _locked(actor, round_id, RoundStatus.CLOSED, "确定等次")
    tiers = {tier.name: tier for tier in round_.contest.awardtier_set.all()}
    _refuse_disqualified(round_)
    _refuse_undecided(round_)
    refuse_conflicted(round_)
    stand = awarding.standing(round_)
    by_hand = set(Award.objects.filter(entry__round=round_, by_hand=True).values_list("entry", flat=True))
    awards = [
        Award(entry_id=entry, tier=tiers[name], decided_by=actor.user)
        for entry, name in stand.tiers.items()
        if name and entry not in by_hand
    ]
    Award.objects.bulk_create(awards, batch_size=500)
    _hand_down(round_)
    round_.status = RoundStatus.AWARDED
    round_.save(update_fields=["status"])
    counts = {tier.code: sum(a.tier_id == tier.pk for a in awards) for tier in tiers.values()}
    payload = {"awards": counts, "by_hand": len(by_hand)}
    ledger.record(actor, "confirm_awards", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return len(awards) + len(by_hand)


def _hand_down(round_: Round) -> None:
    """Who has won at the host does not enter again (rules.md "What may enter" (P)): a fact for the seasons to come."""
    if not round_.enrolment.is_host:
        return
    awards = Award.objects.filter(entry__round=round_)
    winning.note_wins(dict(awards.values_list("entry__achievement", "tier__name")))


def _refuse_disqualified(round_: Round) -> None:
    """A hand-made award is undone by hand, with its reason."""
    chosen = Award.objects.filter(entry__round=round_, by_hand=True)
    gone = list(chosen.exclude(entry__achievement__status=Status.FROZEN).values_list("entry__code", flat=True))
    if gone:
        raise Refusal(f"{'、'.join(gone)} 已经不在评审之列，请先取消对它的评定，再确定等次。")


def refuse_conflicted(round_: Round) -> None:
    """An expert may have become conflicted since the closing: her sheet must not carry a result (rules.md)."""
    sheets = ScoreSheet.objects.counting().filter(round=round_)
    judging = round_.appointments.filter(sheets__in=sheets).distinct()
    barred = queries.conflicts(round_, list(judging.select_related("expert__user")))
    pairs = sheets.order_by("entry__code").values_list("entry", "appointment", "entry__code")
    hit = list(dict.fromkeys(code for entry, appointment, code in pairs if (entry, appointment) in barred))
    if hit:
        codes = "、".join(hit[:5]) + (f" 等 {len(hit)} 项" if len(hit) > 5 else "")
        way = "请先写明理由“重新开放”本轮，再次截止时该份评分表作废并补派专家"
        raise Refusal(f"截止之后，{codes} 的评审专家出现应当回避的情况，该份评分不能计入结果；{way}。", code="conflict")


def _refuse_undecided(round_: Round) -> None:
    """Nothing is locked over the head of a second person, or of the committee at a cut."""
    waiting = awarding.waiting(round_)
    if waiting:
        codes = "、".join(approval.entry.code for approval in waiting if approval.entry)
        raise Refusal(f"{codes} 的评定还在等第二人核准，请先核准或退回，再确定等次。", code="waiting")
    cuts = awarding.standing(round_).cuts
    if cuts:
        names = "、".join(cut.tier for cut, _ in cuts)
        raise Refusal(f"{names}的名额线上有同分的成果，请先由评审委员会表决，再确定等次。", code="cut")


@transaction.atomic
def reopen_round(actor: Actor, round_id: int, reason: str) -> Round:
    """One step back, with a reason: a locked result is unlocked, a closed round takes sheets again. No sheet changes.

    Unlocking takes the computed awards away and keeps the committee's; opening takes the ranking away.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    policies.require_chair(actor, round_.enrolment)
    if round_.status not in (RoundStatus.CLOSED, RoundStatus.AWARDED):
        policies.require_status(round_, RoundStatus.CLOSED, "重新开放")
    words = reason.strip()
    if not words:
        raise Refusal("请写明重新开放的理由，理由会存入评审存证。", "reason")
    _refuse_used(round_)
    before = {"ranking": ledger.digest(queries.ranking_download(round_)), "status": str(round_.status)}
    _take_awards_back(round_)
    locked = round_.status == RoundStatus.AWARDED
    round_.status = RoundStatus.CLOSED if locked else RoundStatus.OPEN
    if not locked:
        _refuse_decided(round_)
        Result.objects.filter(entry__round=round_).delete()
        round_.closed_at, round_.waiver, round_.waived_by = None, "", None
    round_.save(update_fields=["status", "closed_at", "waiver", "waived_by"])
    payload = before | {"reason": ledger.digest(words), "to": str(round_.status)}
    ledger.record(actor, "reopen_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return round_


def _refuse_used(round_: Round) -> None:
    """What others have built upon the result does not fall with it."""
    if Award.objects.filter(entry__round=round_, published_at__isnull=False).exists():
        raise Refusal("结果已经公布，不能重新开放；请按异议程序办理。", code="published")
    if round_.following.exclude(status=RoundStatus.DRAFT).exists():
        raise Refusal("下一轮评审已按本轮的结果开始，本轮不能重新开放。", code="followed")
    if round_.status == RoundStatus.AWARDED and not round_.enrolment.is_host:
        raise Refusal("本轮结果已经用于推荐，成果已经上报，不能重新开放。", code="followed")


def _take_awards_back(round_: Round) -> None:
    """The computed awards go, the committee's stay; who had won may enter again until the awards are confirmed anew."""
    awards = Award.objects.filter(entry__round=round_)
    if round_.status == RoundStatus.AWARDED:
        winning.take_back_wins(list(awards.values_list("entry__achievement", flat=True)))
    awards.filter(by_hand=False).delete()


def _refuse_decided(round_: Round) -> None:
    standing = Approval.objects.filter(entry__round=round_, state__in=("proposed", "approved"))
    if standing.exists():
        raise Refusal("评审委员会已有评定或提议，请先逐项取消，再重新开放评分。", code="decided")
