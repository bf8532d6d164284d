"""How the jury works: progress, agreement, severity, gaps, patterns, voided sheets. Fixed number of queries.

Experts stand here by name, without the pseudonyms of the ranking: nobody can read one expert's mark of one work here,
the common entries apart (queries/calibration.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils import timezone

from scoring import queries
from scoring.lifecycle import RoundStatus, SheetState
from scoring.models import Entry, ExtraCall, Round, ScoreSheet
from scoring.policies import scoring_window
from scoring.queries import progress_by_expert
from scoring.queries.cockpit import reason_words
from scoring.rules import statistics
from scoring.rules.policy import ScorePolicy
from scoring.rules.ranking import round_half_up
from scoring.rules.statistics import Leaning, Pattern, Rating
from scoring.rules.tiers import Tier, tier_for

GOOD, FAIR = 0.667, 0.4  # Krippendorff's own line for tentative conclusions, and a plain warning below


@dataclass(frozen=True)
class JurorLine:
    """One expert: her progress and, once she handed something in, how she leans. `last`: when she saved last."""

    name: str
    total: int
    done: int
    leaning: Leaning | None
    flags: tuple[str, ...]
    panel: str = ""
    last: datetime | None = None
    standing: tuple[str, str] = ("", "none")

    @property
    def deviation(self) -> float | None:
        known = self.leaning.deviation if self.leaning else None
        return None if known is None else float(known)

    @property
    def mean(self) -> float | None:
        return float(self.leaning.mean) if self.leaning else None


@dataclass(frozen=True)
class PanelLine:
    """One panel: sheets handed in of those due, experts who are ready, of them late ones, and its mean so far."""

    name: str
    experts: int
    ready: int
    total: int
    done: int
    last: datetime | None
    mean: float | None
    far: int  # points from the other panels, 0 when it is not far off
    late: int  # sheets that are due since the closing

    @property
    def standing(self) -> tuple[str, str]:
        if self.done == self.total:
            return "已收齐", "ok"
        return (f"逾期 {self.late} 份", "bad") if self.late else (f"还差 {self.total - self.done} 份", "info")


@dataclass(frozen=True)
class Voided:
    sheet: ScoreSheet
    why: str


@dataclass(frozen=True)
class Jury:
    """`alpha` and `icc` are None while too little was handed in; `groups` counts parts that share no work."""

    lines: list[JurorLine]
    panels: list[PanelLine]
    alpha: float | None
    icc: float | None
    groups: int
    calls: list[ExtraCall]
    voided: list[Voided]
    patterns: list[str]

    @property
    def agreement(self) -> tuple[str, str]:
        """(word, tone) for α."""
        if self.alpha is None:
            return "评分不足", "none"
        if self.alpha >= GOOD:
            return "一致性好", "ok"
        return ("一致性一般", "info") if self.alpha >= FAIR else ("一致性低", "warn")


@dataclass(frozen=True)
class HandedIn:
    """Ratings that count, those for calibration alone, and how long each sheet was in work, by pseudonym.

    In work: (first opened, last saved). Read once for the whole page.
    """

    ratings: list[Rating]
    beside: list[Rating]
    times: dict[str, list[tuple[datetime, datetime]]]

    @cached_property
    def effects(self) -> Mapping[str, float]:
        return statistics.effects([*self.ratings, *self.beside])


def jury(round_: Round, done: HandedIn | None = None) -> Jury:
    done = done or handed_in(round_)
    ratings, everything = done.ratings, [*done.ratings, *done.beside]
    appointments = progress_by_expert(round_)
    names = {a.pseudonym: a.expert.user.display_name for a in appointments}
    seats = {a.pseudonym: a.panel.name for a in appointments if a.panel}
    found = statistics.patterns(ratings, done.times, seats)
    late = is_late(round_)
    leanings = {leaning.expert: leaning for leaning in statistics.leanings(everything, done.effects)}
    works = statistics.by_work(ratings).values()
    alpha, icc = statistics.krippendorff_alpha(works), statistics.icc(works)
    return Jury(
        lines=[_line(a, leanings.get(a.pseudonym), found, late=late) for a in appointments],
        panels=_panels(appointments, ratings, found, late=late),
        alpha=None if alpha is None else float(alpha),
        icc=None if icc is None else float(icc),
        groups=len(statistics.components(everything)),
        calls=_calls(round_),
        voided=_voided(round_),
        patterns=[pattern_words(one, names) for one in found],
    )


@dataclass(frozen=True)
class Reading:
    """One work whose tier depends on how its sheets are read: (value, tier) by mean, median, trimmed mean, model."""

    entry: Entry
    score: str
    readings: tuple[tuple[float, str], ...]


def readings(round_: Round, done: HandedIn | None = None, most: int | None = None) -> tuple[list[Reading], int]:
    """Works of a closed round whose four typical values fall into more than one tier: the best `most`; how many."""
    done = done or handed_in(round_)
    tiers, decimals = queries.tiers_of(round_.contest), ScorePolicy.from_dict(round_.policy).decimals
    found: dict[str, tuple[tuple[float, str], ...]] = {}
    for typical in statistics.typicals(done.ratings, done.beside, done.effects):
        values = (typical.mean, typical.median, typical.trimmed, Fraction(typical.adjusted))
        if len({_tier(one, decimals, tiers) for one in (min(values), max(values))}) > 1:  # the others lie between
            found[typical.work] = tuple((float(one), _tier(one, decimals, tiers)) for one in values)
    entries = round_.entries.filter(code__in=found).select_related("achievement", "result").order_by("result__position")
    return [Reading(entry, entry.result.score_text, found[entry.code]) for entry in entries[:most]], len(found)


def _tier(value: Fraction, decimals: int, tiers: Sequence[Tier]) -> str:
    return tier_for(round_half_up(max(value, Fraction(0)), decimals), tiers)


def handed_in(round_: Round) -> HandedIn:
    """Three queries; the names of works and experts are read once each, not with every sheet."""
    codes = dict(round_.entries.order_by().values_list("pk", "code"))
    names = dict(round_.appointments.values_list("pk", "pseudonym"))
    rows = ScoreSheet.objects.filter(round=round_, state=SheetState.HANDED_IN)
    columns = ("entry", "appointment", "total", "calibration", "first_opened_at", "last_saved_at")
    done = HandedIn([], [], defaultdict(list))
    for entry, appointment, total, calibrates, opened, saved in rows.order_by("pk").values_list(*columns):
        expert = names[appointment]
        (done.beside if calibrates else done.ratings).append(Rating(codes[entry], expert, int(total)))
        if opened and saved:
            done.times[expert].append((opened, saved))
    return done


def is_late(round_: Round) -> bool:
    """Is the closing of the scoring over while the round is still open?"""
    closes = scoring_window(round_, timezone.now()).closes
    return round_.status == RoundStatus.OPEN and closes is not None and closes < timezone.now()


def _panels(
    appointments: Sequence[Any], ratings: Sequence[Rating], found: Sequence[Pattern], *, late: bool
) -> list[PanelLine]:
    """In the panels' order; none in a round without panels."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for one in appointments:
        if one.panel_id:
            groups[one.panel.order].append(one)
    far = {one.who: one.points for one in found if one.kind == statistics.FAR_OFF}
    return [_panel(own, ratings, far, late=late) for _, own in sorted(groups.items())]


