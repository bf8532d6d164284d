"""`wuxiao-season/1` as an enemy would write it: each file is refused in one line that names the sheet and the key."""

import copy
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring.replay import main
from scoring.rules.policy import ScorePolicy
from scoring.rules.rubric import rubric_to_dict
from scoring.rules.season import Season, SeasonError, parse_season, season_to_json
from scoring.rules.sheets import Mark
from tests.rules.scoring.season_samples import OFFICIAL, TIERS, season_dict, sheet

DROP = object()
MARK = "sheets.2.marks"
THIRD = "sheets[2]（成果 A1，专家 E3）的 "


def changed(path: str, value: object) -> dict[str, Any]:
    """The good season with one place replaced, added or (DROP) taken out."""
    season: Any = season_dict()
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    spot = season
    for step in way:
        spot = spot[step]
    if value is DROP:
        del spot[last]
    else:
        spot[last] = value
    return season


def criteria() -> Any:
    return copy.deepcopy(rubric_to_dict(OFFICIAL)["criteria"])


def poorer_criteria() -> Any:
    found = criteria()
    found[0]["levels"][0]["high"] = 19
    return found


BAD_VALUES = [
    # the file
    ("format", "wuxiao-season/2", "format"),
    ("format", None, "format"),
    ("format", DROP, "format"),
    ("note", "hello", "note"),
    ("policy", DROP, "policy"),
    ("tiers", DROP, "tiers"),
    ("rubric", DROP, "rubric"),
    ("sheets", DROP, "sheets"),
    ("sheets", {}, "sheets"),
    # the policy
    ("policy", [], "policy"),
    ("policy.aggregate", "best", "policy.aggregate"),
    ("policy.trim_from", 0, "policy.trim_from"),
    ("policy.trim_from", DROP, "policy.trim_from"),
    ("policy.minimum_sheets", -1, "policy.minimum_sheets"),
    ("policy.decimals", 13, "policy.decimals"),
    ("policy.decimals", True, "policy.decimals"),
    ("policy.rounding", "half_even", "policy.rounding"),
    ("policy.outlier_gap", "15", "policy.outlier_gap"),
    ("policy.scale", 1, "policy.scale"),
    # the tiers
    ("tiers", {}, "tiers"),
    ("tiers.0", "一等奖", "tiers[0]"),
    ("tiers.0.floor", 95, "tiers[0].floor"),
    ("tiers.0.floor", "９５", "tiers[0].floor"),
    ("tiers.0.floor", "9_5", "tiers[0].floor"),
    ("tiers.0.floor", "NaN", "tiers[0].floor"),
    ("tiers.0.floor", "-95", "tiers[0].floor"),
    ("tiers.1.name", "一等奖", "tiers[1].name"),
    ("tiers.3.name", "", "tiers[3].name"),
    ("tiers.3.prize", 1000, "tiers[3].prize"),
    # the rubric
    ("rubric", "jincheng-2021", "rubric"),
    ("rubric.id", "yangquan-2023", "rubric.id"),
    ("rubric.id", "../jincheng-2021", "rubric.id"),
    ("rubric.version", 2, "rubric.id"),
    ("rubric.version", "1", "rubric.version"),
    ("rubric.name", "晋城", "rubric.name"),
    ("rubric.criteria", [], "rubric.criteria"),
    ("rubric.criteria", poorer_criteria(), "rubric.criteria"),
    ("rubric.criteria", [{"code": "role"}], "rubric.criteria[0].name"),
    # a sheet
    ("sheets.2", None, "sheets[2]"),
    ("sheets.2.achievement", "", "sheets[2]（成果 ，专家 E3）的 achievement"),
    ("sheets.2.achievement", 7, "sheets[2]（专家 E3）的 achievement"),
    ("sheets.2.achievement", "A1 ", "achievement"),
    ("sheets.2.achievement", "A\n1", "achievement"),
    ("sheets.2.achievement", DROP, "sheets[2]（专家 E3）的 achievement"),
    ("sheets.2.expert", None, "sheets[2]（成果 A1）的 expert"),
    ("sheets.2.expert", "E\ud800", "expert"),
    ("sheets.2.expert", DROP, "sheets[2]（成果 A1）的 expert"),
    ("sheets.2.expert", "E1", "sheets[2]（成果 A1，专家 E1）的 expert"),
    ("sheets.2.remark", "good", f"{THIRD}remark"),
    ("sheets.2.path", "both", f"{THIRD}path"),
    ("sheets.2.path", 1, f"{THIRD}path"),
    ("sheets.2.path", "social", f"{THIRD}path"),
    ("sheets.2.benefit_wan", DROP, f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", 120, f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", 120.0, f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", None, f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "0", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "0.00", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "-120.00", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "1.2e2", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "120,00", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "120.", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "120.00\n", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "Infinity", f"{THIRD}benefit_wan"),
    ("sheets.2.benefit_wan", "121.00", f"{THIRD}benefit_wan"),
    ("sheets.3.benefit_wan", "0.00", "sheets[3]（成果 A2，专家 E1）的 benefit_wan"),
    # the marks
    (MARK, [], f"{THIRD}marks"),
    (f"{MARK}.role", DROP, f"{THIRD}marks.role"),
    (f"{MARK}.role", 23, f"{THIRD}marks.role"),
    (f"{MARK}.beauty", {"level": "good", "points": 3}, f"{THIRD}marks.beauty"),
    (f"{MARK}.role.level", "leading", f"{THIRD}marks.role.level"),
    (f"{MARK}.role.level", DROP, f"{THIRD}marks.role.level"),
    (f"{MARK}.role.level", ["key_problem"], f"{THIRD}marks.role.level"),
    (f"{MARK}.role.points", DROP, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", "23", f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", 23.0, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", 23.5, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", True, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", None, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", float("nan"), f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", float("inf"), f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", 10**40, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", -23, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", 19, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.points", 26, f"{THIRD}marks.role.points"),
    (f"{MARK}.role.why", "…", f"{THIRD}marks.role.why"),
    (f"{MARK}.benefit", {"level": "50_100", "points": 17}, f"{THIRD}marks.benefit.level"),
    (f"{MARK}.benefit", {"level": "good", "points": 12}, f"{THIRD}marks.benefit.level"),
    (
        "sheets.3.marks.benefit",
        {"level": "ge_100", "points": 22},
        "sheets[3]（成果 A2，专家 E1）的 marks.benefit.level",
    ),
]

GOOD = json.dumps(season_dict())
BAD_BYTES = [
    (b"", "文件"),
    (b"[]", "文件"),
    (b"null", "文件"),
    (b'"wuxiao-season/1"', "文件"),
    (b"{", "文件"),
    (GOOD.encode() + b"{}", "文件"),
    (b"\xef\xbb\xbf" + GOOD.encode(), "文件"),
    (GOOD.encode("utf-16"), "文件"),
    (GOOD.replace("A1", "煤矿").encode("gb18030"), "文件"),
    (b"[" * 200_000, "文件"),
    (GOOD.replace('"points": 18', '"points": 018', 1).encode(), "文件"),
    (
        GOOD.replace('"points": 18', '"points": 1' + "0" * 5000, 1).encode(),
        "sheets[0]（成果 A1，专家 E1）的 marks.innovation.points",
    ),
    (GOOD.replace('"points": 18', '"points": 18, "points": 18', 1).encode(), "marks.innovation.points"),
    (
        GOOD.replace('"expert": "E2"', '"expert": "E2", "expert": "E2"', 1).encode(),
        "sheets[1]（成果 A1，专家 E2）的 expert",
    ),
    (GOOD.replace('"role": {', '"role": {"level": "partial", "points": 10}, "role": {', 1).encode(), "marks.role"),
    (GOOD.replace('"decimals": 2', '"decimals": 2, "decimals": 2', 1).encode(), "policy.decimals"),
    (GOOD.replace('"version": 1', '"version": 1, "version": 1', 1).encode(), "rubric.version"),
    (GOOD.replace('"floor": "95"', '"floor": "96", "floor": "95"', 1).encode(), "tiers[0].floor"),
    (GOOD.replace('"tiers"', '"format": "wuxiao-season/1", "tiers"', 1).encode(), "format"),
]


BAD_FILES = [(json.dumps(changed(path, value)).encode(), named) for path, value, named in BAD_VALUES] + BAD_BYTES


@pytest.mark.parametrize(("data", "named"), BAD_FILES)
def test_a_bad_file_is_refused_in_one_line_that_names_the_place(
    data: bytes, named: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "season.json"
    file.write_bytes(data)
    assert main([str(file)]) == 2
    out, err = capfdbinary.readouterr()
    message = err.decode()
    assert out == b""
    assert message.endswith("。\n")
    assert message.count("\n") == 1
    assert f"{named}：" in message


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sheets", []),
        ("tiers", []),
        ("rubric.criteria", criteria()),
        ("sheets.2.benefit_wan", "120.0"),
        ("sheets.3.benefit_wan", "3.00"),
        ("sheets.3.achievement", '煤, "矿" =1+1'),
        ("policy.aggregate", "median"),
    ],
)
def test_what_looks_odd_but_is_allowed(path: str, value: object) -> None:
    assert isinstance(parse_season(json.dumps(changed(path, value)).encode()), Season)


def test_another_rubric_is_embedded_and_used() -> None:
    own = changed("rubric", {"id": "own", "version": 4, "criteria": poorer_criteria()})
    season = parse_season(json.dumps(own).encode())
    assert season.rubric.criterion("innovation").levels[0].high == 19
    written = season_to_json(season)
    assert json.loads(written)["rubric"] == own["rubric"]
    assert parse_season(written.encode()).rubric == season.rubric


def test_a_rubric_that_only_claims_to_be_the_shipped_one_is_not_written() -> None:
    liar = replace(OFFICIAL, criteria=OFFICIAL.criteria[:2])
    with pytest.raises(SeasonError, match=r"rubric\.version"):
        season_to_json(Season(ScorePolicy(), TIERS, liar, ()))


def test_the_written_file_is_canonical() -> None:
    one, two = sheet("A2", "E1", "18 25 12 23", "social"), sheet("A1", "E2", "18 25 22 23")
    wanted = season_to_json(Season(ScorePolicy(), TIERS, OFFICIAL, (one, two)))
    turned = replace(two, marks=dict(reversed(two.marks.items())))
    assert season_to_json(Season(ScorePolicy(), TIERS, OFFICIAL, (turned, one))) == wanted
    found = json.loads(wanted)
    assert list(found) == ["format", "policy", "tiers", "rubric", "sheets"]
    assert found["rubric"] == {"id": "jincheng-2021", "version": 1}
    assert [list(row) for row in found["sheets"]] == [
        ["achievement", "path", "benefit_wan", "expert", "marks"],
        ["achievement", "path", "expert", "marks"],
    ]
    assert found["sheets"][0]["benefit_wan"] == "120.00"
    assert json.dumps(found, ensure_ascii=False, indent=1) + "\n" == wanted
    assert wanted.endswith("}\n")


def test_small_amounts_are_written_without_an_exponent() -> None:
    tiny = replace(sheet("A", "E", "18 25 7 23"), benefit_wan=Decimal("0.0000001"))
    written = season_to_json(Season(ScorePolicy(), TIERS, OFFICIAL, (tiny,)))
    assert parse_season(written.encode()).sheets == (tiny,)


def test_odd_names_and_an_empty_season_are_written_as_json_writes_them() -> None:
    odd = sheet('煤, "矿"\\ =1', "E/1 é", "18 25 22 23")
    for sheets in ((), (odd,)):
        written = season_to_json(Season(ScorePolicy(), TIERS, OFFICIAL, sheets))
        assert json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n" == written
        assert parse_season(written.encode()).sheets == sheets


def test_an_impossible_sheet_is_not_written() -> None:
    broken = sheet("A", "E", "18 25 22 23")
    broken = replace(broken, marks=dict(broken.marks) | {"role": Mark("partial", 20)})
    with pytest.raises(SeasonError, match=r"成果 A，专家 E.*marks\.role\.points"):
        season_to_json(Season(ScorePolicy(), TIERS, OFFICIAL, (broken,)))


def test_the_same_expert_may_judge_several_achievements() -> None:
    assert len(parse_season(GOOD.encode()).sheets) == 4
