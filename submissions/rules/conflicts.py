"""What stands against a work from outside its own form: likeness, earlier prizes, too many works of one leader, bans.

The facts are gathered by queries.conflicts; `for_unit`: the unit learns of other units' works and of bans no more
than whom to ask (domain.md O2, O3).
"""

from __future__ import annotations

from dataclasses import dataclass

from submissions.rules.eligibility import Finding

CODES = frozenset({"repeated", "won", "leads", "banned", "case"})
"""The lines of the checklist that are about these."""
SAME, CONTINUED, UNRELATED = "same", "continued", "unrelated"
_AGAIN = "001 六(三)"
_OWN_RULE = "rules.md What may enter (P)"
NEUTRAL_BAN = "项目带头人、成员或单位中有需要核实的情况，暂不能申报；请联系推荐单位或竞赛办公室。"


@dataclass(frozen=True)
class Likeness:
    """A work that resembles this one. `verdict`: "" while nobody has judged; `own`: of the same unit."""

    title: str
    year: int
    verdict: str
    own: bool
    is_continued: bool = False  # this work says that it continues that one, and what is new

    @property
    def named(self) -> str:
        return f"{self.year}年“{self.title}”"


@dataclass(frozen=True)
class Prize:
    """An earlier work of the unit that has won: the same one by its title, its verdict or the unit's own word."""

    title: str
    year: int
    tier: str
    is_continued: bool


@dataclass(frozen=True)
class Barred:
    """A ban that concerns somebody of the work. `certain`: name and unit or phone agree, else the name alone does."""

    who: str
    certain: bool
    cleared: bool = False


@dataclass(frozen=True)
class Facts:
    """`leads`: works of this contest, this one included, that the same person leads and has handed in."""

    likenesses: tuple[Likeness, ...] = ()
    prizes: tuple[Prize, ...] = ()
    leads: int = 0
    most_leads: int = 0  # 0: no limit
    barred: tuple[Barred, ...] = ()
    open_case: str = ""


def findings(facts: Facts, *, for_unit: bool = False) -> list[Finding]:
    """For the checklist, in its order; whatever gives no reason to look is one green line."""
    return [
        _repeated(facts, for_unit),
        _won_before(facts),
        _leads(facts),
        *([] if not facts.barred else [_banned(facts, for_unit)]),
        *([] if not facts.open_case or for_unit else [_in_case(facts)]),
    ]


def _repeated(facts: Facts, for_unit: bool) -> Finding:
    likenesses = facts.likenesses
    same = [each for each in likenesses if each.verdict == SAME]
    if same:
        return _likeness("red", f"审核认定与{_names(same, for_unit)}为同一成果，不得重复申报；如有异议请联系审核单位。")
    unexplained = [each for each in likenesses if each.verdict == CONTINUED and not each.is_continued]
    if unexplained:
        said = f"审核认定为{_names(unexplained, for_unit)}的延续改进，请退回单位写明新在哪里。"
        asked = f"审核认定为{_names(unexplained, for_unit)}的延续改进，请填写“延续申报”，写明新在哪里。"
        return _likeness("red", asked if for_unit else said)
    waiting = [each for each in likenesses if not each.verdict]
    if waiting:
        hint = f"与{_names(waiting, for_unit)}相近，由审核单位认定。"
        return _likeness("person", hint if for_unit else f"与 {len(waiting)} 项成果疑似重复，请对照后作出认定。")
    settled = any(each.verdict == CONTINUED for each in likenesses)
    return _likeness("green", "延续改进，已写明新内容。" if settled else "没有待认定的重复成果。")


def _likeness(state: str, sentence: str) -> Finding:
    return Finding("repeated", "不重复申报", state, sentence, _AGAIN)


def _names(likenesses: list[Likeness], for_unit: bool) -> str:
    named = [each.named for each in likenesses if each.own or not for_unit]
    return "、".join(named[:3]) if len(named) == len(likenesses) else "已有成果"


def _won_before(facts: Facts) -> Finding:
    label = "未曾在本级获奖"
    again = [prize for prize in facts.prizes if not prize.is_continued]
    if again:
        won = f"{again[0].year}年“{again[0].title}”已获{again[0].tier}"
        text = f"{won}，不得再次申报；确有新的改进，请填写“延续申报”，写明新在哪里。"
        return Finding("won", label, "red", text, _OWN_RULE)
    if facts.prizes:
        prize = facts.prizes[0]
        text = f"延续{prize.year}年获{prize.tier}的“{prize.title}”，由审核员判断新内容是否成立。"
        return Finding("won", label, "person", text, _OWN_RULE)
    return Finding("won", label, "green", "没有发现曾获奖的同一成果。", _OWN_RULE)


def _leads(facts: Facts) -> Finding:
    label, clause = "带头人项目数", "domain.md F4 (P)"
    if facts.most_leads and facts.leads > facts.most_leads:
        text = (
            f"同一人担任带头人的项目不超过 {facts.most_leads} 项，该带头人本届已是第 {facts.leads} 项；请调整带头人。"
        )
        return Finding("leads", label, "red", text, clause)
    # No count: it would tell a unit of works that others have not shown it.
    said = f"没有超过每人 {facts.most_leads} 项的上限。" if facts.most_leads else "本届不限项数。"
    return Finding("leads", label, "green", said, clause)


def _banned(facts: Facts, for_unit: bool) -> Finding:
    label = "人员资格"
    certain = [each.who for each in facts.barred if each.certain]
    if certain:
        text = NEUTRAL_BAN if for_unit else f"{'、'.join(certain)}已被禁止申报，不能推荐；请联系竞赛办公室。"
        return Finding("banned", label, "red", text, _AGAIN)
    waiting = [each.who for each in facts.barred if not each.cleared]
    if waiting:
        text = f"{'、'.join(waiting)}与禁止申报名单中的人同名，请核实是否为同一人。"
        return Finding("banned", label, "person", "由审核单位核实。" if for_unit else text, _AGAIN)
    return Finding("banned", label, "green", "与禁止申报名单核对无误。", _AGAIN)


def _in_case(facts: Facts) -> Finding:
    return Finding("case", "调查", "person", f"因涉嫌{facts.open_case}正在调查，结论前暂缓确定结果。", _AGAIN)
