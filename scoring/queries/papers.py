"""Score sheets on paper: what may be typed and why not, and the desk of one round's papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from scoring import policies
from scoring.lifecycle import PaperState, RoundStatus, SheetState
from scoring.models import Appointment, Engagement, PaperEntry, PaperSheet, Round
from scoring.rules.readings import WORDS, Reading, differing
from scoring.rules.rubric import Rubric as Rules
from scoring.rules.rubric import levels_for
from submissions.lifecycle import Status

_WORD_LABELS = {"comment": "评语", "doubt": "数据存疑", "ineligible": "不符合申报条件"}
_WITH = (
    "rubric",
    "sheet__round__contest",
    "sheet__round__rubric",
    "sheet__round__enrolment",
    "sheet__entry__achievement",
    "sheet__entry__package",
    "sheet__appointment__expert__user",
    "entry__typed_by",
    "entry__checked_by",
)


def with_all(papers: QuerySet[Any]) -> QuerySet[Any]:
    """With everything that the pages of one paper, and the sentences about it, want."""
    return papers.select_related(*_WITH)


def entry_of(paper: PaperSheet) -> PaperEntry | None:
    return getattr(paper, "entry", None)


def moment_words(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def why_not_enter(actor: Actor, paper: PaperSheet) -> str:
    """ "" when this paper can be typed or checked at all, else the sentence why not."""
    entry = entry_of(paper)
    if entry and entry.checked_by and entry.checked_at:
        who = f"{entry.typed_by.display_name}录入、{entry.checked_by.display_name}核对"
        return f"这张表已由{who}，于{moment_words(entry.checked_at)}提交，不能重复录入。"
    return _why_not_sheet(paper) or _why_not_round(paper) or _why_not_person(actor, paper)


def _why_not_sheet(paper: PaperSheet) -> str:
    sheet = paper.sheet
    if paper.retired_at:
        return "这张表重印过，旧表已经作废，不能录入；请用重印的那一张。"
    if sheet.state == SheetState.VOID:
        return "这份评分表因回避、换人或专家退出已经作废，纸质表不再录入，请存档。"
    if sheet.state == SheetState.HANDED_IN:
        return "专家已经在线提交了这份评分表，纸质表不再录入；两者不一致的，请与专家核实。"
    if sheet.entry.achievement.status == Status.DISQUALIFIED:
        return "该成果已取消资格，纸质表不再录入，请存档。"
    return ""


def _why_not_round(paper: PaperSheet) -> str:
    round_ = paper.sheet.round
    if round_.status != RoundStatus.OPEN:
        return f"本轮评审当前为“{round_.status_label[0]}”，不能再录入纸质评分表。"
    if paper.rubric_id != round_.rubric_id:
        versions = f"评分标准已改为第 {round_.rubric.version} 版，这张表按第 {paper.rubric.version} 版印制"
        return f"{versions}，不能录入；请重新打印，由专家重新填写。"
    return ""


def _why_not_person(actor: Actor, paper: PaperSheet) -> str:
    if paper.sheet.appointment.expert.user_id == actor.user.pk:
        return "这是您本人的评分表，请由竞赛办公室的其他人录入和核对。"
    if not policies.has_committed(paper.sheet):
        return "该专家还没有签署评审承诺；请先收齐本人签名的书面承诺，在“纸质评分表”页登记后再录入。"
    return ""


def why_not_type(actor: Actor, paper: PaperSheet, now: datetime) -> str:
    """The first reading: once, by one person, while sheets of the round may be handed in."""
    entry = entry_of(paper)
    if entry is None or entry.checked_at:
        return why_not_enter(actor, paper) or policies.scoring_window(paper.sheet.round, now).reason
    if entry.typed_by_id != actor.user.pk:
        who = f"这张表已由{entry.typed_by.display_name}于{moment_words(entry.typed_at)}录入，不能重复录入"
        return f"{who}；请打开“核对”，对照纸面核对。"
    if entry.checked_by:
        return f"{entry.checked_by.display_name}正在比对两次录入，不能再更正。"
    return why_not_enter(actor, paper)


def why_not_check(actor: Actor, paper: PaperSheet) -> str:
    """The second reading, by another person; what was typed in time may be checked until the round is closed."""
    entry = entry_of(paper)
    if entry is None:
        return "这张表还没有录入；请先由一人录入，再由另一人核对。"
    return why_not_enter(actor, paper)


# --- where two readings differ ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One place in words: what the first person read and what the second."""

    key: str
    label: str
    first: str
    second: str


def differences(paper: PaperSheet, rules: Rules) -> list[Difference]:
    entry = entry_of(paper)
    if entry is None or not entry.second:
        return []
    first, second = Reading.from_dict(entry.first), Reading.from_dict(entry.second)
    return [_difference(key, first, second, rules, paper.sheet.entry.path) for key in differing(first, second)]


def _difference(key: str, first: Reading, second: Reading, rules: Rules, path: str) -> Difference:
    if key in WORDS:
        texts = [getattr(one, key) or "（空白）" for one in (first, second)]
        return Difference(key, _WORD_LABELS[key], *texts)
    criterion = rules.criterion(key)
    names = {level.code: level.text for level in levels_for(criterion, path)}
    said = [f"{names.get(level, level)}，{points} 分" for level, points in (first.marks[key], second.marks[key])]
    return Difference(key, criterion.name, *said)


# --- the papers of a round --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """One expert: sheets not handed in, of these printed; typed and waiting; handed in from paper."""

    appointment: Appointment
    committed: bool
    total: int
    open: int
    printed: int
    typed: int
    entered: int


def desks(round_: Round) -> Iterator[Desk]:
    """Every expert of the round with her papers, in three queries."""
    experts = list(round_.appointments.select_related("expert__user").order_by("expert__user__pinyin", "pk"))
    engaged = Engagement.objects.filter(contest=round_.contest_id, committed_at__isnull=False)
    committed = set(engaged.values_list("expert", flat=True))
    valid = Exists(PaperSheet.objects.filter(sheet=OuterRef("pk"), retired_at=None))
    sheets: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    rows = round_.sheets.exclude(state=SheetState.VOID).annotate(printed=valid)
    for who, state, paper, printed in rows.values_list("appointment", "state", "paper", "printed"):
        sheets[who].append((state, paper, printed))
    for one in experts:
        yield _desk(one, one.expert_id in committed, sheets[one.pk])


def _desk(appointment: Appointment, committed: bool, sheets: list[tuple[str, str, bool]]) -> Desk:
    waiting = [printed for state, paper, printed in sheets if state == SheetState.OPEN and paper != PaperState.TYPED]
    return Desk(
        appointment,
        committed,
        total=len(sheets),
        open=len(waiting),
        printed=sum(waiting),
        typed=sum(paper == PaperState.TYPED for _, paper, _ in sheets),
        entered=sum(state == SheetState.HANDED_IN and paper == PaperState.ENTERED for state, paper, _ in sheets),
    )


def typed(round_: Round) -> QuerySet[PaperSheet]:
    """The papers that somebody typed, those that wait for their check first."""
    rows = round_.papers_printed.filter(entry__isnull=False).select_related(
        "sheet__entry__package", "entry__typed_by", "entry__checked_by"
    )
    return rows.order_by(F("entry__checked_at").desc(nulls_first=True), "-entry__typed_at", "-pk")
