"""Private files: taken in by what they contain, kept once under their SHA-256, handed out by a view alone.

A view serves a file only after it fetched the row that owns it through `visible_to`; no URL leads to the folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import tempfile
import time
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import FileResponse

from core import pictures
from core.errors import Refusal
from core.models import PrivateFile

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS = {PDF: "PDF", JPEG: "JPG", PNG: "PNG", DOCX: "Word（docx）", XLSX: "Excel（xlsx）"}
EXTENSIONS = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), DOCX: (".docx",), XLSX: (".xlsx",)}
INLINE = {PDF, JPEG, PNG}
SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
OFFICE_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What a file may do in the browser: nothing. `sandbox` stands for all but PDF, whose viewer is a plug-in that Chromium
# before 2023 does not load into a sandboxed page; the viewer draws with a style sheet of its own.
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_POLICIES = {PDF: f"{_NOTHING}; object-src 'self'; style-src 'unsafe-inline'"}
_SANDBOX = f"sandbox; {_NOTHING}; img-src 'self'; style-src 'unsafe-inline'"

NAME_LENGTH = 200
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
CHUNK = 1 << 20
_FRESH_SECONDS = 3600
UNPACKED_MAX_BYTES = 200 << 20
UNPACKED_MAX_PARTS = 5000
DIRECTORY_MAX_BYTES = 1 << 20
# What `zipfile` raises for an archive that it cannot read: damaged, cut off, encrypted, packed by an unknown method.
UNREADABLE_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)


def sniff(fileobj: BinaryIO) -> str | None:
    """The media type by content; None for whatever is not one of `KINDS`. Leaves the file at its beginning."""
    head = _head(fileobj)
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    return _office_kind(fileobj) if head.startswith(ZIP) else None


def store_upload(uploaded: UploadedFile, *, allowed: set[str], max_bytes: int) -> PrivateFile:
    """Keep an uploaded file of one of the `allowed` media types; pictures are drawn anew, without EXIF and upright.

    Raises Refusal, naming the file and the rule that it breaks.
    """
    name = clean_name(uploaded.name or "")
    content, media_type = check_upload(uploaded, allowed=allowed, max_bytes=max_bytes)
    if media_type in (JPEG, PNG):
        content = io.BytesIO(pictures.redrawn(content, name))
    return _store(content, name, media_type)


def check_upload(uploaded: UploadedFile, *, allowed: set[str], max_bytes: int) -> tuple[BinaryIO, str]:
    """The content and media type of an upload that `store_upload` would keep; nothing is kept yet."""
    content = _binary(uploaded)
    return content, _accepted(content, clean_name(uploaded.name or ""), allowed, max_bytes)


def store_bytes(data: bytes, name: str, media_type: str) -> PrivateFile:
    """Keep what the portal made itself."""
    return _store(io.BytesIO(data), clean_name(name), media_type)


def forget(private_file: PrivateFile) -> None:
    """Take a file away that no row speaks of any more; the bytes go with the last row of their content.

    Bytes that were written within the hour stay: somebody may just be storing the same content.
    """
    path, sha256 = private_file.path, private_file.sha256
    private_file.delete()

    def unlink() -> None:
        known = PrivateFile.objects.filter(sha256=sha256).exists()
        if not known and path.is_file() and time.time() - path.stat().st_mtime > _FRESH_SECONDS:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def reencoded(private_file: PrivateFile, max_side: int) -> PrivateFile:
    """The picture with its longer side at most `max_side` pixels; made once, then found again."""
    if not private_file.is_image:
        raise ValueError(f"not a picture: {private_file.media_type}")
    made = PrivateFile.objects.filter(reduced_from=private_file, max_side=max_side)
    if found := made.first():
        return found
    with private_file.open() as content:
        data = pictures.redrawn(content, private_file.original_name, max_side)
    try:
        with transaction.atomic():
            return _store(
                io.BytesIO(data),
                private_file.original_name,
                private_file.media_type,
                reduced_from=private_file,
                max_side=max_side,
            )
    except IntegrityError:  # somebody looked at the same picture in the same moment
        return made.get()


def serve(private_file: PrivateFile, *, inline: bool = False, name: str | None = None) -> FileResponse:
    """The file as an answer. The caller has fetched its owner through `visible_to`.

    Only PDF and pictures are ever shown in the page; `name` replaces the name given by the person who uploaded it.
    """
    shown = inline and private_file.media_type in INLINE
    response = FileResponse(
        private_file.open(),
        as_attachment=not shown,
        filename=clean_name(name or private_file.original_name, private_file.media_type),
        content_type=private_file.media_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN" if shown else "DENY"
    response["Content-Security-Policy"] = _POLICIES.get(private_file.media_type, _SANDBOX) if shown else _SANDBOX
    return response


def clean_name(name: str, media_type: str = "") -> str:
    """A name fit to store and to hand out: no path, no control or direction marks, the right ending, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    last = "".join(c for c in last if unicodedata.category(c) not in INVISIBLE and c not in '<>:"|?*').strip(" .")
    endings = EXTENSIONS.get(media_type, ())
    found = re.search(r"\.[A-Za-z][A-Za-z0-9]{0,7}$", last)
    ending = found.group() if found else ""
    stem = last.removesuffix(ending) or "文件"
    if endings and ending.lower() not in endings:
        ending = endings[0]
    return stem[: NAME_LENGTH - len(ending)] + ending


