"""Papers of a judged round: 评审结果表, 会议纪要, 评审存证. No notice prescribes them; the grids are ours."""

from core.spec import Column, Field, Form, Label, Line, Row, Section, Slot, Table

from .formats import EMPTY_DATE

WIDTHS = (30.0, 48.0, 30.0, 48.0)


def _pair(left: str, left_key: str, right: str, right_key: str) -> Row:
    return Row((Label(left), Field(left_key), Label(right), Field(right_key)), 11)


def _text(label: str, key: str, height_mm: float, *, grows: bool = False) -> Row:
    return Row((Label(label), Field(key, colspan=3, align="left", top=True)), height_mm, grows=grows)


SCORE_TABLE = Form(
    code="score_table",
    title="“五小”竞赛优秀成果评审结果表",
    subtitle="",
    orientation="landscape",
    head=(Line(left=Slot("评审轮次: ", "round"), right=Slot("汇总时间: ", "closed_on", EMPTY_DATE)),),
    body=(
        Table(
            columns=(
                Column("rank", "位次", 14),
                Column("code", "评审编号", 20),
                Column("title", "项目名称", 78, align="left"),
                Column("unit", "完成单位", 53, align="left"),
                Column("path", "计分效益", 16),
                Column("score", "得分", 18),
                Column("tier", "等次", 22),
                Column("sheets", "计分\n份数", 12),
                Column("remark", "备注", 14),
            ),
            head_mm=12,
            row_mm=8,
        ),
    ),
    foot=(Line(left=Slot("评审委员会主任签字:"), right=Slot("监督员签字:")),),
)
"""Data: round, closed_on (date), `rows` with rank, code, title, unit, path, score, tier, sheets, remark."""

MINUTES = Form(
    code="minutes",
    title="“五小”竞赛评审委员会会议纪要",
    body=(
        Section(
            widths_mm=WIDTHS,
            rows=(
                _pair("评审轮次", "round", "汇总时间", "closed_on"),
                _pair("参评成果", "works", "收到评分表", "sheets"),
                _text("评分标准\n与计分规则", "rules", 24),
                _text("等次与奖金", "tiers", 30),
                _text("评审委员会\n评定事项", "decisions", 60, grows=True),
                _text("荣　　誉", "honours", 12, grows=True),
                _text("缺评说明", "waiver", 12),
                _text("存　　证", "evidence", 24),
            ),
        ),
    ),
    foot=(Line(left=Slot("主持人签字:"), middle=Slot("记录人签字:"), right=Slot("监督员签字:")),),
)
"""Data: round, closed_on, works, sheets (texts), rules, tiers, decisions, honours, waiver, evidence (paragraphs)."""

ATTESTATION = Form(
    code="attestation",
    title="“五小”竞赛评审存证",
    body=(
        Section(
            widths_mm=WIDTHS,
            rows=(
                _pair("竞　　赛", "contest", "评审轮次", "round"),
                _pair("参评成果", "works", "收到评分表", "sheets"),
                _text("评分标准", "rubric", 14),
                _text("计分规则", "rules", 24),
                _text("评审数据\nSHA-256", "season", 12),
                _text("排　　名\nSHA-256", "ranking", 12),
                _text("记录链链首", "head", 16),
                _text("怎样核对", "how", 70, grows=True),
            ),
        ),
    ),
    foot=(Line(left=Slot("竞赛办公室(盖章):"), right=Slot(key="printed_on", blank=EMPTY_DATE)),),
)
"""Data: contest, round, works, sheets, rubric, rules, season, ranking, head, how (paragraphs), printed_on (date)."""
