"""Workbooks as people send them in: good ones, and every kind of bad one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.files import XLSX

HEAD = ("项目名称", "五小类别", "项目类型", "完成日期", "带头人姓名", "带头人联系电话", "年经济效益（万元）")


def row(title: str, **changes: Any) -> list[Any]:
    """A right row under HEAD, changed by place from 0: `_3="2021-06-30"`."""
    values: list[Any] = [title, "小发明", "设备类", "2021-06-30", "欧阳技", "13900000001", 126.5]
    for place, value in changes.items():
        values[int(place.removeprefix("_"))] = value
    return values


def book(
    rows: Sequence[Sequence[Any]],
    head: Sequence[Any] = HEAD,
    then: Callable[[Worksheet], None] | None = None,
    title: str = "Sheet1",
) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for line in [head, *rows]:
        sheet.append(list(line))
    if then:
        then(sheet)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def season(count: int) -> bytes:
    """A year of a large mine: every work with its own title and leader."""
    return book([row(f"第{n}号工作面支护改进", _4=f"王{chr(0x4E00 + n)}", _6=n + 0.5) for n in range(count)])


def upload(content: bytes, name: str = "成果.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, XLSX)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The archive with one part put in or exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, part)
    return out.getvalue()
