"""The ranking of a closed round, the committee's choice, the awards; the files for juries."""

import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import ledger
from scoring import queries
from scoring.actions import results, sheets
from scoring.models import Appointment, Award, Entry, Result, Round, ScoreSheet
from scoring.rules.ranking import rank
from scoring.rules.season import ranking_csv, season_to_json
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of, marks, own
from tests.season.judging import special

pytestmark = pytest.mark.django_db


def closed(works: int = 3, k: int = 4) -> tuple[Cast, Round]:
    """Scored in full: the works of even number get the best points, the others lose three of every criterion."""
    cast, round_ = judging.season(works, k=k)
    for username in judging.EXPERTS:
        for sheet in own(cast, username):
            step = 0 if int(sheet.entry.code[1:]) % 2 == 0 else 3
            doubt = "单价偏高。" if sheet.entry.code == "A0001" and username == "expert1" else ""
            given = marks(sheet, step=step)
            sheets.save_marks(cast[username], sheet.pk, given, doubt=doubt, revision=sheet.revision)
        sheets.hand_in(cast[username], [sheet.pk for sheet in own(cast, username)])
    return cast, results.close_round(cast["office"], round_.pk)


def url(name: str, round_: Round) -> str:
    return reverse(f"scoring:{name}", args=[round_.pk])


@pytest.fixture
def season() -> tuple[Cast, Round]:
    return closed()


@pytest.fixture
def cast(season) -> Cast:
    return season[0]


@pytest.fixture
def round_(season) -> Round:
    return season[1]


@pytest.fixture
def office(cast) -> Client:
    return client_of(cast, "office")


# --- reading ---------------------------------------------------------------------------------------------


def test_an_open_round_shows_no_scores():
    cast, round_ = judging.season(1)
    judging.score_all(cast)
    page = client_of(cast, "office").get(url("ranking", round_)).content.decode()
    assert "还没有排名" in page
    assert "100" not in page


def test_ranks_tiers_and_flags(office, round_):
    page = office.get(url("ranking", round_)).content.decode()
    first, second = page.index("A0002"), page.index("A0001")
    assert first < second
    assert page.count("100.00") >= 1
    assert "88.00" in page
    assert "一等奖" in page
    assert "≥ 85.00" in page
    assert "数据存疑 1" in page
    assert "东山机械厂工会" in page


def test_the_dots_stand_under_nobodys_name(cast, office, round_):
    """With the assignment's names of each work a pseudonym could be joined to who marked what."""
    page = office.get(url("ranking", round_)).content.decode()
    assert "88 分、88 分、88 分、88 分" in page
    assert [a.pseudonym for a in Appointment.objects.all() if a.pseudonym in page] == []
    assert [name for name in ("蒋一", "沈二", "韩三", "杨四") if name in page] == []


def test_dropped_sheets_are_hollow():
    from scoring.queries import board

    cast, round_ = judging.season(1, k=4)
    judging.score_all(cast, step=1)
    Round.objects.filter(pk=round_.pk).update(policy=round_.policy | {"trim_from": 4})
    round_ = results.close_round(cast["office"], round_.pk)
    (row,), floor = board.rows(round_, list(board.results(round_)), board.tiers(round_))
    assert [dot.left_out for dot in row.strip.dots] == [True, False, False, True]
    assert (row.result.sheets_counted, row.received, floor) == (2, 4, 80)


def test_a_work_of_which_no_sheet_counts_is_in_the_file_all_the_same():
    cast, round_ = judging.season(1, k=2)
    judging.score_all(cast)
    Round.objects.filter(pk=round_.pk).update(policy=round_.policy | {"trim_from": 2})
    round_ = results.close_round(cast["office"], round_.pk)
    season = queries.season(round_)
    assert Result.objects.get().sheets_counted == 0
    assert queries.ranking_download(round_) == ranking_csv(
        rank(season.sheets, season.policy, season.tiers, season.rubric)
    )


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"q": "A0002"}, ["A0002"]),
        ({"q": "东山"}, ["A0001", "A0002", "A0003"]),
        ({"q": "没有这样的"}, []),
        ({"path": "social"}, []),
        ({"flagged": "1"}, ["A0001"]),
        ({"page": "x"}, ["A0001", "A0002", "A0003"]),
    ],
)
def test_filters(office, round_, asked, codes):
    page = office.get(url("ranking", round_), asked)
    assert sorted(row.result.entry.code for row in page.context["rows"]) == codes


def test_who_reads_the_ranking(cast, round_):
    for name in ("ranking", "ranking_csv", "season_json"):
        assert client_of(cast, "supervisor").get(url(name, round_)).status_code == 200
        for who in ("unit_a", "expert1"):
            assert client_of(cast, who).get(url(name, round_)).status_code == 403
        assert Client().get(url(name, round_)).status_code == 302


