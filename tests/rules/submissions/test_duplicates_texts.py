"""The parts of the duplicates engine: plain form, samples, common passages, picture hashes."""

from io import BytesIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from submissions.rules.duplicates import grams, passages, pictures, similarity
from submissions.rules.duplicates.texts import plain, positions
from tests.rules.submissions.planted import once

HAN = st.text(alphabet="机电液压皮带煤矿改造创新一二三12３，。 Ａa\n", max_size=200)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ＤＴＬ１２０型，带式 输送机！", "dtl120型带式输送机"),
        ("电耗降低12.5%、噪声≤85 dB（A）", "电耗降低125噪声85dba"),
        ("①号炉 5㎡", "1号炉5m2"),
        ("䶮㛃·𠮷\u200b\u3000\ufeff", "䶮㛃𠮷"),
        ("……——“”", ""),
    ],
)
def test_width_case_and_punctuation_make_no_difference(written, same):
    assert plain(written) == same


@given(st.text(max_size=60))
def test_every_plain_character_knows_where_it_comes_from(text):
    places = positions(text)
    assert len(places) == len(plain(text))
    assert places == sorted(places)
    assert "".join(dict.fromkeys(places and [text[at] for at in places])) or not places


@given(HAN)
def test_plain_is_plain_already(text):
    assert plain(plain(text)) == plain(text)


def test_hashes_are_the_same_on_every_machine_and_fit_the_column():
    found = grams.hashes("带式输送机", 5).tolist()
    assert found == [1809360630652509192]
    assert all(0 <= gram < 2**63 for gram in grams.hashes(plain(once(Random(1))[0].text), 5).tolist())


def test_a_passage_leaves_the_same_sample_wherever_it_stands():
    one, two, three = (plain(work.text) for work in once(Random("sample"))[:3])
    long = one + two + three + one[::-1] + two[::-1]
    of_part, of_long = (set(grams.sampled(text)[0].tolist()) for text in (one, long))
    everything = set(grams.hashes(one, grams.INDEXED).tolist())
    assert of_long & everything <= of_part
    assert len(of_long & everything) > len(everything) / 12


def test_a_short_text_is_kept_nearly_whole():
    assert len(grams.sampled(plain("一二三四五六七八九十"))[0]) == 6
    assert len(grams.sampled("一二三四")[0]) == 0


@given(HAN, HAN)
def test_common_passages_stand_in_both(text, other):
    for passage in passages.common(text, other):
        here, there = text[passage.start : passage.end], other[passage.other_start : passage.other_end]
        assert plain(here) == plain(there)
        assert len(plain(here)) >= passages.LEAST


@given(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=10, max_size=80), HAN, HAN)
def test_what_was_copied_is_marked(copied, before, after):
    marked = passages.common(before + copied + after, copied)
    covered = set().union(*(range(p.start, p.end) for p in marked)) if marked else set()
    assert covered >= set(range(len(before), len(before) + len(copied)))


def test_passages_are_marked_through_other_punctuation_and_in_any_order():
    text = "更换合金刮刀，粗扫精扫分工。扫下的煤由溜槽回流！"
    other = "扫下的煤，由溜槽回流；此外……更换合金刮刀、粗扫精扫分工"
    found = [(text[p.start : p.end], other[p.other_start : p.other_end]) for p in passages.common(text, other)]
    assert found == [
        ("更换合金刮刀，粗扫精扫分工", "更换合金刮刀、粗扫精扫分工"),
        ("扫下的煤由溜槽回流", "扫下的煤，由溜槽回流"),
    ]


def test_the_same_text_is_wholly_alike_and_a_strange_one_not_at_all():
    works = once(Random("alike"))
    same, strange = similarity.compare(works[0].text, {1: works[0].text.replace("，", " "), 2: "另外的几个字"})
    assert (same.key, same.common, same.alike) == (1, 1.0, 1.0)
    assert (strange.key, strange.common, strange.alike, strange.passage) == (2, 0.0, 0.0, 0.0)


def drawing(size: tuple[int, int] = (640, 480), kind: str = "JPEG", quality: int = 90, seed: int = 1) -> BytesIO:
    rng = Random(seed)
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(30):
        x, y = rng.randrange(600), rng.randrange(440)
        draw.rectangle((x, y, x + rng.randrange(20, 200), y + rng.randrange(20, 200)), fill=rng.randrange(2**24))
    out = BytesIO()
    image.resize(size).save(out, kind, quality=quality)
    return out


@pytest.mark.parametrize(
    ("size", "kind", "quality"), [((640, 480), "PNG", 90), ((320, 240), "JPEG", 60), ((1600, 1200), "JPEG", 30)]
)
def test_a_photograph_is_known_again_in_another_size_and_quality(size, kind, quality):
    one, two = pictures.fingerprint(drawing()), pictures.fingerprint(drawing(size, kind, quality))
    assert pictures.near(one, two)
    assert set(pictures.bands(one)) & set(pictures.bands(two))


def test_other_photographs_are_others():
    hashes = [pictures.fingerprint(drawing(seed=seed)) for seed in range(40)]
    assert not any(pictures.near(one, two) for at, one in enumerate(hashes) for two in hashes[:at])


def test_a_blank_sheet_is_like_nothing():
    out = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    assert pictures.fingerprint(out) == ""
    assert pictures.bands("") == []


def test_what_is_no_picture_is_refused():
    with pytest.raises(OSError, match="identify"):
        pictures.fingerprint(BytesIO(b"%PDF-1.4"))
