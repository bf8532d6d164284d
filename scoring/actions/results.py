"""From closed sheets to ranking, tiers and awards. Everything here can be computed again from the season file."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from core import ledger
from core.errors import Refusal
from scoring import policies, queries
from scoring.actions.voiding import void_conflicted
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Award, Entry, Result, Round, ScoreSheet
from scoring.rules.ranking import Row, rank
from scoring.rules.season import season_to_json
from submissions.actions import winning
from submissions.lifecycle import Status

SPECIAL = "special"


def _locked(actor: Actor, round_id: int, wanted: RoundStatus, doing: str) -> Round:
    # no_key: a hand-in that voids a sheet refers to the round while it holds the sheet that is waited for here
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    if wanted == RoundStatus.OPEN:
        policies.require_chair(actor, round_.enrolment)
    else:  # awards are the host's; a desk below makes a recommendation of its result (actions/lower.py)
        policies.require_award(actor, round_)
    policies.require_status(round_, wanted, doing)
    return round_


@transaction.atomic
def close_round(actor: Actor, round_id: int, *, waive: str = "") -> Round:
    """No more marks; the ranking is computed and stored. Sheets that are missing need a written waiver."""
    round_ = _locked(actor, round_id, RoundStatus.OPEN, "截止评分")
    sheets = _locked_sheets(round_)
    voided = {sheet.pk for sheet in void_conflicted(actor, sheets)}
    open_sheets = sum(sheet.state == SheetState.OPEN for sheet in sheets)
    if open_sheets and not waive.strip():
        raise Refusal(f"还有 {open_sheets} 份评分表没有提交；请等待，或写明理由后截止。", "waive")
    round_.status, round_.closed_at, round_.waiver = RoundStatus.CLOSED, timezone.now(), waive.strip()
    round_.save(update_fields=["status", "closed_at", "waiver"])
    season = queries.season(round_)
    rows = rank(season.sheets, season.policy, season.tiers, season.rubric)
    _store(round_, rows)
    payload = {
        "open_sheets": open_sheets,
        "voided": len(voided),
        "waive": ledger.digest(waive.strip()) if waive.strip() else "",
        "season": ledger.digest(season_to_json(season)),
        "ranking": ledger.digest(queries.ranking_download(round_)),
    }
    ledger.record(actor, "close_round", f"round:{round_.pk}", payload, chain=round_.contest.chain)
    return round_


def _locked_sheets(round_: Round) -> list[ScoreSheet]:
    """All that are not void, under the lock of every sheet: a hand-in under way is waited for and counts."""
    rows = round_.sheets.select_for_update(of=("self",)).select_related("round__contest", "appointment__expert__user")
    return [sheet for sheet in rows.order_by("pk") if sheet.state != SheetState.VOID]


def _store(round_: Round, rows: list[Row]) -> None:
    """One result an entry; those without any sheet come last and are not in the season file."""
    entries = {entry.code: entry for entry in round_.entries.all()}
    Result.objects.filter(entry__round=round_).delete()
    results = [_result(entries.pop(row.achievement), place, row) for place, row in enumerate(rows, start=1)]
    last = len(results)
    results += [
        Result(entry=entry, position=last + place, sheets_counted=0, remark="too_few_sheets")
        for place, (_, entry) in enumerate(sorted(entries.items()), start=1)
    ]
    Result.objects.bulk_create(results, batch_size=500)


def _result(entry: Entry, place: int, row: Row) -> Result:
    return Result(
        entry=entry,
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
    """Every tier that a score reached becomes an award; hand-made ones stay. Afterwards the result is locked."""
    round_ = _locked(actor, round_id, RoundStatus.CLOSED, "确定等次")
    tiers = {tier.name: tier for tier in round_.contest.awardtier_set.all()}
    _refuse_disqualified(round_)
    by_hand = set(Award.objects.filter(entry__round=round_, by_hand=True).values_list("entry", flat=True))
    standing = Result.objects.filter(entry__round=round_, entry__achievement__status=Status.FROZEN)
    results = standing.exclude(tier_name="")
    awards = [
        Award(entry_id=result.entry_id, tier=tiers[result.tier_name], decided_by=actor.user)
        for result in results
        if result.entry_id not in by_hand
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


@transaction.atomic
def choose_special(actor: Actor, entry_id: int, reason: str) -> Award:
    """特等奖 is never automatic: the committee chooses among the first tier, with a written reason (rules.md)."""
    entry = Entry.objects.select_related("round", "result", "achievement").get(pk=entry_id)
    round_ = _locked(actor, entry.round_id, RoundStatus.CLOSED, "评定特等奖")
    tier = round_.contest.awardtier_set.filter(floor__isnull=True).first()
    if tier is None:
        raise Refusal("本届竞赛没有设置由评审委员会评定的等次。")
    if not reason.strip():
        raise Refusal("请写明评定的理由，理由会存入评审存证。", "reason")
    _refuse_not_eligible(round_, entry)
    _refuse_over_quota(round_, tier.at_most, tier.name)
    award, _ = Award.objects.update_or_create(
        entry=entry, defaults={"tier": tier, "by_hand": True, "reason": reason.strip(), "decided_by": actor.user}
    )
    payload = {"tier": tier.code, "reason": ledger.digest(reason.strip())}
    ledger.record(actor, "choose_special", f"entry:{entry.pk}", payload, chain=round_.contest.chain)
    return award


def _refuse_not_eligible(round_: Round, entry: Entry) -> None:
    if entry.achievement.status != Status.FROZEN:
        raise Refusal(f"{entry.code} 已经不在评审之列，不能评定；请另选一项成果。", "entry")
    first = queries.tiers_of(round_.contest)[:1]
    if not first or not hasattr(entry, "result") or entry.result.tier_name != first[0].name:
        raise Refusal("只能从得分达到最高等次的成果中评定。")


def _refuse_over_quota(round_: Round, at_most: int | None, name: str) -> None:
    chosen = Award.objects.filter(entry__round=round_, by_hand=True).count()
    if at_most is not None and chosen >= at_most:
        raise Refusal(f"{name}最多评定 {at_most} 项，已经满额；如需调整，请先取消一项。")


@transaction.atomic
def drop_special(actor: Actor, entry_id: int, reason: str) -> None:
    entry = Entry.objects.select_related("round").get(pk=entry_id)
    round_ = _locked(actor, entry.round_id, RoundStatus.CLOSED, "取消特等奖")
    if not reason.strip():
        raise Refusal("请写明取消的理由。", "reason")
    dropped, _ = Award.objects.filter(entry=entry, by_hand=True).delete()
    if not dropped:
        raise Refusal(f"{entry.code} 没有评定，或已经取消；请刷新页面查看最新名单。")
    payload = {"reason": ledger.digest(reason.strip())}
    ledger.record(actor, "drop_special", f"entry:{entry.pk}", payload, chain=round_.contest.chain)
