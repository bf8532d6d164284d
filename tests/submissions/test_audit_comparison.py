"""What changed between two versions, field by field and word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.rules.comparison import sections
from submissions.rules.diff import DEL, INS, SAME, Piece, pieces

NAMES = {
    "kind": {"small_invention": "小发明"},
    "category": {"equipment": "设备类", "process": "工艺类"},
    "industry": {},
}
text = st.text(alphabet="皮带机年节约万元，。0123456789. ab", max_size=60)


def content(**changes):
    base = {
        "title": "纠偏装置",
        "kind": "small_invention",
        "category": "equipment",
        "benefit_path": "economic",
        "benefit_wan": "90.00",
        "summary": "年节约 90 万元。",
        "completed_on": "2021-03-01",
        "government_project": False,
        "leader": {"name": "欧阳技", "gender": "male", "photo": ""},
        "members": [],
        "patents": [],
        "attachments": [{"id": 1, "kind": "photo", "name": "现场.png", "sha256": "a"}],
    }
    return base | changes


def changed(before, now):
    return {
        row.key: row.pieces
        for section in sections(now, before, NAMES)
        for row in section.only_changes().facts + section.only_changes().texts
    }


def words(now):
    return {r.key: "".join(p.text for p in r.pieces) for s in sections(now, None, NAMES) for r in s.facts + s.texts}


@given(text, text)
def test_the_pieces_hold_both_texts(old, new):
    found = pieces(old, new)
    assert "".join(p.text for p in found if p.kind != INS) == old
    assert "".join(p.text for p in found if p.kind != DEL) == new
    assert all(p.text for p in found)


@given(text)
def test_the_same_text_has_no_change(same):
    assert {p.kind for p in pieces(same, same)} <= {SAME}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "新写的", [Piece(INS, "新写的")]),
        ("删去的", "", [Piece(DEL, "删去的")]),
        ("年节约 90.00 万元", "年节约 86.40 万元", [
            Piece(SAME, "年节约 "), Piece(DEL, "90.00"), Piece(INS, "86.40"), Piece(SAME, " 万元")]),
        ("停机 61 小时。", "停机 61 小时（见台账）。", [
            Piece(SAME, "停机 61 小时"), Piece(INS, "（见台账）"), Piece(SAME, "。")]),
        ("甲乙的丙丁戊己庚辛壬癸", "子丑的寅卯戊己庚辛壬癸", [
            Piece(DEL, "甲乙的丙丁"), Piece(INS, "子丑的寅卯"), Piece(SAME, "戊己庚辛壬癸")]),
        ("完全另一句话", "没有相同之处", [Piece(DEL, "完全另一句话"), Piece(INS, "没有相同之处")]),
    ],
)  # fmt: skip
def test_figures_stay_whole_and_changes_stay_together(old, new, expected):
    assert pieces(old, new) == expected


def test_only_the_changed_fields_are_reported():
    now = content(category="process", benefit_wan="86.40", government_project=True)
    assert changed(content(), now) == {
        "category": [Piece(DEL, "设备"), Piece(INS, "工艺"), Piece(SAME, "类")],
        "benefit_wan": [Piece(DEL, "90.00"), Piece(INS, "86.40"), Piece(SAME, " 万元/年")],
        "government_project": [Piece(DEL, "否"), Piece(INS, "是")],
    }


def test_without_a_version_before_nothing_counts_as_changed():
    assert changed(None, content()) == {}
    assert sum(section.changes for section in sections(content(), None, NAMES)) == 0


def test_codes_and_dates_are_read_in_words():
    patent = {"kind": "invention", "number": "ZL201710601862.3", "status": "granted", "granted_on": "2019-05-07"}
    people = [{"name": "甲", "organization_text": "机电队"}, {"name": "乙", "organization_text": ""}]
    said = words(content(patents=[patent], members=people))
    assert said["kind"] == "小发明"
    assert said["completed_on"] == "2021年3月1日"
    assert said["leader.gender"] == "男"
    assert said["government_project"] == "否"
    assert said["members"] == "甲（机电队）、乙"
    assert said["patents"] == "ZL201710601862.3（发明，已授权，2019年5月7日授权公告）"


def test_what_was_emptied_is_still_shown_as_taken_out():
    before = content(category_note="不属于前五类。")
    assert changed(before, content(category_note=""))["category_note"] == [Piece(DEL, "不属于前五类。")]


def test_an_empty_text_that_nobody_asked_for_is_left_out():
    assert "social_benefit" not in words(content())
    assert words(content(benefit_path="social"))["social_benefit"] == ""


def test_new_kept_and_removed_files():
    now = content(attachments=[
        {"id": 1, "kind": "photo", "name": "现场.png", "sha256": "a"},
        {"id": 3, "kind": "benefit_proof", "name": "证明.pdf", "sha256": "c"},
    ])  # fmt: skip
    before = content(attachments=[
        {"id": 1, "kind": "photo", "name": "现场.png", "sha256": "a"},
        {"id": 2, "kind": "other", "name": "旧.pdf", "sha256": "b"},
    ])  # fmt: skip
    proof = next(section for section in sections(now, before, NAMES) if section.code == "proof")
    found = [(file.id, file.kind, file.state) for file in proof.files]
    assert found == [(1, "成果图片", SAME), (3, "效益证明", INS), (2, "其他材料", DEL)]
    assert [f.id for f in proof.only_changes().files] == [3, 2]
    assert proof.changes == 2


def test_another_photo_is_a_change():
    before, now = content(leader={"photo": "a"}), content(leader={"photo": "b"})
    assert changed(before, now)["leader.photo"] == [Piece(DEL, "原相片"), Piece(INS, "新相片")]
    assert "leader.photo" not in changed(now, now)
