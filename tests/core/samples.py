"""Files as people upload them, made on the spot."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from core import files
from core.errors import Refusal
from core.files import DOCX, JPEG, PDF, PNG, XLSX
from core.models import PrivateFile

ALL = {PDF, JPEG, PNG, DOCX, XLSX}
MB = 1 << 20
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


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
