"""Private files: known by content, refused by rule, kept once, handed out safely."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageStat
from pypdf import PdfWriter
from pytest_django import Settings

from core import files
from core.errors import Refusal
from core.files import DOCX, JPEG, PDF, PNG, XLSX
from core.models import PrivateFile

ALL = {PDF, JPEG, PNG, DOCX, XLSX}
MB = 1 << 20
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture(autouse=True)
def files_root(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def phone_photo() -> bytes:
    """Red left half, blue right half, lying on its side, with maker, place and a comment."""
    image, exif, out = Image.new("RGB", (80, 40), "red"), Image.Exif(), io.BytesIO()
    image.paste("blue", (40, 0, 80, 40))
    exif[ORIENTATION], exif[MAKE], exif[GPS] = 6, "SECRETPHONE", {1: "N", 2: (35.0, 30.0, 0.0)}
    image.save(out, "JPEG", exif=exif, comment=b"SECRETCOMMENT", quality=95)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def archive(*parts: str, size: int = 10) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in parts:
            made.writestr(part, b"\0" * size)
    return out.getvalue()


def docx(**options: int) -> bytes:
    return archive("[Content_Types].xml", "word/document.xml", **options)


def upload(data: bytes, name: str = "证明.pdf", allowed: set[str] = ALL, max_bytes: int = 5 * MB) -> PrivateFile:
    return files.store_upload(SimpleUploadedFile(name, data), allowed=allowed, max_bytes=max_bytes)


def refused(data: bytes, **options: object) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        upload(data, **options)  # type: ignore[arg-type]
    assert not PrivateFile.objects.exists()
    return refusal.value


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


# --- what is kept ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_equal_content_is_kept_once(files_root: Path) -> None:
    data = pdf()
    first, second = upload(data, "甲.pdf"), upload(data, "乙.pdf")
    assert first.pk != second.pk
    assert (first.original_name, second.original_name) == ("甲.pdf", "乙.pdf")
    assert first.sha256 == second.sha256 == hashlib.sha256(data).hexdigest()
    assert [path for path in files_root.rglob("*") if path.is_file()] == [first.path]
    assert first.path.read_bytes() == data
    assert (first.media_type, first.size) == (PDF, len(data))


@pytest.mark.django_db
def test_an_upload_on_disk_is_taken_as_well() -> None:
    with TemporaryUploadedFile("大.pdf", "text/html", 0, None) as uploaded:
        uploaded.write(pdf())
        assert files.store_upload(uploaded, allowed={PDF}, max_bytes=MB).media_type == PDF


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "kind"), [(docx(), DOCX), (xlsx(), XLSX)])
def test_office_files_are_kept_as_they_are(data: bytes, kind: str) -> None:
    kept = upload(data, "表格.bin")
    assert (kept.media_type, kept.path.read_bytes()) == (kind, data)


@pytest.mark.django_db
def test_a_photo_is_drawn_anew_upright_and_without_its_story() -> None:
    data = phone_photo()
    assert b"SECRETPHONE" in data
    assert b"SECRETCOMMENT" in data
    kept = upload(data, "现场.jpg").path.read_bytes()
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (40, 80)
        above, below = ImageStat.Stat(image.crop((5, 5, 35, 35))), ImageStat.Stat(image.crop((5, 45, 35, 75)))
    assert (above.mean[0] > 200, above.mean[2] > 60) == (True, False), "red above"
    assert (below.mean[0] > 60, below.mean[2] > 200) == (False, True), "blue below"


@pytest.mark.django_db
def test_a_payload_glued_to_a_picture_is_gone() -> None:
    kept = upload(picture() + b"<?php evil(); ?>" + docx(), "图.jpg").path.read_bytes()
    assert b"php" not in kept
    assert b"PK\x03\x04" not in kept


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_mode_are_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    kept = upload(picture(kind, mode=mode), "图.png")
    with kept.open() as content, Image.open(content) as image:
        assert image.size == (60, 40)
        assert image.mode in {"L", "RGB", "RGBA"}


@pytest.mark.django_db
def test_a_telephone_jpeg_with_a_second_picture_stays_a_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (6, 4))])
    kept = upload(out.getvalue(), "双摄.jpg")
    with kept.open() as content:
        assert files.sniff(content) == JPEG == kept.media_type


@pytest.mark.django_db
@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"])
def test_a_colour_profile_is_used_and_dropped(profile: bytes) -> None:
    kept = upload(picture(icc_profile=profile), "图.jpg")
    with kept.open() as content, Image.open(content) as image:
        assert "icc_profile" not in image.info


@pytest.mark.django_db
def test_a_smaller_picture_is_made_once() -> None:
    kept = upload(picture(size=(600, 400)), "现场.jpg")
    small = files.reencoded(kept, 150)
    with small.open() as content, Image.open(content) as image:
        assert image.size == (150, 100)
    assert files.reencoded(kept, 150).pk == small.pk
    assert files.reencoded(kept, 80).pk != small.pk
    with kept.open() as content, Image.open(content) as image:
        assert image.size == (600, 400)


@pytest.mark.django_db
def test_a_picture_is_never_made_larger_and_only_pictures_are_reduced() -> None:
    with files.reencoded(upload(picture(), "图.jpg"), 500).open() as content, Image.open(content) as image:
        assert image.size == (60, 40)
    with pytest.raises(ValueError, match="not a picture"):
        files.reencoded(upload(pdf()), 500)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_database_keeps_one_reduced_picture_a_size() -> None:
    kept = upload(picture(), "图.jpg")
    columns = {"sha256": "0" * 64, "media_type": JPEG, "size": 1, "original_name": "小.jpg"}
    PrivateFile.objects.create(reduced_from=kept, max_side=10, **columns)
    for wrong in ({"reduced_from": kept, "max_side": 10}, {"reduced_from": kept}, {"max_side": 10}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PrivateFile.objects.create(**wrong, **columns)


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
