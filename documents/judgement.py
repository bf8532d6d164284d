"""What the papers of a judged round print. Read when the paper is made, from the stored result and the ledger."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from core import ledger
from core.errors import Refusal
from core.models import ChainHead
from core.spec import Data, Form
from core.templatetags import wording
from documents.catalog.judgement import ATTESTATION, MINUTES, SCORE_TABLE
from scoring import queries
from scoring.models import Approval, Result, Round
from scoring.queries import awarding, board
from scoring.rules.season import season_to_json

FORMS: dict[str, Form] = {form.code: form for form in (SCORE_TABLE, MINUTES, ATTESTATION)}
_PATHS = {"economic": "经济", "social": "社会"}
_REPLAY = "取本平台源代码，在装有 Python 3.11 的电脑上运行 python -m scoring.replay season.json"
_LEDGER = "在平台服务器上运行 python manage.py verify_ledger"
HOW = (
    "一、下载“评审数据”（season.json）和“排名 CSV”，计算 SHA-256，应与上列两行一致。",
    f"二、{_REPLAY}，输出应与“排名 CSV”逐字节相同。该程序只用 Python 自带的库。",
    f"三、{_LEDGER}，应报告各条记录链完整；链首序号不小于上列序号，该序号处的校验值与上列一致。",
    "四、对照上列评分标准、计分规则，任选几项成果，按评分表手工复算得分。",
)


def require_ranked(round_: Round) -> None:
    if round_.status not in board.RANKED:
        raise Refusal("本轮评审还没有截止评分，没有可以打印的结果。", code="status")


def edition(round_: Round) -> str:
    """Every further decision of the contest makes it another paper."""
    head = ChainHead.objects.filter(chain=round_.contest.chain).first()
    return f"{round_.pk}:{head.seq if head else 0}"


def data(round_: Round, code: str) -> Data:
    require_ranked(round_)
    return {"score_table": _table, "minutes": _minutes, "attestation": _attestation}[code](round_)


def _common(round_: Round) -> dict[str, Any]:
    figures = board.figures(round_)
    unranked = f"，{figures['unranked']} 项不计分" if figures["unranked"] else ""
    return {
        "round": round_.name,
        "closed_on": timezone.localtime(round_.closed_at).date() if round_.closed_at else None,
        "works": f"{figures['ranked']} 项有得分{unranked}",
        "sheets": f"{figures['sheets']} 份",
        "rules": "\n".join(f"{line}；" for line in board.policy_words(round_)),
    }


def _table(round_: Round) -> Data:
    stand = awarding.standing(round_).tiers
    rows = (
        Result.objects.filter(entry__round=round_)
        .select_related("entry__achievement__unit", "entry__version")
        .order_by("position")
    )
    return _common(round_) | {"rows": [_row(result, stand.get(result.entry_id, "")) for result in rows]}


def _row(result: Result, tier: str) -> dict[str, Any]:
    entry = result.entry
    remarks = filter(None, result.remark.split(";"))
    words = ["评分表不足" if one == "too_few_sheets" else f"分差 {one.removeprefix('gap:')}" for one in remarks]
    return {
        "rank": result.rank,
        "code": entry.code,
        "title": entry.version.content["title"],
        "unit": entry.achievement.unit.name,
        "path": _PATHS.get(entry.path, ""),
        "score": result.score_text,
        "tier": tier,
        "sheets": result.sheets_counted,
        "remark": "、".join(words),
    }


def _minutes(round_: Round) -> Data:
    lines = [
        f"{line.tier.name} {line.count} 项，每项 {wording.grouped(line.tier.prize_yuan, 0)} 元，"
        f"合计 {wording.grouped(line.money, 0)} 元；"
        for line in board.tiers(round_)
    ]
    rows = Approval.objects.filter(entry__round=round_).exclude(state="proposed")
    rows = rows.select_related("entry__achievement", "tier", "proposed_by", "decided_by").order_by("pk")
    common = _common(round_)
    rubric = f"{round_.rubric.name}，第 {round_.rubric.version} 版；"
    return common | {
        "rules": f"{rubric}\n{common['rules']}",
        "tiers": "\n".join(lines),
        "decisions": "\n".join(_decision(number, row) for number, row in enumerate(rows, start=1)) or "无。",
        "honours": _honours(round_),
        "waiver": f"{round_.waived_by.display_name}：{round_.waiver}" if round_.waived_by else "无。",
        "evidence": _head(round_),
    }


def _honours(round_: Round) -> str:
    """优秀组织奖 and the others, as the season's host decided them; a desk's round has none."""
    if not round_.enrolment.is_host:
        return "无。"
    rows = Approval.objects.filter(contest=round_.contest_id, honour__isnull=False).exclude(state="proposed")
    rows = rows.select_related("honour__enrolment", "proposed_by", "decided_by").order_by("honour__kind", "pk")
    return "\n".join(_honour(number, row) for number, row in enumerate(rows, start=1)) or "无。"


def _honour(number: int, row: Approval) -> str:
    honour = row.honour
    assert honour is not None
    whom = f"{honour.enrolment.name}{f' {honour.person}' if honour.person else ''}"
    money = f"，{wording.grouped(honour.amount_yuan, 0)} 元" if honour.amount_yuan else ""
    return f"{number}. {honour.get_kind_display()}：{whom}{money}。{_voted(row)}"


def _decision(number: int, row: Approval) -> str:
    assert row.entry is not None
    title = f"{row.entry.code} {row.entry.achievement.title}"
    change = f"{row.computed or '未获奖'} 改为 {row.tier.name if row.tier else '不授奖'}"
    return f"{number}. {title}：{change}。{_voted(row)}"


def _voted(row: Approval) -> str:
    votes = f"赞成 {row.votes_for}，反对 {row.votes_against}，弃权 {row.votes_abstained}"
    who = f"{row.proposed_by.display_name} 提出"
    if row.decided_by:
        who += f"，{row.decided_by.display_name} 办理（{row.state_label[0]}）"
    note = f"说明：{row.note}" if row.note else ""
    return f"{votes}。理由：{row.reason}{who}。{note}"


def _attestation(round_: Round) -> Data:
    rubric = round_.rubric
    return _common(round_) | {
        "contest": f"{round_.contest.title}（{round_.contest.label}）",
        "rubric": f"{rubric.name}，第 {rubric.version} 版；内容 SHA-256：{_digest(rubric.definition)}",
        "season": ledger.digest(season_to_json(queries.season(round_))),
        "ranking": ledger.digest(queries.ranking_download(round_)),
        "head": _head(round_),
        "how": "\n".join(HOW),
        "printed_on": timezone.localdate(),
    }


def _digest(definition: Any) -> str:
    return ledger.digest(ledger.canonical(_exact(definition)))


def _exact(value: Any) -> Any:
    """A rubric's definition as the ledger's canonical JSON takes it: it knows no float."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def _head(round_: Round) -> str:
    head = ChainHead.objects.filter(chain=round_.contest.chain).first()
    return f"{head.chain} 第 {head.seq} 条，校验值 {head.hash}" if head else "还没有记录。"
