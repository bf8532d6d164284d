"""匿名材料 on the office's desk: what is flagged, what masking and passing do, and that nothing is released before."""

import pytest
from django.urls import reverse

from core.cleaning import BROKEN as WHY_BROKEN
from core.cleaning import PDF
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event, Job
from scoring.actions import blind, rounds
from scoring.models import BlindFinding, BlindPackage, CleanFile, Round
from tests.cast import Cast, accepted, assemble
from tests.scoring import blinding, judging
from tests.scoring.blinding import KNOWN, SPELT, accepted_with, prepared, scan, telling_drawing
from tests.scoring.judging import client_of, own

pytestmark = pytest.mark.django_db

TELLING = ("drawing_spec", telling_drawing(), "设计图.pdf", PDF)
SCAN = ("drawing_spec", scan(), "扫描.pdf", PDF)
CUT = ("other", b"%PDF-1.4 cut\n%%EOF", "残.pdf", PDF)


def planned(*documents, **changes: object) -> tuple[Cast, Round]:
    cast = assemble()
    accepted_with(cast, *documents, **changes)
    judging.to_review(cast)
    round_ = judging.drafted(cast, k=4)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    return cast, round_


def plain(**more: object) -> dict[str, object]:
    """Fields in which nothing is spelt otherwise."""
    return {"summary": "跑偏停机由每月 12 次降到 1 次。", "innovation": "机械反馈。"} | more


def page(round_: Round, tab: str = "") -> str:
    return reverse("scoring:blind", args=[round_.pk]) + (f"?tab={tab}" if tab else "")


def findings(round_: Round, state: str = "open") -> list[tuple[str, str, str]]:
    rows = BlindFinding.objects.filter(round=round_, state=state).order_by("place", "kind", "raw")
    return [(row.place.partition(":")[0], row.kind, row.raw) for row in rows]


def test_other_spellings_in_the_texts_are_found_when_the_works_are_collected():
    _, round_ = planned()
    assert findings(round_) == [
        ("innovation", "unit", SPELT[2]),
        ("summary", "person", SPELT[0]),
        ("summary", "phone", SPELT[1]),
    ]


def test_a_round_is_not_released_while_a_place_waits():
    cast, round_ = planned()
    with pytest.raises(Refusal, match="还有 3 处疑似透露单位或人员") as refused:
        rounds.open_round(cast["office"], round_.pk)
    assert refused.value.code == "blind"


def test_a_new_assignment_keeps_what_the_office_decided():
    cast, round_ = planned()
    masked, passed, _ = BlindFinding.objects.order_by("place", "kind", "raw")
    blind.mask_finding(cast["office"], masked.pk)
    blind.pass_finding(cast["office2"], passed.pk, "通用名称。")
    rounds.plan_assignment(cast["office"], round_.pk, seed=8)
    assert findings(round_, "masked") == [("innovation", "unit", SPELT[2])]
    kept = BlindFinding.objects.get(state="passed")
    assert (kept.raw, kept.reason, kept.decided_by) == (SPELT[0], "通用名称。", cast["office2"].user)
    package = BlindPackage.objects.get()
    assert SPELT[2] not in package.content["innovation"]
    assert package.open_findings == 1


def test_a_round_is_not_released_while_documents_wait_for_the_worker():
    cast, round_ = planned(TELLING, **plain())
    assert Job.objects.get().key == f"blind:{round_.pk}"
    with pytest.raises(Refusal, match="还有 1 项成果的附件没有改写"):
        rounds.open_round(cast["office"], round_.pk)
    prepared(round_)
    with pytest.raises(Refusal, match="还有 3 处"):
        rounds.open_round(cast["office"], round_.pk)


def test_without_documents_and_doubts_a_round_is_ready_at_once():
    cast = assemble()
    accepted(cast)
    judging.to_review(cast)
    judging.opened(cast, k=4)
    assert not Job.objects.filter(key__startswith="blind:").exists()
    assert own(cast, "expert1")


def test_masked_words_stand_nowhere_in_the_package():
    cast, round_ = planned()
    for finding in BlindFinding.objects.all():
        blind.mask_finding(cast["office"], finding.pk)
    package = BlindPackage.objects.get()
    assert [word for word in SPELT if word in str(package.content)] == []
    assert "跑偏停机由每月 12 次降到 1 次" in package.content["summary"]
    assert (package.open_findings, package.is_ready) == (0, True)
    rounds.open_round(cast["office"], round_.pk)


def test_a_telling_document_is_masked_as_a_whole():
    cast, round_ = planned(TELLING, **plain())
    prepared(round_)
    assert {kind for _, kind, _ in findings(round_)} == {"person", "unit", "phone"}
    blind.mask_finding(cast["office"], BlindFinding.objects.first().pk)
    assert findings(round_) == []
    rounds.open_round(cast["office"], round_.pk)
    (sheet,) = own(cast, "expert1")
    assert client_of(cast, "expert1").get(f"{blinding.sheet_url(sheet.pk)}documents/1/").status_code == 404


def test_a_place_may_pass_for_a_written_reason():
    cast, round_ = planned(SCAN, **plain())
    prepared(round_)
    assert findings(round_) == [("file", "unreadable", "")]
    (finding,) = BlindFinding.objects.all()
    with pytest.raises(Refusal, match="请写明放行的理由"):
        blind.pass_finding(cast["office"], finding.pk, " ")
    blind.pass_finding(cast["office"], finding.pk, "已看过，图上无单位。")
    rounds.open_round(cast["office"], round_.pk)
    (sheet,) = own(cast, "expert1")
    assert client_of(cast, "expert1").get(f"{blinding.sheet_url(sheet.pk)}documents/1/").status_code == 200
    event = Event.objects.get(verb="blind_pass")
    assert "已看过" not in event.payload


