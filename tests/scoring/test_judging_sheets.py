"""The expert's pages through the client: her own sheets, saved as she goes, handed in as a batch."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contests.actions.dates import shift_phases
from core import files
from scoring.actions import results, sheets
from scoring.models import ScoreSheet
from submissions.actions import drafting, moves
from tests.cast import Cast, accepted, assemble, fields, picture
from tests.scoring import judging
from tests.scoring.judging import client_of, complete, marks, own, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return judging.season(3, k=3)[0]


@pytest.fixture
def expert(cast) -> Client:
    return client_of(cast, "expert1")


@pytest.fixture
def sheet(cast) -> ScoreSheet:
    return own(cast, "expert1")[0]


def page(sheet: ScoreSheet) -> str:
    return reverse("scoring:sheet", args=[sheet.pk])


def saving(sheet: ScoreSheet) -> str:
    return reverse("scoring:sheet_save", args=[sheet.pk])


def hand_in(client: Client, shown: int, **more: object):
    round_ = ScoreSheet.objects.first().round_id
    return client.post(reverse("scoring:hand_in"), {"round": round_, "shown": shown, "sure": "on"} | more, follow=True)


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_holds_her_own_sheets_and_no_others(cast, expert):
    text = expert.get(reverse("scoring:sheets")).content.decode()
    mine = {sheet.pk for sheet in own(cast, "expert1")}
    for sheet in ScoreSheet.objects.all():
        assert (f'href="{page(sheet)}"' in text) == (sheet.pk in mine)
    assert text.count("未评") == len(mine)


def test_state_and_distribution_follow_what_she_has_done(cast, expert):
    first, *_ = own(cast, "expert1")
    sheets.save_marks(cast["expert1"], first.pk, {"innovation": marks(first)["innovation"]}, revision=0)
    assert "还差 3 项" in expert.get(reverse("scoring:sheets")).content.decode()
    sheets.save_marks(cast["expert1"], first.pk, marks(first), revision=1)
    text = expert.get(reverse("scoring:sheets")).content.decode()
    assert "已评完" in text
    assert "平均 100.0" in text


def test_by_score_the_best_comes_first(cast, expert):
    first, second, *_ = own(cast, "expert1")
    sheets.save_marks(cast["expert1"], first.pk, marks(first, "low"), revision=0)
    sheets.save_marks(cast["expert1"], second.pk, marks(second), revision=0)
    text = expert.get(reverse("scoring:sheets"), {"order": "score"}).content.decode()
    assert text.index(page(second)) < text.index(page(first))


def test_a_draft_shows_nothing_to_experts():
    cast = assemble()
    accepted(cast)
    judging.to_review(cast)
    round_ = judging.drafted(cast, k=3)
    judging.rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    client = client_of(cast, "expert1")
    assert "还没有分给您的评分表" in client.get(reverse("scoring:sheets")).content.decode()
    assert {client.get(page(sheet)).status_code for sheet in ScoreSheet.objects.all()} == {404}


# --- whose sheet -----------------------------------------------------------------------------------------


def test_somebody_elses_sheet_does_not_exist(cast, expert):
    mine = {sheet.pk for sheet in own(cast, "expert1")}
    other = ScoreSheet.objects.exclude(pk__in=mine).first()
    data = posted(marks(other), 0)
    assert expert.get(page(other)).status_code == 404
    assert expert.post(page(other), data).status_code == 404
    assert expert.post(saving(other), data).status_code == 404
    assert expert.get(reverse("scoring:sheet_file", args=[other.pk, 1])).status_code == 404
    other.refresh_from_db()
    assert other.revision == 0


@pytest.mark.parametrize("who", ["office", "supervisor", "auditor_a", "unit_a"])
def test_only_experts_open_sheets(cast, sheet, who):
    client = client_of(cast, who)
    assert client.get(reverse("scoring:sheets")).status_code == 403
    assert client.get(page(sheet)).status_code == 403
    assert client.post(saving(sheet), posted(marks(sheet), 0)).status_code == 403


def test_signed_out_goes_to_the_sign_in(sheet):
    answer = Client().get(page(sheet))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_the_save_wants_its_token_and_a_post(cast, sheet):
    strict = client_of(cast, "expert1", csrf=True)
    assert strict.post(saving(sheet), posted(marks(sheet), 0)).status_code == 403
    assert strict.get(saving(sheet)).status_code == 405
    assert strict.get(reverse("scoring:hand_in")).status_code == 405


# --- blind -----------------------------------------------------------------------------------------------

PLANTED = ("上官鹏", "诸葛青", "令狐明", "慕容经理", "鲲鹏精密", "13987654321", "202030123456", "东山机械", "吴山")


def planted() -> Cast:
    cast = assemble()
    achievement = drafting.start_draft(cast["unit_a"], cast.enrolments["unit_a"])
    given = planted_fields(cast)
    drafting.save_fields(cast["unit_a"], achievement.pk, given, 0)
    drafting.set_members(cast["unit_a"], achievement.pk, [("诸葛青", "鲲鹏精密二车间")], 1)
    photo = files.store_bytes(picture(), "上官鹏.png", "image/png")
    drafting.attach(cast["unit_a"], achievement.pk, "photo", photo, "上官鹏与诸葛青.png")
    moves.register(cast["unit_a"], achievement.pk)
    moves.submit(cast["unit_a"], achievement.pk)
    moves.verify_benefit(cast["auditor_a"], achievement.pk, Decimal("126.50"), "economic", "")
    moves.recommend(cast["auditor_a"], achievement.pk)
    moves.accept(cast["office"], achievement.pk)
    judging.to_review(cast)
    judging.opened(cast, k=4)
    return cast


def planted_fields(cast: Cast) -> dict[str, object]:
    return fields(
        cast,
        title="鲲鹏精密皮带机纠偏装置",
        summary="上官鹏带领诸葛青研制，令狐明填报，联系 13987654321。跑偏停机由每月 12 次降到 1 次。",
        innovation="慕容经理批准的新做法。",
        filled_by="令狐明",
        responsible_person="慕容经理",
        **{"leader.name": "上官鹏", "leader.employer": "鲲鹏精密有限公司", "leader.phone": "13987654321"},
    )


def test_no_page_of_the_expert_names_who_did_the_work():
    cast = planted()
    client, (sheet,) = client_of(cast, "expert1"), own(cast, "expert1")
    shown = client.get(reverse("scoring:sheet_file", args=[sheet.pk, 1]))
    pages = {
        "list": client.get(reverse("scoring:sheets")),
        "sheet": client.get(page(sheet)),
        "refused": client.post(page(sheet), {"revision": 99}),
        "saved": client.post(saving(sheet), posted(marks(sheet), 0)),
    }
    for name, answer in pages.items():
        text = answer.content.decode() + str(dict(answer.headers))
        assert [word for word in PLANTED if word in text] == [], name
    assert "跑偏停机由每月 12 次降到 1 次" in pages["sheet"].content.decode()
    assert [word for word in PLANTED if word in str(dict(shown.headers))] == []


def test_pictures_are_drawn_anew_under_neutral_names(cast, expert, sheet):
    answer = expert.get(reverse("scoring:sheet_file", args=[sheet.pk, 1]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert "%E5%9B%BE%E7%89%871.png" in answer["Content-Disposition"]  # 图片1.png
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert expert.get(reverse("scoring:sheet_file", args=[sheet.pk, 2])).status_code == 404
    assert expert.get(reverse("scoring:sheet_file", args=[sheet.pk, 0])).status_code == 404


# --- the sheet -------------------------------------------------------------------------------------------


def test_the_page_shows_levels_with_their_whole_sentences_and_points(expert, sheet):
    text = expert.get(page(sheet)).content.decode()
    assert "技术难度大，填补国内空白或在全国同行业中处于领先水平" in text
    assert 'name="points-technology-leading" value="30"' in text
    assert "核定 <b>126.50 万元/年</b>，档次已定" in text


def test_the_verified_amount_leaves_one_level_open(expert, sheet):
    text = expert.get(page(sheet)).content.decode()
    assert 'value="ge_100" id="l-benefit-ge_100" checked>' in text
    assert 'value="50_100" id="l-benefit-50_100" disabled>' in text
    assert "points-benefit-50_100" not in text


def test_a_social_work_leaves_all_its_levels_open():
    work = {"benefit_path": "social", "benefit_wan": None, "benefit_basis": "", "social_benefit": "全市推广。"}
    cast, _ = judging.season(1, k=4, **work)
    text = client_of(cast, "expert1").get(page(own(cast, "expert1")[0])).content.decode()
    assert "档次已定" not in text
    assert "按<b>社会效益</b>计分" in text
    assert "/ 95<" in text


def test_a_save_answers_with_revision_and_total(expert, sheet):
    given = marks(sheet)
    part = {"innovation": given["innovation"]}
    assert expert.post(saving(sheet), posted(part, 0)).json() == {"revision": 1, "total": None, "errors": {}}
    answer = expert.post(saving(sheet), posted(given, 1, comment="很好", doubt="单价偏高"))
    assert answer.json() == {"revision": 2, "total": 100, "errors": {}}
    sheet.refresh_from_db()
    assert (sheet.total, sheet.comment, sheet.doubt) == (100, "很好", "单价偏高")


def test_a_level_without_points_waits(expert, sheet):
    data = {"revision": 0, "level-innovation": "creative"}
    assert expert.post(saving(sheet), data).json()["errors"] == {}
    mark = sheet.marks.get()
    assert (mark.level, mark.points, mark.low, mark.high) == ("creative", None, 10, 14)


@pytest.mark.parametrize("points", ["9", "21", "-3", "9999"])
def test_points_outside_the_level_are_refused_at_their_criterion(expert, sheet, points):
    data = {"revision": 0, "level-innovation": "original", "points-innovation-original": points}
    answer = expert.post(saving(sheet), data)
    assert answer.status_code == 400
    assert "15–20 分" in answer.json()["errors"]["innovation"]
    assert sheet.marks.count() == 0


@pytest.mark.parametrize("points", ["abc", "１７", "17.5"])
def test_points_that_are_no_integer_are_refused(expert, sheet, points):
    data = {"revision": 0, "level-innovation": "original", "points-innovation-original": points}
    answer = expert.post(saving(sheet), data)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"innovation": "请填写整数。"}
    assert sheet.marks.count() == 0
    assert "请填写整数。" in expert.post(page(sheet), data).content.decode()


def test_a_level_against_the_verified_amount_is_refused(expert, sheet):
    data = {"revision": 0, "level-benefit": "10_50", "points-benefit-10_50": "12"}
    answer = expert.post(saving(sheet), data)
    assert answer.status_code == 400
    assert "核定的年经济效益 126.50 万元属于“100 万元以上/年”" in answer.json()["errors"]["benefit"]


def test_a_level_that_does_not_exist_is_refused(expert, sheet):
    answer = expert.post(saving(sheet), {"revision": 0, "level-role": "splendid"})
    assert "没有“splendid”这个档次" in answer.json()["errors"]["role"]


def test_the_second_window_is_told(expert, sheet):
    expert.post(saving(sheet), posted(marks(sheet), 0))
    answer = expert.post(saving(sheet), posted(marks(sheet, "low"), 0))
    assert answer.status_code == 409
    assert "另一个窗口" in answer.json()["errors"][""]
    assert answer.json()["revision"] == 1
    sheet.refresh_from_db()
    assert sheet.total == 100


def test_too_long_a_comment_is_refused_with_a_sentence(expert, sheet):
    answer = expert.post(saving(sheet), posted({}, 0, comment="长" * 1001))
    assert answer.status_code == 400
    assert "1000 字" in answer.json()["errors"]["comment"]


def test_without_a_revision_nothing_is_written(expert, sheet):
    assert expert.post(saving(sheet), {"level-innovation": "original"}).status_code == 400
    assert sheet.marks.count() == 0


# --- the same without a script -----------------------------------------------------------------------------


def test_the_ordinary_form_saves_and_goes_on_to_the_next(cast, expert):
    first, second = own(cast, "expert1")[:2]
    answer = expert.post(page(first), posted(marks(first), 0, then="next"))
    assert answer.status_code == 302
    assert answer.url == page(second)
    stay = expert.post(page(second), posted(marks(second), 0, then="stay"), follow=True)
    assert "已保存。" in stay.content.decode()


def test_after_the_last_one_comes_the_list(cast, expert):
    last = own(cast, "expert1")[-1]
    answer = expert.post(page(last), posted(marks(last), 0, then="next"))
    assert answer.url == f"{reverse('scoring:sheets')}?round={last.round_id}"


def test_a_refused_form_keeps_everything_typed(expert, sheet):
    data = posted(marks(sheet), 0, comment="写了很久的评语", **{"points-innovation-original": "99"})
    answer = expert.post(page(sheet), data)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "99 分不在“有原创价值”的 15–20 分之内。" in text
    assert "写了很久的评语" in text
    assert 'id="p-technology-leading-30" checked' in text


# --- hand-in ------------------------------------------------------------------------------------------------


def test_the_complete_ones_are_handed_in_together(cast, expert):
    ids = complete(cast, "expert1")
    text = hand_in(expert, len(ids)).content.decode()
    assert f"已交 {len(ids)} 份评分表" in text
    assert set(ScoreSheet.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"handed_in"}


def test_what_is_incomplete_stays_open(cast, expert):
    first, *others = own(cast, "expert1")
    sheets.save_marks(cast["expert1"], first.pk, marks(first), revision=0)
    hand_in(expert, 1)
    assert {sheet.pk for sheet in own(cast, "expert1")} == {sheet.pk for sheet in others}


def test_without_the_confirmation_nothing_is_handed_in(cast, expert):
    ids = complete(cast, "expert1")
    answer = hand_in(expert, len(ids), sure="")
    assert answer.status_code == 400
    assert "请先核对" in answer.content.decode()
    assert len(own(cast, "expert1")) == len(ids)


def test_an_old_page_is_told_that_the_number_changed(cast, expert):
    ids = complete(cast, "expert1")
    text = hand_in(expert, len(ids) - 1).content.decode()
    assert f"现在是 {len(ids)} 份" in text
    assert len(own(cast, "expert1")) == len(ids)


def test_twice_pressed_hands_in_once(cast, expert):
    ids = complete(cast, "expert1")
    hand_in(expert, len(ids))
    assert "没有可以提交的评分表" in hand_in(expert, 0).content.decode()


def test_a_round_that_is_not_hers_does_not_exist(expert):
    data = {"round": 999_999, "shown": 0, "sure": "on"}
    assert expert.post(reverse("scoring:hand_in"), data).status_code == 404


def test_a_handed_in_sheet_cannot_be_changed(cast, expert, sheet):
    complete(cast, "expert1")
    sheets.hand_in(cast["expert1"], [sheet.pk])
    sheet.refresh_from_db()
    answer = expert.post(saving(sheet), posted(marks(sheet, "low"), sheet.revision))
    assert answer.status_code == 400
    assert answer.json()["errors"][""] == "本评分表已经提交，不能再修改。"
    text = expert.get(page(sheet)).content.decode()
    assert "本评分表已经提交，不能再修改。" in text
    assert 'name="then"' not in text
    sheet.refresh_from_db()
    assert sheet.total == 100


def test_after_the_window_nothing_is_saved_and_the_sentence_names_the_second(cast, expert, sheet):
    review = cast.contest.phases.get(kind="review")
    shift_phases(None, cast.contest, (review.opens_at - review.closes_at) * 2)
    answer = expert.post(saving(sheet), posted(marks(sheet), 0))
    assert answer.status_code == 400
    sentence = answer.json()["errors"][""]
    assert sentence.startswith("提交评分已于")
    assert sentence in expert.get(page(sheet)).content.decode()
    assert ScoreSheet.objects.get(pk=sheet.pk).revision == 0


def test_after_the_closing_of_the_round_nothing_is_saved(cast, expert, sheet):
    results.close_round(cast["office"], sheet.round_id, waive="专家出差。")
    answer = expert.post(saving(sheet), posted(marks(sheet), 0))
    assert "本轮评审已经截止" in answer.json()["errors"][""]
    assert "本轮评审已经截止" in expert.get(reverse("scoring:sheets")).content.decode()


# --- the number of queries -----------------------------------------------------------------------------------


def queries_of(works: int) -> tuple[int, ...]:
    cast, _ = judging.season(works, k=4)
    client, sheet = client_of(cast, "expert1"), own(cast, "expert1")[0]
    client.get(reverse("scoring:sheets"))  # the session is written once
    counts = []
    for ask in (
        lambda: client.get(reverse("scoring:sheets")),
        lambda: client.get(page(sheet)),
        lambda: client.post(saving(sheet), posted(marks(sheet), 0)),
        lambda: client.get(page(sheet)),
        lambda: client.post(saving(sheet), posted(marks(sheet, "low"), 1)),
    ):
        with CaptureQueriesContext(connection) as seen:
            assert ask().status_code == 200
        counts.append(len(seen))
    return tuple(counts)


LIST, SHEET, SAVE = 8, 13, 17
SHEET_AGAIN, SAVE_AGAIN = 11, 13  # when she opened it is known
BEGINS = 5  # before she reads a work or saves its first mark: is there a conflict since the release?


@pytest.mark.parametrize("works", [1, 3, 30])
def test_pages_and_saves_cost_the_same_whatever_the_season_holds(works):
    assert queries_of(works) == (LIST, SHEET + BEGINS, SAVE + BEGINS, SHEET_AGAIN, SAVE_AGAIN)
