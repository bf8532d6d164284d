"""Private files: content is kept once, pictures are drawn anew."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image, ImageCms, ImageStat

from core import files
from core.files import DOCX, JPEG, PDF, XLSX
from core.models import PrivateFile
from tests.core.samples import MB, docx, pdf, phone_photo, picture, upload, xlsx

pytestmark = pytest.mark.usefixtures("files_root")


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
