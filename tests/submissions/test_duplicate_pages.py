"""The list of pairs, two works side by side, the verdict, and what each means for the checklist."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.urls import reverse

from core import files
from core.errors import NotAllowed, Refusal
from submissions.actions import continuing, drafting, indexing, moves, suspecting, winning
from submissions.actions.judging_pairs import judge_pair
from submissions.models import Achievement, DuplicateVerdict, SuspectPair
from submissions.queries import conflicts, duplicates
from tests.cast import Cast, assemble, draft, picture, submitted
from tests.rules.submissions.planted import once
from tests.submissions.audit_desk import signed_in, text_of
from tests.submissions.test_duplicates_db import next_season

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = once(Random("pages"))[:3]
SECRET = "本厂独有的工艺参数与配方比例在此一并说明供审核参考"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def written(cast: Cast, who: str, title: str, summary: str, **more: Any) -> Achievement:
    """Submitted with nothing in it that another one has but its summary."""
    given = {"innovation": f"{title}的做法。", "benefit_basis": f"{title}的算法。", "leader.name": f"{title[:2]}某"}
    return submitted(cast, who, title=title, summary=summary, **(given | more))


def across(cast: Cast) -> tuple[Achievement, Achievement, SuspectPair]:
    """A work of county B, and one of county A that copies most of it."""
    old = written(cast, "unit_b", OLD.title, OLD.text + SECRET)
    copy = written(cast, "unit_a", "另起名称的装置", OLD.text)
    return old, copy, SuspectPair.objects.get()


def url(pair: SuspectPair) -> str:
    return reverse("submissions:pair", args=[pair.pk])


def shown(cast: Cast, who: str, path: str) -> str:
    response = signed_in(cast[who]).get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def state(work: Achievement, code: str, *, for_unit: bool = False) -> tuple[str, str]:
    fresh = Achievement.objects.select_related("contest", "unit").get(pk=work.pk)
    return next((f.state, f.sentence) for f in conflicts.findings(fresh, for_unit=for_unit) if f.code == code)


# --- side by side -------------------------------------------------------------------------------------


def test_of_another_branch_title_year_and_common_passages_are_shown_and_nothing_else(cast):
    old, copy, pair = across(cast)
    page = shown(cast, "auditor_a", url(pair))
    assert OLD.title in page
    assert f"{cast.contest.year} 年" in page
    for hidden in (
        SECRET,
        old.unit.name,
        old.leader.name,
        old.innovation,
        reverse("submissions:detail", args=[old.pk]),
    ):
        assert hidden not in page
    assert OLD.text[40:60] in page.replace("\n", "")
    for path in (reverse("submissions:audit", args=[copy.pk]), reverse("submissions:pairs")):
        for hidden in (SECRET, old.unit.name):
            assert hidden not in shown(cast, "auditor_a", path)


def test_what_is_not_common_cannot_be_inferred_by_editing_the_own_work(cast):
    """Another text of one's own marks other passages, but never shows a letter that one did not write oneself."""
    old, copy, pair = across(cast)
    plain_own = duplicates.text_of(copy)
    for text in signed_in(cast["auditor_a"]).get(url(pair)).context["sides"].common:
        assert text in plain_own
    assert signed_in(cast["auditor_a"]).get(url(pair)).context["sides"].theirs == []
    assert signed_in(cast["auditor_a"]).get(reverse("submissions:detail", args=[old.pk])).status_code == 404


def test_the_other_auditor_sees_the_mirror_image(cast):
    _old, copy, pair = across(cast)
    page = shown(cast, "auditor_b", url(pair))
    assert SECRET in page
    assert copy.unit.name not in page
    assert copy.title in page


@pytest.mark.parametrize("who", ["office", "supervisor"])
def test_the_host_reads_both_with_the_common_passages_marked(cast, who):
    old, copy, pair = across(cast)
    page = shown(cast, who, url(pair))
    for name in (old.unit.name, copy.unit.name, SECRET):
        assert name in page
    assert page.count('class="wx-common"') >= 2


