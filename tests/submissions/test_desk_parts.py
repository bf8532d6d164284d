"""Members, patents, the photo, the attachments: saved as a whole, refused in a sentence, served to who may see them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from submissions.actions import drafting, moves
from submissions.models import Achievement, Attachment
from submissions.rules.codes import MAX_PHOTO_BYTES
from tests.cast import Cast, assemble, draft, submitted
from tests.submissions.unit_desk import pdf, picture, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return Achievement.objects.get(pk=draft(cast).pk)


def patent(number: str = "ZL201710601862.3", status: str = "granted", day: str = "2019-05-07", owner: str = "") -> dict:
    return {
        "patent_number": number,
        "patent_status": status,
        "patent_granted_on": day,
        "patent_owner": owner,
    }


def post_patents(cast, work, *rows, revision=None):
    data = {"revision": work.revision if revision is None else revision}
    for name in patent():
        data[name] = [row[name] for row in rows]
    return signed_in(cast["unit_a"]).post(url("patents", work), data)


def post_members(cast, work, *rows, revision=None):
    names, places = [row[0] for row in rows], [row[1] for row in rows]
    data = {"revision": work.revision if revision is None else revision, "member_name": names, "member_org": places}
    return signed_in(cast["unit_a"]).post(url("members", work), data)


def test_members_keep_their_order_and_empty_rows_fall_away(cast, work):
    answer = post_members(cast, work, ("李丽", ""), ("", " "), ("王 强", "机电队"))
    assert answer.status_code == 200
    assert answer.json()["rows"] == [
        {"member_name": "李丽", "member_org": ""},
        {"member_name": "王强", "member_org": "机电队"},
    ]
    assert [m.name for m in work.members.all()] == ["李丽", "王强"]


def test_a_wrong_member_is_told_at_its_row_and_nothing_is_written(cast, work):
    answer = post_members(cast, work, ("李丽", ""), ("", ""), ("张😀", ""), ("", "通风队"))
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert set(errors) == {"2", "3"}
    assert errors["3"]["member_name"].startswith("请填写这位成员的姓名")
    assert work.members.count() == 0


def test_the_same_members_again_change_nothing(cast, work):
    first = post_members(cast, work, ("李丽", "")).json()["revision"]
    assert post_members(cast, work, ("李丽", ""), revision=first).json()["revision"] == first


def test_members_changed_by_a_colleague_are_shown_beside_mine(cast, work):
    drafting.set_members(cast["unit_a"], work.pk, [("王强", "机电队")], work.revision)
    answer = post_members(cast, work, ("李丽", ""))
    assert answer.status_code == 409
    told = answer.json()
    assert told["theirs"] == ["王强 机电队"]
    assert [m.name for m in work.members.all()] == ["王强"]
    assert post_members(cast, work, ("李丽", ""), revision=told["revision"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "kept", "kind"),
    [
        ("zl 2017 1 0601862.3", "ZL201710601862.3", "invention"),
        ("专利号：２０１７１０６０１８６２３", "ZL201710601862.3", "invention"),
    ],
)
def test_a_patent_number_is_brought_to_its_one_form(cast, work, typed, kept, kind):
    assert post_patents(cast, work, patent(typed)).status_code == 200
    row = work.patents.get()
    assert (row.number, row.kind) == (kept, kind)


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (
            patent("ZL201710601862.4"),
            "patent_number",
            "专利号“ZL201710601862.4”的校验位不对，请对照专利证书逐位核对；证书确为此号的，请先不填专利登记入库，再向竞赛办公室申请准予。",
        ),
        (patent("CN107272432B"), "patent_number", "是公告号，不是专利号"),
        (patent("随便写的"), "patent_number", "专利号应为“ZL”加12位数字"),
        (patent("", owner="某厂"), "patent_number", "请填写专利号"),
        (patent(day=""), "patent_granted_on", "已授权的专利请填写授权公告日。"),
        (patent(day="2015-01-01"), "patent_granted_on", "不能早于专利申请的年份（2017 年）"),
        (patent(day="2019-02-30"), "patent_granted_on", "没有这一天"),
    ],
)
def test_a_wrong_patent_gets_its_sentence_at_its_field(cast, work, row, field, sentence):
    answer = post_patents(cast, work, row)
    assert answer.status_code == 422
    assert sentence in answer.json()["errors"]["0"][field]
    assert work.patents.count() == 0


def test_a_patent_cannot_be_granted_tomorrow(cast, work):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = post_patents(cast, work, patent(day=tomorrow.isoformat()))
    assert answer.json()["errors"]["0"]["patent_granted_on"] == "授权公告日不能晚于今天，请核对。"


def test_an_application_needs_no_date_and_the_same_number_twice_is_refused(cast, work):
    assert post_patents(cast, work, patent(status="applied", day="")).status_code == 200
    work.refresh_from_db()
    twice = post_patents(cast, work, patent(), patent("201710601862.3"))
    assert twice.json()["message"] == "同一专利号填写了两次，请删去一个。"


def test_the_photo_is_cut_to_35_by_49_and_stored_anew(cast, work):
    answer = signed_in(cast["unit_a"]).post(url("photo", work), {"photo": picture(1000, 600)})
    assert answer.status_code == 200
    work.refresh_from_db()
    photo = work.leader.photo
    with photo.open() as content, Image.open(content) as image:
        assert image.format == "JPEG"
        assert abs(image.width / image.height - 35 / 49) < 0.01
    shown = signed_in(cast["unit_a"]).get(answer.json()["photo"])
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (pdf("照片.jpg"), "只接受 JPG、PNG 文件"),
        (SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n" + b"0" * MAX_PHOTO_BYTES), "超过 2 MB"),
        (SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n broken"), "已损坏"),
        (SimpleUploadedFile("照片.png", b""), "空"),
        (picture(412, 579), "相片只有 412×579 像素"),
        (picture(600, 578), "请上传不小于 413×579 像素的相片。"),
    ],
)
def test_a_file_that_is_no_photo_is_refused(cast, work, upload, sentence):
    upload.seek(0)
    answer = signed_in(cast["unit_a"]).post(url("photo", work), {"photo": upload})
    assert answer.status_code == 400
    assert sentence in answer.json()["message"]
    work.refresh_from_db()
    assert work.leader.photo is None


def test_of_several_files_each_is_told_apart(cast, work):
    data = {
        "attachment_kind": "benefit_proof",
        "files": [pdf("效益证明.pdf"), SimpleUploadedFile("页面.html", b"<script>alert(1)</script>")],
    }
    answer = signed_in(cast["unit_a"]).post(url("attachments", work), data)
    assert answer.status_code == 422
    first, second = answer.json()["results"]
    assert first == {"name": "效益证明.pdf", "ok": True, "sentence": "“效益证明.pdf”已上传。"}
    assert not second["ok"]
    assert "“页面.html”的内容不属于其中任何一种" in second["sentence"]
    assert "效益证明.pdf" in answer.json()["files"]
    assert work.attachments.filter(kind="benefit_proof").count() == 1


def test_the_same_file_pressed_twice_is_one(cast, work):
    for _ in range(2):
        data = {"attachment_kind": "photo", "files": [picture(name="现场2.png")]}
        assert signed_in(cast["unit_a"]).post(url("attachments", work), data).status_code == 200
    assert work.attachments.filter(name="现场2.png").count() == 1


def test_a_kind_must_be_chosen_and_ten_is_the_end(cast, work):
    client = signed_in(cast["unit_a"])
    nothing = client.post(url("attachments", work), {"files": [pdf()]})
    assert "请先选择“鉴定书.pdf”的材料类型。" in nothing.json()["results"][0]["sentence"]
    many = [pdf(f"证明{number}.pdf", size=number) for number in range(11)]
    answer = client.post(url("attachments", work), {"attachment_kind": "other", "files": many})
    assert [result["ok"] for result in answer.json()["results"]] == [True] * 9 + [False] * 2
    assert "每项成果的附件不超过 10 个" in answer.json()["results"][9]["sentence"]
    assert client.post(url("attachments", work), {"attachment_kind": "other"}).status_code == 400


def test_an_attachment_is_removed_by_its_own_people_only(cast, work):
    row = work.attachments.get()
    path = url("attachment_delete", work, row.pk)
    assert signed_in(cast["unit_b"]).post(path).status_code == 404
    assert signed_in(cast["unit_a"]).post(path).status_code == 200
    assert work.attachments.count() == 0
    revision = Achievement.objects.get(pk=work.pk).revision
    again = signed_in(cast["unit_a"]).post(path)
    assert (again.status_code, again.json()["message"]) == (400, "该成果没有这个附件，可能已被移除；请刷新页面查看。")
    assert Achievement.objects.get(pk=work.pk).revision == revision


def test_an_attachment_of_another_work_is_out_of_reach(cast, work):
    other = draft(cast, "unit_b")
    foreign = other.attachments.get()
    revision = Achievement.objects.get(pk=work.pk).revision
    assert signed_in(cast["unit_a"]).post(url("attachment_delete", work, foreign.pk)).status_code == 400
    assert Achievement.objects.get(pk=work.pk).revision == revision
    assert Attachment.objects.filter(pk=foreign.pk).exists()


def test_files_are_served_to_those_who_see_the_work(cast):
    work = submitted(cast)
    path = reverse("submissions:attachment", args=[work.attachments.get().pk])
    for name, status in {
        "unit_a": 200, "auditor_a": 200, "office": 200, "supervisor": 200,
        "unit_b": 404, "auditor_b": 404, "auditor_group": 404, "expert1": 404,
    }.items():  # fmt: skip
        assert signed_in(cast[name]).get(path).status_code == status, name
    shown = signed_in(cast["office"]).get(path)
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["X-Content-Type-Options"] == "nosniff"
    saved = signed_in(cast["office"]).get(path + "?download=1")
    assert saved["Content-Disposition"].startswith("attachment")
    assert signed_in(cast["office"]).get(path + "?thumb=1").status_code == 200


def test_the_photo_is_served_likewise(cast):
    work = draft(cast)
    path = reverse("submissions:photo_file", args=[work.pk])
    assert signed_in(cast["unit_a"]).get(path).status_code == 404
    signed_in(cast["unit_a"]).post(url("photo", work), {"photo": picture()})
    assert signed_in(cast["unit_a"]).get(path).status_code == 200
    assert signed_in(cast["unit_b"]).get(path).status_code == 404
    assert signed_in(cast["auditor_a"]).get(path).status_code == 404  # a draft is nobody else's


def test_of_two_colleagues_the_second_photo_does_not_push_the_first_out_unseen(cast, work):
    first, second = signed_in(cast["unit_a"]), signed_in(cast["unit_a"])
    assert first.post(url("photo", work), {"photo": picture(), "revision": work.revision}).status_code == 200
    kept = Achievement.objects.get(pk=work.pk).leader.photo_id
    for late in ({"photo": picture(700, 1000)}, {"remove": "1"}):
        answer = second.post(url("photo", work), late | {"revision": work.revision})
        assert answer.status_code == 409
        told = answer.json()
        assert "刚刚被他人修改过" in told["message"]
        assert told["photo"] == f"{reverse('submissions:photo_file', args=[work.pk])}?v={told['revision']}"
        assert "对方的相片" in told["theirs"][0]
        assert Achievement.objects.get(pk=work.pk).leader.photo_id == kept
    again = second.post(url("photo", work), {"photo": picture(700, 1000), "revision": told["revision"]})
    assert again.status_code == 200
    assert Achievement.objects.get(pk=work.pk).leader.photo_id != kept


def test_a_file_and_photo_of_the_submitted_version_stay_readable(cast):
    """The unit takes them out of the returned work; what it puts there instead is nobody else's yet."""
    work = draft(cast)
    unit = signed_in(cast["unit_a"])
    unit.post(url("photo", work), {"photo": picture()})
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    moves.return_for_changes(cast["auditor_a"], work.pk, "请换图。")
    old = work.attachments.get().pk
    unit.post(url("photo", work), {"remove": "1", "revision": 99})
    unit.post(url("attachments", work), {"attachment_kind": "photo", "files": [picture(name="新.png")]})
    unit.post(url("attachment_delete", work, old))
    new = work.attachments.get().pk
    expected = {"auditor_a": (200, 404, 200), "office": (200, 404, 200), "unit_a": (404, 200, 404),
                "auditor_b": (404, 404, 404), "unit_b": (404, 404, 404), "expert1": (404, 404, 404)}  # fmt: skip
    paths = [reverse("submissions:attachment", args=[pk]) for pk in (old, new)]
    paths.append(reverse("submissions:photo_file", args=[work.pk]))
    found = {name: tuple(signed_in(cast[name]).get(path).status_code for path in paths) for name in expected}
    assert found == expected
    assert signed_in(cast["auditor_a"]).get(paths[0] + "?thumb=1").status_code == 200


@pytest.mark.parametrize("name", ["members", "patents", "photo", "attachments"])
def test_parts_are_written_by_their_own_people_only(cast, name):
    work = submitted(cast)
    assert signed_in(cast["auditor_b"]).post(url(name, work)).status_code == 404
    assert signed_in(cast["auditor_a"]).post(url(name, work)).status_code == 403
    assert signed_in(cast["unit_a"]).post(url(name, work)).status_code == 409
    assert signed_in(cast["unit_a"]).get(url(name, work)).status_code == 405
