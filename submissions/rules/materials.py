"""The papers that stand behind a work (rules.md "What may enter" 5–7; domain.md F3, G).

A red line stops the submit. Where a paper may lie with the auditor in another form, a person looks instead.
"""

from __future__ import annotations

from submissions.rules.findings import Content, Finding, Season

_COMPLETE = "002 附件1 一(一)5"
_CATEGORIES = "002 附件1 一(一)3"


def findings(content: Content) -> list[Finding]:
    lines = [_pictures(content), _appraisal(content), _figures(content), _pledge(content)]
    if content.get("benefit_path") == "economic":
        lines.append(_benefit_proof(content))
    if content.get("category") == "cost_management":
        lines.append(_adopted(content))
    return lines


def _has(content: Content, *kinds: str) -> bool:
    return any(item["kind"] in kinds for item in content.get("attachments") or [])


def _pictures(content: Content) -> Finding:
    has = _has(content, "photo")
    sentence = "已附成果图片。" if has else "请上传至少一张成果图片（现场或实物）。"
    return Finding("photo", "成果图片", "green" if has else "red", sentence, _COMPLETE, "attachments")


def _appraisal(content: Content) -> Finding:
    has = _has(content, "appraisal_certificate")
    sentence = "已附有关部门的鉴定书。" if has else "未附鉴定书，由审核员判断其他证明材料是否足够。"
    return Finding("appraisal", "鉴定书", "green" if has else "person", sentence, _COMPLETE, "attachments")


def _figures(content: Content) -> Finding:
    """附件3 “项目成果简介（要有数据体现）” (domain.md G): a warning, as a figure may be written in words."""
    has = any(sign.isdecimal() for sign in content.get("summary") or "")
    sentence = "成果简介有数据。" if has else "成果简介中没有数字：请补充应用前后的数据，由审核员判断是否有数据体现。"
    return Finding("figures", "数据体现", "green" if has else "person", sentence, "002 附件3", "summary")


def _pledge(content: Content) -> Finding:
    """The signed form beside the checkbox (domain.md F3); the paper itself may lie with the auditor."""
    has = _has(content, "pledge")
    sentence = (
        "已附签字盖章的承诺书。" if has else "未附承诺书：请打印承诺书，签字盖章后上传；未上传的由审核员核对原件。"
    )
    return Finding("pledge", "签字的承诺书", "green" if has else "person", sentence, _COMPLETE, "attachments")


def _benefit_proof(content: Content) -> Finding:
    """Asked for on the economic path (domain.md G); whoever verified the amount has seen on what it stands."""
    has, verified = _has(content, "benefit_proof"), content.get("verified_wan")
    sentence = "未附效益证明：请上传财务盖章的效益证明；未上传的由审核员核实后核定金额。"
    if has or verified:
        sentence = "已附效益证明。" if has else "未附效益证明，金额已由审核员核定。"
    return Finding(
        "benefit_proof", "效益证明", "green" if has or verified else "person", sentence, _COMPLETE, "attachments"
    )


def _adopted(content: Content) -> Finding:
    """附件1 一(一)3 (4) names “被采纳为合理化建议”: the second limb of the category (domain.md D)."""
    has = _has(content, "application_proof")
    sentence = "属于管理改革、合理化建议的，须有采纳证明：请上传应用证明，由审核员核对。"
    return Finding(
        "adopted", "采纳证明", "green" if has else "person", "已附应用证明。" if has else sentence, _CATEGORIES,
        "attachments",
    )  # fmt: skip


def award(content: Content, level: str, label: str, lacking: str, clause: str) -> Finding:
    """An award counts with its proof, or by the round of this portal that gave it (rules.md "What may enter" 5).

    The county's is asked for at the recommendation, so its lack is told before.
    """
    found = [row for row in content.get("commendations") or [] if row["level"] == level]
    proven = [row for row in found if row["proof"] or row.get("given")]
    if proven:
        return Finding(level + "_award", label, "green", f"已获“{proven[0]['name']}”。", clause, "commendations")
    if found:
        text = f"请为“{found[0]['name']}”上传表彰文件，并在该行选择证明材料。"
    elif level == "base":
        text = "本届要求申报前经基层表彰：请在“基层表彰”中填写奖项，并选择证明材料。"
    else:
        text = "本届要求推荐前经县级（产业、集团）评审表彰：请在推荐前填写奖项，并选择证明材料。"
    return Finding(level + "_award", label, lacking, text, clause, "commendations")


def stamped(content: Content, season: Season) -> Finding:
    """`stamped_copy` is the number of the form whose scan fits the content, `stamped_outdated` that of one that did."""
    label, clause = "盖章扫描件", "002 附件3“推荐单位盖章” (P)"
    number, old = content.get("stamped_copy"), content.get("stamped_outdated")
    if number:
        return Finding("stamped", label, "green", f"已上传表号 {number} 的盖章扫描件。", clause, "stamped")
    if old:
        text = f"已上传的扫描件（表号 {old}）与现在的内容不一致：请重新打印、盖章并上传。"
    else:
        text = "请打印申报表，盖章后上传扫描件。"
    return Finding("stamped", label, "red" if season.stamped_copy == "submit" else "person", text, clause, "stamped")
