"""The workbooks that the pool hands out: the blank one to fill in, and the list as the page shows it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction

from accounts.actor import Actor
from contests.models import Contest
from contests.rules.identifiers import mask_phone
from core import ledger
from core.workbook import Heading, write_list
from core.workbook_blank import BlankColumn, write_blank
from core.workbook_read import ROWS_MAX
from submissions import policies
from submissions.actions import import_reading
from submissions.models import Achievement
from submissions.querysets import AchievementQuerySet
from submissions.rules import codes, importing
from submissions.rules.cells import Column

_AT_ONCE = 500
_DAY, _MONEY = "yyyy-mm-dd", "#,##0.00"
_FORMATS = {"date": _DAY, "amount": "0.00"}
_WIDTHS = {"text": 40, "line": 30, "patents": 34, "members": 30}
_READ = ("unit__recommender", "holder", "kind", "category", "industry", "leader")  # not the contest: it is large
_UNREAD = (
    "summary",
    "innovation",
    "benefit_basis",
    "social_benefit",
    "field_revisions",
    "leader__bio",
    "leader__deeds",
)
_PATENT_STATUS = dict(codes.PATENT_STATUS)
_BENEFIT_PATH = dict(codes.BENEFIT_PATH)

HEADINGS = (
    Heading("编号", 14),
    Heading("项目名称", 40),
    Heading("完成单位", 26),
    Heading("五小类别", 10),
    Heading("项目类型", 16),
    Heading("所属行业", 14),
    Heading("完成日期", 12, _DAY),
    Heading("应用时间", 12, _DAY),
    Heading("带头人姓名", 12),
    Heading("带头人联系电话", 16),
    Heading("其他成员", 30),
    Heading("专利", 34),
    Heading("计分效益", 10),
    Heading("申报年经济效益（万元）", 14, _MONEY),
    Heading("核定年经济效益（万元）", 14, _MONEY),
    Heading("状态", 10),
    Heading("所在环节", 26),
)


def template(contest: Contest) -> bytes:
    """The blank workbook with this contest's catalogues in its drop-downs."""
    offered = import_reading.choices(contest)
    note = f"本列不导入；写“{importing.EXAMPLE}”的一行也不导入。"
    numbering = BlankColumn(Heading(importing.NUMBER, 8), note, example=importing.EXAMPLE)
    columns = [numbering, *(_blank(column, list(offered.get(column.key, ()))) for column in importing.COLUMNS.values())]
    out = io.BytesIO()
    write_blank(out, importing.SHEET, columns, ROWS_MAX)
    return out.getvalue()


def _blank(column: Column, words: list[str]) -> BlankColumn:
    heading = Heading(column.label, _WIDTHS.get(column.kind, 16), _FORMATS.get(column.kind, ""))
    limit = f"{column.max_length} 字以内。" if column.kind in ("text", "line") else ""
    note = column.help if column.help.startswith(limit) else limit + column.help
    example = words[0] if words and column.example not in words else column.example
    return BlankColumn(heading, note, column.required, words, example)


def export(actor: Actor, contest: Contest, rows: AchievementQuerySet) -> IO[bytes]:
    """The rows of a list that the hat sees, in their order, as a workbook; one event says who took how many."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    works = rows.select_related(*_READ).defer(*_UNREAD).prefetch_related("members", "patents")
    count = write_list(out, "成果清单", HEADINGS, _lines(actor, works))
    out.seek(0)
    with transaction.atomic():
        ledger.record(actor, "export", f"contest:{contest.pk}", {"count": count}, chain=contest.chain)
    return out


def _lines(actor: Actor, works: AchievementQuerySet) -> Iterator[list[Any]]:
    for work in works.iterator(chunk_size=_AT_ONCE):
        yield _line(actor, work)


def _line(actor: Actor, work: Achievement) -> list[Any]:
    leader = getattr(work, "leader", None)
    phone = leader.phone if leader else ""
    return [
        work.number,
        work.title,
        work.unit.name,
        *(str(row or "") for row in (work.kind, work.category, work.industry)),
        work.completed_on,
        work.applied_from,
        leader.name if leader else "",
        phone if not phone or policies.sees_phone(actor, work) else mask_phone(phone),
        "；".join(_member(m.name, m.organization_text) for m in work.members.all()),
        "；".join(_patent(p.number, p.granted_on, p.status) for p in work.patents.all()),
        _BENEFIT_PATH.get(work.benefit_path, ""),
        work.benefit_wan,
        work.verified_wan,
        work.status_info.label,
        str(work.holder or ""),
    ]


def _member(name: str, organization: str) -> str:
    return f"{name}（{organization}）" if organization else name


def _patent(number: str, granted_on: Any, status: str) -> str:
    return f"{number} {granted_on or _PATENT_STATUS[status]}"
