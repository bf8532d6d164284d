"""The public season file `wuxiao-season/1`: read strictly, written canonically, and the ranking as CSV.

The file holds one round's handed-in sheets under per-round pseudonyms. It is read so that two programs cannot differ:
- UTF-8 without a byte order mark; one JSON object; every key exactly once; every key of the example and no other, with
  `benefit_wan` optional on the social path and `criteria` optional in `rubric`.
- Whole numbers are JSON integers (18.0, 1e1, true and "18" are refused). Decimals are strings of ASCII digits with at
  most one point and no sign, exponent or blank.
- Ids and names are not empty, have no blank at either end and no control character; they are compared as they stand,
  without any normalisation, and "in order of id" is the order of code points.
- `benefit_wan` is a value of the achievement, so on the economic path all its sheets carry the same one (120.0 equals
  120.00); on the social path it is read and not used.
- `trim_from` 1 to 1000, `minimum_sheets` 0 to 1000, `outlier_gap` 0 to 1000, `decimals` 0 to 12; a trimmed mean that
  could leave nothing to count (both counts under 3) is refused.
- Tiers are tried in their order, names are unique; there may be none. There may be no sheet: the ranking is then its
  header.
- A shipped rubric need not be embedded; if it is, it must equal the shipped one. Any other has its `criteria`.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.rules import strict
from scoring.rules.policy import ScorePolicy
from scoring.rules.ranking import Row
from scoring.rules.rubric import Mark, Rubric, rubric_from_dict, rubric_to_dict, shipped
from scoring.rules.sheets import Sheet, first_fault
from scoring.rules.strict import BadValue, refused_as
from scoring.rules.tiers import Tier, tiers_from_list, tiers_to_list

FORMAT = "wuxiao-season/1"
_END = "\n}"
_quoted = json.JSONEncoder(ensure_ascii=False).encode
HEADER = ("rank", "achievement", "score", "tier", "sheets_counted", "remark")


class SeasonError(BadValue):
    """A season file refused: one Chinese sentence that names the sheet, if it is in one, and the key."""


@dataclass(frozen=True)
class Season:
    policy: ScorePolicy
    tiers: tuple[Tier, ...]
    rubric: Rubric
    sheets: tuple[Sheet, ...]


def parse_season(data: bytes) -> Season:
    """The season in these bytes; raises SeasonError."""
    with refused_as(SeasonError):
        found = strict.table(strict.json_of(data), "", ("format", "policy", "tiers", "rubric", "sheets"))
        if found["format"] != FORMAT:
            raise BadValue("format", f"应为“{FORMAT}”。")
        with refused_as(SeasonError, "policy"):
            policy = ScorePolicy.from_dict(found["policy"])
        with refused_as(SeasonError, "tiers"):
            tiers = tiers_from_list(found["tiers"])
        rubric = _rubric(found["rubric"])
        season = Season(policy, tiers, rubric, _sheets(found["sheets"]))
    check_sheets(season)
    return season


def check_sheets(season: Season) -> None:
    """Raise SeasonError at the first sheet that cannot be counted."""
    if fault := first_fault(season.sheets, season.rubric):
        sheet = season.sheets[fault.index]
        label = _label(fault.index, {"achievement": sheet.achievement, "expert": sheet.expert})
        raise SeasonError(strict.under(label, strict.shown(fault.key)), fault.reason)


def season_to_json(season: Season) -> str:
    """The file's text: keys in the order of the format, sheets in order of achievement and expert, LF at the end."""
    check_sheets(season)
    ordered = sorted(season.sheets, key=lambda sheet: (sheet.achievement, sheet.expert))
    content = {
        "format": FORMAT,
        "policy": season.policy.to_dict(),
        "tiers": tiers_to_list(season.tiers),
        "rubric": _rubric_reference(season.rubric),
        "sheets": [],
    }
    empty = json.dumps(content, ensure_ascii=False, indent=1)
    if not ordered:
        return f"{empty}\n"
    sheets = ",\n".join(_sheet_text(sheet, season.rubric.codes) for sheet in ordered)
    return f"{empty.removesuffix('[]' + _END)}[\n{sheets}\n ]{_END}\n"


