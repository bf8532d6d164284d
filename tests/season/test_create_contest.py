"""`manage.py create_contest`: both cities' rules from their files; a broken file is refused and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Membership
from contests.models import Contest, Enrolment
from contests.rules import preset as presets
from contests.rules.preset.files import SHIPPED
from core import ledger
from core.errors import Refusal
from portal.actions.contests import create_contest
from scoring import queries
from scoring.actions import honours, results, rounds
from scoring.actions.committee import Votes
from scoring.models import Award, Expert, Honour, Result, Round, Rubric
from scoring.queries.cockpit import own_rubric
from submissions.actions.drafting import start_draft
from tests.cast import Cast, accepted, assemble, scene
from tests.season import judging

GOOD = (SHIPPED / "jincheng-2021.toml").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def empty(db: None, bare: None) -> Iterator[None]:
    """A database without a contest; what the test writes is taken back."""
    with scene():
        yield


def run(**options: object) -> str:
    out = StringIO()
    call_command("create_contest", stdout=out, **options)
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def spans(contest: Contest) -> list[tuple[str, str, str]]:
    """(kind, first instant, last instant) of each phase, on the clock of Shanxi."""
    form = "%Y-%m-%d %H:%M:%S"
    return [
        (p.kind, p.opens_at.astimezone(ZONE).strftime(form), p.closes_at.astimezone(ZONE).strftime(form))
        for p in contest.phases.all()
    ]


def test_jincheng_as_the_notice_says(empty: None) -> None:
    said = run(preset="jincheng-2021")
    contest = Contest.objects.get()
    assert said == f"已建立：晋城市2021年“五小”竞赛（2020-2021），编号 {contest.pk}，共 6 个阶段。\n"
    assert (contest.host.name, contest.document_number) == ("晋城市总工会", "晋市工通字〔2021〕19号")
    assert (contest.window_start, contest.window_end) == (date(2019, 10, 1), date(2021, 9, 30))
    assert spans(contest)[:3] == [
        ("organise", "2021-05-01 00:00:00", "2021-08-31 23:59:59"),
        ("submit", "2021-09-01 00:00:00", "2021-09-10 23:59:59"),
        ("review", "2021-09-11 00:00:00", "2021-09-30 23:59:59"),
    ]
    names = {
        "kind": "小发明 小创造 小革新 小设计 小建议",
        "category": "产品类 设备类 工艺类 成本与管理类 环保与节能类 其它",
        "awardtier": "特等奖 一等奖 二等奖 三等奖 优秀奖",
        "organizer": "晋城市总工会 共青团晋城市委员会 晋城市妇女联合会 晋城市科学技术协会",
    }
    for catalogue, expected in names.items():
        assert [row.name for row in getattr(contest, f"{catalogue}_set").all()] == expected.split()
    assert list(contest.awardtier_set.values_list("floor", flat=True)) == [None, *map(Decimal, (95, 90, 85, 80))]
    assert sum(contest.organizingitem_set.values_list("maximum", flat=True)) == 100
    host = Enrolment.objects.get()
    assert (host.is_host, host.audits, host.path) == (True, True, f"{host.pk}.")
    assert ledger.verify() == []


def test_another_year_moves_every_date(empty: None) -> None:
    run(preset="jincheng-2021", year=2024)
    contest = Contest.objects.get()
    assert (contest.year, contest.label, contest.title) == (2024, "2023-2024", "晋城市2024年“五小”竞赛")
    assert contest.document_number == ""
    assert (contest.window_start, contest.window_end) == (date(2022, 10, 1), date(2024, 9, 30))
    assert spans(contest)[1] == ("submit", "2024-09-01 00:00:00", "2024-09-10 23:59:59")
    assert {datetime.fromisoformat(first).year for _, first, _ in spans(contest)} == {2024}


def test_xinxiang_is_another_city(empty: None) -> None:
    """000: a county as host, other kinds and phases, no rubric, no tier; its year runs into the next."""
    run(preset="xinxiang-2015")
    contest = Contest.objects.get()
    assert contest.host.name == "新乡县总工会"
    kinds = [kind.name for kind in contest.kind_set.all()]
    assert kinds == ["小发明", "小革新", "小改造", "小设计", "小建议"]
    assert spans(contest) == [
        ("mobilise", "2015-11-01 00:00:00", "2015-12-31 23:59:59"),
        ("organise", "2016-01-01 00:00:00", "2016-09-30 23:59:59"),
        ("submit", "2016-01-01 00:00:00", "2016-09-30 23:59:59"),
        ("review", "2016-10-01 00:00:00", "2016-12-31 23:59:59"),
    ]
    assert (contest.awardtier_set.count(), contest.settings.commendation_word) == (0, "commend")
    assert not Rubric.objects.exists()
    assert own_rubric(contest) is None


def test_both_cities_live_side_by_side_and_share_no_row(empty: None) -> None:
    run(preset="jincheng-2021")
    run(preset="xinxiang-2015")
    run(preset="jincheng-2021", year=2022)
    assert Contest.objects.count() == 3
    assert Enrolment.objects.count() == 3
    assert Rubric.objects.count() == 1
    assert Contest.objects.values("host").distinct().count() == 2


def test_the_second_time_is_refused(empty: None) -> None:
    run(preset="jincheng-2021")
    before = rows()
    with pytest.raises(CommandError, match="晋城市总工会已有 2021 年度的竞赛，不能重复建立。"):
        run(preset="jincheng-2021")
    assert rows() == before


# what stands in the file, what is put there, key, reason; [rubric] and [policy] are scoring's own sections
BROKEN = [
    ('format = "wuxiao-preset/1"', 'format = "wuxiao-preset/9"', "format", "应为“wuxiao-preset/1”"),
    ("year = 2021\n", "", "contest.year", "缺少这一项"),
    ('host_name = "晋城市总工会"', "host_name = 7", "contest.host_name", "应为文字"),
    ("closes = 2021-09-10", "closes = 2021-08-31", "phases[1].closes", "“成果申报”的截止早于开始"),
    ("first = 2019-10-01", "first = 2022-10-01", "achievement_window.last", "结束日期早于开始日期"),
    ("max_members = 5", 'max_members = "5"', "settings.max_members", "应为整数"),
    ('floor = "90"', 'floor = "96"', "tiers[2].floor", "等级应从高到低排列，96 不低于上一等的 95"),
    ("maximum = 15\ncountable = true", "maximum = 14\ncountable = true", "organizing_items", "合计应为 100，现为 99"),
    ("low = 20, high = 30", "low = 30, high = 20", "rubric.criteria[1].levels[0].low", "应在 0 到 20 之间"),
    ("low = 20, high = 30", "low = 20, high = 31", "rubric.criteria", "最高分合计应为 100 以内，现为 101"),
    ("version = 1\n", "version = 99999\n", "rubric.version", "应在 1 到 32767 之间"),
    ('code = "technology"', f'code = "{"t" * 31}"', "rubric.criteria[1].code", "不超过 30 个字符"),
    ('aggregate = "trimmed_mean"', 'aggregate = "wish"', "policy.aggregate", "应为 mean、trimmed_mean、median 之一"),
    ("trim_from = 5", "trim_from = 5\nluck = 1", "policy.luck", "没有这个键"),
    ("sheets_target = 5", 'sheets_target = "many"', "policy.sheets_target", "应为整数"),
    ("sheets_target = 5", "sheets_target = 0", "policy.sheets_target", "应在 1 到 100 之间"),
    ("[source]\n", "colour = 1\n[source]\n", "colour", "没有这一项"),
]


@pytest.mark.parametrize(("good", "bad", "key", "reason"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_broken_file_writes_nothing(empty: None, tmp_path: Path, good: str, bad: str, key: str, reason: str) -> None:
    assert good in GOOD
    file = tmp_path / "ours.toml"
    file.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
    before = rows()
    with pytest.raises(CommandError) as refused:
        run(preset=str(file), year=2023)
    text = str(refused.value)
    assert text.startswith(f"预设文件“ours.toml”的“{key}")
    assert re.search(f"”有误：.*{re.escape(reason)}[^。]*。$", text)
    assert rows() == before


@pytest.mark.parametrize(("preset", "year", "reason"), [
    ("atlantis-2021", None, "没有这个预设，可用的有：jincheng-2021、xinxiang-2015"),
    ("no-such-file.toml", None, "文件不存在或不能读取"),
    ("jincheng-2021", 1999, "年份应在 2000 到 2099 之间"),
])  # fmt: skip
def test_a_wrong_name_or_year(empty: None, preset: str, year: int | None, reason: str) -> None:
    before = rows()
    with pytest.raises(CommandError, match=reason):
        run(preset=preset, year=year)
    assert rows() == before


# --- the units of a new server ---------------------------------------------------------------------


def add_unit(name: str, **options: object) -> str:
    out = StringIO()
    call_command("add_unit", name, stdout=out, **options)
    return out.getvalue()


def test_a_new_server_is_filled_by_commands_until_a_unit_writes(empty: None) -> None:
    """README "Run it on servers": contest, county, unit and its account, as typed there."""
    run(preset="jincheng-2021", year=timezone.localdate().year)
    add_unit("东山县总工会", short="东山县", level="county", nature="union_body")
    told = add_unit(
        "东山煤业工会", level="grassroots", nature="enterprise", ownership="state", recommender="东山县总工会"
    )
    contest = Contest.objects.get()
    unit = contest.enrolments.get(name="东山煤业工会")
    assert told == f"东山煤业工会（组织编号 {unit.organization_id}）已参加{contest}，推荐单位：东山县总工会。\n"
    assert (unit.path.count("."), unit.audits, unit.recommender.audits) == (3, False, True)
    call_command("add_user", "li", name="李二", organization="东山煤业工会", role="unit_operator", stdout=StringIO())
    actor = Actor.wearing(Membership.objects.get(user__username="li"))
    assert start_draft(actor, unit, {"title": "皮带机纠偏装置"}).unit == unit
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("东山煤业工会", {}, "已经参加"),
        ("西山煤业工会", {"recommender": "西山县总工会"}, "请先用 add_unit 新增它"),
        ("东山群团工会", {"nature": "union_body"}, "不在本届参赛范围内"),
        ("东山团委", {"line": "youth_league"}, "不属于同一系统"),
        ("东山医院工会", {"nature": "public_institution", "ownership": "state"}, "只有企业才填写所有制"),
    ],
)
def test_a_unit_that_cannot_enter_leaves_nothing_behind(empty: None, name: str, changes: dict, words: str) -> None:
    run(preset="jincheng-2021")
    add_unit("东山县总工会", level="county", nature="union_body")
    given = {"level": "grassroots", "nature": "enterprise", "recommender": "东山县总工会"}
    add_unit("东山煤业工会", **given)
    before = rows()
    with pytest.raises(CommandError, match=words):
        add_unit(name, **given | changes)
    assert rows() == before


# --- a notice without a rubric -------------------------------------------------------------------


@pytest.fixture
def county(empty: None) -> Cast:
    """The season of 000 with three accepted works, in its review phase."""
    cast = assemble("xinxiang-2015")
    for _ in range(3):
        accepted(cast)
    judging.to_review(cast)
    return cast


def test_no_round_without_a_rubric(county: Cast) -> None:
    before = rows()
    with pytest.raises(Refusal) as refused, scene():
        rounds.create_round(
            county["office"], county.contest, name="检查评比", rubric=None, sheets_per_achievement=3,
            expert_ids=list(Expert.objects.values_list("pk", flat=True)),
        )  # fmt: skip
    assert (refused.value.field, refused.value.message) == ("rubric", "本届方案没有自带评分标准，请先选择评分标准。")
    assert rows() == before
    assert not Round.objects.exists()


def test_a_winning_unit_needs_no_form_where_the_notice_has_none(county: Cast) -> None:
    """000 四(三) honours units, but has no 附件5: any unit of its natures may be honoured, and nobody else."""
    votes = Votes(5, 0, 0)
    approval = honours.propose_honour(county["office"], "unit", county.enrolments["unit_a"], "成绩突出。", votes)
    honours.approve_honour(county["office2"], approval.pk)
    assert Honour.objects.get().given
    for who in ("county_a", "team"):
        with pytest.raises(Refusal, match="参赛范围内的单位"), scene():
            honours.propose_honour(county["office"], "unit", county.enrolments[who], "成绩突出。", votes)


def test_with_the_chosen_rubric_it_comes_to_a_ranking(county: Cast) -> None:
    """The office takes over the rubric of 002; without tiers there is a ranking, but no award."""
    create_contest(None, presets.named("jincheng-2021"))
    round_ = judging.closed(county)
    assert round_.rubric.code == "jincheng-2021"
    assert list(Result.objects.values_list("rank", "score_text", "tier_name")) == [(1, "100.00", "")] * 3
    assert queries.ranking_download(round_).splitlines()[1] == "1,A0001,100.00,,3,"
    assert results.confirm_awards(county["office"], round_.pk) == 0
    assert not Award.objects.exists()
    assert ledger.verify() == []


def test_settings_follow_what_is_stored_even_when_changed_in_place(db):
    contest = create_contest(None, presets.named("jincheng-2021"))
    assert contest.settings.require_comment is False
    contest.settings_data["require_comment"] = True
    assert contest.settings.require_comment is True
    assert Contest.objects.get(pk=contest.pk).settings.require_comment is False  # it was not saved
    contest.save()
    assert Contest.objects.get(pk=contest.pk).settings.require_comment is True