def test_who_sees_neither_sees_no_pair(cast):
    _, _, pair = across(cast)
    assert [signed_in(cast[who]).get(url(pair)).status_code for who in ("auditor_group", "direct2")] == [404, 404]
    assert [signed_in(cast[who]).get(url(pair)).status_code for who in ("unit_a", "unit_b", "expert1")] == [403] * 3


def test_the_unit_is_told_no_more_than_that_somebody_looks(cast):
    _, copy, _ = across(cast)
    page = shown(cast, "unit_a", reverse("submissions:detail", args=[copy.pk]))
    assert "与已有成果相近，由审核单位认定" in page
    assert OLD.title not in page


def test_what_a_unit_writes_on_a_returned_work_is_not_shown_yet(cast):
    old, copy, pair = across(cast)
    moves.return_for_changes(cast["auditor_b"], old.pk, "请补充。")
    drafting.save_fields(cast["unit_b"], old.pk, {"summary": "还没有提交的新稿", "title": "还没有提交的新名"}, 99)
    for path in (url(pair), reverse("submissions:pairs"), reverse("submissions:audit", args=[copy.pk])):
        assert "还没有提交的新" not in shown(cast, "office", path)
    assert SECRET in shown(cast, "office", url(pair))


# --- the verdict --------------------------------------------------------------------------------------


def judge(cast: Cast, who: str, pair: SuspectPair, verdict: str, reason: str = "经对照认定。", **more: Any) -> Any:
    given = {"achievement": pair.later_id, "verdict": verdict, "reason": reason, "seen": str(pair.verdict_id or 0)}
    return signed_in(cast[who]).post(url(pair), given | more)


def test_the_same_work_is_red_for_all_and_goes_no_further(cast):
    old, copy, pair = across(cast)
    assert state(copy, "repeated")[0] == "person"
    assert judge(cast, "auditor_a", pair, "same").status_code == 302
    assert state(copy, "repeated")[0] == "red"
    assert OLD.title in state(copy, "repeated")[1]
    assert OLD.title not in state(copy, "repeated", for_unit=True)[1]
    assert state(old, "repeated")[0] == "green"
    with pytest.raises(Refusal, match="同一成果"):
        moves.recommend(cast["auditor_a"], copy.pk)


def test_unrelated_takes_the_hint_away_on_both_sides(cast):
    old, copy, pair = across(cast)
    judge(cast, "auditor_a", pair, "unrelated")
    assert [state(work, "repeated")[0] for work in (old, copy)] == ["green", "green"]
    assert "对照并认定" not in shown(cast, "office", reverse("submissions:pairs"))
    assert "不相关" in shown(cast, "office", reverse("submissions:pairs") + "?tab=judged")


def test_a_verdict_is_kept_in_its_history(cast):
    _, _, pair = across(cast)
    judge(cast, "auditor_a", pair, "unrelated", "不是同一装置。")
    pair.refresh_from_db()
    judge(cast, "office", pair, "same", "图纸一致。")
    page = shown(cast, "office", url(pair))
    assert "不是同一装置。" in page
    assert "图纸一致。" in page
    assert DuplicateVerdict.objects.count() == 2


def test_of_a_verdict_on_another_branch_s_work_only_its_word_and_its_day_are_shown(cast):
    """What county B finds of its own work is B's: its name, its auditor and her reason stay with it and the host."""
    old, _, pair = across(cast)
    given = {"achievement": old.pk, "verdict": "unrelated", "reason": "比对西河化工的图纸后认定。", "seen": "0"}
    assert signed_in(cast["auditor_b"]).post(url(pair), given).status_code == 302
    own = (url(pair), reverse("submissions:pairs") + "?tab=judged")
    hidden = (str(cast["auditor_b"].user), cast.organizations["county_b"].label, "西河化工的图纸")
    for path in own:
        page = shown(cast, "auditor_a", path)
        assert "不相关" in page
        assert [word for word in hidden if word in page] == []
    for who in ("auditor_b", "office"):
        assert [word for word in hidden if word not in shown(cast, who, own[0])] == []
        assert hidden[0] in shown(cast, who, own[1])


