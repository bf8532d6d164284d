"""初评 → 终评 with the first of the round before, each with its dates; a changed rubric is a new version."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import ledger
from core.errors import Refusal
from core.models import Event
from scoring.actions import dropping, recusing, results, rounds, rubric_versions, sheets
from scoring.actions.rounds import Design
from scoring.models import Expert, Mark, Result, Round, Rubric, ScoreSheet, SheetFlag
from scoring.queries import receipts, rubric_use
from submissions.actions import moves
from submissions.lifecycle import Status
from submissions.models import Achievement
from tests import kept
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.keeping
def cast() -> Cast:
    made = assemble()
    for _ in range(3):
        accepted(made)
    judging.to_review(made)
    return made


def create(cast: Cast, name: str, k: int = 3, **design: object) -> Round:
    return rounds.create_round(
        cast["office"],
        cast.contest,
        name=name,
        rubric=Rubric.objects.order_by("-version").first(),
        sheets_per_achievement=k,
        expert_ids=list(Expert.objects.values_list("pk", flat=True)),
        design=Design(**design),  # type: ignore[arg-type]
    )


def first_round(cast: Cast, *points: int) -> Round:
    """Closed; the n-th work (by code) has so many points less on each of its criteria."""
    round_ = judging.opened(cast, k=4, name="初评")
    for username in judging.EXPERTS:
        for sheet in judging.own(cast, username):
            step = points[list(round_.entries.all()).index(sheet.entry)]
            sheets.save_marks(cast[username], sheet.pk, judging.marks(sheet, step=step), revision=sheet.revision)
        sheets.hand_in(cast[username], [sheet.pk for sheet in judging.own(cast, username)])
    return results.close_round(cast["office"], round_.pk)


def follow(cast: Cast, previous: Round, top: int) -> Round:
    return create(cast, "终评", previous_id=previous.pk, take_top=top)


def test_the_next_round_takes_the_first_of_the_one_before(cast):
    previous = first_round(cast, 0, 1, 2)
    following = follow(cast, previous, 2)
    assert set(following.entries.values_list("achievement", flat=True)) == set(
        Result.objects.filter(entry__round=previous, rank__lte=2).values_list("entry__achievement", flat=True)
    )
    rounds.plan_assignment(cast["office"], following.pk, seed=1)
    rounds.open_round(cast["office"], following.pk)
    judging.score_all(cast)
    results.close_round(cast["office"], following.pk)
    assert results.confirm_awards(cast["office"], following.pk) == 2
    assert ledger.verify() == []


def test_whoever_shares_the_last_place_goes_in_as_well(cast):
    assert follow(cast, first_round(cast, 0, 1, 1), 2).entries.count() == 3


def test_the_first_are_the_first_of_those_still_judged(cast):
    previous = first_round(cast, 0, 1, 2)
    best = Result.objects.get(entry__round=previous, rank=1).entry
    moves.disqualify(cast["office"], best.achievement_id, "经核实，不是本单位的成果。")
    assert follow(cast, previous, 2).entries.count() == 2


def test_awards_are_given_in_the_last_round_alone(cast):
    previous = first_round(cast, 0, 1, 2)
    follow(cast, previous, 2)
    with pytest.raises(Refusal, match="请在最后一轮评定等次"):
        results.confirm_awards(cast["office"], previous.pk)
    page = client_of(cast, "office").get(reverse("scoring:ranking", args=[previous.pk])).content.decode()
    assert 'name="sure"' not in page


def test_works_stay_frozen_between_the_rounds(cast):
    previous = first_round(cast, 0, 1, 2)
    following = follow(cast, previous, 2)
    rounds.plan_assignment(cast["office"], following.pk, seed=1)
    rounds.open_round(cast["office"], following.pk)
    with pytest.raises(Refusal, match="下一轮评审已按本轮的结果开始"):
        results.reopen_round(cast["office"], previous.pk, "补评。")
    assert set(Achievement.objects.values_list("status", flat=True)) == {Status.FROZEN}


@pytest.mark.parametrize(("top", "sentence"), [(None, "请填写取上一轮的前几名"), (0, "请填写取上一轮的前几名")])
def test_how_many_go_on_must_be_said(cast, top, sentence):
    with pytest.raises(Refusal, match=sentence):
        follow(cast, first_round(cast, 0, 1, 2), top)


def test_three_rounds_in_a_row(cast):
    """初评 → 复评 → 终评: each takes the first of the one before, the last one awards."""
    current = first_round(cast, 0, 1, 2)
    for name, top in (("复评", 2), ("终评", 1)):
        current = create(cast, name, previous_id=current.pk, take_top=top)
        assert current.entries.count() == top
        rounds.plan_assignment(cast["office"], current.pk, seed=1)
        rounds.open_round(cast["office"], current.pk)
        for username in judging.EXPERTS:
            for sheet in judging.own(cast, username):  # the first of 复评 is told by the code
                given = judging.marks(sheet, step=int(sheet.entry.code[1:]) - 1)
                sheets.save_marks(cast[username], sheet.pk, given, revision=sheet.revision)
            own = [sheet.pk for sheet in judging.own(cast, username)]
            if own:  # one work of the 终评 takes three of the four experts, the assignment says which
                sheets.hand_in(cast[username], own)
        assert ScoreSheet.objects.filter(round=current, state="handed_in").count() == 3 * top
        results.close_round(cast["office"], current.pk)
    for before in Round.objects.exclude(pk=current.pk):
        with pytest.raises(Refusal, match="请在最后一轮评定等次"):
            results.confirm_awards(cast["office"], before.pk)
    assert results.confirm_awards(cast["office"], current.pk) == 1
    assert ledger.verify() == []


def test_a_draft_made_by_mistake_is_dropped_and_the_one_before_is_awarded(cast):
    previous, office = first_round(cast, 0, 1, 2), client_of(cast, "office")
    wrong = follow(cast, previous, 2)
    rounds.plan_assignment(cast["office"], wrong.pk, seed=1)
    assert "删除本轮" in office.get(reverse("scoring:round", args=[wrong.pk])).content.decode()
    address = reverse("scoring:round_drop", args=[wrong.pk])
    assert "请写明删除的理由" in office.post(address, {"reason": " "}, follow=True).content.decode()
    assert "已删除“终评”" in office.post(address, {"reason": "误建。"}, follow=True).content.decode()
    assert list(Round.objects.all()) == [previous]
    event = Event.objects.get(verb="drop_round")
    assert (event.subject, json.loads(event.payload)["entries"]) == (f"round:{wrong.pk}", 2)
    with pytest.raises(Refusal, match="不能删除"):
        dropping.drop_round(cast["office"], previous.pk, "误建。")
    assert results.confirm_awards(cast["office"], previous.pk) == 3
    assert ledger.verify() == []


def test_a_round_that_is_open_or_followed_cannot_be_followed(cast):
    previous = first_round(cast, 0, 1, 2)
    follow(cast, previous, 2)
    with pytest.raises(Refusal, match="上一轮须已截止评分"):
        create(cast, "复评", previous_id=previous.pk, take_top=1)


def test_the_page_offers_the_round_before(cast):
    previous, office = first_round(cast, 0, 1, 2), client_of(cast, "office")
    assert "取上一轮前几名" in office.get(reverse("scoring:round_new")).content.decode()
    data = {
        "name": "终评", "sheets_per_achievement": 3, "previous": previous.pk, "take_top": 2, "blind": "open",
        "minimum_sheets": 2, "aggregate": "median", "outlier_gap": 20, "trim_from": 7, "decimals": 0,
        "experts": list(Expert.objects.values_list("pk", flat=True)),
    }  # fmt: skip
    office.post(reverse("scoring:round_new"), data)
    made = Round.objects.get(name="终评")
    assert (made.previous, made.take_top, made.blind, made.entries.count()) == (previous, 2, False, 2)
    assert (made.policy["aggregate"], made.policy["minimum_sheets"], made.policy["outlier_gap"]) == ("median", 2, 20)
    page = office.get(reverse("scoring:round", args=[made.pk])).content.decode()
    assert (made.policy["trim_from"], made.policy["decimals"]) == (7, 0)
    assert "前 2 名（含并列）" in page
    assert "明评" in page


def test_the_newest_rubric_of_the_notice_is_proposed_and_another_may_be_chosen(cast):
    """Bounds of the policy are those of ScorePolicy, said at their fields."""
    office, address = client_of(cast, "office"), reverse("scoring:round_new")
    drafted = judging.drafted(cast, name="试评")
    old, made = (
        drafted.rubric,
        rubric_versions.revise(cast["office"], drafted.pk, changed(drafted), "按会议决定。", affected=0),
    )
    assert office.get(address).context["form"]["rubric"].initial == made
    chosen = {"sheets_per_achievement": 3, "experts": list(Expert.objects.values_list("pk", flat=True))}
    wrong = office.post(address, chosen | {"name": "初评", "trim_from": 1001, "decimals": 13})
    assert set(wrong.context["form"].errors) == {"trim_from", "decimals"}
    low = office.post(address, chosen | {"name": "初评", "trim_from": 1, "minimum_sheets": 2})
    assert "至少一项不小于 3" in low.content.decode()
    for name, rubric in (("初评", old), ("复评", "")):
        office.post(address, chosen | {"name": name, "rubric": rubric.pk if rubric else ""})
        assert Round.objects.get(name=name).rubric == (rubric or made)


@pytest.mark.parametrize(("blind", "shown"), [(True, False), (False, True)])
def test_names_stand_on_the_sheet_only_where_the_round_is_not_blind(cast, blind, shown):
    round_ = create(cast, "初评", blind=blind)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    rounds.open_round(cast["office"], round_.pk)
    sheet = judging.own(cast, "expert1")[0]
    page = client_of(cast, "expert1").get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    assert ("完成单位：东山机械厂工会；项目带头人：欧阳技" in page) is shown
    assert ("匿名评审" in page) is not shown


def test_more_sheets_asked_for_than_there_are_experts(cast):
    with pytest.raises(Refusal, match="每项成果只有 3 位专家，最少份数不能多于专家数"):
        create(cast, "初评", policy={"minimum_sheets": 4})


# --- dates ----------------------------------------------------------------------------------------------------


def test_sheets_are_changed_inside_the_rounds_own_dates_only(cast):
    round_, now = judging.opened(cast, k=3), timezone.now()
    rounds.set_dates(cast["office"], round_.pk, now + timedelta(hours=1), now + timedelta(hours=3))
    sheet = judging.own(cast, "expert1")[0]
    with pytest.raises(Refusal, match=r"本轮评分于.*开始"):
        sheets.save_marks(cast["expert1"], sheet.pk, judging.marks(sheet), revision=0)
    late = now + timedelta(hours=4)
    with pytest.raises(Refusal, match=r"本轮评分已于.*截止"):
        sheets.save_marks(cast["expert1"], sheet.pk, judging.marks(sheet), revision=0, now=late)
    inside = now + timedelta(hours=2)
    sheets.save_marks(cast["expert1"], sheet.pk, judging.marks(sheet), revision=0, now=inside)
    with pytest.raises(Refusal, match=r"本轮评分已于.*截止"):
        sheets.hand_in(cast["expert1"], [sheet.pk], now=late)
    assert sheets.hand_in(cast["expert1"], [sheet.pk], now=inside).count == 1


def test_the_chair_sets_the_dates_on_a_page(cast):
    round_, office = judging.drafted(cast), client_of(cast, "office")
    address = reverse("scoring:round_dates", args=[round_.pk])
    wrong = office.post(address, {"opens_at": "2026-09-12T09:00", "closes_at": "2026-09-12T08:00"})
    assert wrong.status_code == 400
    assert "评分截止应晚于评分开始" in wrong.content.decode()
    assert "请填写日期和时间" in office.post(address, {"opens_at": "明天"}).content.decode()
    review = cast.contest.phases.get(kind="review")
    late = timezone.localtime(review.closes_at + timedelta(days=1))
    refused = office.post(address, {"closes_at": late.strftime("%Y-%m-%dT%H:%M")})
    assert "不能晚于“考核评选”阶段截止" in refused.content.decode()
    good = timezone.localtime(review.closes_at - timedelta(days=1)).replace(second=0, microsecond=0)
    assert (
        "评分时间已保存"
        in office.post(address, {"closes_at": good.strftime("%Y-%m-%dT%H:%M")}, follow=True).content.decode()
    )
    round_.refresh_from_db()
    assert (round_.opens_at, round_.closes_at) == (None, good)


def test_dates_of_a_closed_round_stay(cast):
    round_ = first_round(cast, 0, 1, 2)
    with pytest.raises(Refusal, match="当前为“已截止”，不能再改时间"):
        rounds.set_dates(cast["office"], round_.pk, None, None)


# --- versions of the rubric ---------------------------------------------------------------------------------------


def changed(round_: Round) -> dict[str, object]:
    """The highest level of the first criterion ends one point lower."""
    definition = {"criteria": [dict(one) for one in round_.rubric.definition["criteria"]]}
    first = definition["criteria"][0]
    first["levels"] = [dict(level) for level in first["levels"]]
    first["levels"][0]["high"] -= 1
    return definition


def test_a_change_is_a_new_version_and_the_old_one_stays(cast):
    round_ = judging.drafted(cast)
    old = round_.rubric
    made = rubric_versions.revise(cast["office"], round_.pk, changed(round_), "按会议决定。", affected=0)
    round_.refresh_from_db()
    assert (made.version, made.contest, round_.rubric) == (old.version + 1, cast.contest, made)
    old.refresh_from_db()
    assert old.definition["criteria"][0]["levels"][0]["high"] == 20
    assert rubric_use.versions(round_) == [made, old]


def test_in_mid_round_the_affected_sheets_are_listed_and_open_again(cast):
    round_ = judging.opened(cast, k=3)
    voided = judging.complete(cast, "expert2")[:1]
    sheets.hand_in(cast["expert2"], voided)
    recusing.declare(cast["expert2"], voided[0], "师徒。")
    ScoreSheet.objects.filter(appointment__expert__user=cast["expert2"].user, state="open").delete()
    ids = judging.complete(cast, "expert1")
    ScoreSheet.objects.filter(pk=ids[0]).update(doubt="单价偏高。")
    sheets.hand_in(cast["expert1"], ids)
    count = rubric_use.affected(round_).count()
    assert count == len(ids) > 0
    page = client_of(cast, "office").get(reverse("scoring:rubric", args=[round_.pk])).content.decode()
    assert f'有 <b class="wx-b">{count}</b> 份评分表已按现行版本打分' in page
    rubric_versions.revise(cast["office"], round_.pk, changed(round_), "按会议决定。", affected=count)
    sheet = ScoreSheet.objects.get(pk=ids[0])
    assert (sheet.state, sheet.total, sheet.handed_in_at, sheet.receipt) == ("open", None, None, "")
    assert client_of(cast, "expert1").get(reverse("scoring:receipt", args=[sheet.pk])).status_code == 404
    other = receipts.own_with_receipt(cast["expert2"]).get(pk=voided[0])
    assert receipts.verdict(receipts.standing(other)).tone == "warn"  # as handed in, by the version of then
    left = set(Mark.objects.filter(sheet=sheet).values_list("criterion", flat=True))
    assert left == set(judging.CRITERIA) - {"innovation"}
    judging.score_all(cast)
    assert SheetFlag.objects.get(sheet=sheet).state == "returned"  # she did not raise it again
    results.close_round(cast["office"], round_.pk, waive="一位专家回避。")
    assert ledger.verify() == []


def test_marks_outside_the_rubric_do_not_go_in(cast):
    """Saved by a version that was taken away meanwhile."""
    round_ = judging.opened(cast, k=3)
    ids = judging.complete(cast, "expert1")
    definition = round_.rubric.definition
    definition["criteria"][0]["levels"][0]["high"] -= 1  # she gave the highest points
    Rubric.objects.filter(pk=round_.rubric_id).update(definition=definition)
    with pytest.raises(Refusal, match="与现行评分标准不符"):
        sheets.hand_in(cast["expert1"], ids)


def test_a_page_that_is_behind_changes_nothing(cast):
    round_ = judging.opened(cast, k=3)
    judging.complete(cast, "expert1")
    with pytest.raises(Refusal, match="刚才显示有 0 份评分表受影响"):
        rubric_versions.revise(cast["office"], round_.pk, changed(round_), "按会议决定。", affected=0)
    assert Rubric.objects.count() == 1


def test_the_page_makes_the_new_version(cast):
    round_, office = judging.drafted(cast), client_of(cast, "office")
    address = reverse("scoring:rubric", args=[round_.pk])
    form = office.get(address).context["form"]
    data = {name: form[name].initial for name in form.fields if name not in ("affected", "reason")}
    same = office.post(address, data | {"affected": 0, "reason": "核对"})
    assert "没有改动，不需要新的版本" in same.content.decode()
    refused = office.post(address, data | {"high-0-0-0": 19, "affected": 0, "reason": ""})
    assert "请写明修订的理由" in refused.content.decode()
    overlap = office.post(address, data | {"low-0-0-0": 9, "affected": 0, "reason": "试"})
    assert overlap.status_code == 400
    done = office.post(address, data | {"high-0-0-0": 19, "affected": 0, "reason": "按会议决定。"}, follow=True)
    assert "新的版本已启用" in done.content.decode()
    assert Rubric.objects.order_by("version").last().definition["criteria"][0]["levels"][0]["high"] == 19


def test_the_supervisor_reads_the_rubric(cast):
    round_ = judging.drafted(cast)
    client = client_of(cast, "supervisor")
    page = client.get(reverse("scoring:rubric", args=[round_.pk])).content.decode()
    assert "有原创价值" in page
    assert "启用新版" not in page
    assert client.post(reverse("scoring:rubric", args=[round_.pk]), {"affected": 0}).status_code == 403
