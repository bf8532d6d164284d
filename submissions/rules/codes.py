"""Code lists of the official forms (domain.md J) and the kinds of attachments (domain.md G)."""

from __future__ import annotations

from dataclasses import dataclass

GENDER = (("male", "男"), ("female", "女"))
POLITICAL_STATUS = (
    ("party_member", "中共党员"),
    ("probationary", "中共预备党员"),
    ("league_member", "共青团员"),
    ("democratic_party", "民主党派"),
    ("non_party", "无党派人士"),
    ("masses", "群众"),
)
EDUCATION_LEVEL = (
    ("doctor", "博士"),
    ("master", "硕士"),
    ("bachelor", "本科"),
    ("junior_college", "大专"),
    ("secondary_vocational", "中专"),
    ("senior_high", "高中"),
    ("junior_high", "初中及以下"),
)
SKILL_LEVEL = (
    ("apprentice", "学徒工"),
    ("junior", "初级工"),
    ("intermediate", "中级工"),
    ("senior", "高级工"),
    ("technician", "技师"),
    ("senior_technician", "高级技师"),
    ("special_technician", "特级技师"),
    ("chief_technician", "首席技师"),
    ("none", "无"),
)
BENEFIT_PATH = (("economic", "经济效益"), ("social", "社会效益"))
PATENT_TYPE = (("invention", "发明"), ("utility_model", "实用新型"), ("design", "外观设计"))
PATENT_TYPE_BY_DIGIT = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}
"""The digit of a patent number that says its type (ZC 0006-2003)."""
PATENT_STATUS = (("applied", "申请中"), ("granted", "已授权"), ("lapsed", "已失效"))
COMMENDATION_LEVEL = (("base", "基层单位"), ("county", "县级（产业、集团）"))
"""Who commended a work before it was entered (001 五(三) “各县(区)总工会、各基层工会评审表彰”)."""

LISTS = {
    "gender": GENDER,
    "political_status": POLITICAL_STATUS,
    "education_level": EDUCATION_LEVEL,
    "skill_level": SKILL_LEVEL,
    "benefit_path": BENEFIT_PATH,
}

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENTS = frozenset({PDF, JPEG, PNG, DOCX, XLSX})
PICTURES = frozenset({JPEG, PNG})
MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
MAX_ATTACHMENTS = 10
MAX_PHOTO_BYTES = 2 * 1024 * 1024
MAX_PATENTS = 10
MAX_COMMENDATIONS = 5


@dataclass(frozen=True)
class AttachmentKind:
    code: str
    label: str
    allowed: frozenset[str] = DOCUMENTS
    help: str = ""


ATTACHMENT_KINDS = {
    kind.code: kind
    for kind in (
        AttachmentKind("photo", "成果图片", PICTURES, "至少一张现场或实物图片"),
        AttachmentKind("drawing_spec", "图表说明书"),
        AttachmentKind("appraisal_certificate", "鉴定书", help="由有关部门出具"),
        AttachmentKind("benefit_proof", "效益证明", help="财务盖章"),
        AttachmentKind("application_proof", "应用证明"),
        AttachmentKind("patent_certificate", "专利证书"),
        AttachmentKind("local_award_document", "基层表彰文件"),
        AttachmentKind("pledge", "承诺书"),
        AttachmentKind("other", "其他材料"),
    )
}
