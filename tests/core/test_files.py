"""Private files: known by content, refused by rule, handed out safely."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import files
from core.files import DOCX, JPEG, PDF, PNG, XLSX
from tests.core.samples import ALL, MB, archive, docx, pdf, picture, refused, upload, xlsx

pytestmark = pytest.mark.usefixtures("files_root")


# --- what it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(), PDF),
        (picture(), JPEG),
        (picture("PNG"), PNG),
        (xlsx(), XLSX),
        (docx(), DOCX),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (archive("word/document.xml"), None),
        (archive("readme.txt"), None),
        (docx()[:-30], None),
        (b"PK\x03\x04" + b"\0" * 100, None),
        (b"", None),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (picture("GIF"), None),
        (b" %PDF-1.7", None),
        (b"MZ\x90\x00", None),
    ],
)
def test_the_kind_is_found_in_the_content(data: bytes, kind: str | None) -> None:
    content = io.BytesIO(data)
    content.seek(3)
    assert files.sniff(content) == kind
    assert content.tell() == 0


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"PK\x05\x06"]))
def test_no_content_makes_the_guess_fall_over(rest: bytes, start: bytes) -> None:
    assert files.sniff(io.BytesIO(start + rest)) in {PDF, JPEG, PNG, None}


def test_an_archive_with_a_giant_directory_is_not_read() -> None:
    data = docx()
    end = data.rindex(b"PK\x05\x06")
    lying = data[: end + 12] + struct.pack("<L", 2 * MB) + data[end + 16 :]
    assert files.sniff(io.BytesIO(lying)) is None


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "options", "code", "words"),
    [
        (b"", {}, "empty", "是空的"),
        (pdf(), {"max_bytes": 100}, "too_large", "超过"),
        (pdf(), {"allowed": {JPEG, PNG}}, "kind", "只接受 JPG、PNG 文件"),
        (b"<html>", {"name": "成果.pdf"}, "kind", "“成果.pdf”的内容不属于"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, {"name": "表.doc"}, "kind", "旧版或加密的 Office 文件"),
        (pdf()[:-20], {}, "pdf_end", "不完整"),
        (pdf() + b"<script>alert(1)</script>", {}, "pdf_end", "结尾有多余内容"),
        (pdf() + docx(), {}, "pdf_end", "结尾有多余内容"),
        (picture()[:-200], {"name": "照片.jpg"}, "picture", "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, {"name": "照片.png"}, "picture", "已损坏"),
        (picture("PNG", (8001, 1), "1"), {"name": "长图.png"}, "picture_size", "8001×1 像素"),
        (picture("PNG", (7100, 7100), "1"), {"name": "大图.png"}, "picture_size", "5000 万像素"),
        (docx(size=101 * MB), {"name": "炸弹.docx"}, "unpacked", "解压后超过 200 MB"),
        (archive("[Content_Types].xml", "xl/workbook.xml", *map(str, range(5001))), {}, "unpacked", "解压后"),
    ],
)
def test_a_refused_upload_names_the_rule(data: bytes, options: dict[str, object], code: str, words: str) -> None:
    refusal = refused(data, **options)
    assert refusal.code == code
    assert words in refusal.message


@pytest.mark.django_db
def test_a_bomb_of_a_picture_is_refused_before_it_is_opened() -> None:
    """40,000 × 40,000 declared pixels in a file of a hundred bytes."""
    data = bytearray(picture("PNG", (1, 1), "1"))
    data[16:24] = struct.pack(">LL", 40_000, 40_000)
    refusal = refused(bytes(data), name="图.png")
    assert refusal.code in {"picture", "picture_size"}


@pytest.mark.django_db
def test_nothing_is_left_on_disk_by_a_refusal(files_root: Path) -> None:
    refused(pdf()[:-20])
    assert not [path for path in files_root.rglob("*") if path.is_file()]


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "media_type", "clean"),
    [
        ("成果简介.pdf", PDF, "成果简介.pdf"),
        ("成果.PDF", PDF, "成果.PDF"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("evil.html", JPEG, "evil.jpg"),
        ("..\\..\\windows/etc/passwd", PDF, "passwd.pdf"),
        ("C:\\fakepath\\证明.pdf", PDF, "证明.pdf"),
        ("成果\u202efdp.exe", PDF, "成果fdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie x.pdf"),
        ("2021.年度总结", PDF, "2021.年度总结.pdf"),
        ("支护改进v1.2", PDF, "支护改进v1.2.pdf"),
        ("䶮𬭎.docx", DOCX, "䶮𬭎.docx"),
        ("", PDF, "文件.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("导出.csv", "text/csv", "导出.csv"),
    ],
)
def test_names_are_made_safe_and_kept_readable(name: str, media_type: str, clean: str) -> None:
    assert files.clean_name(name, media_type) == clean


@given(st.text(max_size=400), st.sampled_from(sorted(ALL)))
def test_every_name_ends_right_and_fits(name: str, media_type: str) -> None:
    clean = files.clean_name(name, media_type)
    assert 0 < len(clean) <= 200
    assert clean.lower().endswith(files.EXTENSIONS[media_type])
    assert not set(clean) & set('/\\\r\n"')
    assert files.clean_name(clean, media_type) == clean


@pytest.mark.django_db
def test_a_very_long_name_is_shortened() -> None:
    name = upload(pdf(), "长" * 300 + ".pdf").original_name
    assert name == "长" * 196 + ".pdf"


# --- handing out ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_download_carries_its_chinese_name_and_stays_private() -> None:
    kept = upload(pdf(), "成果简介（终稿）.pdf")
    response = files.serve(kept)
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E6%88%90%E6%9E%9C")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == kept.path.read_bytes()  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "inline"), [(pdf(), True), (picture(), True), (docx(), False), (xlsx(), False)])
def test_only_pdf_and_pictures_are_shown_in_the_page(data: bytes, inline: bool) -> None:
    response = files.serve(upload(data), inline=True, name="材料1")
    assert response["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert response["X-Frame-Options"] == ("SAMEORIGIN" if inline else "DENY")
    response.close()


@pytest.mark.django_db
def test_what_the_portal_made_is_never_shown_inline_unless_it_is_a_paper() -> None:
    page = files.store_bytes(b"<html>", "名册.html", "text/html")
    response = files.serve(page, inline=True)
    assert response["Content-Disposition"].startswith("attachment")
    response.close()
