"""Quotas of a recommender, two accounts for one submit, and what has waited too long."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.choices import Role
from contests.actions.quotas import set_quotas
from contests.models import Quota
from core.errors import Refusal
from core.models import Event
from submissions.actions import bulk as actions
from submissions.actions import moves
from submissions.models import Achievement, Recommendation, StatusChange
from submissions.rules.quota import Tally
from tests.cast import PASSWORD, Cast, assemble, at_host, registered, submitted
from tests.submissions.audit_desk import bulk, press, signed_in, text_of, with_appraisal

pytestmark = pytest.mark.django_db
EQUIPMENT, PROCESS = ("equipment", "设备类"), ("process", "工艺类")


@pytest.fixture
def cast() -> Cast:
    return assemble()


def ask_for(cast: Cast, **settings: object) -> None:
    cast.contest.settings_data = cast.contest.settings_data | settings
    cast.contest.save()


def fresh(work: Achievement) -> Achievement:
    return Achievement.objects.get(pk=work.pk)


# --- counting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "of_category", "used", "sentence"), [
    (0, 0, 9, ""),
    (3, 0, 2, ""),
    (3, 0, 3, "本单位的推荐名额 3 项已用完；确需增加的，请联系竞赛办公室。"),
    (9, 2, 2, "“设备类”的推荐名额 2 项已用完；确需增加的，请联系竞赛办公室。"),
    (0, 2, 1, ""),
])  # fmt: skip
def test_when_there_is_no_place(limit, of_category, used, sentence):
    assert Tally(limit, of_category, [EQUIPMENT] * used).refusal(EQUIPMENT) == sentence


def test_a_full_category_leaves_the_others_open():
    tally = Tally(5, 1, [EQUIPMENT])
    assert tally.refusal(EQUIPMENT)
    assert tally.take(PROCESS) == ""
    assert tally.take(PROCESS)
    assert [(share.label, share.used, share.limit, share.is_full) for share in tally.shares()] == [
        ("推荐名额", 2, 5, False), ("设备类", 1, 1, True), ("工艺类", 1, 1, True),
    ]  # fmt: skip


# --- the desk ----------------------------------------------------------------------------------------


def test_past_the_quota_nothing_is_recommended(cast):
    ask_for(cast, quota_per_recommender=1)
    first, second = submitted(cast), submitted(cast)
    moves.recommend(cast["auditor_a"], first.pk)
    with pytest.raises(Refusal, match="推荐名额 1 项已用完"):
        moves.recommend(cast["auditor_a"], second.pk)
    assert Recommendation.objects.count() == 1
    assert fresh(second).holder == cast.enrolments["county_a"]
    answer = press(cast["auditor_a"], second, "recommend")
    assert answer.status_code == 400
    assert "推荐名额 1 项已用完" in text_of(answer)


def test_a_returned_work_gives_its_place_back(cast):
    ask_for(cast, quota_per_recommender=1)
    first, second = at_host(cast), submitted(cast)
    moves.return_for_changes(cast["office"], first.pk, "请改。")
    moves.recommend(cast["auditor_a"], second.pk)


def test_a_full_category_is_full_for_its_own_works_only(cast):
    ask_for(cast, quota_per_category=1)
    at_host(cast)
    other = submitted(cast, category=cast.contest.category_set.get(code="process"))
    with pytest.raises(Refusal, match="“设备类”的推荐名额 1 项已用完"):
        moves.recommend(cast["auditor_a"], submitted(cast).pk)
    moves.recommend(cast["auditor_a"], other.pk)


def test_each_recommender_has_a_quota_of_its_own_and_a_mine_below_has_none(cast):
    ask_for(cast, quota_per_recommender=1)
    at_host(cast)
    at_host(cast, "unit_b", "auditor_b")
    for work in (submitted(cast, "team"), submitted(cast, "team")):
        moves.recommend(cast["mine"], work.pk)
    moves.recommend(cast["auditor_group"], Achievement.objects.filter(unit__is_team=True).first().pk)


def own_numbers(cast: Cast, desk: str, **limits: int | None) -> None:
    rows = {"total": ("total", None), "winner_unit": ("winner_unit", None)}
    rows |= {row.code: ("category", row.pk) for row in cast.contest.category_set.all()}
    pk = cast.enrolments[desk].pk
    set_quotas(cast["office"], cast.contest, {(pk, *rows[name]): limit for name, limit in limits.items()})


def test_a_recommenders_own_number_stands_in_the_place_of_the_contests(cast):
    ask_for(cast, quota_per_recommender=1)
    own_numbers(cast, "county_a", total=2)
    at_host(cast)
    at_host(cast)
    with pytest.raises(Refusal, match="推荐名额 2 项已用完"):
        moves.recommend(cast["auditor_a"], submitted(cast).pk)
    at_host(cast, "unit_b", "auditor_b")
    with pytest.raises(Refusal, match="推荐名额 1 项已用完"):
        moves.recommend(cast["auditor_b"], submitted(cast, "unit_b").pk)
    own_numbers(cast, "county_b", total=0)
    moves.recommend(cast["auditor_b"], submitted(cast, "unit_b").pk)


def test_one_category_of_one_recommender_has_its_own_number(cast):
    own_numbers(cast, "county_a", equipment=1)
    at_host(cast)
    with pytest.raises(Refusal, match="“设备类”的推荐名额 1 项已用完"):
        moves.recommend(cast["auditor_a"], submitted(cast).pk)
    at_host(cast, category=cast.contest.category_set.get(code="process"))
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:queue"))
    assert "设备类 1 / 1（已满）" in text_of(page)
    assert "工艺类" not in text_of(page).split("查找")[0]


def test_the_office_writes_the_numbers_in_one_table(cast):
    at_host(cast)
    url, county = reverse("submissions:quotas"), cast.enrolments["county_a"].pk
    office = signed_in(cast["office"])
    assert "东山县总工会" in text_of(office.get(url))
    data = {"contest": cast.contest.pk, f"q-{county}-total-0": "12", f"q-{county}-winner_unit-0": "2"}
    assert "改动 2 处" in text_of(office.post(url, data, follow=True))
    assert "没有改动" in text_of(office.post(url, data, follow=True))
    wrong = office.post(url, data | {f"q-{county}-total-0": "十二"})
    assert wrong.status_code == 400
    assert "不是名额" in text_of(wrong)
    assert 'value="十二"' in wrong.content.decode()
    below = cast.enrolments["mine"].pk
    assert office.post(url, {"contest": cast.contest.pk, f"q-{below}-total-0": "1"}).status_code == 400
    assert office.post(url, {"contest": cast.contest.pk, "q-x-total-0": "1"}).status_code == 400
    assert "改动 1 处" in text_of(office.post(url, data | {f"q-{county}-total-0": ""}, follow=True))
    assert sorted(Quota.objects.values_list("scope", "limit")) == [("winner_unit", 2)]
    for who in ("supervisor", "auditor_a"):
        assert signed_in(cast[who]).post(url, data).status_code == 403
    assert Event.objects.filter(verb="set_quotas").count() == 2


def test_a_number_is_not_written_over_unseen_nor_one_that_she_left_alone(cast):
    url, keys = (
        reverse("submissions:quotas"),
        [(cast.enrolments[key].pk, "total", None) for key in ("county_a", "county_b")],
    )
    mine, other = (f"q-{key[0]}-total-0" for key in keys)
    read = {"contest": cast.contest.pk, mine: "", f"was-{mine}": "", other: "", f"was-{other}": ""}
    set_quotas(cast["office2"], cast.contest, {keys[1]: 7})
    office = signed_in(cast["office"])
    assert "改动 1 处" in text_of(office.post(url, read | {mine: "12"}, follow=True))
    assert set(Quota.objects.values_list("limit", flat=True)) == {7, 12}
    stale = office.post(url, read | {mine: "12", f"was-{mine}": "12", other: "3"})
    assert stale.status_code == 409
    assert "现为 7" in text_of(stale)
    cells = {cell.name: cell for line in stale.context["lines"] for cell in line.cells}
    assert (cells[other].value, cells[other].was) == ("3", "7")
    assert "改动 1 处" in text_of(office.post(url, read | {other: "3", f"was-{other}": "7"}, follow=True))


def test_the_page_shows_what_is_used_and_closes_the_button(cast):
    ask_for(cast, quota_per_recommender=2, quota_per_category=1)
    at_host(cast)
    work = submitted(cast)
    page = signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk]))
    assert "推荐名额 1 / 2 设备类 1 / 1（已满）" in text_of(page)
    assert "“设备类”的推荐名额 1 项已用完" in text_of(page)
    assert reverse("submissions:audit_move", args=[work.pk, "recommend"]) not in page.content.decode()
    assert reverse("submissions:audit_move", args=[work.pk, "return"]) in page.content.decode()


def test_a_batch_takes_what_has_a_place_as_its_preview_says(cast):
    ask_for(cast, quota_per_recommender=2)
    works = [with_appraisal(cast, title=title) for title in "甲乙丙"]
    chances = actions.preview(cast["auditor_a"], cast.contest, "recommend", [work.pk for work in works])
    batch = bulk(cast["auditor_a"], "recommend", works)
    assert [row.refusal for row in batch.rows.all()] == [chance.reason for chance in chances]
    assert [bool(chance.reason) for chance in chances] == [False, False, True]


# --- two accounts ------------------------------------------------------------------------------------


def colleague(cast: Cast) -> Actor:
    user = create_user(None, "unit_a2", "何厂长", PASSWORD)
    return Actor(user, grant_membership(None, user, cast.organizations["unit_a"], Role.UNIT_OPERATOR))


def test_where_the_contest_asks_for_it_who_filled_it_in_does_not_hand_it_in(cast):
    ask_for(cast, require_responsible_person=True)
    work = registered(cast)
    with pytest.raises(Refusal, match="请本单位负责人用自己的账号核对后提交"):
        moves.submit(cast["unit_a"], work.pk)
    assert moves.submit(colleague(cast), work.pk).status == "submitted"


def test_where_the_contest_asks_for_it_who_verified_does_not_recommend(cast):
    """Nor does she in a batch."""
    ask_for(cast, recommend_second_person=True)
    work = submitted(cast)
    moves.verify_benefit(cast["auditor_a"], work.pk, work.benefit_wan, "economic", "")
    with pytest.raises(Refusal, match="要求由另一人核对后推荐"):
        moves.recommend(cast["auditor_a"], work.pk)
    (chance,) = actions.preview(cast["auditor_a"], cast.contest, "recommend", [work.pk])
    assert "另一人核对" in chance.reason
    user = create_user(None, "auditor_a2", "孙二", PASSWORD)
    second = Actor(user, grant_membership(None, user, cast.organizations["county_a"], Role.AUDITOR))
    assert moves.recommend(second, work.pk).holder.is_host


def test_else_one_account_is_enough(cast):
    assert submitted(cast).status == "submitted"


# --- overdue -----------------------------------------------------------------------------------------


def waited(work: Achievement, **since: int) -> None:
    StatusChange.objects.filter(achievement=work).update(at=timezone.now() - timedelta(**since))


def test_what_has_waited_longer_than_three_days_has_a_tab_of_its_own(cast):
    for title, since in {"四天": {"days": 4}, "九天": {"days": 9}, "两天": {"days": 2}}.items():
        waited(submitted(cast, title=title), **since)
    page = signed_in(cast["auditor_a"]).get("/audit/", {"tab": "overdue"})
    assert [line.work.title for line in page.context["lines"]] == ["九天", "四天"]
    assert "逾期 2" in text_of(page)
    assert "已等候 9 天" in text_of(page)


def test_three_days_are_not_yet_overdue_and_a_second_more_is(cast):
    work = submitted(cast)
    waited(work, days=3, seconds=-5)
    assert "逾期" not in text_of(signed_in(cast["auditor_a"]).get("/audit/"))
    waited(work, days=3, seconds=1)
    assert "逾期 1" in text_of(signed_in(cast["auditor_a"]).get("/audit/"))


def test_after_one_the_next_overdue_one_is_opened(cast):
    works = [submitted(cast, title=title) for title in ("今天", "四天", "五天")]
    waited(works[1], days=4)
    waited(works[2], days=5)
    data = {"seen": moves.seen_token(works[2]), "note": ""}
    url = reverse("submissions:audit_move", args=[works[2].pk, "recommend"])
    answer = signed_in(cast["auditor_a"]).post(f"{url}?tab=overdue", data)
    assert answer.url == reverse("submissions:audit", args=[works[1].pk]) + "?tab=overdue"
