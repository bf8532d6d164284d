"""The workbooks that the pool hands out: the blank one to fill in, and the list as the page shows it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, Any, NamedTuple

from django.db import transaction

from accounts.actor import Actor
from contests.models import Contest
from contests.rules.identifiers import mask_phone
from core import ledger
from core.workbook import Heading, write_list
from core.workbook_blank import BlankColumn, write_blank
from core.workbook_read import ROWS_MAX
from submissions import policies, queries
from submissions.actions import import_reading
from submissions.models import Achievement, Member, Patent
from submissions.queries import submitted
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
    count = write_list(out, "成果清单", HEADINGS, _lines(actor, contest, works))
    out.seek(0)
    with transaction.atomic():
        ledger.record(actor, "export", f"contest:{contest.pk}", {"count": count}, chain=contest.chain)
    return out


def _lines(actor: Actor, contest: Contest, works: AchievementQuerySet) -> Iterator[list[Any]]:
    names, rows = queries.names_of(contest), works.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(rows, _AT_ONCE)):
        sent = submitted.contents(work.pk for work in some if not policies.works_for_unit(actor, work))
        for work in some:
            said = _of_version(work, sent[work.pk], names) if work.pk in sent else _live(work)
            yield _line(actor, work, said)


class _Said(NamedTuple):
    """What the unit has filled in: as it stands for the unit itself, as it was handed in for everybody else."""

    title: str
    catalogued: list[str]
    days: list[date | None]
    leader: str
    phone: str
    members: list[Member]
    patents: list[Patent]
    path: str
    wan: Decimal | None


def _live(work: Achievement) -> _Said:
    leader = getattr(work, "leader", None)
    return _Said(
        work.title,
        [str(row or "") for row in (work.kind, work.category, work.industry)],
        [work.completed_on, work.applied_from],
        leader.name if leader else "",
        leader.phone if leader else "",
        list(work.members.all()),
        list(work.patents.all()),
        work.benefit_path,
        work.benefit_wan,
    )


def _of_version(work: Achievement, content: dict[str, Any], names: dict[str, dict[str, str]]) -> _Said:
    data = queries.handed_in(work, content)
    return _Said(
        data["title"],
        [names[key].get(data[key], "") for key in ("kind", "category", "industry")],
        [date.fromisoformat(data[key]) if data[key] else None for key in ("completed_on", "applied_from")],
        data["leader"].get("name", ""),
        data["leader"].get("phone", ""),
        submitted.members(data),
        submitted.patents(data),
        data["benefit_path"],
        Decimal(data["benefit_wan"]) if data["benefit_wan"] else None,
    )


def _line(actor: Actor, work: Achievement, said: _Said) -> list[Any]:
    return [
        work.number,
        said.title,
        work.unit.name,
        *said.catalogued,
        *said.days,
        said.leader,
        said.phone if not said.phone or policies.sees_phone(actor, work) else mask_phone(said.phone),
        "；".join(_member(m.name, m.organization_text) for m in said.members),
        "；".join(_patent(p.number, p.granted_on, p.status) for p in said.patents),
        _BENEFIT_PATH.get(said.path, ""),
        said.wan,
        work.verified_wan,
        work.status_info.label,
        str(work.holder or ""),
    ]


def _member(name: str, organization: str) -> str:
    return f"{name}（{organization}）" if organization else name


def _patent(number: str, granted_on: Any, status: str) -> str:
    return f"{number} {granted_on or _PATENT_STATUS[status]}"