def test_the_supervisor_only_reads(cast, round_):
    page = client_of(cast, "supervisor").get(url("ranking", round_)).content.decode()
    assert "评审委员会" in page
    assert f'action="{url("confirm", round_)}"' not in page


# --- the committee ------------------------------------------------------------------------------------------


def top() -> Entry:
    return Entry.objects.get(code="A0002")


def test_the_committees_choice_stands_beside_the_ranking(cast, office, round_):
    special(cast, top().pk)
    page = office.get(url("ranking", round_))
    assert "特等奖：填补国内空白。" in page.content.decode()
    counts = {line.tier.code: line.count for line in page.context["tiers"]}
    assert (counts["special"], counts["first"], counts["third"]) == (1, 0, 2)


def test_awards_are_confirmed_once_and_then_locked(cast, office, round_):
    assert office.post(url("confirm", round_), {}).status_code == 400
    special(cast, top().pk)
    page = office.post(url("confirm", round_), {"sure": "on"}, follow=True).content.decode()
    assert "已定奖 3 项，结果已锁定" in page
    assert sorted(Award.objects.values_list("tier__code", flat=True)) == ["special", "third", "third"]
    again = office.post(url("confirm", round_), {"sure": "on"}, follow=True).content.decode()
    assert "本轮评审当前为“已定等次”" in again
    assert Award.objects.count() == 3
    assert ledger.verify() == []


def test_money_is_counted_by_tier(cast, office, round_):
    cast.contest.awardtier_set.filter(code="third").update(prize_yuan=1000)
    page = office.get(url("ranking", round_))
    assert page.context["money"] == 2000
    assert "2,000" in page.content.decode()


# --- files ------------------------------------------------------------------------------------------------------


def test_the_csv_is_the_stored_ranking_byte_for_byte(office, round_):
    answer = office.get(url("ranking_csv", round_))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="ranking-{round_.pk}.csv"'
    assert answer.content == queries.ranking_download(round_).encode()
    assert b"\r" not in answer.content
    assert answer.content.startswith(b"rank,achievement,score,tier,sheets_counted,remark\n1,A0002,100.00,")


def test_a_jury_gets_the_same_ranking_from_the_season_file(office, round_, tmp_path):
    file = tmp_path / "season.json"
    file.write_bytes(office.get(url("season_json", round_)).content)
    replayed = subprocess.run([sys.executable, "-m", "scoring.replay", str(file)], capture_output=True, check=True)
    assert replayed.stdout == office.get(url("ranking_csv", round_)).content


def test_no_name_stands_in_the_season_file(office, round_):
    text = office.get(url("season_json", round_)).content.decode()
    assert [word for word in ("蒋一", "东山", "欧阳", "皮带机") if word in text] == []


@pytest.mark.parametrize("name", ["ranking_csv", "season_json"])
def test_an_open_round_has_no_files(name):
    cast, round_ = judging.season(1)
    judging.score_all(cast)
    answer = client_of(cast, "office").get(url(name, round_))
    assert answer.status_code == 400
    assert "还没有截止" in answer.content.decode()


def exported(**options: object) -> str:
    out = StringIO()
    call_command("export_season", stdout=out, **options)
    return out.getvalue()


def test_the_command_writes_what_the_page_gives(office, round_, tmp_path):
    text = office.get(url("season_json", round_)).content.decode()
    assert exported(round=round_.pk) == text == season_to_json(queries.season(round_))
    assert exported(contest=round_.contest_id) == text
    assert exported(round=round_.pk, out=tmp_path / "s.json") == ""
    assert (tmp_path / "s.json").read_bytes() == text.encode()


def test_the_command_refuses_with_a_sentence(tmp_path):
    cast, round_ = judging.season(1)
    with pytest.raises(CommandError, match="还没有截止评分"):
        exported(round=round_.pk)
    with pytest.raises(CommandError, match="还没有截止的评审轮次"):
        exported(contest=round_.contest_id)
    with pytest.raises(CommandError, match="没有编号为 999 的评审轮次"):
        exported(round=999)
    results.close_round(cast["office"], round_.pk, waive="无人评分。")
    with pytest.raises(CommandError, match="没有已提交的评分表"):
        exported(round=round_.pk)


def test_a_folder_that_is_not_there_is_said(round_, tmp_path):
    with pytest.raises(CommandError, match="无法写入"):
        exported(round=round_.pk, out=tmp_path / "absent" / "s.json")


# --- queries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("works", [1, 3])
def test_the_ranking_costs_the_same_with_one_work_and_with_three(works):
    cast, round_ = closed(works)
    office = client_of(cast, "office")
    office.get(url("ranking", round_))
    with CaptureQueriesContext(connection) as seen:
        assert office.get(url("ranking", round_)).status_code == 200
    assert len(seen) == 21
    assert Result.objects.count() == works
    assert ScoreSheet.objects.count() == works * 4
