"""What may enter, as a checklist that unit, auditor and office see alike (rules.md "What may enter").

`Content` is the plain mapping of a version (queries.content); dates are ISO strings, amounts decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from submissions.rules import materials
from submissions.rules.fields import FIELDS, FieldRule
from submissions.rules.findings import Content, Finding, Season, value

__all__ = ["Content", "Finding", "Season", "value"]


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
    """The lines that ask something of the content, each with its place in the notice of this season."""
    return [replace(line, ground=season.grounds.get(line.code, "")) for line in _lines(content, season)]


def _lines(content: Content, season: Season) -> list[Finding]:
    return [
        _complete(content, season),
        _one_leader(content),
        _window(content, season),
        _in_use(content, season),
        _benefit(content),
        _not_funded(content),
        _members(content, season),
        *materials.findings(content),
        _truth(content),
        *_fitting(content, season),
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
    done = date.fromisoformat(text) if text else None
    if done and done > season.today:
        state, sentence = "red", f"完成日期 {text} 还没有到：申报的成果须已经完成，请核对完成日期。"
    elif done and season.window_start <= done <= season.window_end:
        state, sentence = "green", f"完成于 {text}。"
    else:
        state, sentence = "red", f"完成日期须在{span}之间；请核对完成日期。"
    return Finding("window", "在成果时间范围内完成", state, sentence, "002 附件1 一(一)1", "completed_on")


def _in_use(content: Content, season: Season) -> Finding:
    text = content.get("applied_from")
    state, sentence = "green", f"自 {text} 起应用。"
    if not text:
        state, sentence = "red", "请填写应用时间：申报的成果须已产生效益。"
    elif date.fromisoformat(text) > season.today:
        state, sentence = "red", f"应用时间 {text} 还没有到：申报的成果须已投入应用并产生效益，请核对应用时间。"
    return Finding("in_use", "已产生效益", state, sentence, "002 附件1 一(一)1", "applied_from")


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


_ASK = "确有依据的，请先登记入库，再向竞赛办公室申请准予。"


def _not_funded(content: Content) -> Finding:
    """Dedicated funds AND a government project exclude; a research-centre topic alone does too (domain.md F5)."""
    clause = "002 五(七)"
    if content.get("government_project") and content.get("dedicated_funds"):
        text = "国家、省、市、县立项并有专门经费的科研项目不得申报；如填写有误请改正。" + _ASK
        return Finding("not_funded", "非立项专项经费项目", "red", text, clause, "government_project")
    if content.get("research_centre_topic"):
        text = "研究中心专项课题不得申报；如填写有误请改正。" + _ASK
        return Finding("not_funded", "非立项专项经费项目", "red", text, clause, "research_centre_topic")
    return Finding("not_funded", "非立项专项经费项目", "green", "已声明不属于立项并有专门经费的项目。", clause)


def _fitting(content: Content, season: Season) -> list[Finding]:
    """“其它” is for what none of the named categories fits, which the recommender confirms (domain.md D)."""
    if content.get("category") not in season.explained_categories:
        return []
    text = "项目类型选了“其它”：由推荐单位核对类型说明，确认前几类均不适用；有适用的，请退回改选。"
    return [Finding("category", "项目类型", "person", text, "002 附件1 一(一)3", "category")]


def _members(content: Content, season: Season) -> Finding:
    count = 1 + len(content.get("members") or [])
    ok = count <= season.max_members
    sentence = f"带头人与成员共 {count} 人。" if ok else f"带头人与成员合计不超过 {season.max_members} 人，请减少成员。"
    return Finding("members", "成员人数", "green" if ok else "red", sentence, "domain.md F4 (P)", "members")


def _truth(content: Content) -> Finding:
    ok = bool(content.get("truth_declared"))
    sentence = "已作真实性承诺。" if ok else "请勾选真实性承诺。"
    return Finding("truth", "真实性承诺", "green" if ok else "red", sentence, "002 附件1 一(一)5", "truth_declared")


def _asked_by_the_contest(content: Content, season: Season) -> list[Finding]:
    """What only some contests ask for; a contest that does not ask has a shorter list."""
    asked = [
        (season.block_classified, _classified(content)),
        (
            season.require_local_award,
            materials.award(content, "base", "基层表彰", "red", "domain.md F6; 001 五(三)、六(四)"),
        ),
        (season.require_county_award, materials.award(content, "county", "县级评审表彰", "person", "001 五(三)")),
        (bool(season.stamped_copy), materials.stamped(content, season)),
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
