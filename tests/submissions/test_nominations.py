"""优胜单位: 附件5 filled by the unit, three opinions in order, the paper with their dates."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import create_organization, create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Level, Nature, Role
from contests.actions.enrol import enrol
from core import files, ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from documents import queries as papers
from documents.actions import request_paper
from documents.catalog import PAPERS
from documents.models import Paper
from documents.tasks import make_paper
from submissions.actions import nominating
from submissions.models import UnitNomination
from submissions.rules.nominations import participation_rate
from tests.cast import PASSWORD, Cast, assemble
from tests.documents.reading import pdf_pages
from tests.submissions.audit_desk import signed_in, text_of
from tests.submissions.nominations import VALUES, filled, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def say(cast: Cast, who: str, row: UnitNomination, text: str = "同意。", **options: object) -> UnitNomination:
    row.refresh_from_db()
    return nominating.give_opinion(cast[who], row.pk, text, seen=row.status, **options)


@pytest.mark.parametrize(("some", "of_all", "rate"), [
    (280, 320, "87.50"), (1, 3, "33.33"), (2, 3, "66.67"), (0, 5, "0.00"), (5, 0, None), (None, 9, None),
])  # fmt: skip
def test_the_rate_is_computed(some, of_all, rate):
    assert participation_rate(some, of_all) == (Decimal(rate) if rate else None)


def test_the_three_opinions_come_in_order_each_dated_and_by_whom(cast):
    row = filled(cast)
    for who in ("auditor_a", "office"):
        with pytest.raises(NotAllowed):
            say(cast, who, row)
    say(cast, "unit_a", row, "同意申报。")
    for who in ("unit_a", "auditor_b", "office", "supervisor"):
        with pytest.raises(NotAllowed):
            say(cast, who, row)
    say(cast, "auditor_a", row, "同意推荐。")
    with pytest.raises(NotAllowed):
        say(cast, "auditor_a", row)
    assert say(cast, "office", row, "同意评为优胜单位。").status == "confirmed"
    given = [(o.step, o.text, o.enrolment.name, o.dated_on) for o in row.opinions.all()]
    today = timezone.localdate()
    assert given == [
        ("unit", "同意申报。", "东山机械厂工会", today),
        ("county", "同意推荐。", "东山县总工会", today),
        ("city", "同意评为优胜单位。", cast.enrolments["host"].name, today),
    ]
    assert Event.objects.filter(verb="give_opinion").count() == 3
    assert ledger.verify() == []


def test_a_direct_unit_has_two_persons(cast):
    row = filled(cast, cast["direct"], cast.enrolments["direct"])
    say(cast, "direct", row)
    with pytest.raises(NotAllowed):
        say(cast, "direct", row)
    assert say(cast, "direct2", row).status == "recommended"


def test_one_person_with_two_hats_is_one_person(cast):
    row = filled(cast, cast["direct"], cast.enrolments["direct"])
    say(cast, "direct", row)
    user = cast["direct"].user
    both = Actor(user, grant_membership(None, user, cast.organizations["direct"], Role.AUDITOR))
    with pytest.raises(NotAllowed, match="须由另一人填写"):
        nominating.give_opinion(both, row.pk, "同意。", seen="sent")


def test_what_is_missing_is_named(cast):
    row = filled(cast, brief="", phone="")
    with pytest.raises(Refusal, match="请先补填“联系电话”、“"):
        say(cast, "unit_a", row)
    with pytest.raises(Refusal, match="不能多于职工总数"):
        filled(cast, participants=321)


def test_returned_the_opinions_no_longer_stand_and_stay_readable(cast):
    row = handed_in(cast)
    say(cast, "auditor_a", row)
    with pytest.raises(Refusal, match="请写明退回的理由"):
        nominating.send_back(cast["office"], row.pk, " ", seen="recommended")
    nominating.send_back(cast["office"], row.pk, "简介没有数据。", seen="recommended")
    row.refresh_from_db()
    assert (row.status, row.is_editable) == ("returned", True)
    page = text_of(signed_in(cast["unit_a"]).get(reverse("submissions:nomination", args=[row.pk])))
    assert "简介没有数据。" in page
    assert "退回前的意见" in page
    row = nominating.save(cast["unit_a"], row.pk, {"brief": "创效 900 万元。"}, row.revision)
    say(cast, "unit_a", row)
    assert say(cast, "auditor_a", row).status == "recommended"
    assert row.opinions.filter(voided_at__isnull=True).count() == 2


def test_disagreed_it_ends(cast):
    row = handed_in(cast)
    assert say(cast, "auditor_a", row, "开展面不广。", agrees=False).status == "declined"
    with pytest.raises(NotAllowed):
        say(cast, "office", row)


def test_only_enterprises_and_institutions_and_only_their_own(cast):
    for who, unit in (("unit_b", "unit_a"), ("auditor_a", "unit_a"), ("team", "team")):
        with pytest.raises(NotAllowed):
            nominating.start(cast[who], cast.enrolments[unit])
    unit = cast.enrolments["unit_a"]
    unit.nature = "government"
    with pytest.raises(NotAllowed, match="从企事业单位中推荐"):
        nominating.start(cast["unit_a"], unit)
    unit.contest.sections = unit.contest.sections | {"winner_unit": {}}
    with pytest.raises(NotAllowed, match="没有设优胜单位奖"):
        nominating.start(cast["unit_a"], unit)


def test_one_form_a_unit_and_two_colleagues_do_not_overwrite_each_other(cast):
    row = filled(cast)
    assert nominating.start(cast["unit_a"], cast.enrolments["unit_a"]).pk == row.pk
    with pytest.raises(Conflict, match="刚刚被他人修改过"):
        nominating.save(cast["unit_a"], row.pk, {"brief": "另一份。"}, row.revision - 1)
    handed = say(cast, "unit_a", row)
    with pytest.raises(Refusal, match="不能修改"):
        nominating.save(cast["unit_a"], row.pk, {"brief": "另一份。"}, handed.revision)
    with pytest.raises(Conflict, match="已办理"):
        nominating.give_opinion(cast["auditor_a"], row.pk, "同意。", seen="draft")


def typed(row: UnitNomination, **changes: object) -> dict[str, object]:
    return VALUES | {"revision": row.revision, "seen": row.status, "text": "同意申报。", "do": "save"} | changes


def test_what_she_typed_is_on_the_page_whoever_was_first(cast):
    row, client = filled(cast), signed_in(cast["unit_a"])
    url = reverse("submissions:nomination_save", args=[row.pk])
    wrong = client.post(url, typed(row, revision=row.revision - 1, head_count="三百"))
    assert wrong.context["revision"] == row.revision - 1
    nominating.save(cast["unit_a"], row.pk, {"brief": "乙先保存的简介。"}, row.revision)
    stale = client.post(url, typed(row, brief="甲写的简介。"))
    assert stale.status_code == 409
    assert "乙先保存的简介。" in text_of(stale)
    assert "甲写的简介。" in stale.context["form"]["brief"].value()
    say(cast, "unit_a", row)
    late = client.post(url, typed(row, brief="甲写的简介。", text="甲的意见。"))
    assert late.context["form"] is None
    for text in ("甲写的简介。", "乙先保存的简介。", "甲的意见。"):
        assert text in text_of(late)


def test_until_the_recommenders_closing(cast):
    row = filled(cast)
    closes = cast.contest.phases.get(kind="submit").closes_at
    with pytest.raises(Refusal, match="现在不能办理"):
        say(cast, "unit_a", row, now=closes + timedelta(seconds=1))
    say(cast, "unit_a", row, now=closes)
    say(cast, "auditor_a", row, now=closes)
    assert say(cast, "office", row, now=closes + timedelta(days=3)).status == "confirmed"


def test_past_the_quota_no_more_are_put_forward(cast):
    contest = cast.enrolments["county_a"].contest
    contest.settings_data |= {"quota_winner_units": 1}
    contest.save()
    say(cast, "auditor_a", handed_in(cast))
    org = create_organization(
        None, cast.organizations["county_a"], "东山水泥厂工会", Level.GRASSROOTS, Nature.ENTERPRISE
    )
    unit = enrol(None, contest, org, cast.enrolments["county_a"])
    user = create_user(None, "cement", "施水泥", PASSWORD)
    second = handed_in(cast, Actor(user, grant_membership(None, user, org, Role.UNIT_OPERATOR)), unit)
    with pytest.raises(Refusal, match="优胜单位名额 1 个已用完"):
        say(cast, "auditor_a", second)
    say(cast, "auditor_group", handed_in(cast, cast["mine"], cast.enrolments["mine"]))


# --- pages and paper -------------------------------------------------------------------------------------


def test_from_the_units_page_to_the_citys(cast):
    unit = signed_in(cast["unit_a"])
    page = unit.post(reverse("submissions:nomination_start"), {"contest": cast.contest.pk}, follow=True)
    row = UnitNomination.objects.get()
    assert "还差" in text_of(page)
    save = reverse("submissions:nomination_save", args=[row.pk])
    wrong = unit.post(save, VALUES | {"revision": row.revision, "head_count": "三百"})
    assert wrong.status_code == 400
    assert "请填写整数" in text_of(wrong)
    assert VALUES["brief"] in wrong.content.decode()
    data = {"revision": row.revision, "seen": "draft", "text": "同意申报。", "do": "send"}
    sent = unit.post(save, VALUES | data, follow=True)
    assert "待县级（产业）意见" in text_of(sent)
    url = reverse("submissions:nomination_opinion", args=[row.pk])
    county = signed_in(cast["auditor_a"]).post(url, {"text": "", "seen": "sent", "agrees": "yes"})
    assert county.status_code == 400
    assert "请写明意见" in text_of(county)
    signed_in(cast["auditor_a"]).post(url, {"text": "同意推荐。", "seen": "sent", "agrees": "yes"})
    done = signed_in(cast["office"]).post(url, {"text": "同意。", "seen": "recommended", "agrees": "yes"}, follow=True)
    assert "评为优胜单位" in text_of(done)
    assert "87.50%" in text_of(done)
    for who in ("auditor_b", "unit_b"):
        assert signed_in(cast[who]).get(reverse("submissions:nomination", args=[row.pk])).status_code == 404


def test_the_paper_carries_the_opinions_with_their_dates(cast):
    row = handed_in(cast)
    say(cast, "auditor_a", row, "同意推荐。")
    today = timezone.localdate()
    url = reverse("documents:nomination_preview", args=[row.pk])
    said = text_of(signed_in(cast["auditor_a"]).get(url)).replace(" ", "")
    for words in ("东山机械厂", "87.50%", "同意申报。", f"(盖章)　　　{today.year}年{today.month}月{today.day}日"):
        assert words.replace("　", "") in said.replace("　", "")
    assert "0356-2025123" not in text_of(signed_in(cast["supervisor"]).get(url))
    row = UnitNomination.objects.get()
    printed = {
        cell.key for block in PAPERS["winner_unit_form"].body for line in block.rows for cell in line.cells[1::2]
    }
    assert printed <= set(papers.nomination_form(row))
    paper = request_paper(cast["auditor_a"], "winner_unit_form", "xlsx", cast.enrolments["county_a"])
    make_paper(paper.job_id)
    paper.refresh_from_db()
    assert paper.achievement_ids == [row.pk]
    assert paper.job.result.media_type == files.XLSX
    assert papers.subjects(cast["office"], cast.enrolments["county_b"], "winner_unit_form") == []
    with pytest.raises(Refusal, match="还没有优胜单位申报"):
        request_paper(cast["auditor_b"], "winner_unit_form", "pdf", cast.enrolments["county_b"])


def test_one_units_form_is_a_paper_of_its_own(cast, tmp_path):
    other = create_organization(
        None, cast.organizations["county_a"], "东山印刷厂工会", Level.GRASSROOTS, Nature.ENTERPRISE
    )
    operator = Actor(cast["unit_a"].user, grant_membership(None, cast["unit_a"].user, other, Role.UNIT_OPERATOR))
    handed_in(cast, operator, enrol(None, cast.contest, other, cast.enrolments["county_a"]))
    row = handed_in(cast)
    answer = signed_in(cast["auditor_a"]).post(reverse("documents:make_nomination", args=[row.pk]))
    paper = Paper.objects.get()
    assert answer["Location"] == reverse("documents:paper", args=[paper.pk])
    make_paper.run(paper.job_id)
    paper.refresh_from_db()
    with paper.job.result.open() as made:
        (page,) = pdf_pages(made.read(), tmp_path)
    assert "东山机械厂" in page
    assert "东山印刷厂" not in page
