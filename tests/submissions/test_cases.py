"""Discipline (001 六(三), domain.md O): a case from its opening to its appeal, by whom, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from submissions.actions import barring, cases, drafting, holding, moves, winning
from submissions.models import Achievement, Ban, Case, Ruling
from submissions.queries import bans, conflicts
from submissions.rules import working_days
from tests.cast import Cast, accepted, assemble, at_host, draft, picture, registered, submitted
from tests.submissions.audit_desk import signed_in, text_of
from tests.submissions.test_duplicates_db import next_season

pytestmark = pytest.mark.django_db
SOURCE = "匿名来信，线索人：某职工"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def opened(cast: Cast, work: Achievement | None = None, who: str = "auditor_a", **changes: Any) -> Case:
    given = {"kind": "theft", "charge": "与他人已获奖的成果相同。", "source": SOURCE} | changes
    return cases.open_case(cast[who], (work or submitted(cast)).pk, **given)


def proposed(cast: Cast, case: Case, *, upheld: bool = True, barred: list[str] | None = None) -> Ruling:
    places = ["leader"] if barred is None else barred
    return cases.propose(cast["office"], case.pk, upheld=upheld, reason="经比对查实。", barred=places)


def upheld(cast: Cast, work: Achievement | None = None, barred: list[str] | None = None) -> Case:
    case = opened(cast, work)
    return cases.answer(cast["office2"], proposed(cast, case, barred=barred).pk, agree=True)


# --- opening ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["auditor_a", "office"])
def test_a_case_is_opened_by_who_audits_the_work(cast, who):
    case = opened(cast, who=who)
    assert case.state == "open"
    assert Event.objects.filter(verb="open_case", subject=f"case:{case.pk}").count() == 1


@pytest.mark.parametrize("who", ["unit_a", "unit_b", "auditor_b", "supervisor", "expert1"])
def test_nobody_else_opens_one(cast, who):
    work = submitted(cast)
    with pytest.raises(NotAllowed):
        opened(cast, work, who)


def test_a_direct_units_own_auditor_does_not_investigate_it(cast):
    with pytest.raises(NotAllowed, match="由上级立案"):
        opened(cast, submitted(cast, "direct"), "direct2")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"kind": "lost"}, "请选择"), ({"charge": " "}, "请写明涉嫌事实"), ({"charge": "长" * 3001}, "不超过 3000 字")],
)
def test_a_case_without_its_parts_is_refused(cast, changes, sentence):
    with pytest.raises(Refusal, match=sentence):
        opened(cast, **changes)


def test_a_work_has_one_open_case(cast):
    case = opened(cast)
    with pytest.raises(Refusal, match="已有未结的案件"):
        opened(cast, case.achievement)


# --- who reads what -----------------------------------------------------------------------------------


def page(cast: Cast, who: str, case: Case) -> Any:
    return signed_in(cast[who]).get(reverse("submissions:case", args=[case.pk]))


def evidence(cast: Cast, who: str, case: Case, name: str = "比对.png") -> Any:
    file = SimpleUploadedFile(name, picture(), "image/png")
    return cases.add_evidence(cast[who], case.pk, file)


def test_the_respondent_never_sees_who_reported_nor_the_evidence(cast):
    case = opened(cast)
    evidence(cast, "auditor_a", case, "举报信.png")
    for who in ("auditor_a", "office", "supervisor"):
        assert SOURCE in page(cast, who, case).content.decode()
        assert "举报信" in page(cast, who, case).content.decode()
    shown = page(cast, "unit_a", case).content.decode()
    assert case.charge in shown
    assert SOURCE not in shown
    assert "举报信" not in shown
    assert cast.organizations["county_a"].label not in text_of(page(cast, "unit_a", case)).split("涉嫌事实")[1]
    for who in ("unit_b", "auditor_b", "mine", "direct2"):
        assert page(cast, who, case).status_code == 404


def test_a_direct_units_auditor_reads_its_case_as_the_respondent(cast):
    case = opened(cast, submitted(cast, "direct"), "office")
    assert SOURCE not in page(cast, "direct2", case).content.decode()
    assert SOURCE in page(cast, "supervisor", case).content.decode()


def test_each_side_opens_its_own_papers_only(cast):
    case = opened(cast)
    inside, own = evidence(cast, "auditor_a", case), evidence(cast, "unit_a", case, "说明.png")

    def opens(who: str, file: Any) -> int:
        return signed_in(cast[who]).get(reverse("submissions:case_file", args=[case.pk, file.pk])).status_code

    assert (opens("unit_a", inside), opens("unit_a", own)) == (404, 200)
    assert (opens("office", inside), opens("office", own)) == (200, 200)
    assert opens("auditor_b", inside) == 404
    with pytest.raises(NotAllowed):
        evidence(cast, "supervisor", case)


def test_the_unit_states_until_it_is_decided(cast):
    case = opened(cast)
    cases.state(cast["unit_a"], case.pk, " 系本单位独立完成。 ")
    assert Case.objects.get().statement == "系本单位独立完成。"
    with pytest.raises(NotAllowed):
        cases.state(cast["auditor_a"], case.pk, "代写")
    cases.answer(cast["office2"], proposed(cast, case).pk, agree=True)
    with pytest.raises(NotAllowed, match="结论前"):
        cases.state(cast["unit_a"], case.pk, "再说")


def test_a_colleague_s_statement_is_not_written_over_unseen(cast):
    case = opened(cast)
    seen = page(cast, "unit_a", case).context["forms"]["statement"]["seen"].value()
    cases.state(cast["unit_a"], case.pk, "乙的陈述。")
    late = step(cast, "unit_a", case, "statement", statement="甲的陈述。", seen=seen)
    assert late.status_code == 409
    for text in ("甲的陈述。", "乙的陈述。"):
        assert text in late.content.decode()
    fresh = late.context["forms"]["statement"]["seen"].value()
    assert step(cast, "unit_a", case, "statement", statement="甲的陈述。", seen=fresh).status_code == 302


# --- two officers -------------------------------------------------------------------------------------


def test_two_officers_decide_and_never_the_same(cast):
    ruling = proposed(cast, opened(cast))
    with pytest.raises(NotAllowed, match="另一名工作人员"):
        cases.answer(cast["office"], ruling.pk, agree=True)
    assert not Ban.objects.exists()
    assert "answer" not in page(cast, "office", ruling.case).context["forms"]
    assert "answer" in page(cast, "office2", ruling.case).context["forms"]
    cases.answer(cast["office2"], ruling.pk, agree=True)
    with pytest.raises(Refusal, match="已经审核过"):
        cases.answer(cast["office2"], ruling.pk, agree=True)


def test_who_is_barred_is_whom_both_officers_have_read(cast):
    """The work is returned and edited between the two: another leader, and the member's row is written anew."""
    work = registered(cast, **{"leader.name": "欧阳技"})
    drafting.set_members(cast["unit_a"], work.pk, [("司马工", "")], 99)
    moves.submit(cast["unit_a"], work.pk)
    member = work.members.get()
    case = opened(cast, work)
    ruling = proposed(cast, case, barred=["leader", f"member:{member.pk}"])
    moves.return_for_changes(cast["auditor_a"], work.pk, "请修改。")
    drafting.save_fields(
        cast["unit_a"], work.pk, {"title": "正在改的名称", "leader.name": "无关者", "leader.phone": "13700000009"}, 99
    )
    drafting.set_members(cast["unit_a"], work.pk, [("另一人", "")], 99)
    shown = text_of(page(cast, "office2", case))
    assert "欧阳技 东山机械厂工会" in shown
    for url in (reverse("submissions:case", args=[case.pk]), reverse("submissions:cases")):
        for who, title in (("office2", work.title), ("unit_a", "正在改的名称")):
            assert title in text_of(signed_in(cast[who]).get(url))
    assert "司马工 东山机械厂工会" in shown
    cases.answer(cast["office2"], ruling.pk, agree=True)
    assert {ban.name for ban in Ban.objects.all()} == {"欧阳技", "司马工"}
    assert Ban.objects.get(name="欧阳技").phone_hash == bans.phone_hash("13900000001")


