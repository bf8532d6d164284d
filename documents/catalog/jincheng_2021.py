"""The papers of 晋城 2021 (notice 002, 附件2 to 附件4), every label as printed there."""

from core.spec import Column, Field, Form, Label, Line, Photo, Row, Section, Slot, Table

from .formats import EMPTY_DATE, SEAL_AND_DATE

SEAL = Slot("推荐单位盖章:")
SIGNATURES = Line(left=Slot("填报人:", "filled_by"), middle=Slot("负责人:", "responsible_person"))

RECOMMENDATION_TABLE = Form(
    code="recommendation_table",
    annex="附件 2",
    title="“五小”竞赛优秀成果推荐表",
    orientation="landscape",
    head=(Line(left=SEAL),),
    body=(
        Table(
            columns=(
                Column("number", "序号", 12),
                Column("industry", "所属行业", 24),
                Column("category", "项目类型", 28),
                Column("title", "项目名称", 62, align="left"),
                Column("leader", "项目带头人", 24),
                Column("sex", "性别", 12),
                Column("patents", "是否获得专利\n(如已获得,请填写专利号\n及授权公告日)", 45, narrow=True),
                Column("unit", "单位名称", 40),
            ),
            head_mm=14,
            row_mm=8,
            min_rows=12,
        ),
    ),
    notes=(
        "所属行业指: 煤炭、电力、冶金、化工、机械、行政事业等",
        "项目类型指: 产品类、设备类、工艺类、成本与管理类、环保与节能类。详见附件 1 说明",
    ),
)
"""Data: `rows`, each with number (the rank of the recommendation), industry, category, title, leader, sex,
patents (`formats.patent_lines`), unit."""

ACHIEVEMENT_BRIEF = Form(
    code="achievement_brief",
    annex="附件 3",
    title="“五小”竞赛优秀成果简介",
    name_key="title",
    head=(Line(left=SEAL, right=Slot(key="dated_on", blank=EMPTY_DATE)),),
    body=(
        Section(
            widths_mm=(30, 48, 30, 48),
            rows=(
                Row((Label("项目名称"), Field("title", colspan=3)), 12),
                Row((Label("完成单位"), Field("unit", colspan=3)), 12),
                Row((Label("项目带头人"), Field("leader"), Label("项目实施时间"), Field("period")), 12),
                Row(
                    (
                        Label("是否获得专利\n（如已获得，\n请填写专利号\n及授权公告日）", narrow=True),
                        Field("patents", colspan=3),
                    ),
                    16,
                ),
                Row(
                    (
                        Label("项目成果简介\n（要有数据\n体现）"),
                        Field("summary", colspan=3, align="left", top=True, indent=True),
                    ),
                    130,
                    grows=True,
                ),
            ),
        ),
    ),
    foot=(SIGNATURES,),
)
"""Data: dated_on (date), title, unit, leader, period (`formats.period`), patents (`formats.patent_lines`),
summary (paragraphs), filled_by, responsible_person."""

LEADER_PROFILE = Form(
    code="leader_profile",
    annex="附件 4",
    title="“五小”竞赛优秀成果项目带头人简介",
    name_key="name",
    body=(
        Section(
            widths_mm=(22, 36, 18, 10, 18, 16, 36),
            rows=(
                Row(
                    (
                        Label("姓 名"),
                        Field("name"),
                        Label("性别"),
                        Field("sex"),
                        Label("出生年月", narrow=True),
                        Field("birth_month", narrow=True),
                        Photo("photo", "免冠2寸\n红底相片", 35, 53, rowspan=5),
                    ),
                    11,
                ),
                Row((Label("项目名称"), Field("title", colspan=5)), 11),
                Row((Label("工作单位"), Field("unit"), Label("行 业"), Field("industry", colspan=3)), 11),
                Row(
                    (
                        Label("参加工作\n时间"),
                        Field("joined_work_in"),
                        Label("政治面貌", narrow=True),
                        Field("political_status", colspan=3),
                    ),
                    11,
                ),
                Row(
                    (
                        Label("职 称"),
                        Field("professional_title"),
                        Label("技术等级", narrow=True),
                        Field("skill_level", colspan=3),
                    ),
                    11,
                ),
                Row(
                    (
                        Label("文化程度"),
                        Field("education_level"),
                        Label("联系电话", narrow=True),
                        Field("phone", colspan=4),
                    ),
                    11,
                ),
                Row((Label("曾获最高\n荣誉"), Field("highest_honour", colspan=6)), 14),
                Row(
                    (Label("个人简介"), Field("biography", colspan=6, align="left", top=True, indent=True)),
                    55,
                    grows=True,
                ),
                Row(
                    (Label("主要事迹"), Field("deeds", colspan=6, align="left", top=True, indent=True)),
                    80,
                    grows=True,
                ),
            ),
        ),
    ),
)
"""Data: name, sex, birth_month and joined_work_in (`formats.month`), photo (`Picture`), title, unit, industry,
political_status, professional_title, skill_level, education_level, phone, highest_honour, biography and deeds
(paragraphs)."""


def _opinion(label: str, key: str) -> Row:
    cell = Field(key, colspan=3, align="left", top=True, indent=True, tail=SEAL_AND_DATE)
    return Row((Label(label), cell), 32)


WINNER_UNIT_FORM = Form(
    code="winner_unit_form",
    annex="附件 5",
    title="“五小”竞赛优胜单位申报表",
    name_key="unit_name",
    head=(Line(left=SEAL),),
    body=(
        Section(
            widths_mm=(32, 46, 32, 46),
            rows=(
                Row((Label("单位名称"), Field("unit_name"), Label("法人代表"), Field("legal_representative")), 11),
                Row((Label("单位性质"), Field("nature_text"), Label("联系电话"), Field("phone")), 11),
                Row((Label("职工总数"), Field("head_count"), Label("职工参与率"), Field("rate")), 11),
                Row(
                    (
                        Label("“五小”竞赛\n开展情况\n简介"),
                        Field("brief", colspan=3, align="left", top=True, indent=True),
                    ),
                    70,
                    grows=True,
                ),
                _opinion("申报单位意见", "unit_opinion"),
                _opinion("县级(产业)\n意见", "county_opinion"),
                _opinion("市级意见", "city_opinion"),
            ),
        ),
    ),
    foot=(SIGNATURES,),
)
"""Data: unit_name, legal_representative, nature_text, phone, head_count (int), rate (`87.50%`), brief, the three
opinions with their `…_tail` (seal and date once given), filled_by, responsible_person."""
