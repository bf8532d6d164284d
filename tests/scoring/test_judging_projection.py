"""The expert reads the work, never who did it."""

from datetime import date
from decimal import Decimal

from scoring import projection
from scoring.projection import Labels
from scoring.rules.blind import Mask, known

LABELS = Labels({"small_invention": "小发明"}, {"equipment": "设备类"}, {"coal": "煤炭"})
CONTENT = {
    "title": "东山机械厂皮带机纠偏装置",
    "kind": "small_invention",
    "category": "equipment",
    "industry": "coal",
    "implemented_from": "2025-03-01",
    "implemented_to": "2025-11-30",
    "completed_on": "2025-12-05",
    "applied_from": None,
    "summary": "由欧阳技、司马创研制。\n\n东山机械厂工会推荐，电话 13900000001，专利 201710601862.3。",
    "innovation": "机械反馈。",
    "benefit_basis": "",
    "social_benefit": "",
    "filled_by": "吴山",
    "responsible_person": "何厂长",
    "unit_name": "东山机械厂工会",
    "leader": {"name": "欧阳技", "employer": "东山机械厂", "phone": "13900000001"},
    "members": [{"name": "司马创", "organization_text": "一车间"}],
    "patents": [
        {"kind": "invention", "number": "ZL201710601862.3", "status": "granted", "granted_on": "2019-05-07",
         "owner": "东山机械厂"},
        {"kind": "design", "number": "201930000001.1", "status": "applied", "granted_on": None, "owner": ""},
    ],
    "attachments": [
        {"id": 1, "kind": "photo", "name": "欧阳技.png", "sha256": "a" * 64},
        {"id": 2, "kind": "appraisal_certificate", "name": "东山机械厂鉴定书.png", "sha256": "b" * 64},
    ],
}  # fmt: skip


MEDIA = {"a" * 64: "image/png", "b" * 64: "image/png", "c" * 64: "application/pdf"}


def package(content: dict[str, object]) -> dict[str, object]:
    return projection.blinded(content, Mask(known(content)), MEDIA)


def read(**changes: object) -> projection.Work:
    return projection.work(package(CONTENT | changes), LABELS, "economic", Decimal("82.60"))


def test_names_that_the_work_itself_knows_are_blotted_out_of_its_texts():
    work = read()
    assert work.heading.title == "××皮带机纠偏装置"
    assert work.summary == ("由××、××研制。", "××推荐，电话 ××，专利 ××。")
    for name in ("欧阳技", "司马创", "吴山", "何厂长", "东山", "一车间", "139", "2017106", "鉴定书.png"):
        assert name not in repr(work)


def test_what_is_needed_to_judge_is_all_there():
    work = read()
    assert (work.heading.kind, work.heading.category, work.heading.industry) == ("小发明", "设备类", "煤炭")
    assert work.implemented == (date(2025, 3, 1), date(2025, 11, 30))
    assert (work.completed_on, work.applied_from) == (date(2025, 12, 5), None)
    assert (work.path_label, work.benefit_wan) == ("经济效益", Decimal("82.60"))
    assert work.innovation == ("机械反馈。",)


def test_patents_without_number_and_owner():
    first, second = read().patents
    assert (first.kind, first.status, first.year) == ("发明", "已授权", "2019")
    assert (second.kind, second.status, second.year) == ("外观设计", "申请中", "")


def test_only_pictures_of_the_work_are_shown_not_scanned_certificates():
    assert read().pictures == 1
    assert projection.picture_hashes(package(CONTENT)) == ["a" * 64]
    assert read().checked == (("鉴定书", 1),)


def test_a_drawing_as_pdf_is_a_document_and_a_file_no_longer_stored_is_left_out():
    files = [{"kind": "drawing_spec", "name": "x.pdf", "sha256": sign * 64} for sign in "cd"]
    assert projection.document_hashes(package(CONTENT | {"attachments": files})) == ["c" * 64]


def test_in_a_round_that_is_not_blind_unit_and_people_stand_at_the_head():
    shown = projection.named(CONTENT, MEDIA)
    work = projection.work(shown, LABELS, "economic", Decimal("82.60"))
    assert work.who == (("完成单位", "东山机械厂工会"), ("项目带头人", "欧阳技"), ("主要完成人", "司马创"))
    assert work.heading.title == "东山机械厂皮带机纠偏装置"
    assert work.pictures == 2


def test_names_are_texts_not_patterns_and_a_single_sign_is_no_name():
    work = read(filled_by="（.*）", responsible_person="机", summary="风机（.*）停机。")
    assert work.summary == ("风机××停机。",)


def test_neighbouring_names_leave_one_mark_so_that_nobody_counts_them():
    assert read(summary="东山机械厂欧阳技研制").summary == ("××研制",)


def test_an_empty_version_is_an_empty_work():
    work = projection.work(package({}), LABELS, "social", None)
    assert (work.heading.title, work.summary, work.patents, work.pictures) == ("", (), (), 0)