def test_an_answer_is_to_the_proposal_that_the_page_showed(cast):
    case = opened(cast)
    first = proposed(cast, case)
    cases.answer(cast["office2"], first.pk, agree=False, reason="证据不足。")
    second = proposed(cast, case, barred=["unit"])
    late = step(cast, "office2", case, "answer", ruling=first.pk, agree="yes", answer_reason="看过第一份。")
    assert late.status_code == 409
    assert "看过第一份。" in late.content.decode()
    assert f'name="ruling" value="{second.pk}"' in late.content.decode()
    assert Ruling.objects.get(pk=second.pk).answer == "pending"
    assert not Ban.objects.exists()


@pytest.mark.parametrize("who", ["auditor_a", "supervisor", "unit_a"])
def test_only_the_office_rules(cast, who):
    case = opened(cast)
    with pytest.raises(NotAllowed, match="只有竞赛办公室"):
        cases.propose(cast[who], case.pk, upheld=True, reason="查实", barred=[])


def test_a_proposal_sent_back_changes_nothing_and_makes_room(cast):
    case = opened(cast)
    ruling = proposed(cast, case)
    with pytest.raises(Refusal, match="请写明意见"):
        cases.answer(cast["office2"], ruling.pk, agree=False)
    cases.answer(cast["office2"], ruling.pk, agree=False, reason="证据不足。")
    assert Achievement.objects.get(pk=case.achievement_id).status == "submitted"
    again = proposed(cast, case, upheld=False)
    assert cases.answer(cast["office2"], again.pk, agree=True).state == "dismissed"
    assert Achievement.objects.get(pk=case.achievement_id).status == "submitted"
    assert not Ban.objects.exists()


