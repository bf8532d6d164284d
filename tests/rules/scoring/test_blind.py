"""By which words a work would be known, and in which spellings they are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.blind import MASK, Kind, Mask, find, known, unit_names

CONTENT = {
    "unit_name": "高平市丹河机械有限公司工会",
    "filled_by": "吴山",
    "responsible_person": "何厂长",
    "leader": {"name": "欧阳技", "employer": "高平市丹河机械有限公司", "phone": "13900000001"},
    "members": [{"name": "司马创", "organization_text": "一车间"}],
    "patents": [{"number": "ZL201710601862.3", "owner": "丹河研究院"}],
}
WORDS = known(CONTENT, ["太行煤业集团工会", "太行煤业"])


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("高平市丹河机械有限公司工会", {"高平市丹河机械有限公司", "丹河机械有限公司", "丹河机械"}),
        ("山西省晋城市陵川县长虹厂", {"长虹厂"} - {"长虹厂"}),  # three signs without a place: an ordinary word
        ("市第三人民医院工会", {"市第三人民医院", "第三人民医院"}),
        ("东山机械厂", set()),
    ],
)
def test_a_unit_without_its_place_and_its_ending(name, also):
    assert also <= set(unit_names(name))
    assert all(len(word) >= 4 for word in unit_names(name))


def test_what_gives_a_work_away():
    kinds = {"丹河机械": Kind.UNIT, "太行煤业": Kind.UNIT, "丹河研究院": Kind.UNIT, "一车间": Kind.UNIT}
    kinds |= {"欧阳技": Kind.PERSON, "司马创": Kind.PERSON, "吴山": Kind.PERSON, "13900000001": Kind.PHONE}
    kinds |= {"201710601862.3": Kind.PATENT}
    assert kinds.items() <= WORDS.items()
    assert "" not in WORDS


@pytest.mark.parametrize(
    ("text", "raw", "kind"),
    [
        ("由欧 阳 技研制", "欧 阳 技", Kind.PERSON),
        ("由欧阳·技研制", "欧阳·技", Kind.PERSON),
        ("由欧阳\n技研制", "欧阳\n技", Kind.PERSON),
        ("由欧阳\u200b技研制", "欧阳\u200b技", Kind.PERSON),
        ("丹河　机械承制", "丹河　机械", Kind.UNIT),
        ("电话 139-0000-0001", "139-0000-0001", Kind.PHONE),
        ("电话 139 0000 0001", "139 0000 0001", Kind.PHONE),
        ("电话１３９００００００１１", "", None),
        ("电话 １３９０００００００１", "１３９０００００００１", Kind.PHONE),
        ("专利 ＺＬ 2017 1 0601862.3", "ＺＬ 2017 1 0601862.3", Kind.PATENT),
        ("专利 2017-1-0601862 3", "2017-1-0601862 3", Kind.PATENT),
    ],
)
def test_other_spellings_are_found_as_they_stand(text, raw, kind):
    found = [(one.raw, one.kind) for one in find(text, WORDS)]
    assert found == ([(raw, kind)] if kind else [])


def test_what_is_masked_is_found_no_more():
    text = "高平市丹河机械有限公司欧阳技、司马创研制，电话 13900000001，专利 ZL201710601862.3。"
    assert Mask(WORDS)(text) == f"{MASK}、{MASK}研制，电话 {MASK}，专利 {MASK}。"
    assert find(Mask(WORDS)(text), WORDS) == []


def test_an_excerpt_shows_what_stands_around():
    (one,) = find("前" * 30 + "欧 阳技" + "后" * 30, WORDS)
    assert one.excerpt == "前" * 18 + "欧 阳技" + "后" * 18


def test_an_ordinary_text_gives_nothing_away():
    assert find("井下主运皮带跑偏停机由每月 12 次降到 1 次，年节约 126.50 万元。", WORDS) == []
    assert find("欧阳技", {}) == []
    assert Mask(())("欧阳技") == "欧阳技"


@given(
    st.text(max_size=40), st.sampled_from(sorted(WORDS)), st.text(max_size=40), st.sampled_from(["", " ", "-", "\n"])
)
def test_whatever_stands_around_it_a_word_is_found_or_masked(before, word, after, between):
    text = before + between.join(word) + after
    masked = Mask(WORDS)(text)
    assert word not in masked
    squeezed = between.join(word)
    assert squeezed == word or squeezed not in masked or any(one.raw for one in find(masked, WORDS))
