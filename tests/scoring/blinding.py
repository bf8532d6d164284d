"""A work full of tokens on its way to an expert, by the real actions, and an expert's whole portal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal

from django.core import mail
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from weasyprint import HTML

from core import files
from core.cleaning import DOCX, PDF, XLSX
from core.models import Job, PrivateFile
from scoring.models import Round
from scoring.tasks import prepare_blind
from submissions.actions import drafting, moves
from submissions.models import Achievement
from tests.cast import Cast, fields
from tests.core import planted

UNIT = "东山机械厂工会"
KNOWN = {  # registered with the work: masked wherever they stand as they are
    "leader": "上官鹏", "employer": "高平市鲲鹏精密机械有限公司", "placeless": "鲲鹏精密机械", "phone": "13987654321",
    "member": "诸葛青", "member_of": "淬火二车间", "second": "东方白", "filled_by": "令狐明", "responsible": "慕容经理",
    "patent": "202030123456.7", "owner": "鲲鹏研究院", "unit": UNIT, "unit_short": "东山机械",
    "county": "东山县总工会", "county_short": "东山县",
}  # fmt: skip
HIDDEN = {  # of fields that no expert reads at all
    "bio": "暗记生平", "deeds": "暗记事迹", "honour": "暗记荣誉", "note": "暗记说明", "remark": "暗记核定",
    "photo_name": "暗记图名", "pdf_name": "暗记书名", "docx_name": "暗记文名", "xlsx_name": "暗记表名",
    "certificate": "暗记鉴定", "png": "暗记像素",
}  # fmt: skip
SPELT = ("上官 鹏", "139-8765-4321", "鲲鹏　精密机械")  # in the texts, in another spelling
BOOK = ("暗记表主", "暗记表批", "暗记表注")
TOKENS = (*KNOWN.values(), *HIDDEN.values(), *SPELT, *planted.PDF_TOKENS, *planted.DOCX_TOKENS, *BOOK)


def typed(cast: Cast) -> dict[str, object]:
    return fields(
        cast,
        title=f"{KNOWN['placeless']}皮带机纠偏装置",
        category=cast.contest.category_set.get(code="other"),
        category_note=HIDDEN["note"],
        summary=f"{KNOWN['leader']}带领{KNOWN['member']}、{KNOWN['second']}研制，{KNOWN['filled_by']}填报，联系 "
        f"{KNOWN['phone']} 或 {SPELT[1]}。{SPELT[0]}主持，专利 {KNOWN['patent']}。跑偏停机由每月 12 次降到 1 次。",
        innovation=f"{KNOWN['responsible']}批准，{KNOWN['unit']}与{KNOWN['county']}推广，{SPELT[2]}承制。",
        benefit_basis=f"{KNOWN['member_of']}、{KNOWN['unit_short']}、{KNOWN['county_short']}、{KNOWN['owner']}实测。",
        filled_by=KNOWN["filled_by"],
        responsible_person=KNOWN["responsible"],
        **{
            "leader.name": KNOWN["leader"],
            "leader.employer": KNOWN["employer"],
            "leader.phone": KNOWN["phone"],
            "leader.bio": HIDDEN["bio"],
            "leader.deeds": HIDDEN["deeds"],
            "leader.top_honour": HIDDEN["honour"],
        },
    )


def photo() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Author", HIDDEN["png"])
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def drawing(words: str = "") -> bytes:
    page = f"<html lang=zh><p>纠偏装置安装图，比例 1:20，单位毫米。{words}</p></html>"
    return planted.pdf(HTML(string=page).write_pdf())


def book() -> bytes:
    made = Workbook()
    made.properties.creator, cell = BOOK[0], made.active["A1"]
    cell.value, cell.comment = "年减少停机 132 次，每次损失 0.96 万元", Comment(BOOK[2], BOOK[1])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def scan() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def attach(cast: Cast, work: Achievement, kind: str, data: bytes, name: str, media: str) -> None:
    stored: PrivateFile = files.store_bytes(data, name, media)
    drafting.attach(cast["unit_a"], work.pk, kind, stored, name)


def telling_drawing() -> bytes:
    return drawing(f"设计 {KNOWN['leader']}，{KNOWN['placeless']}，{KNOWN['phone']}")


def accepted_with(cast: Cast, *documents: tuple[str, bytes, str, str], **changes: object) -> Achievement:
    """A work with these documents (kind, content, name, media type), accepted by the host."""
    work = drafting.start_draft(cast["unit_a"], cast.enrolments["unit_a"])
    drafting.save_fields(cast["unit_a"], work.pk, typed(cast) | changes, 0)
    members = [(KNOWN["member"], KNOWN["member_of"]), (KNOWN["second"], "")]
    drafting.set_members(cast["unit_a"], work.pk, members, 1)
    drafting.set_patents(cast["unit_a"], work.pk, [patent()], 2)
    attach(cast, work, "photo", photo(), f"{HIDDEN['photo_name']}.png", "image/png")
    for kind, data, name, media in documents:
        attach(cast, work, kind, data, name, media)
    moves.register(cast["unit_a"], work.pk)
    moves.submit(cast["unit_a"], work.pk)
    moves.verify_benefit(cast["auditor_a"], work.pk, Decimal("126.50"), "economic", HIDDEN["remark"])
    moves.recommend(cast["auditor_a"], work.pk)
    return moves.accept(cast["office"], work.pk)


def patent() -> dict[str, object]:
    return {
        "kind": "design",
        "number": KNOWN["patent"],
        "status": "applied",
        "granted_on": None,
        "owner": KNOWN["owner"],
    }


def documents() -> list[tuple[str, bytes, str, str]]:
    return [
        ("drawing_spec", drawing(), f"{HIDDEN['pdf_name']}.pdf", PDF),
        ("drawing_spec", telling_drawing(), "设计图.pdf", PDF),
        ("other", planted.docx(), f"{HIDDEN['docx_name']}.docx", DOCX),
        ("other", book(), f"{HIDDEN['xlsx_name']}.xlsx", XLSX),
        ("appraisal_certificate", drawing(HIDDEN["certificate"]), f"{HIDDEN['certificate']}.pdf", PDF),
    ]


def prepared(round_: Round) -> None:
    """The worker's turn."""
    job = Job.objects.filter(key=f"blind:{round_.pk}").order_by("-pk").first()
    assert job is not None
    prepare_blind.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error