def test_nobody_overrules_the_office_but_the_office(cast):
    _, _, pair = across(cast)
    judge(cast, "office", pair, "same")
    pair.refresh_from_db()
    assert judge(cast, "auditor_a", pair, "unrelated").status_code == 403
    assert "竞赛办公室已对这两项成果作出认定" in shown(cast, "auditor_a", url(pair))


def test_two_at_once_the_second_is_told(cast):
    _, _, pair = across(cast)
    judge(cast, "auditor_a", pair, "same")
    late = judge(cast, "office", pair, "unrelated", seen="0")
    assert late.status_code == 409
    assert "已有人对这两项成果作出认定" in late.content.decode()
    assert "经对照认定。" in late.content.decode()
    assert DuplicateVerdict.objects.count() == 1


def test_a_verdict_without_a_reason_is_asked_for_it(cast):
    _, _, pair = across(cast)
    refused = judge(cast, "auditor_a", pair, "same", " ")
    assert refused.status_code == 400
    assert "请写明认定的理由" in refused.content.decode()


def test_an_auditor_judges_her_own_side_only(cast):
    old, copy, pair = across(cast)
    with pytest.raises(NotAllowed):
        judge_pair(cast["auditor_b"], pair.pk, copy.pk, "same", "那一项是抄的")
    with pytest.raises(NotAllowed):
        judge_pair(cast["supervisor"], pair.pk, copy.pk, "same", "是抄的")
    with pytest.raises(Refusal, match="两项成果中的一项"):
        judge_pair(cast["office"], pair.pk, 0, "same", "是抄的")
    assert judge_pair(cast["auditor_b"], pair.pk, old.pk, "unrelated", "本项在先").pk