def _accepted(content: BinaryIO, name: str, allowed: set[str], max_bytes: int) -> str:
    size = content.seek(0, os.SEEK_END)
    if size == 0:
        raise Refusal(f"文件“{name}”是空的，请重新选择。", code="empty")
    if size > max_bytes:
        raise Refusal(f"文件“{name}”超过 {_megabytes(max_bytes)}，请压缩或拆分后再上传。", code="too_large")
    media_type = sniff(content)
    if media_type is None or media_type not in allowed:
        raise Refusal(_wrong_kind(content, name, allowed), code="kind")
    if media_type == PDF:
        _check_pdf(content, name)
    if media_type in (DOCX, XLSX):
        _check_unpacked(content, name)
    return media_type


def _wrong_kind(content: BinaryIO, name: str, allowed: set[str]) -> str:
    kinds = "、".join(kind for media_type, kind in KINDS.items() if media_type in allowed)
    if _head(content).startswith(OLD_OFFICE):
        return f"文件“{name}”是旧版或加密的 Office 文件，请去掉密码，另存为 {kinds} 后再上传。"
    return f"只接受 {kinds} 文件，“{name}”的内容不属于其中任何一种，请转换格式后再上传。"


def _check_pdf(content: BinaryIO, name: str) -> None:
    """A PDF ends with %%EOF and nothing behind it: a cut transfer and a file glued to its tail are both refused."""
    content.seek(-min(1024, content.seek(0, os.SEEK_END)), os.SEEK_END)
    if not content.read().rstrip(b"\x00\t\n\f\r \x1a").endswith(b"%%EOF"):
        raise Refusal(f"PDF 文件“{name}”不完整或结尾有多余内容，请重新导出后再上传。", code="pdf_end")


def _check_unpacked(content: BinaryIO, name: str) -> None:
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        parts = archive.infolist()
    if len(parts) > UNPACKED_MAX_PARTS or sum(part.file_size for part in parts) > UNPACKED_MAX_BYTES:
        limit = _megabytes(UNPACKED_MAX_BYTES)
        raise Refusal(f"文件“{name}”解压后超过 {limit}，无法接收，请精简内容后再上传。", code="unpacked")


def _office_kind(fileobj: BinaryIO) -> str | None:
    """Word or Excel by the parts of the archive, read from its directory alone; files with macros are neither."""
    if _directory_bytes(fileobj) > DIRECTORY_MAX_BYTES:
        return None
    try:
        fileobj.seek(0)
        with zipfile.ZipFile(fileobj) as archive:
            parts = set(archive.namelist())
    except UNREADABLE_ARCHIVE:
        return None
    finally:
        fileobj.seek(0)
    if "[Content_Types].xml" not in parts or any(part.lower().endswith("vbaproject.bin") for part in parts):
        return None
    return next((media_type for part, media_type in OFFICE_PARTS if part in parts), None)


def _directory_bytes(fileobj: BinaryIO) -> int:
    """How large the archive's directory says it is: `zipfile` would read all of it into memory."""
    fileobj.seek(-min(22 + 65535, fileobj.seek(0, os.SEEK_END)), os.SEEK_END)
    tail = fileobj.read()
    ends = [at.start() for at in re.finditer(rb"PK\x05\x06", tail) if len(tail) - at.start() >= 22]
    return max((struct.unpack_from("<L", tail, at + 12)[0] for at in ends), default=0)


def _store(content: BinaryIO, name: str, media_type: str, **columns: object) -> PrivateFile:
    sha256, size = _keep(content)
    return PrivateFile.objects.create(
        sha256=sha256, media_type=media_type, size=size, original_name=clean_name(name, media_type), **columns
    )


def _keep(content: BinaryIO) -> tuple[str, int]:
    """Write beside, then rename: a file that stands under its hash is complete."""
    settings.MEDIA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    content.seek(0)
    handle, new = tempfile.mkstemp(dir=settings.MEDIA_ROOT, prefix=".new-")
    try:
        with open(handle, "wb") as out:  # noqa: PTH123  a descriptor has no path
            sha256, size = _copy(content, out)
        row = PrivateFile(sha256=sha256)
        row.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(new).replace(row.path)
    finally:
        Path(new).unlink(missing_ok=True)
    return sha256, size


def _copy(content: BinaryIO, out: BinaryIO) -> tuple[str, int]:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        out.write(chunk)
    out.flush()
    os.fsync(out.fileno())
    return digest.hexdigest(), out.tell()


def _binary(uploaded: UploadedFile) -> BinaryIO:
    if uploaded.file is None:
        raise Refusal("没有收到文件，请重新选择。", code="empty")
    return cast("BinaryIO", uploaded.file)


def _head(fileobj: BinaryIO) -> bytes:
    fileobj.seek(0)
    head = fileobj.read(16)
    fileobj.seek(0)
    return head


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):g} MB" if size >= 1 << 20 else f"{size / 1024:g} KB"
