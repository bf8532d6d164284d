"""What may enter, as a checklist that unit, auditor and office see alike (rules.md "What may enter").

`Content` is the plain mapping of a version (queries.content); dates are ISO strings, amounts decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from submissions.rules.fields import FIELDS, FieldRule

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Season:
    """What the rules need to know of the contest: the achievement window (inclusive) and the lists in force."""

    window_start: date
    window_end: date
    explained_categories: frozenset[str]
    max_members: int = 5
    block_classified: bool = False
    require_local_award: bool = False
    require_county_award: bool = False
    stamped_copy: str = ""  # the move that asks for it: "submit", "recommend", or none


@dataclass(frozen=True)
class Finding:
    """`state`: green, red (blocks the submit), or person (somebody must look). `sentence` says what to do."""

    code: str
    label: str
    state: str
    sentence: str
    clause: str
    field: str = ""
    overruled: bool = False  # green because the office said so

    @property
    def cited(self) -> str:
        """The clause as a page names it: 附件1 一（一）5; what stands on our own policy is the contest's rule."""
        if not self.clause.startswith("002 "):
            return "本届规则"
        return self.clause.removeprefix("002 ").replace("(", "（").replace(")", "）")


def value(content: Content, key: str) -> Any:
    """`leader.name` and the like; None when absent."""
    head, _, tail = key.partition(".")
    found = content.get(head)
    return (found or {}).get(tail) if tail else found


def missing(content: Content, season: Season) -> list[FieldRule]:
    """The required fields that are still empty, in the order of the form."""
    path = content.get("benefit_path")
    rules = [r for r in FIELDS.values() if r.required and r.only_path in ("", path)]
    absent = [r for r in rules if value(content, r.key) in (None, "", False) and r.key not in _YES_NO]
    asked = _YES_NO if season.block_classified else _YES_NO - {"classified"}
    absent += [r for r in rules if r.key in asked and value(content, r.key) is None]
    if content.get("category") in season.explained_categories and not content.get("category_note"):
        absent.append(FIELDS["category_note"])
    order = list(FIELDS)
    return sorted(absent, key=lambda r: order.index(r.key))


_YES_NO = frozenset({"government_project", "dedicated_funds", "research_centre_topic", "classified"})


def findings(content: Content, season: Season) -> list[Finding]:
    return [
        _complete(content, season),
        _one_leader(content),
        _window(content, season),
        _in_use(content),
        _benefit(content),
        _not_funded(content),
        _members(content, season),
        _pictures(content),
        _appraisal(content),
        _truth(content),
        *_asked_by_the_contest(content, season),
    ]


OVERRIDABLE = {"not_funded": "非立项专项经费项目", "patent_check": "专利号校验位"}
"""What the office may overrule with a reason (domain.md F5: only the city office; 3.10: a number whose check fails)."""


def overrule(found: list[Finding], reasons: Mapping[str, str]) -> list[Finding]:
    """The checklist after the office's word: a red rule with a reason is met, and says by whose word."""
    return [_overruled(finding, reasons.get(finding.code, "")) for finding in found]


def _overruled(finding: Finding, reason: str) -> Finding:
    if finding.state != "red" or not reason or finding.code not in OVERRIDABLE:
        return finding
    return replace(finding, state="green", sentence=f"竞赛办公室准予：{reason}", overruled=True)


def blocks(content: Content, season: Season) -> list[Finding]:
    return [finding for finding in findings(content, season) if finding.state == "red"]


def _complete(content: Content, season: Season) -> Finding:
    absent = missing(content, season)
    names = "、".join(f"“{rule.label}”" for rule in absent[:5])
    more = f"等 {len(absent)} 项" if len(absent) > 5 else ""
    sentence = f"请补填{names}{more}。" if absent else "各项均已填写。"
    return Finding("complete", "填写完整", "red" if absent else "green", sentence, "002 附件1 一(一)5",
                   absent[0].key if absent else "")  # fmt: skip


def _one_leader(content: Content) -> Finding:
    ok = bool(value(content, "leader.name"))
    sentence = "已明确 1 名项目带头人。" if ok else "请填写发挥主要作用的 1 名项目带头人。"
    return Finding("leader", "一名项目带头人", "green" if ok else "red", sentence, "002 附件1 一(一)5", "leader.name")


def _window(content: Content, season: Season) -> Finding:
    text = content.get("completed_on")
    span = f"{season.window_start:%Y年%-m月%-d日}至{season.window_end:%Y年%-m月%-d日}"
    if text and season.window_start <= date.fromisoformat(text) <= season.window_end:
        return Finding(
            "window", "在成果时间范围内完成", "green", f"完成于 {text}。", "002 附件1 一(一)1", "completed_on"
        )
    sentence = f"完成日期须在{span}之间；请核对完成日期。"
    return Finding("window", "在成果时间范围内完成", "red", sentence, "002 附件1 一(一)1", "completed_on")