def _panel(own: Sequence[Any], ratings: Sequence[Rating], far: Mapping[str, int], *, late: bool) -> PanelLine:
    seats = {one.pseudonym for one in own}
    points = [rating.points for rating in ratings if rating.expert in seats]
    total, done, name = sum(one.total for one in own), sum(one.done for one in own), own[0].panel.name
    return PanelLine(
        name=name,
        experts=sum(one.left_at is None for one in own),
        ready=sum(one.left_at is None and one.done == one.total for one in own),
        total=total,
        done=done,
        last=max((one.last for one in own if one.last), default=None),
        mean=sum(points) / len(points) if points else None,
        far=far.get(name, 0),
        late=total - done if late else 0,
    )


def _standing(appointment: Any, *, late: bool) -> tuple[str, str]:
    if appointment.left_at:
        return "已退出", "none"
    if appointment.done == appointment.total:
        return ("已交齐", "ok") if appointment.total else ("候补", "none")
    if late:
        return "逾期", "bad"
    return ("进行中", "info") if appointment.last else ("未开始", "warn")


def _line(appointment: Any, leaning: Leaning | None, found: Sequence[Pattern], *, late: bool) -> JurorLine:
    own = [one for one in found if one.who == appointment.pseudonym]
    return JurorLine(
        appointment.expert.user.display_name,
        appointment.total,
        appointment.done,
        leaning,
        tuple("给分雷同" if one.kind == statistics.CONSTANT else "评分过快" for one in own),
        appointment.panel.name if appointment.panel else "",
        appointment.last,
        _standing(appointment, late=late),
    )


def pattern_words(one: Pattern, names: dict[str, str]) -> str:
    """What was seen, as a sentence; the office asks, the portal accuses nobody."""
    name = names.get(one.who, one.who)
    if one.kind == "constant":
        return f"{name}：{one.total} 份中有 {one.count} 份都是 {one.points} 分。"
    if one.kind == "quick":
        return f"{name}：{one.total} 份中有 {one.count} 份从打开到最后保存不足半分钟，平均 {one.points} 秒。"
    return f"{name}：平均分比其他评审组{'高' if one.points > 0 else '低'}约 {abs(one.points)} 分，请核对尺度。"


def _calls(round_: Round) -> list[ExtraCall]:
    rows = ExtraCall.objects.filter(entry__round=round_).order_by("entry__code")
    return list(rows.select_related("entry__achievement", "sheet__appointment__expert__user"))


def _voided(round_: Round) -> list[Voided]:
    rows = round_.sheets.filter(state=SheetState.VOID, calibration=False).select_related(
        "entry__achievement", "appointment__expert__user"
    )
    reasons = {(r.entry_id, r.appointment_id): r.reason for r in round_.recusals.all()} if rows else {}
    return [
        Voided(sheet, _why(sheet, reasons.get((sheet.entry_id, sheet.appointment_id), "")))
        for sheet in rows.order_by("entry__code", "pk")
    ]


def _why(sheet: ScoreSheet, recusal: str) -> str:
    """A sheet without a recusal fell with its work (voiding.void_left)."""
    return (
        reason_words(recusal) if recusal else f"成果已离开评审（{sheet.entry.achievement.status_info.label}），不计分"
    )