# --- an expert's whole portal ------------------------------------------------------------------------------

_LINKS = re.compile(r"""(?:href|src|data-save|hx-get|action)="(/[^"#]*)""")
_NOT_HERS = ("/static/", "/accounts/logout/", "/accounts/hat/")


def crawl(client: Client, start: str = "/") -> Iterator[tuple[str, bytes, str]]:
    """(address, body, content type) of everything that can be reached by reading, headers in the body."""
    waiting, seen = [start], {start}
    while waiting:
        url = waiting.pop()
        answer = client.get(url, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield url, body + str(dict(answer.headers)).encode(), answer.headers.get("Content-Type", "")
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in _LINKS.findall(body.decode().replace("&amp;", "&")):
            if link not in seen and not link.startswith(_NOT_HERS):
                seen.add(link)
                waiting.append(link)


def told(url: str, body: bytes, media: str, tokens: tuple[str, ...]) -> list[str]:
    """The tokens that this answer gives away, packed or plain."""
    if media in (PDF, DOCX, XLSX):
        found = planted.left_in(media, body, tokens)
    else:
        found = [token for token in tokens if token.encode() in body or token.encode("utf-16-be") in body]
    return [f"{url}: {token}" for token in found]


def mails() -> str:
    return "\n".join(f"{one.subject}\n{one.body}" for one in mail.outbox)


def sheet_url(pk: int) -> str:
    return reverse("scoring:sheet", args=[pk])
