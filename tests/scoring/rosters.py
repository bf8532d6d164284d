"""Workbooks of experts, as somebody would fill them in."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core import files

HEAD = ("姓名", "用户名", "手机号", "工作单位", "任职起", "曾任职单位", "专业行业", "专业类型", "最多份数")
ONE = ("欧阳评", "ouyang", "13900000002", "太行二矿工会", "2015-07", "", "煤炭、机械", "设备类", 60)
TWO = ("钱新", "qianxin", "", "东山机械厂", "2018", "市设计院（2010-2017）", "机械", "", "")


def book(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> SimpleUploadedFile:
    workbook, target = Workbook(), BytesIO()
    sheet = workbook.active
    sheet.title = "专家"
    for row in (head, *rows):
        sheet.append(row)
    workbook.save(target)
    return SimpleUploadedFile("专家.xlsx", target.getvalue(), content_type=files.XLSX)


def experts_book() -> SimpleUploadedFile:
    return book(ONE, TWO)
