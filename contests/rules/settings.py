"""Every setting of one contest: its default, its bounds, its words, and the clause it stands on ((P): our policy).

A setting is fixed with the contest and printed with its rules; how scores are made of sheets is the score policy of
scoring, what a tier costs stands in the tiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


class SettingError(ValueError):
    """One setting is wrong: `key` names it, `reason` says why (Chinese, without the full stop)."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, reason
        super().__init__(f"竞赛设置“{key}”有误：{reason}。")


def _number(default: int, label: str, clause: str, *, low: int, high: int) -> Any:
    return field(default=default, metadata={"label": label, "clause": clause, "low": low, "high": high})


def _switch(default: bool, label: str, clause: str) -> Any:
    return field(default=default, metadata={"label": label, "clause": clause})


def _choice(default: str, label: str, clause: str, choices: Mapping[str, str]) -> Any:
    return field(default=default, metadata={"label": label, "clause": clause, "choices": dict(choices)})


@dataclass(frozen=True, kw_only=True)
class ContestSettings:
    """Plain values only (int, bool, str), so that `to_dict` is JSON; 0 is "no limit" where the label says so."""

    unit_closes_days_before: int = _number(
        3, "基层单位比推荐单位提前截止的天数", "002 四(二)、rules.md When (P)", low=0, high=60
    )
    upload_grace_minutes: int = _number(
        30, "截止前已开始的上传可延后完成的分钟数", "quality.md Reliability (P)", low=0, high=120
    )
    max_members: int = _number(5, "完成人上限（含带头人）", "domain.md F4 (P)", low=1, high=50)
    max_leads_per_person: int = _number(3, "同一人担任带头人的项目上限（0为不限）", "domain.md F4 (P)", low=0, high=99)
    max_attachments: int = _number(10, "每项成果的附件上限", "002 附件1 一(一)5、domain.md G (P)", low=1, high=50)
    max_attachment_mb: int = _number(20, "单个附件大小上限（MB）", "domain.md G (P)", low=1, high=200)
    require_local_award: bool = _switch(False, "申报前须经基层表彰", "001 五(三)、六(四)；002 未要求")
    require_county_award: bool = _switch(False, "推荐前须经县级评审表彰", "001 五(三)；002 未要求")
    require_stamped_copy: bool = _switch(False, "提交时须上传盖章扫描件", "002 附件3“推荐单位盖章” (P)")
    stamped_copy_at: str = _choice(
        "submit",
        "盖章扫描件在哪一步之前须上传",
        "002 附件3“推荐单位盖章” (P)",
        {"submit": "单位提交之前", "recommend": "推荐单位推荐之前"},
    )
    require_responsible_person: bool = _switch(
        False, "基层单位填报人与负责人须为两个账号", "002 附件3“填报人、负责人”、domain.md A11 (P)"
    )
    recommend_second_person: bool = _switch(
        False, "推荐须由没有填报、提交和核定该成果的另一人进行", "domain.md A11“recommender steps maker≠checker” (P)"
    )
    block_previous_winners: bool = _switch(True, "曾在本级获奖的成果不得再次申报", "rules.md What may enter (P)")
    block_classified: bool = _switch(True, "涉密内容不得申报", "domain.md F10 (P)")
    quota_per_recommender: int = _number(
        0, "每个推荐单位的推荐名额（0为不限）", "rules.md What may enter (P)", low=0, high=9999
    )
    quota_per_category: int = _number(
        0, "每个推荐单位每一项目类型的名额（0为不限）", "rules.md What may enter (P)", low=0, high=9999
    )
    quota_winner_units: int = _number(0, "每个推荐单位的优胜单位名额（0为不限）", "domain.md I-c (P)", low=0, high=999)
    require_dispatch: bool = _switch(
        False, "主办单位受理前须由推荐单位报送推荐名单", "002 四(二)“择优向市联席会议办公室推荐”；000 五(三) (P)"
    )
    dispatch_report: str = _choice(
        "none",
        "报送时须附的材料",
        "002 四(二)“优秀成果和总结报告”；000 五(三)“优秀经验做法”",
        {"none": "不要求", "summary": "总结报告", "experience": "优秀经验做法"},
    )
    dispatch_second_person: bool = _switch(
        False, "报送须由没有办理推荐的另一人进行", "domain.md A11“recommender steps maker≠checker” (P)"
    )
    collective_counts_as: str = _choice(
        "state",
        "集体企业计入",
        "002 三(一)“由公有制企业向非公有制企业延伸”、domain.md A7 (P)",
        {"state": "国有企业", "non_public": "非公有制企业"},
    )
    blind_review: bool = _switch(True, "评审时隐去单位和人员", "002 五(七)“公开公平公正” (P)")
    require_comment: bool = _switch(False, "交卷时每份评分表须写评语", "002 五(七)“公开公平公正”、experience.md 4 (P)")
    recusal_years: int = _number(3, "回避追溯工作经历的年数", "model.md Recusal (P)", low=0, high=20)
    recusal_whole_recommender: bool = _switch(False, "回避范围扩大到整个推荐单位", "model.md Recusal (P)")
    notice_working_days: int = _number(5, "公示期（工作日）", "rules.md After the ranking (P)", low=5, high=30)
    appeal_working_days: int = _number(10, "申诉期（工作日）", "domain.md O3 (P)", low=1, high=60)
    show_own_score: bool = _switch(False, "公布后向申报单位显示本项目得分", "domain.md O5 (P)")
    prize_budget_yuan: int = _number(
        0, "奖金总额（元，0为未定）", "002 附件1 四“一定奖金”，数额未定", low=0, high=100_000_000
    )
    honour_organizing: bool = _switch(True, "评定优秀组织奖", "002 附件1“优秀成果奖、优秀组织奖、优胜单位奖”")
    honour_unit: bool = _switch(True, "评定优胜单位奖", "002 附件1；001 五(三)“优胜单位”；000 四(三)“单位”")
    honour_team: bool = _switch(False, "表彰先进班组", "000 四(三)“单位、班组、个人”")
    honour_person: bool = _switch(False, "表彰先进个人", "000 四(三)“单位、班组、个人”")
    honour_subsidy: bool = _switch(False, "给予经费补助", "001 六(四)“相应物质奖励和经费补助”")
    commendation_word: str = _choice(
        "circulate",
        "结果公布用语",
        "002 四(四)“进行通报”；001 五(三)“进行表彰”",
        {"circulate": "通报", "commend": "表彰"},
    )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ContestSettings:
        """What is not named takes its default; an unknown key, a wrong type or bound is a SettingError."""
        known = {item.name: item for item in fields(cls)}
        for key, value in data.items():
            if key not in known:
                raise SettingError(key, "没有这一项设置")
            _check(key, value, known[key].default, known[key].metadata)
        return cls(**data)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def honour_kinds(self) -> frozenset[str]:
        """The honours beside 优秀成果奖 that this season gives: organizing, unit, team, person, subsidy."""
        return frozenset(key.removeprefix("honour_") for key, on in asdict(self).items() if key[:7] == "honour_" and on)

    def choice_label(self, key: str) -> str:
        """The words of what was chosen for a setting with choices."""
        words: str = type(self).__dataclass_fields__[key].metadata["choices"][getattr(self, key)]
        return words


def _check(key: str, value: object, default: object, limits: Mapping[str, Any]) -> None:
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise SettingError(key, "应为 true 或 false")
    elif isinstance(default, int):
        _check_number(key, value, limits["low"], limits["high"])
    elif not isinstance(value, str) or value not in limits["choices"]:
        raise SettingError(key, "只能是 " + "、".join(limits["choices"]) + " 之一")


def _check_number(key: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise SettingError(key, "应为整数")
    if not low <= value <= high:
        raise SettingError(key, f"应在 {low} 到 {high} 之间")
