"""回避 said by a person: by the expert of herself, by the chair of a pair; listed with the evidence."""

import pytest
from django.urls import reverse

from accounts.models import Employment
from core import ledger
from core.errors import NotAllowed, Refusal
from scoring.actions import recusing, results, rounds, sheets
from scoring.models import Recusal, Round, ScoreSheet
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(private_files) -> Cast:
    made = assemble()
    accepted(made)
    accepted(made, "unit_b", "auditor_b")
    judging.to_review(made)
    return made


def test_an_expert_keeps_herself_away_and_her_sheet_is_void(cast):
    round_ = judging.opened(cast, k=3)
    sheet = judging.own(cast, "expert1")[0]
    client, address = client_of(cast, "expert1"), reverse("scoring:declare", args=[sheet.pk])
    assert address in client.get(f"/sheets/{sheet.pk}/").content.decode()
    refused = client.post(address, {"reason": "", "sure": "on"})
    assert refused.status_code == 400
    assert "请写明回避的理由" in refused.content.decode()
    assert "请先勾选确认" in client.post(address, {"reason": "师徒"}).content.decode()
    done = client.post(address, {"reason": "曾参与该项目的鉴定。", "sure": "on"}, follow=True).content.decode()
    assert f"已申报回避，{sheet.entry.code} 不再由您评分" in done
    sheet.refresh_from_db()
    assert sheet.state == "void"
    assert client.get(f"/sheets/{sheet.pk}/").status_code == 404
    page = client_of(cast, "office").get(reverse("scoring:recusals", args=[round_.pk])).content.decode()
    assert "专家本人申报回避" in page
    assert "曾参与该项目的鉴定。（蒋一" in page
    assert ledger.verify() == []


def test_a_sheet_handed_in_counts_no_more_after_the_declaration(cast):
    round_ = judging.opened(cast, k=4)
    judging.score_all(cast)
    sheet = ScoreSheet.objects.filter(appointment__expert__user=cast["expert1"].user).first()
    recusing.declare(cast["expert1"], sheet.pk, "与带头人是亲属。")
    page = client_of(cast, "office").get(reverse("scoring:round", args=[round_.pk])).content.decode()
    assert '有成果的专家不足，还缺 <b class="wx-b">1</b> 份评分表' in page
    with pytest.raises(Refusal, match="还缺 1 份评分表"):
        results.close_round(cast["office"], round_.pk)
    results.close_round(cast["office"], round_.pk, waive="没有可以替补的专家。")
    assert sheet.entry.result.sheets_counted == 3
    with pytest.raises(ScoreSheet.DoesNotExist):
        recusing.declare(cast["expert1"], sheet.pk, "再报一次。")


def test_another_experts_sheet_is_not_hers_to_refuse(cast):
    judging.opened(cast, k=3)
    foreign = judging.own(cast, "expert2")[0]
    assert client_of(cast, "expert1").get(reverse("scoring:declare", args=[foreign.pk])).status_code == 404


def test_the_chair_keeps_a_pair_apart(cast):
    round_ = judging.drafted(cast, k=3)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    sheet = ScoreSheet.objects.first()
    data = {"appointment": sheet.appointment_id, "code": sheet.entry.code.lower(), "reason": "同一课题组。"}
    office, address = client_of(cast, "office"), reverse("scoring:recusals", args=[round_.pk])
    assert "本轮没有这个评审编号" in office.post(address, data | {"code": "A9999"}).content.decode()
    done = office.post(address, data, follow=True).content.decode()
    assert "已指定回避" in done
    assert not ScoreSheet.objects.exists()  # the assignment that broke it is taken back
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    pair = {"entry__code": sheet.entry.code, "appointment": sheet.appointment_id}
    assert not ScoreSheet.objects.filter(**pair).exists()
    recusal = Recusal.objects.get(reason="office")
    assert (
        "请写明撤销的理由"
        in office.post(reverse("scoring:recusal_lift", args=[recusal.pk]), follow=True).content.decode()
    )
    office.post(reverse("scoring:recusal_lift", args=[recusal.pk]), {"reason": "核实不是。"})
    assert not Recusal.objects.exists()
    assert ledger.verify() == []


def test_in_an_open_round_the_sheet_is_voided(cast):
    round_ = judging.opened(cast, k=3)
    sheet = judging.own(cast, "expert1")[0]
    recusing.bar(cast["office"], sheet.appointment_id, sheet.entry_id, "同一课题组。")
    sheet.refresh_from_db()
    assert sheet.state == "void"
    assert sheet.entry.sheets.filter(state="open").count() == 3  # the fourth expert was called
    with pytest.raises(Refusal, match="不能撤销回避"):
        recusing.lift(cast["office"], Recusal.objects.get().pk, "核实不是。")
    results.close_round(cast["office"], round_.pk, waive="试行。")
    with pytest.raises(Refusal, match=r"已经截止，不能再指定回避；.*“重新开放”本轮"):
        recusing.bar(cast["office"], sheet.appointment_id, sheet.entry_id, "再来。")


def test_what_was_computed_is_not_lifted(cast):
    user, unit = cast["expert1"].user, cast.organizations["unit_a"]
    Employment.objects.create(user=user, organization=unit, started_on="2001-01-01")
    round_ = judging.drafted(cast, k=3)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    recusal = Recusal.objects.get()
    assert recusal.evidence == "2001年1月至今任职于东山机械厂工会；完成单位为东山机械厂工会"
    with pytest.raises(NotAllowed, match="请先更正登记"):
        recusing.lift(cast["office"], recusal.pk, "核实不是。")
    page = client_of(cast, "office").get(reverse("scoring:recusals", args=[round_.pk])).content.decode()
    assert "专家所在单位是完成单位" in page


def test_a_conflict_found_at_the_hand_in_carries_its_evidence(cast):
    judging.opened(cast, k=4)
    ids = judging.complete(cast, "expert1")
    Employment.objects.create(
        user=cast["expert1"].user, organization=cast.organizations["unit_a"], started_on="2001-01-01"
    )
    assert len(sheets.hand_in(cast["expert1"], ids).set_aside) == 1
    assert "任职于东山机械厂工会" in Recusal.objects.get().evidence


def test_the_new_rounds_page_says_how_many_works_each_must_not_judge(cast):
    Employment.objects.create(
        user=cast["expert1"].user, organization=cast.organizations["unit_a"], started_on="2001-01-01"
    )
    page = client_of(cast, "office").get(reverse("scoring:round_new")).content.decode()
    assert page.count('data-t="应回避">1<') == 1
    assert page.count('data-t="应回避">0<') == 3


def test_the_list_is_narrowed(cast):
    Employment.objects.create(
        user=cast["expert1"].user, organization=cast.organizations["unit_a"], started_on="2001-01-01"
    )
    round_: Round = judging.drafted(cast, k=3)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    office, address = client_of(cast, "office"), reverse("scoring:recusals", args=[round_.pk])
    assert "没有回避" in office.get(address, {"reason": "member"}).content.decode()
    assert "没有回避" in office.get(address, {"q": "沈二"}).content.decode()
    assert "蒋一" in office.get(address, {"q": "蒋一", "reason": "employer_unit"}).content.decode()
