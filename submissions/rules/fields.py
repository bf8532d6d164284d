"""The fields of an achievement, stated once: the form, the completeness list, the version and the papers read them.

Sections follow the official forms (experience.md 2). Keys are the keys of a version's content (see Content below).
"""

from __future__ import annotations

from dataclasses import dataclass

from submissions.rules import codes


@dataclass(frozen=True)
class FieldRule:
    """`required`: must be filled before a submit; `source`: the clause or form that asks for it."""

    key: str
    label: str
    section: str
    required: bool = False
    max_length: int | None = None
    help: str = ""
    source: str = ""
    only_path: str = ""  # required on this benefit path only


SECTIONS: dict[str, str] = {
    "basic": "基本信息",
    "leader": "项目带头人",
    "brief": "成果简介",
    "benefit": "效益与应用",
    "proof": "证明材料",
    "pledge": "承诺",
}

_F3 = "002 附件3"
_F4 = "002 附件4"

FIELDS: dict[str, FieldRule] = {
    f.key: f
    for f in (
        FieldRule("title", "项目名称", "basic", True, 100, source=_F3),
        FieldRule("kind", "五小类别", "basic", True, source="001 二; rules.md 2"),
        FieldRule("category", "项目类型", "basic", True, source="002 附件1 一(一)3"),
        FieldRule("category_note", "类型说明", "basic", False, 300, "选“其它”时，说明为何不属于前五类。"),
        FieldRule("industry", "所属行业", "basic", True, source="002 附件2"),
        FieldRule("implemented_from", "项目实施时间（起）", "basic", True, source=_F3),
        FieldRule("implemented_to", "项目实施时间（止）", "basic", True, source=_F3),
        FieldRule("completed_on", "完成日期", "basic", True, help="须在成果时间范围内。", source="002 附件1 一(一)1"),
        FieldRule("leader.name", "姓名", "leader", True, 50, source=_F4),
        FieldRule("leader.gender", "性别", "leader", True, source=_F4),
        FieldRule("leader.birth_month", "出生年月", "leader", True, 7, "如 1985.06", _F4),
        FieldRule("leader.employer", "工作单位", "leader", True, 100, source=_F4),
        FieldRule("leader.work_started", "参加工作时间", "leader", True, 7, "如 2007.07", _F4),
        FieldRule("leader.political_status", "政治面貌", "leader", True, source=_F4),
        FieldRule("leader.professional_title", "职称", "leader", True, 40, source=_F4),
        FieldRule("leader.skill_level", "技术等级", "leader", True, source=_F4),
        FieldRule("leader.education_level", "文化程度", "leader", True, source=_F4),
        FieldRule("leader.phone", "联系电话", "leader", True, 20, "只供办公室与推荐单位联系，不对外公开。", _F4),
        FieldRule("leader.top_honour", "曾获最高荣誉", "leader", False, 200, "没有可不填。", _F4),
        FieldRule("leader.bio", "个人简介", "leader", True, 2000, source=_F4),
        FieldRule("leader.deeds", "主要事迹", "leader", True, 3000, source=_F4),
        FieldRule("leader.photo", "免冠2寸红底相片", "leader", False, help="JPG 或 PNG，35×49 毫米。", source=_F4),
        FieldRule(
            "summary", "项目成果简介", "brief", True, 3000, "要有数据体现；请勿写单位与人员姓名，评审为盲评。", _F3
        ),
        FieldRule("innovation", "创新点", "brief", True, 1500, "与原有做法相比，新在哪里。", "002 附件1 一(一)2"),
        FieldRule("applied_from", "应用时间", "benefit", True, help="何时起用于生产。", source="002 附件1 一(一)5"),
        FieldRule(
            "benefit_path",
            "计分效益",
            "benefit",
            True,
            help="经济效益与社会效益取其中一种计分。",
            source="002 附件1 一(二)3",
        ),
        FieldRule(
            "benefit_wan", "年经济效益（万元）", "benefit", True, only_path="economic", help="一年的金额，两位小数。"
        ),
        FieldRule("benefit_basis", "测算依据", "benefit", True, 1500, "怎样算出来的。", only_path="economic"),
        FieldRule("social_benefit", "社会效益", "benefit", True, 1500, only_path="social"),
        FieldRule("filled_by", "填报人", "pledge", True, 50, source=_F3),
        FieldRule("responsible_person", "负责人", "pledge", True, 50, source=_F3),
        FieldRule("government_project", "是否为国家、省、市、县立项项目", "pledge", True, source="002 五(七)"),
        FieldRule("dedicated_funds", "是否有专门经费", "pledge", True, source="002 五(七)"),
        FieldRule("research_centre_topic", "是否为研究中心专项课题", "pledge", True, source="002 五(七)"),
        FieldRule(
            "classified",
            "是否含有国家秘密、工作秘密",
            "pledge",
            True,
            help="涉密内容不得在本系统填报、上传。",
            source="domain.md F10",
        ),
        FieldRule("truth_declared", "真实性承诺", "pledge", True, source="002 附件1 一(一)5; 001 六(一)"),
    )
}


LISTS = {"members": "成员", "patents": "专利", "commendations": "基层表彰", "attachments": "证明材料"}
"""The parts of an achievement that are lists of rows: they have no rule of their own but may be spoken of."""


_ALONE = {"studio": "创新工作室"}


def label(key: str) -> str:
    return FIELDS[key].label if key in FIELDS else (LISTS | _ALONE).get(key, key)


def in_section(section: str) -> list[FieldRule]:
    return [rule for rule in FIELDS.values() if rule.section == section]


def code_label(key: str, value: str) -> str:
    """The words of a code value (domain.md J), or the value itself."""
    return dict(codes.LISTS.get(key.removeprefix("leader."), ())).get(value, value)