def ranking_csv(rows: Sequence[Row]) -> str:
    """The ranking with its header; commas and quotes are quoted as in RFC 4180, lines end with LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in rows:
        place = "" if row.rank is None else row.rank
        points = "" if row.score is None else f"{row.score:f}"
        writer.writerow((place, row.achievement, points, row.tier, row.sheets_counted, row.remark))
    return out.getvalue()


def _rubric(value: object) -> Rubric:
    found = strict.table(value, "rubric", ("id", "version"), ("criteria",))
    known = shipped(strict.text(found["id"], "rubric.id"), strict.whole(found["version"], "rubric.version", 1, 10**6))
    if "criteria" not in found:
        if known is None:
            raise BadValue("rubric.id", "没有随程序提供这个版本的评分标准，请在 rubric.criteria 中写明。")
        return known
    with refused_as(SeasonError, "rubric"):
        embedded = rubric_from_dict(found)
    if known is not None and embedded != known:
        raise BadValue("rubric.criteria", "与随程序提供的同名同版本评分标准不一致。")
    return embedded


def _rubric_reference(rubric: Rubric) -> dict[str, object]:
    known = shipped(rubric.id, rubric.version)
    if known is None:
        return rubric_to_dict(rubric)
    if known != rubric:
        raise SeasonError("rubric.version", "内容已不同于随程序提供的评分标准，请改用新的版本号。")
    return {"id": rubric.id, "version": rubric.version}


def _sheets(value: object) -> tuple[Sheet, ...]:
    return tuple(_sheet(row, index) for index, row in enumerate(strict.rows(value, "sheets")))


def _sheet(row: object, index: int) -> Sheet:
    with refused_as(SeasonError, _label(index, row)):
        found = strict.table(row, "", ("achievement", "path", "expert", "marks"), ("benefit_wan",))
        return Sheet(
            achievement=strict.text(found["achievement"], "achievement"),
            path=strict.text(found["path"], "path"),
            expert=strict.text(found["expert"], "expert"),
            marks=_marks(found["marks"]),
            benefit_wan=strict.decimal(found["benefit_wan"], "benefit_wan") if "benefit_wan" in found else None,
        )


def _marks(value: object) -> dict[str, Mark]:
    listed = strict.table(value, "marks", (), value if isinstance(value, dict) else ())
    return {code: _mark(mark, f"marks.{strict.shown(code)}") for code, mark in listed.items()}


def _mark(value: object, key: str) -> Mark:
    found = strict.table(value, key, ("level", "points"))
    return Mark(strict.text(found["level"], f"{key}.level"), strict.whole(found["points"], f"{key}.points", 0, 1000))


def _label(index: int, row: object) -> str:
    """“sheets[2]（成果 A1，专家 E2）”, with the ids as far as they can be read."""
    ids = row if isinstance(row, Mapping) else {}
    names = [(word, ids.get(key)) for word, key in (("成果", "achievement"), ("专家", "expert"))]
    known = "，".join(f"{word} {strict.shown(value)}" for word, value in names if isinstance(value, str))
    return f"sheets[{index}]（{known}）" if known else f"sheets[{index}]"


def _sheet_text(sheet: Sheet, codes: Sequence[str]) -> str:
    """What `json.dumps` with indent 1 writes of a sheet in the list, many times faster: a closing writes them all."""
    benefit = "" if sheet.benefit_wan is None else f'   "benefit_wan": "{sheet.benefit_wan:f}",\n'
    marks = ",\n".join(_mark_text(code, sheet.marks[code].level, sheet.marks[code].points) for code in codes)
    return (
        f'  {{\n   "achievement": {_quoted(sheet.achievement)},\n   "path": {_quoted(sheet.path)},\n{benefit}'
        f'   "expert": {_quoted(sheet.expert)},\n   "marks": {{\n{marks}\n   }}\n  }}'
    )


@lru_cache(maxsize=10_000)
def _mark_text(code: str, level: str, points: int) -> str:
    return f'    {_quoted(code)}: {{\n     "level": {_quoted(level)},\n     "points": {points}\n    }}'
