"""核对附件: each desk ticks what it has looked at."""

import pytest
from django.urls import reverse

from core import ledger
from core.errors import NotAllowed
from core.models import Event
from submissions.actions import drafting, moves
from submissions.actions.checking import check_attachments
from submissions.models import Achievement, AttachmentCheck
from tests.cast import Cast, assemble, at_host
from tests.submissions.audit_desk import signed_in, text_of, with_appraisal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return with_appraisal(cast)


def files(work: Achievement) -> list[int]:
    return list(work.attachments.values_list("pk", flat=True))


def ticked(work: Achievement) -> set[int]:
    return set(AttachmentCheck.objects.filter(achievement=work).values_list("attachment", flat=True))


def post(cast: Cast, work: Achievement, who: str, ticks: list[int], **headers: str):
    url = reverse("submissions:audit_check", args=[work.pk])
    return signed_in(cast[who]).post(url, {"shown": files(work), "file": ticks}, headers=headers)


def test_a_tick_is_kept_with_its_desk_and_person_and_can_be_taken_off(cast, work):
    first, second = files(work)
    assert check_attachments(cast["auditor_a"], work.pk, {first, second}, {first}) == 1
    row = AttachmentCheck.objects.get()
    assert (row.attachment_id, row.desk, row.membership) == (
        first, cast.enrolments["county_a"], cast["auditor_a"].membership,
    )  # fmt: skip
    assert check_attachments(cast["auditor_a"], work.pk, {first, second}, {second}) == 1
    assert ticked(work) == {second}
    assert Event.objects.filter(verb="check_attachments").count() == 2
    assert ledger.verify() == []


def test_the_same_ticks_again_are_no_second_decision(cast, work):
    for _ in range(2):
        check_attachments(cast["auditor_a"], work.pk, set(files(work)), set(files(work)))
    assert Event.objects.filter(verb="check_attachments").count() == 1


def test_what_the_page_did_not_show_keeps_its_tick(cast, work):
    first, second = files(work)
    check_attachments(cast["auditor_a"], work.pk, {first, second}, {first, second})
    assert check_attachments(cast["auditor_a"], work.pk, {second}, set()) == 1
    assert ticked(work) == {first}


def test_another_works_attachment_is_not_ticked_here(cast, work):
    foreign = with_appraisal(cast, "unit_b")
    ids = set(files(foreign))
    assert check_attachments(cast["auditor_a"], work.pk, ids, ids) == 0
    assert not AttachmentCheck.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("unit_a", 403), ("office", 403), ("auditor_b", 404), ("expert1", 403)])
def test_only_the_desk_where_it_lies(cast, work, who, status):
    assert post(cast, work, who, files(work)).status_code == status
    assert not AttachmentCheck.objects.exists()


def test_nothing_is_ticked_once_it_has_left_the_desk(cast, work):
    moves.return_for_changes(cast["auditor_a"], work.pk, "请改。")
    with pytest.raises(NotAllowed, match="只有待审核的成果可以核对附件"):
        check_attachments(cast["auditor_a"], work.pk, set(files(work)), set())


def test_the_page_shows_the_own_ticks_and_the_next_desk_those_below(cast):
    work = at_host(cast)
    moves.return_for_changes(cast["office"], work.pk, "请补鉴定书。")
    moves.submit(cast["unit_a"], work.pk)
    assert post(cast, work, "auditor_a", files(work)).status_code == 302
    url = reverse("submissions:audit", args=[work.pk]) + "?show=all"
    page = signed_in(cast["auditor_a"]).get(url).content.decode()
    assert f'value="{files(work)[0]}" id="file-{files(work)[0]}" checked' in page
    moves.verify_benefit(cast["auditor_a"], work.pk, work.benefit_wan, "economic", "")
    moves.recommend(cast["auditor_a"], work.pk)
    page = signed_in(cast["office"]).get(url)
    assert "东山县已核对" in text_of(page)
    assert f'id="file-{files(work)[0]}">' in page.content.decode()


def test_the_script_gets_one_line(cast, work):
    answer = post(cast, work, "auditor_a", files(work)[:1], HX_Request="true")
    assert answer.content.decode() == "已核对 1 / 2 个附件"


def test_an_attachment_that_the_unit_takes_out_takes_its_ticks_along(cast, work):
    check_attachments(cast["auditor_a"], work.pk, set(files(work)), set(files(work)))
    moves.return_for_changes(cast["auditor_a"], work.pk, "请换鉴定书。")
    drafting.detach(cast["unit_a"], work.pk, files(work)[1])
    assert ticked(work) == {files(work)[0]}