def test_a_text_that_has_come_nearer_is_looked_at_again(cast):
    old = written(cast, "unit_b", OLD.title, OLD.text)
    half = OLD.text[: len(OLD.text) // 2] + NEW.text[len(NEW.text) // 2 :]
    copy = written(cast, "unit_a", "另起名称的装置", half)
    pair = SuspectPair.objects.get(earlier=old)
    judge(cast, "auditor_a", pair, "unrelated")
    moves.return_for_changes(cast["auditor_a"], copy.pk, "请补充。")
    drafting.save_fields(cast["unit_a"], copy.pk, {"summary": OLD.text}, 99)
    moves.submit(cast["unit_a"], copy.pk)
    pair.refresh_from_db()
    assert pair.verdict is None
    assert DuplicateVerdict.objects.count() == 1


def test_a_pair_goes_when_the_text_no_longer_resembles(cast):
    _, copy, pair = across(cast)
    moves.return_for_changes(cast["auditor_a"], copy.pk, "请改写。")
    drafting.save_fields(cast["unit_a"], copy.pk, {"summary": OTHER.text}, 99)
    moves.submit(cast["unit_a"], copy.pk)
    pair.refresh_from_db()
    assert pair.signals == "file"
    moves.return_for_changes(cast["auditor_a"], copy.pk, "请换图片。")
    drafting.detach(cast["unit_a"], copy.pk, copy.attachments.get().pk)
    fresh = files.store_bytes(picture("firebrick"), "现场.png", "image/png")
    drafting.attach(cast["unit_a"], copy.pk, "photo", fresh, "现场.png")
    moves.submit(cast["unit_a"], copy.pk)
    assert not SuspectPair.objects.exists()


def test_a_withdrawn_work_is_nobodys_original(cast):
    old, copy, pair = across(cast)
    moves.withdraw(cast["unit_b"], old.pk, "不再申报。")
    assert state(copy, "repeated")[0] == "green"
    assert "没有待认定的成果" in shown(cast, "office", reverse("submissions:pairs"))
    suspecting.refresh(copy)
    assert not SuspectPair.objects.filter(pk=pair.pk).exists()


def test_the_list_goes_on_by_key(cast, monkeypatch):
    monkeypatch.setattr("submissions.views.duplicates.PER_PAGE", 2)
    for number in range(4):
        written(cast, "unit_a", f"第{number}项装置", OLD.text)
    pairs = list(SuspectPair.objects.order_by("-pk").values_list("pk", flat=True))
    path, seen = reverse("submissions:pairs"), []
    while path:
        page = signed_in(cast["office"]).get(path)
        seen += [other.pair.pk for _, other, _ in page.context["lines"]]
        path = f"{reverse('submissions:pairs')}?before={page.context['older']}" if page.context["older"] else ""
    assert seen == pairs
    assert len(pairs) >= 4


def test_the_office_and_the_auditor_are_reminded_at_home(cast):
    across(cast)
    for who in ("office", "auditor_a", "auditor_b"):
        assert "认定疑似重复的成果" in shown(cast, who, "/")
    assert "认定疑似重复的成果" not in shown(cast, "auditor_group", "/")


# --- the index follows --------------------------------------------------------------------------------


def marks(work: Achievement) -> set[str]:
    return {f"{mark.kind}:{mark.value}" for mark in duplicates.DuplicateMark.objects.filter(achievement=work)}


def test_the_index_follows_what_is_edited_in_the_pool(cast):
    """Autosave, patents and files of a registered work; a draft is nobody's business."""
    work = draft(cast, title="甲装置")
    assert marks(work) == set()
    moves.register(cast["unit_a"], work.pk)
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "乙装置", "leader.name": "新带头"}, 99)
    patent = {"kind": "invention", "number": "ZL201710601862.3", "status": "applied", "granted_on": None, "owner": ""}
    drafting.set_patents(cast["unit_a"], work.pk, [patent], 99)
    assert {"title:乙装置", "leader:新带头", "patent:ZL201710601862.3"} <= marks(work)
    assert "title:甲装置" not in marks(work)
    drafting.detach(cast["unit_a"], work.pk, work.attachments.get().pk)
    assert not {mark for mark in marks(work) if mark.startswith("file:")}


def test_what_is_edited_on_a_returned_work_is_indexed_when_it_comes_back(cast):
    work = submitted(cast, title="甲装置")
    moves.return_for_changes(cast["auditor_a"], work.pk, "请补充。")
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "乙装置"}, 99)
    assert "title:甲装置" in marks(work)
    moves.submit(cast["unit_a"], work.pk)
    assert "title:乙装置" in marks(work)
    before = marks(work)
    indexing.reindex(work)
    assert marks(work) == before


# --- continued, won before, one leader too often ------------------------------------------------------


def test_a_continued_work_needs_its_explanation(cast):
    old = written(cast, "unit_a", OLD.title, OLD.text)
    new = written(cast, "unit_a", "第二代装置", OLD.text)
    pair = SuspectPair.objects.get()
    judge(cast, "auditor_a", pair, "continued")
    assert state(new, "repeated")[0] == "red"
    moves.return_for_changes(cast["auditor_a"], new.pk, "请写明新在哪里。")
    assert OLD.title in state(new, "repeated", for_unit=True)[1]
    with pytest.raises(Refusal, match="延续申报"):
        moves.submit(cast["unit_a"], new.pk)
    path = reverse("submissions:continues", args=[new.pk])
    empty = signed_in(cast["unit_a"]).post(path, {"earlier": old.pk, "note": ""})
    assert "请写明与原成果相比新在哪里" in empty.content.decode()
    assert signed_in(cast["unit_a"]).post(path, {"earlier": old.pk, "note": "新增自动纠偏。"}).status_code == 302
    moves.submit(cast["unit_a"], new.pk)
    assert state(new, "repeated")[0] == "green"
    assert "新增自动纠偏。" in text_of(signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[new.pk])))


