"""The paper of 新乡县 2015 (notice 000). Its body is lost: the grid is ours, "此表一式三份，可复印" is the notice's."""

from core.spec import Field, Form, Label, Row, Section

from .formats import SEAL_AND_DATE


def _pair(left: Label, left_key: str, right: Label, right_key: str) -> Row:
    return Row((left, Field(left_key), right, Field(right_key)), 12)


def _text(label: str, key: str, height_mm: float, *, grows: bool = True) -> Row:
    cell = Field(key, colspan=3, align="left", top=True, indent=True)
    return Row((Label(label), cell), height_mm, grows=grows)


def _opinion(label: str, key: str) -> Row:
    cell = Field(key, colspan=3, align="left", top=True, indent=True, tail=SEAL_AND_DATE)
    return Row((Label(label), cell), 24)


ACHIEVEMENT_APPLICATION = Form(
    code="achievement_application",
    title="“五小”竞赛成果申报表",
    name_key="title",
    copies=3,
    body=(
        Section(
            widths_mm=(30, 48, 30, 48),
            rows=(
                Row((Label("项目名称"), Field("title", colspan=3)), 12),
                _pair(Label("申报单位"), "unit", Label("五小类别"), "kind"),
                _pair(Label("项目带头人"), "leader", Label("联系电话"), "phone"),
                _pair(Label("实施时间"), "period", Label("年经济效益\n(万元)"), "benefit_wan"),
                _text("主要内容\n及创新点", "summary", 60),
                _text("效益情况", "benefit", 20),
                _opinion("单位(工会)\n意见", "unit_opinion"),
                _opinion("县竞赛办\n意见", "county_opinion"),
            ),
        ),
    ),
    notes=("注：此表一式三份，可复印",),
)
"""Data: title, unit, kind, leader, phone, period, benefit_wan (Decimal), summary, benefit, unit_opinion,
county_opinion (paragraphs)."""