def test_somebody_who_is_not_of_the_work_is_not_barred(cast):
    with pytest.raises(Refusal, match="请从列出的人员"):
        proposed(cast, opened(cast), barred=["member:999"])


# --- what follows -------------------------------------------------------------------------------------


def frozen(cast: Cast) -> Achievement:
    return moves.freeze(cast["office"], accepted(cast).pk)


def held(cast: Cast) -> Achievement:
    """In a county's own judgement, where nothing else about it may change."""
    work = submitted(cast)
    holding.hold_all(cast["auditor_a"], cast.enrolments["county_a"], [work.pk], "东山县初评")
    return work


@pytest.mark.parametrize("make", [registered, submitted, held, at_host, accepted, frozen])
def test_an_upheld_case_disqualifies_wherever_the_work_lies(cast, make):
    case = upheld(cast, make(cast))
    work = Achievement.objects.get(pk=case.achievement_id)
    assert (work.status, work.holder, work.held_for) == ("disqualified", None, "")
    assert work.history.last().verb == "bar"
    assert Case.objects.get().appeal_until == working_days.after(timezone.localdate(), 10)
    assert ledger.verify(cast.contest.chain) == []


def test_an_award_is_held_while_the_case_is_open(cast):
    case = opened(cast, frozen(cast))
    winning.note_wins({case.achievement_id: "一等奖"})
    assert conflicts.open_cases([case.achievement_id]) == {case.achievement_id}
    cases.answer(cast["office2"], proposed(cast, case).pk, agree=True)
    assert conflicts.open_cases([case.achievement_id]) == set()
    again = in_next_season(cast, case.achievement.title)
    assert stands_won(again) == "green"
    cases.appeal(cast["unit_a"], case.pk, "比对对象是本单位旧作。")
    answer = cases.propose(cast["office"], case.pk, upheld=True, reason="申诉成立。", barred=[])
    cases.answer(cast["office2"], answer.pk, agree=True)
    assert stands_won(again) == "red"


def in_next_season(cast: Cast, title: str) -> Achievement:
    unit = next_season(cast).enrolments.get(organization=cast.organizations["unit_a"])
    return drafting.start_draft(cast["unit_a"], unit, {"title": title})


def stands_won(work: Achievement) -> str:
    return next(f.state for f in conflicts.findings(work, for_unit=True) if f.code == "won")


def test_an_appeal_in_time_is_heard_and_may_lift_the_ban(cast):
    case = upheld(cast)
    with pytest.raises(NotAllowed):
        cases.appeal(cast["unit_b"], case.pk, "不服")
    cases.appeal(cast["unit_a"], case.pk, "比对对象是本单位旧作。")
    assert conflicts.open_cases([case.achievement_id])
    with pytest.raises(Refusal, match="现在不能申诉"):
        cases.appeal(cast["unit_a"], case.pk, "再申诉")
    with pytest.raises(Refusal, match="结论仍然有效"):
        moves.reopen(cast["office"], case.achievement_id, "一人之见。")
    answer = cases.propose(cast["office2"], case.pk, upheld=True, reason="申诉成立。", barred=[])
    cases.answer(cast["office"], answer.pk, agree=True)
    assert Case.objects.get().state == "revoked"
    assert Ban.objects.get().lifted_by == cast["office"].user
    moves.reopen(cast["office"], case.achievement_id, "申诉成立。")


def test_a_dismissed_appeal_maintains_the_ban(cast):
    case = upheld(cast)
    cases.appeal(cast["unit_a"], case.pk, "不服。")
    answer = cases.propose(cast["office"], case.pk, upheld=False, reason="维持。", barred=["leader"])
    assert answer.barred == []
    cases.answer(cast["office2"], answer.pk, agree=True)
    assert (Case.objects.get().state, Ban.objects.standing().count()) == ("maintained", 1)


def test_an_appeal_after_its_days_is_late(cast):
    case = upheld(cast)
    Case.objects.update(appeal_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refusal, match="申诉期已于"):
        cases.appeal(cast["unit_a"], case.pk, "晚了")


