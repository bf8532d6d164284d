"""The ledger as a supervisor reads it: every event of a contest's chain, ids turned into names when it is read.

The events hold ids only; names come from today's rows, in one query a kind of subject whatever the page holds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from contests.models import Contest, Enrolment
from core.models import ChainHead, Event
from documents.models import Paper
from scoring.models import Approval, Entry, Round, ScoreSheet
from submissions.models import Achievement

PAGE = 50
VERBS = {
    "open_chain": "开始记录",
    "create_contest": "创建竞赛",
    "enrol": "参赛登记",
    "extend": "批准延期",
    "shift_phases": "调整日程",
    "register": "登记入库",
    "submit": "提交",
    "recommend": "推荐",
    "return": "退回修改",
    "decline": "不予推荐",
    "accept": "受理",
    "withdraw": "撤回",
    "freeze": "冻结",
    "disqualify": "取消资格",
    "reopen": "恢复",
    "verify_benefit": "核定效益",
    "check_attachments": "核对附件",
    "reorder_recommendation": "调整推荐次序",
    "dispatch": "报送",
    "give_opinion": "签署意见",
    "import": "批量入库",
    "export": "导出",
    "judge_pair": "判定重复",
    "withdraw_extension": "撤销延期",
    "overrule": "放行例外",
    "revoke_override": "撤销例外",
    "take_back_dispatch": "撤回报送",
    "keep_sending_report": "保存报送说明",
    "return_nomination": "退回申报表",
    "ask_ip_help": "申请专利帮助",
    "answer_ip_help": "答复专利帮助",
    "close_ip_help": "办结专利帮助",
    "name_demonstration": "命名示范单位",
    "drop_demonstration": "取消示范单位",
    "engage_experts": "聘任专家",
    "import_experts": "导入专家",
    "dismiss_expert": "解聘专家",
    "commit": "签署承诺",
    "recuse": "回避",
    "lift_recusal": "解除回避",
    "fill": "补齐分配",
    "take_in": "补入成果",
    "bring_in": "增补专家",
    "seat_reserve": "候补入组",
    "fall_out": "专家退出",
    "simulate": "装入模拟数据",
    "create_round": "新建评审轮次",
    "assign": "分配专家",
    "undo_assignment": "撤销分配",
    "choose_common": "选定校准件",
    "drop_common": "取消校准件",
    "open_round": "开始评审",
    "set_dates": "调整评审时间",
    "revise_rubric": "修订评分标准",
    "remind": "提醒专家",
    "hand_in": "提交评分表",
    "print_sheets": "打印纸质评分表",
    "commit_on_paper": "登记书面承诺",
    "type_paper": "录入纸质评分表",
    "withdraw_paper": "撤回录入",
    "compare_paper": "比对录入",
    "check_paper": "核对纸质评分表",
    "void_sheet": "作废评分表",
    "call_extra": "加派专家",
    "call_replacement": "补派专家",
    "close_round": "截止评分",
    "reopen_round": "重新开放",
    "propose_award": "提出评定",
    "approve_award": "核准评定",
    "reject_award": "退回评定",
    "revoke_award": "取消评定",
    "confirm_awards": "定奖锁定",
    "confirm_order": "确认推荐次序",
    "mark_organizing_item": "优秀组织奖评分",
    "commend": "写入本级评审表彰",
    "propose_honour": "提出荣誉",
    "decide_honour": "办理荣誉",
    "make_paper": "生成公文",
    "hold": "进入本级评审",
    "release": "结束本级评审",
    "unfreeze": "移出评审",
    "bar": "查实取消资格",
    "undo_recommend": "撤销推荐",
    "undo_accept": "撤销受理",
    "undo_return": "撤销退回",
    "undo_decline": "撤销不予推荐",
    "open_case": "立案",
    "case_evidence": "提交证据",
    "case_statement": "陈述",
    "propose_ruling": "提出处理意见",
    "answer_ruling": "审核处理意见",
    "appeal": "申诉",
    "ban": "列入禁止申报",
    "lift_ban": "解除禁止申报",
    "clear_namesake": "核实同名人员",
    "set_quotas": "调整推荐名额",
    "keep_stamped_copy": "保存盖章件",
    "swap_sheet": "更换评分专家",
    "add_sheet": "增加评分专家",
    "remove_sheet": "撤下评分专家",
    "blind_mask": "遮盖身份信息",
    "blind_pass": "核对身份信息无误",
    "keep_flagged_sheet": "保留疑点评分",
    "return_flagged_sheet": "退回疑点评分",
    "void_flagged_sheet": "作废疑点评分",
    "save_panel": "设置评审组",
    "drop_panel": "取消评审组",
    "seat_experts": "专家编组",
    "place_entries": "成果编组",
    "change_experts": "调整评审专家",
}
SUBJECTS = {
    "achievement": "成果",
    "case": "案件",
    "finding": "身份信息检查",
    "flag": "疑点评分",
    "approval": "评定",
    "contest": "竞赛",
    "enrolment": "单位",
    "engagement": "聘任",
    "entry": "参评成果",
    "nomination": "优胜单位申报表",
    "import": "批量入库",
    "paper": "公文",
    "round": "评审轮次",
    "sheet": "评分表",
}


@dataclass(frozen=True)
class Line:
    """One event with its names; `payload` is the stored JSON, indented."""

    event: Event
    verb: str
    who: str
    subject: str
    payload: str


@dataclass(frozen=True)
class Page:
    """`older` is the sequence number to go on from, None at the beginning of the chain."""

    lines: list[Line]
    older: int | None
    head: ChainHead | None


def page(contest: Contest, *, before: int | None, verb: str, subject: str) -> Page:
    """The newest events first, by keyset; `subject` is a kind ("round") or one thing ("round:3")."""
    rows = Event.objects.filter(chain=contest.chain).order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    if verb:
        rows = rows.filter(verb=verb)
    if subject:
        rows = rows.filter(subject=subject) if ":" in subject else rows.filter(subject__startswith=f"{subject}:")
    events = list(rows[: PAGE + 1])
    shown = events[:PAGE]
    older = shown[-1].seq if len(events) > PAGE else None
    return Page(_named(shown), older, ChainHead.objects.filter(chain=contest.chain).first())


def latest(contest: Contest, n: int = 20) -> list[Line]:
    """The newest decisions, for the supervisor's home."""
    return _named(list(Event.objects.filter(chain=contest.chain).order_by("-seq")[:n]))


