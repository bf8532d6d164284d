"""What the paper score sheets print: for each expert the list that they are handed out by, then her sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils import timezone

from contests import calendar
from core.spec import Data, Form, Stamp
from documents.catalog.score_sheet import COMMITMENT, HAND_OUT, score_sheet
from documents.stamped import qr
from scoring import policies, projection, queries
from scoring.models import Appointment, PaperSheet, Round
from scoring.queries import desk
from scoring.rules.commitment import CURRENT
from scoring.rules.rubric import ECONOMIC, Level, Rubric, level_for_amount

Item = tuple[Form, Data]
CODE = "score_sheets"
_PATHS = {"economic": "经济效益", "social": "社会效益"}


def items(round_: Round, ids: Sequence[int], address: str) -> Iterator[Item]:
    """In the order of the experts' pseudonyms; `address` is where the QR leads, with the code at its end."""
    rows = PaperSheet.objects.filter(pk__in=ids).select_related(
        "round", "sheet__entry__package", "sheet__appointment__expert__user", "sheet__round"
    )
    papers = list(rows.order_by("sheet__appointment__pseudonym", "sheet__entry__code"))
    labels, rules = desk.labels_of(round_.contest), queries.rubric_of(round_)
    for appointment, own in groupby(papers, key=lambda paper: paper.sheet.appointment):
        mine = [(paper, projection.heading(desk.readable(paper.sheet.entry), labels)) for paper in own]
        yield HAND_OUT, _list(round_, appointment, mine)
        if not policies.has_committed(mine[0][0].sheet):
            points = "\n".join(f"{at}. {what}:{text}" for at, (what, text) in enumerate(CURRENT.points, start=1))
            name = appointment.expert.user.display_name
            yield COMMITMENT, {"round": round_.name, "name": name, "points": points}
        for paper, heading in mine:
            yield _sheet(rules, paper, heading, address)


def _list(round_: Round, appointment: Appointment, mine: Sequence[tuple[PaperSheet, projection.Heading]]) -> Data:
    closes = policies.scoring_window(round_, timezone.now()).closes
    return {
        "round": round_.name,
        "closes": calendar.in_words(closes) if closes else "以通知为准",
        "name": appointment.expert.user.display_name,
        "expert": appointment.pseudonym,
        "rows": [
            {"number": number, "code": paper.sheet.entry.code, "title": heading.title, "paper": str(paper)}
            for number, (paper, heading) in enumerate(mine, start=1)
        ],
    }


def _sheet(rules: Rubric, paper: PaperSheet, heading: projection.Heading, address: str) -> Item:
    entry, expert = paper.sheet.entry, paper.sheet.appointment.pseudonym
    bound = _bound(rules, paper)
    amount = f",核定 {entry.benefit_wan:,.2f} 万元/年" if bound and entry.benefit_wan is not None else ""
    data: dict[str, Any] = {
        "round": paper.round.name,
        "expert": expert,
        "code": entry.code,
        "path": _PATHS[entry.path] + amount,
        "title": heading.title,
        "field": "、".join(filter(None, (heading.industry, heading.category))),
        "paper": str(paper),
        "stamp": Stamp((f"表码 {paper}", f"专家代号 {expert}"), qr(address + paper.code)),
    }
    return score_sheet(rules, entry.path, bound), data


def _bound(rules: Rubric, paper: PaperSheet) -> Level | None:
    entry = paper.sheet.entry
    if entry.path != ECONOMIC or entry.benefit_wan is None:
        return None
    levels = (level_for_amount(criterion, entry.benefit_wan) for criterion in rules.criteria if criterion.paths)
    return next((level for level in levels if level), None)