def _in_use(content: Content) -> Finding:
    ok = bool(content.get("applied_from"))
    sentence = f"自 {content.get('applied_from')} 起应用。" if ok else "请填写应用时间：申报的成果须已产生效益。"
    return Finding("in_use", "已产生效益", "green" if ok else "red", sentence, "002 附件1 一(一)1", "applied_from")


def _benefit(content: Content) -> Finding:
    clause = "002 附件1 一(二)3"
    if content.get("benefit_path") != "economic":
        ok = bool(content.get("social_benefit"))
        sentence = "按社会效益计分，由专家评定。" if ok else "请选择计分效益并写明效益。"
        return Finding("benefit", "效益", "person" if ok else "red", sentence, clause, "social_benefit")
    amount = content.get("verified_wan") or content.get("benefit_wan")
    if not amount or Decimal(amount) <= 0:
        return Finding("benefit", "效益", "red", "按经济效益计分须填写大于 0 的年金额。", clause, "benefit_wan")
    if content.get("verified_wan"):
        return Finding("benefit", "效益", "green", f"审核认定每年 {amount} 万元。", clause, "benefit_wan")
    return Finding("benefit", "效益", "person", f"申报每年 {amount} 万元，待审核员核定。", clause, "benefit_wan")


def _not_funded(content: Content) -> Finding:
    """Dedicated funds AND a government project exclude; a research-centre topic alone does too (domain.md F5)."""
    clause = "002 五(七)"
    if content.get("government_project") and content.get("dedicated_funds"):
        text = "国家、省、市、县立项并有专门经费的科研项目不得申报；如填写有误请改正。"
        return Finding("not_funded", "非立项专项经费项目", "red", text, clause, "government_project")
    if content.get("research_centre_topic"):
        text = "研究中心专项课题不得申报；如填写有误请改正。"
        return Finding("not_funded", "非立项专项经费项目", "red", text, clause, "research_centre_topic")
    return Finding("not_funded", "非立项专项经费项目", "green", "已声明不属于立项并有专门经费的项目。", clause)


def _members(content: Content, season: Season) -> Finding:
    count = 1 + len(content.get("members") or [])
    ok = count <= season.max_members
    sentence = f"带头人与成员共 {count} 人。" if ok else f"带头人与成员合计不超过 {season.max_members} 人，请减少成员。"
    return Finding("members", "成员人数", "green" if ok else "red", sentence, "domain.md F4 (P)", "members")


def _pictures(content: Content) -> Finding:
    has = any(item["kind"] == "photo" for item in content.get("attachments") or [])
    sentence = "已附成果图片。" if has else "请上传至少一张成果图片（现场或实物）。"
    return Finding("photo", "成果图片", "green" if has else "red", sentence, "002 附件1 一(一)5", "attachments")


def _appraisal(content: Content) -> Finding:
    has = any(item["kind"] == "appraisal_certificate" for item in content.get("attachments") or [])
    sentence = "已附有关部门的鉴定书。" if has else "未附鉴定书，由审核员判断其他证明材料是否足够。"
    return Finding("appraisal", "鉴定书", "green" if has else "person", sentence, "002 附件1 一(一)5", "attachments")


def _truth(content: Content) -> Finding:
    ok = bool(content.get("truth_declared"))
    sentence = "已作真实性承诺。" if ok else "请勾选真实性承诺。"
    return Finding("truth", "真实性承诺", "green" if ok else "red", sentence, "002 附件1 一(一)5", "truth_declared")


def _asked_by_the_contest(content: Content, season: Season) -> list[Finding]:
    """What only some contests ask for; a contest that does not ask has a shorter list."""
    asked = [
        (season.block_classified, _classified(content)),
        (season.require_local_award, _award(content, "base", "基层表彰", "red", "domain.md F6; 001 五(三)、六(四)")),
        (season.require_county_award, _award(content, "county", "县级评审表彰", "person", "001 五(三)")),
        (bool(season.stamped_copy), _stamped(content, season)),
    ]
    return [finding for wanted, finding in asked if wanted]


def _classified(content: Content) -> Finding:
    clause = "domain.md F10 (P)"
    if content.get("classified"):
        text = "涉密内容不得申报：请删去涉密内容并撤下有关材料后改答“否”，不能删去的请撤回。"
        return Finding("classified", "不含涉密内容", "red", text, clause, "classified")
    answered = content.get("classified") is False
    text = "已声明不含国家秘密、工作秘密。" if answered else "请回答是否含有国家秘密、工作秘密。"
    return Finding("classified", "不含涉密内容", "green" if answered else "red", text, clause, "classified")


def _award(content: Content, level: str, label: str, lacking: str, clause: str) -> Finding:
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


def _stamped(content: Content, season: Season) -> Finding:
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
