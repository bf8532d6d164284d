"""Declarations that the notices ask for without giving a form (002 附件1 一(一)5, 001 六(一)(三)): the grid is ours."""

from collections.abc import Mapping
from typing import Any

from core.spec import Field, Form, Label, Line, Row, Section, Slot

from .formats import EMPTY_DATE, SEAL_AND_DATE

TRUTH_PLEDGE = Form(
    code="truth_pledge",
    title="“五小”竞赛成果真实性承诺书",
    name_key="title",
    body=(
        Section(
            widths_mm=(30, 48, 30, 48),
            rows=(
                Row((Label("项目名称"), Field("title", colspan=3)), 12),
                Row((Label("完成单位"), Field("unit", colspan=3)), 12),
                Row((Label("项目带头人"), Field("leader"), Label("五小类别"), Field("kind")), 12),
                Row(
                    (Label("承 诺\n事 项"), Field("pledge", colspan=3, align="left", top=True, indent=True)),
                    110,
                    grows=True,
                ),
                Row((Label("项目带头人\n签  字"), Field("signature", tail=EMPTY_DATE, colspan=3)), 24),
                Row((Label("完成单位\n（工会）"), Field("seal", tail=SEAL_AND_DATE, colspan=3)), 30),
            ),
        ),
    ),
    foot=(Line(left=Slot("填报人:", "filled_by"), middle=Slot("负责人:", "responsible_person")),),
)
"""Data: title, unit, leader, kind, pledge (paragraphs), filled_by, responsible_person; the rest is by hand."""

PLEDGE = "\n".join(
    (
        "一、所申报的成果真实，数据真实、准确、不夸大，配套材料完整。",
        "二、成果符合国家和企业颁布的各类技术标准、安全规章、操作规程和管理制度。",
        "三、成果在规定的成果时间范围内完成，已产生经济效益或社会效益。",
        "四、没有重复申报，没有冒用、盗用他人成果；成果权属清楚，没有争议。",
        "五、不属于国家、省、市、县立项并有专门经费的重大科研项目或研究中心专项课题。",
        "六、所填内容和所附材料不含国家秘密、工作秘密；所填个人信息已征得本人同意。",
        "如有不实，自愿接受取消评选资格等处理，并承担相应责任。",
    )
)


def pledge(content: Mapping[str, Any], leader: str, kind: str) -> dict[str, Any]:
    """What a work's 承诺书 says; it is signed and sealed by hand."""
    said = {"title": content["title"], "unit": content["unit_name"], "leader": leader, "kind": kind, "pledge": PLEDGE}
    return said | {key: content[key] for key in ("filled_by", "responsible_person")}
