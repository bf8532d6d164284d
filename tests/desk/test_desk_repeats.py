"""While a work is written: a hint at the unit's own that it may repeat, nothing of anybody else's; help at hand."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from submissions.actions import continuing, drafting
from submissions.models import Achievement
from tests.cast import Cast, draft, registered
from tests.submissions.unit_desk import send, signed_in, url

TITLE = "副井提升机闸瓦间隙在线监测"
PATENT = {"kind": "utility", "number": "ZL201720601862.X", "status": "granted", "granted_on": date(2020, 5, 1),
          "owner": "本厂"}  # fmt: skip


@pytest.fixture
def unit(cast: Cast) -> Client:
    return signed_in(cast["unit_a"])


@pytest.fixture
def work(cast: Cast) -> Achievement:
    """The newer of two."""
    registered(cast, title=TITLE)
    return Achievement.objects.get(pk=draft(cast).pk)


def told(unit: Client, work: Achievement, title: str) -> str:
    """What stands beside the editor after the title was typed."""
    answer = send(unit, work, 99, title=title).json()
    page = unit.get(url("edit", work)).content.decode()
    assert answer["complete"].strip() in page
    return str(answer["complete"])


def test_the_same_title_of_the_own_unit_is_told_as_it_is_typed(work, unit):
    assert "延续申报" not in told(unit, work, "另一个名称")
    said = told(unit, work, "副井提升机 闸瓦间隙在线监测")
    assert f"年度“{TITLE}”的名称或专利号相同" in said
    assert url("continues", work) in said


def test_so_is_the_same_patent(cast, work, unit):
    earlier = Achievement.objects.get(title=TITLE)
    for one in (earlier, work):
        drafting.set_patents(cast["unit_a"], one.pk, [PATENT], 99)
    assert TITLE in told(unit, work, "另一个名称")


def test_said_to_continue_it_is_not_told_again(cast, work, unit):
    continuing.declare(cast["unit_a"], work.pk, Achievement.objects.get(title=TITLE).pk, "增加了自动调整。")
    assert "延续申报" not in told(unit, work, TITLE)


def test_what_others_have_is_nobody_elses_to_find_out_by_typing(cast, unit):
    registered(cast, "unit_b", title="西河独有的名称")
    assert "名称或专利号相同" not in told(unit, draft(cast), "西河独有的名称")


def test_help_with_a_patent_is_one_click_from_the_editor(cast, unit):
    assert "登记入库后，可以在成果页面申请知识产权指导" in unit.get(url("edit", draft(cast))).content.decode()
    work = registered(cast)
    assert f"{url('detail', work)}#ip-help" in unit.get(url("edit", work)).content.decode()
    assert 'id="ip-help"' in unit.get(url("detail", work)).content.decode()