def _named(events: Sequence[Event]) -> list[Line]:
    people = dict(User.objects.filter(pk__in={e.actor_id for e in events}).values_list("pk", "display_name"))
    names = _subjects(events)
    return [
        Line(
            event,
            VERBS.get(event.verb, event.verb),
            people.get(event.actor_id or 0, "系统") if event.actor_id else "系统",
            names.get(event.subject, _plain(event.subject)),
            json.dumps(json.loads(event.payload), ensure_ascii=False, indent=1),
        )
        for event in events
    ]


def _plain(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {number}"


def _subjects(events: Sequence[Event]) -> dict[str, str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        kind, _, number = event.subject.partition(":")
        if kind in _NAMES and number.isdecimal():
            wanted[kind].add(int(number))
    return {f"{kind}:{pk}": words for kind, ids in wanted.items() for pk, words in _NAMES[kind](ids)}


Named = Iterable[tuple[int, str]]


def _achievements(ids: set[int]) -> Named:
    rows = Achievement.objects.filter(pk__in=ids).select_related("unit")
    return [(row.pk, f"{row.title}（{row.unit.name}）") for row in rows]


def _sheets(ids: set[int]) -> Named:
    rows = ScoreSheet.objects.filter(pk__in=ids).select_related("entry", "appointment__expert__user", "round")
    return [(s.pk, f"{s.round.name} {s.entry.code} × {s.appointment.expert.user.display_name}") for s in rows]


def _entries(ids: set[int]) -> Named:
    rows = Entry.objects.filter(pk__in=ids).select_related("achievement", "round")
    return [(row.pk, f"{row.round.name} {row.code} {row.achievement.title}") for row in rows]


def _approvals(ids: set[int]) -> Named:
    rows = Approval.objects.filter(pk__in=ids).select_related("entry__achievement", "honour__enrolment", "tier")
    return [(row.pk, _approval(row)) for row in rows]


def _approval(row: Approval) -> str:
    if row.honour:
        return f"{row.honour.get_kind_display()} {row.honour.enrolment.name}"
    assert row.entry is not None
    return f"{row.entry.code} {row.entry.achievement.title} → {row.tier.name if row.tier else '不授奖'}"


def _by(model: Any, attribute: str) -> Callable[[set[int]], Named]:
    return lambda ids: model.objects.filter(pk__in=ids).values_list("pk", attribute)


_NAMES: dict[str, Callable[[set[int]], Named]] = {
    "achievement": _achievements,
    "approval": _approvals,
    "contest": _by(Contest, "title"),
    "enrolment": _by(Enrolment, "name"),
    "entry": _entries,
    "paper": _by(Paper, "title"),
    "round": _by(Round, "name"),
    "sheet": _sheets,
}