@pytest.mark.parametrize(("until", "warned"), [(date(2026, 12, 4), False), (date(2040, 1, 9), True)])
def test_a_day_counted_by_the_week_is_shown_as_such(cast, until, warned):
    case = upheld(cast)
    Case.objects.update(appeal_until=until)
    for who in ("office", "unit_a"):
        assert ("申诉期暂按周一至周五推算" in text_of(page(cast, who, case))) is warned


# --- bans ---------------------------------------------------------------------------------------------


def another(cast: Cast, who: str = "unit_b", **changes: Any) -> Achievement:
    """A later work of somebody of the barred leader's name."""
    return draft(cast, who, **({"leader.name": "欧阳 技", "leader.phone": "13700000009"} | changes))


def barred_leader(cast: Cast) -> Ban:
    upheld(cast, submitted(cast, **{"leader.name": "欧阳技"}))
    return Ban.objects.get()


def test_the_phone_is_kept_as_a_keyed_hash_only(cast):
    ban = barred_leader(cast)
    assert ban.phone_hash == bans.phone_hash("13900000001")
    assert "13900000001" not in str(Ban.objects.values())
    assert len(ban.phone_hash) == 64


@pytest.mark.parametrize(
    ("who", "changes"),
    [("unit_a", {}), ("unit_b", {"leader.phone": "13900000001"})],
    ids=["same unit", "same phone elsewhere"],
)
def test_a_barred_leader_does_not_get_past_the_submit(cast, who, changes):
    barred_leader(cast)
    work = moves.register(cast[who], another(cast, who, **changes).pk)
    with pytest.raises(Refusal, match="需要核实的情况") as refused:
        moves.submit(cast[who], work.pk)
    assert "禁止" not in refused.value.message
    assert "欧阳" not in refused.value.message


def test_a_barred_person_as_a_member_is_found_too(cast):
    barred_leader(cast)
    work = draft(cast, "unit_b", **{"leader.name": "别人"})
    drafting.set_members(cast["unit_b"], work.pk, [("欧阳技", "东山机械厂工会")], 99)
    moves.register(cast["unit_b"], work.pk)
    with pytest.raises(Refusal, match="需要核实的情况"):
        moves.submit(cast["unit_b"], work.pk)


def test_a_ban_that_comes_after_the_submit_blocks_the_recommendation(cast):
    waiting = submitted(cast, **{"leader.name": "欧阳技"})
    barred_leader(cast)
    with pytest.raises(Refusal, match="欧阳技已被禁止申报"):
        moves.recommend(cast["auditor_a"], waiting.pk)


def test_a_namesake_waits_for_a_person_and_goes_on_when_cleared(cast):
    ban = barred_leader(cast)
    work = moves.submit(cast["unit_b"], moves.register(cast["unit_b"], another(cast).pk).pk)
    with pytest.raises(Refusal, match="同名，请核实"):
        moves.recommend(cast["auditor_b"], work.pk)
    for who in ("auditor_a", "unit_b", "supervisor"):
        with pytest.raises(NotAllowed):
            barring.clear(cast[who], work.pk, ban.pk, "另一人")
    with pytest.raises(Refusal, match="请写明如何核实"):
        barring.clear(cast["auditor_b"], work.pk, ban.pk, " ")
    barring.clear(cast["auditor_b"], work.pk, ban.pk, "电话核实，非同一人。")
    moves.verify_benefit(cast["auditor_b"], work.pk, work.benefit_wan, "economic", "")
    assert moves.recommend(cast["auditor_b"], work.pk).holder.is_host


def test_who_surely_is_the_barred_one_cannot_be_cleared(cast):
    waiting = submitted(cast, **{"leader.name": "欧阳技"})
    ban = barred_leader(cast)
    with pytest.raises(Refusal, match="不能认定为另一人"):
        barring.clear(cast["auditor_a"], waiting.pk, ban.pk, "另一人")


def test_an_organization_is_barred_by_explicit_decision_only(cast):
    waiting = submitted(cast, **{"leader.name": "无关者"})
    upheld(cast, submitted(cast, **{"leader.name": "欧阳技"}), barred=["unit"])
    assert Ban.objects.get().organization == cast.organizations["unit_a"]
    with pytest.raises(Refusal, match="东山机械厂工会已被禁止申报"):
        moves.recommend(cast["auditor_a"], waiting.pk)