def test_a_document_that_cannot_be_written_anew_is_shown_to_nobody_and_holds_nothing_up():
    cast, round_ = planned(CUT, **plain())
    prepared(round_)
    assert findings(round_) == []
    rounds.open_round(cast["office"], round_.pk)
    text = client_of(cast, "office").get(page(round_)).content.decode()
    assert WHY_BROKEN in text
    (sheet,) = own(cast, "expert1")
    assert "附件1" not in client_of(cast, "expert1").get(blinding.sheet_url(sheet.pk)).content.decode()


def test_a_document_is_written_anew_once_whatever_is_assigned_anew():
    cast, round_ = planned(TELLING, **plain())
    prepared(round_)
    (made,) = CleanFile.objects.all()
    rounds.plan_assignment(cast["office"], round_.pk, seed=8)
    assert CleanFile.objects.get().pk == made.pk
    assert BlindPackage.objects.get().prepared_at
    assert len(findings(round_)) == 3
    assert Job.objects.count() == 1


def test_the_job_may_run_twice():
    _, round_ = planned(TELLING, SCAN, **plain())
    prepared(round_)
    before = findings(round_)
    BlindPackage.objects.update(prepared_at=None)
    Job.objects.update(state="queued", finished_at=None, heartbeat_at=None)
    prepared(round_)
    assert findings(round_) == before


# --- the page ------------------------------------------------------------------------------------------------


def test_the_page_shows_where_what_and_around():
    cast, round_ = planned()
    text = client_of(cast, "office").get(page(round_)).content.decode()
    for shown in ("待处理 3 处", "A0001", "项目成果简介", SPELT[0], "人员姓名", "全部隐去 3 处", "放行理由"):
        assert shown in text
    seen = client_of(cast, "supervisor").get(page(round_)).content.decode()
    assert SPELT[0] in seen
    assert "全部隐去" not in seen


def test_masking_passing_and_all_at_once_through_the_page():
    cast, round_ = planned()
    client = client_of(cast, "office")
    first, second, _ = BlindFinding.objects.order_by("pk")
    assert "这一处已经隐去" in client.post(reverse("scoring:blind_mask", args=[first.pk]), follow=True).content.decode()
    url = reverse("scoring:blind_pass", args=[second.pk])
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 400
    assert "请写明放行的理由" in refused.content.decode()
    assert "已经放行" in client.post(url, {"reason": "公开型号。"}, follow=True).content.decode()
    url = reverse("scoring:blind_mask_all", args=[round_.pk])
    assert "现在是 1 处" in client.post(url, {"shown": "2"}, follow=True).content.decode()
    assert "1 处已经全部隐去" in client.post(url, {"shown": "1"}, follow=True).content.decode()
    done = client.get(page(round_, "done")).content.decode()
    assert "公开型号。" in done
    assert "王敏" in done
    assert findings(round_) == []


def test_the_second_of_two_persons_is_told():
    cast, _ = planned()
    finding = BlindFinding.objects.first()
    blind.mask_finding(cast["office"], finding.pk)
    with pytest.raises(Conflict, match="已由他人处理为“已隐去”"):
        blind.pass_finding(cast["office2"], finding.pk, "可以。")
    text = client_of(cast, "office2").post(reverse("scoring:blind_mask", args=[finding.pk]), follow=True)
    assert "已由他人处理" in text.content.decode()


@pytest.mark.parametrize("who", ["supervisor", "auditor_a", "expert1", "unit_a"])
def test_only_the_office_decides(who):
    cast, round_ = planned()
    finding = BlindFinding.objects.first()
    for act in (
        lambda: blind.mask_finding(cast[who], finding.pk),
        lambda: blind.pass_finding(cast[who], finding.pk, "可以。"),
        lambda: blind.mask_all(cast[who], round_.pk, 3),
        lambda: blind.start_preparing(cast[who], round_.pk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_preparation_can_be_asked_for_again_and_shows_its_progress():
    cast, round_ = planned(TELLING, **plain())
    Job.objects.update(state="failed", error="后台程序中断。", finished_at=round_.created_at)
    client = client_of(cast, "office")
    assert "后台程序中断。" in client.get(page(round_)).content.decode()
    client.post(reverse("scoring:blind_prepare", args=[round_.pk]))
    assert Job.objects.filter(state="queued").count() == 1
    piece = client.get(page(round_), headers={"HX-Request": "true"}).content.decode()
    assert "进行中" in piece
    assert "<html" not in piece
    prepared(round_)
    assert "1 项成果的材料都已写好" in client.get(page(round_)).content.decode()


def test_until_the_material_is_ready_an_expert_reads_nothing_of_it():
    cast, round_ = planned(**plain())
    rounds.open_round(cast["office"], round_.pk)
    BlindPackage.objects.all().delete()  # as a late work has it that nobody prepared
    client, (sheet,) = client_of(cast, "expert1"), own(cast, "expert1")
    text = client.get(blinding.sheet_url(sheet.pk)).content.decode()
    assert "材料正在准备" in text
    assert "皮带机" not in text
    assert KNOWN["leader"] not in text
    assert "材料正在准备" in client.get(reverse("scoring:sheets")).content.decode()
    assert client.get(f"{blinding.sheet_url(sheet.pk)}files/1/").status_code == 404
