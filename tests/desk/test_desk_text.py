"""What people type, paste and forge: 10,000 characters, emoji, dots, full-width digits, rare Han, control signs."""

from __future__ import annotations

import unicodedata

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.forms.parts import CommendationRow, MemberRow, PatentRow
from submissions.models import Achievement
from tests.cast import Cast, draft
from tests.submissions.unit_desk import BROWSER, opened, save, send, signed_in, url

NAMES = ["leader__name", "filled_by", "responsible_person"]
TEXTS = {"title": 100, "summary": 3000, "innovation": 1500, "leader__bio": 2000, "leader__employer": 100,
         "leader__top_honour": 200, "category_note": 300, "social_benefit": 1500}  # fmt: skip
RARE = [
    "䶮",
    "𠮷",
    "𪚥",
    "𫟅",
    "𬭎",
    "𮯠",
    "𰻝",
    "\U0003106c",
    "㐱",
    "邨",
    "凉\U000e0100",
]  # planes 0, 2 and 3, a variant
DOTS = "•‧・．.·･∙⋅●"


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


@pytest.fixture
def unit(cast: Cast) -> Client:
    return signed_in(cast["unit_a"])


def stored(work: Achievement, name: str) -> str:
    now = Achievement.objects.get(pk=work.pk)
    owner, _, leaf = name.rpartition("__")
    return str(getattr(now.leader if owner else now, leaf))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sign", RARE[:9])
def test_a_rare_sign_of_any_plane_is_kept_in_a_name(work, unit, name, sign):
    assert send(unit, work, work.revision, **{name: f"欧阳{sign}"}).status_code == 200
    assert stored(work, name) == f"欧阳{sign}"


@pytest.mark.parametrize("dot", DOTS)
def test_every_dot_that_people_have_becomes_the_one_of_the_rule(work, unit, dot):
    """民委发〔2016〕33号: U+00B7."""
    answer = send(unit, work, work.revision, leader__name=f"买买提{dot}吐尔逊")
    if answer.status_code == 200:
        assert stored(work, "leader__name") == "买买提·吐尔逊"
    else:
        assert "分隔用“·”" in answer.json()["errors"]["leader__name"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("typed", ["王" * 10_000, "张😀", "王１", "王1", "王\u202e五", "<b>王", "王" * 51, "王"])
def test_what_is_no_name_is_told_in_a_sentence_and_not_written(work, unit, name, typed):
    before = stored(work, name)
    answer = send(unit, work, work.revision, **{name: typed})
    assert answer.status_code == 422
    assert answer.json()["errors"][name].endswith("。")
    assert len(answer.json()["errors"][name]) < 120
    assert stored(work, name) == before


@pytest.mark.parametrize(("name", "most"), TEXTS.items())
def test_texts_take_every_sign_up_to_their_length(work, unit, name, most):
    """Counted as people count: a sign outside the first plane is one."""
    full = ("𠮷😀á１％<b>" * most)[:most]
    assert send(unit, work, work.revision, **{name: full}).status_code == 200
    assert stored(work, name) == full
    over = send(unit, work, 99, **{name: full + "多"})
    assert over.json()["errors"] == {name: f"不超过 {most} 字，现有 {most + 1} 字，请删减。"}
    assert stored(work, name) == full


@pytest.mark.parametrize("name", TEXTS)
def test_control_signs_fall_out_and_lines_stay(work, unit, name):
    typed = "甲\x00\x01\x08\x0b\x1f\x7f乙\r\n丙\u2028\ufeff丁"
    assert send(unit, work, work.revision, **{name: typed}).status_code == 200
    assert stored(work, name) == "甲乙\n丙丁"


def test_ten_thousand_signs_everywhere_on_the_page_without_scripts(work, unit):
    """Everything is refused, nothing is lost: the page comes back with every sign."""
    long = "长" * 10_000
    changes = dict.fromkeys([*TEXTS, *NAMES, "leader__phone", "leader__birth_month", "benefit_wan"], long)
    rows = {name: [long] for name in (*MemberRow.names, *PatentRow.names, *CommendationRow.names)}
    rows |= {"patent_status": ["granted"], "commend_level": ["base"]}
    answer = save(unit, work, opened(unit, work), **changes, **rows)
    assert answer.status_code == 422
    assert answer.content.decode().count(long) >= len(changes) + 8
    before = Achievement.objects.get(pk=work.pk)
    assert (before.title, before.members.count(), before.patents.count()) == (work.title, 0, 0)


@pytest.mark.parametrize("typed", ["２０２１－０６－３０", "２０２１年６月３０日", "2021.6.30"])
def test_full_width_digits_are_a_date(work, unit, typed):
    assert send(unit, work, work.revision, completed_on=typed).status_code == 200
    assert stored(work, "completed_on") == "2021-06-30"


def test_rows_take_rare_names_and_refuse_the_rest_at_their_place(work, unit):
    data = {"revision": work.revision, "member_name": ["欧阳𬭎", "张😀"], "member_org": ["机电队", "\x00"]}
    answer = unit.post(url("members", work), data, **BROWSER)
    assert set(answer.json()["errors"]) == {"1"}
    data["member_name"][1] = "𰻝𪚥"
    assert unit.post(url("members", work), data, **BROWSER).status_code == 200
    assert [m.name for m in work.members.all()] == ["欧阳𬭎", "𰻝𪚥"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from([*TEXTS, *NAMES, "leader__phone", "leader__work_started", "benefit_wan"]))
def test_no_text_makes_the_desk_fall_over(work, unit, typed, name):
    """It is written, or told in a sentence; what is written holds no control sign."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return  # half a character: no browser can send it
    answer = send(unit, work, 10**6, **{name: typed})
    assert answer.status_code in (200, 422)
    assert not [c for c in stored(work, name) if unicodedata.category(c) == "Cc" and c not in "\n\t"]