def test_a_lifted_ban_bars_nobody(cast):
    ban = barred_leader(cast)
    with pytest.raises(NotAllowed):
        barring.lift(cast["auditor_a"], ban.pk, "误认")
    with pytest.raises(Refusal, match="请写明解除的理由"):
        barring.lift(cast["office"], ban.pk, "")
    barring.lift(cast["office"], ban.pk, "误认。")
    work = another(cast, "unit_a")
    moves.submit(cast["unit_a"], moves.register(cast["unit_a"], work.pk).pk)


def test_a_refused_lift_keeps_its_reason_on_the_page(cast):
    ban = barred_leader(cast)
    long = "误认。" * 400
    answer = signed_in(cast["office"]).post(reverse("submissions:ban_lift", args=[ban.pk]), {"reason": long})
    assert answer.status_code == 400
    assert long in answer.content.decode()
    assert "没有解除" in text_of(answer)


def test_the_register_is_the_hosts_and_the_supervisors(cast):
    barred_leader(cast)
    url = reverse("submissions:cases")
    for who in ("office", "supervisor"):
        assert "禁止申报名单" in signed_in(cast[who]).get(url).content.decode()
    for who in ("auditor_a", "auditor_b", "unit_a"):
        shown = signed_in(cast[who]).get(url).content.decode()
        assert "禁止申报名单" not in shown
        assert list(Ban.objects.visible_to(cast[who])) == []


# --- by hand ------------------------------------------------------------------------------------------


def step(cast: Cast, who: str, case: Case, name: str, **data: Any) -> Any:
    return signed_in(cast[who]).post(reverse("submissions:case_step", args=[case.pk, name]), data)


@pytest.mark.parametrize("page", ["case_new", "people"])
def test_what_the_unit_writes_on_a_returned_work_is_not_read_there(cast, page):
    work = submitted(cast)
    said = work.title
    moves.return_for_changes(cast["auditor_a"], work.pk, "补正。")
    work.refresh_from_db()
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "还没有交的新名称"}, work.revision)
    shown = text_of(signed_in(cast["auditor_a"]).get(reverse(f"submissions:{page}", args=[work.pk])))
    assert said in shown
    assert "还没有交的新名称" not in shown


def test_the_whole_way_by_the_pages(cast):
    work = submitted(cast)
    url = reverse("submissions:case_new", args=[work.pk])
    assert "请选择立案的类型" in signed_in(cast["auditor_a"]).post(url, {"charge": "仿制"}).content.decode()
    signed_in(cast["auditor_a"]).post(url, {"kind": "theft", "charge": "仿制他人成果。", "source": SOURCE})
    case = Case.objects.get()
    assert step(cast, "unit_a", case, "statement", statement="独立完成。").status_code == 302
    kept = step(cast, "office", case, "proposal", upheld="yes", barred=["leader"], reason="")
    assert kept.status_code == 400
    assert "请写明认定的事实和理由" in kept.content.decode()
    assert step(cast, "office", case, "proposal", upheld="yes", barred=["leader"], reason="查实。").status_code == 302
    read = {"ruling": Ruling.objects.latest("pk").pk, "agree": "yes"}
    assert step(cast, "office", case, "answer", **read).status_code == 403
    assert step(cast, "office2", case, "answer", **read).status_code == 302
    assert step(cast, "unit_a", case, "appeal", appeal="不服。").status_code == 302
    assert step(cast, "office2", case, "proposal", upheld="yes", reason="申诉成立。").status_code == 302
    read["ruling"] = Ruling.objects.latest("pk").pk
    assert step(cast, "office", case, "answer", **read).status_code == 302
    assert Case.objects.get().state == "revoked"
    assert step(cast, "office", case, "nothing").status_code == 404


def test_a_long_register_is_read_in_stretches(cast, monkeypatch):
    """Cases and bans each by themselves; nothing is shown twice or left out."""
    monkeypatch.setattr("submissions.views.cases.PER_PAGE", 2)
    for number in range(3):
        leader = {"leader.name": f"被查{number}", "leader.phone": f"1380000000{number}"}
        upheld(cast, submitted(cast, **leader))
    office = signed_in(cast["office"])
    seen: dict[str, list[int]] = {"cases": [], "bans": []}
    for what, place in (("cases", "before"), ("bans", "bans_before")):
        query: dict[str, int] = {}
        while query.get(place) != 0:
            page = office.get(reverse("submissions:cases"), query)
            stretch = page.context[what]
            assert f"?{place}={stretch.older}" in page.content.decode() or not stretch.older
            seen[what] += [row.pk for row in stretch.rows]
            query = {place: stretch.older}
    assert seen["cases"] == [row.pk for row in Case.objects.all()]
    assert seen["bans"] == [row.pk for row in Ban.objects.all()]
    assert len(seen["bans"]) == 3