def test_only_an_own_earlier_work_is_continued(cast):
    foreign, own = written(cast, "unit_b", OLD.title, OLD.text), draft(cast)
    with pytest.raises(Refusal, match="本单位以往成果"):
        continuing.declare(cast["unit_a"], own.pk, foreign.pk, "新")
    with pytest.raises(Refusal, match="本单位以往成果"):
        continuing.declare(cast["unit_a"], own.pk, own.pk, "新")
    with pytest.raises(NotAllowed):
        continuing.declare(cast["unit_b"], own.pk, None, "")


def test_a_colleague_s_declaration_is_not_written_over_unseen(cast):
    old, new = written(cast, "unit_a", OLD.title, OLD.text), draft(cast)
    client, url = signed_in(cast["unit_a"]), reverse("submissions:continues", args=[new.pk])
    seen = client.get(url).context["seen"]
    continuing.declare(cast["unit_a"], new.pk, old.pk, "乙写的新内容。")
    late = client.post(url, {"earlier": old.pk, "note": "甲写的新内容。", "seen": seen})
    assert late.status_code == 409
    for text in ("甲写的新内容。", "乙写的新内容。"):
        assert text in late.content.decode()
    again = client.post(url, {"earlier": old.pk, "note": "甲写的新内容。", "seen": late.context["seen"]})
    assert again.status_code == 302


def won_last_year(cast: Cast) -> Achievement:
    old = written(cast, "unit_a", OLD.title, OLD.text)
    winning.note_wins({old.pk: "一等奖"})
    later = next_season(cast)
    for key in ("host", "county_a", "unit_a"):
        cast.enrolments[key] = later.enrolments.get(organization=cast.enrolments[key].organization)
    return old


def test_what_has_won_does_not_enter_again_unless_something_is_new(cast):
    old = won_last_year(cast)
    again = draft(cast, title=OLD.title)
    moves.register(cast["unit_a"], again.pk)
    state_now, sentence = state(again, "won", for_unit=True)
    assert state_now == "red"
    assert "已获一等奖" in sentence
    continuing.declare(cast["unit_a"], again.pk, old.pk, "第二代。")
    assert state(again, "won")[0] == "person"


def test_the_rule_about_earlier_prizes_can_be_off(cast):
    won_last_year(cast)
    again = draft(cast, title=OLD.title)
    contest = Achievement.objects.get(pk=again.pk).contest
    assert state(again, "won")[0] == "red"
    contest.settings_data["block_previous_winners"] = False
    contest.save()
    assert state(again, "won")[0] == "green"


LED = {"leader.name": "同一人", "leader.phone": "13811110000"}


def test_one_person_leads_no_more_works_than_the_contest_allows(cast):
    for number in range(3):
        written(cast, "unit_a", f"第{number}项", OTHER.text, **LED)
    fourth = draft(cast, **LED)
    moves.register(cast["unit_a"], fourth.pk)
    assert state(fourth, "leads")[0] == "red"
    with pytest.raises(Refusal, match="不超过 3 项，该带头人本届已是第 4 项"):
        moves.submit(cast["unit_a"], fourth.pk)
    drafting.save_fields(cast["unit_a"], fourth.pk, {"leader.phone": "13811119999"}, 99)
    moves.submit(cast["unit_a"], fourth.pk)


def test_a_withdrawn_work_makes_room_for_its_leader(cast):
    first, _, _ = (written(cast, "unit_a", f"第{number}项", OTHER.text, **LED) for number in range(3))
    moves.withdraw(cast["unit_a"], first.pk, "不再申报。")
    fourth = draft(cast, **LED)
    moves.register(cast["unit_a"], fourth.pk)
    assert moves.submit(cast["unit_a"], fourth.pk).status == "submitted"
