"""The score sheet on paper: one of a work for one expert, from the round's rubric; and the list they are handed out by.

No notice prescribes them. The sheet names neither unit nor person of the work, nor the expert: only her pseudonym.
"""

from __future__ import annotations

from core.spec import Cell, Column, Field, Form, Label, Line, Row, Section, Slot, Table
from scoring.rules.rubric import Criterion, Level, Rubric, levels_for

_HEAD = (26.0, 52.0, 26.0, 52.0)
_MARKS = (26.0, 90.0, 20.0, 20.0)
_SIGNED = "专家签名:"
_DATE = Slot("日期:", blank="　　　　年　　月　　日")
_HOW = "说明:每项先在一档的□内打“√”,再写该档内的整数分;改动处须签名。"


def _pair(left: str, left_key: str, right: str, right_key: str) -> Row:
    cells: list[Cell] = []
    for label, key in ((left, left_key), (right, right_key)):
        cells += [Label(label, narrow=True), Field(key, narrow=True)]
    return Row(tuple(cells), 8)


WORK = Section(
    widths_mm=_HEAD,
    rows=(
        Row((Label("表　　码", narrow=True), Field("paper"), Label("评审编号", narrow=True), Field("code")), 8),
        _pair("评审轮次", "round", "专家代号", "expert"),
        Row((Label("项目名称", narrow=True), Field("title", colspan=3, align="left", narrow=True)), 9),
        _pair("行业类型", "field", "计分效益", "path"),
    ),
)
WORDS = Section(
    widths_mm=(26.0, 130.0),
    rows=(
        Row((Label("评　　语", narrow=True), Field("comment", align="left", top=True)), 20),
        Row((Label("数据存疑", narrow=True), Field("doubt", align="left", top=True)), 11),
        Row((Label("不符合\n申报条件", narrow=True), Field("ineligible", align="left", top=True)), 11),
    ),
)


def score_sheet(rubric: Rubric, path: str, bound: Level | None) -> Form:
    """The blank sheet of works that are scored on this path; `bound` is the level that the verified amount fixes."""
    return Form(
        code="score_sheet",
        title="“五小”竞赛成果评分表",
        body=(WORK, _marks(rubric, path, bound), WORDS),
        foot=(Line(left=Slot(_SIGNED), right=_DATE),),
        notes=(_HOW,),
        name_key="code",
    )


def _marks(rubric: Rubric, path: str, bound: Level | None) -> Section:
    head = Row(tuple(Label(text, narrow=True) for text in ("评分项", "档　　次", "分　值", "得　分")), 7)
    rows = [row for criterion in rubric.criteria for row in _criterion(criterion, path, bound)]
    total = Row((Label("合　　计", narrow=True), Field("blank", colspan=2), Field("blank")), 9)
    return Section(widths_mm=_MARKS, rows=(head, *rows, total))


def _criterion(criterion: Criterion, path: str, bound: Level | None) -> list[Row]:
    levels = levels_for(criterion, path)
    if criterion.paths and bound in levels:
        levels = tuple(level for level in levels if level == bound)
    name = f"{criterion.name}\n({levels[0].high} 分)"
    fixed = bool(criterion.paths) and bound is not None
    return [_level(level, name if at == 0 else "", len(levels), bound=fixed) for at, level in enumerate(levels)]


def _level(level: Level, name: str, count: int, *, bound: bool) -> Row:
    """`name` on the first row of a criterion: it and the place for the points span all its levels."""
    tick = "☑" if bound else "□"
    text = f"{tick} {level.text}{'(按核定金额已定)' if bound else ''}"
    cells: list[Cell] = [
        Label(text, align="left", narrow=True),
        Label(f"{level.low}—{level.high}", narrow=True),
    ]
    if name:
        cells = [Label(name, rowspan=count, narrow=True), *cells, Field("blank", rowspan=count)]
    return Row(tuple(cells), 9 if count == 1 else 7)


HAND_OUT = Form(
    code="score_sheet_list",
    title="纸质评分表交接单",
    head=(
        Line(left=Slot("评审轮次: ", "round"), right=Slot("交卷截止: ", "closes")),
        Line(left=Slot("专　　家: ", "name"), right=Slot("专家代号: ", "expert")),
    ),
    body=(
        Table(
            columns=(
                Column("number", "序号", 13),
                Column("code", "评审编号", 21),
                Column("title", "项目名称", 76, align="left", narrow=True),
                Column("paper", "表码", 28),
                Column("back", "交回", 18),
            ),
            head_mm=10,
            row_mm=8,
        ),
    ),
    foot=(
        Line(left=Slot("发出人签字:"), right=_DATE),
        Line(left=Slot("专家签字:"), right=_DATE),
        Line(left=Slot("收回人签字:"), right=_DATE),
    ),
    name_key="name",
)
"""Data: round, closes, name, expert, `rows` with number, code, title, paper."""

COMMITMENT = Form(
    code="commitment",
    title="评审承诺书",
    head=(Line(left=Slot("评审轮次: ", "round"), right=Slot("专　　家: ", "name")),),
    body=(
        Section(
            widths_mm=(156.0,),
            rows=(
                Row((Field("points", align="left", top=True),), 70),
                Row((Label("本人已阅读并承诺遵守以上各条。"),), 12),
            ),
        ),
    ),
    foot=(Line(left=Slot("承诺人签名:"), right=_DATE),),
    name_key="name",
)
"""Data: round, name, points (paragraphs). Signed by an expert who has not accepted it on the portal."""
