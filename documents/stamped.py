"""The form that is printed to be stamped (002 附件3): with its number, the hash of what it says, a QR."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import segno

from core.spec import Data, Form, Picture, Stamp
from documents.catalog import PAPERS
from documents.catalog.formats import patent_lines, period
from submissions.models import StampedForm

_SCALE = 8  # pixels a module: sharp at 20 mm and 300 dpi
_SHOWN_DIGITS = 16


def qr(address: str) -> Picture:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=_SCALE, border=2)
    return Picture(out.getvalue(), "image/png")


def filled(stamped: StampedForm, address: str) -> tuple[Form, Data]:
    """The declaration of 附件3 with what was printed under this number; `address` is where the QR leads."""
    version = f"第 {stamped.version.number} 稿" if stamped.version else "提交前打印"
    lines = (f"表号 {stamped.number}", version, f"内容校验 {stamped.content_hash[:_SHOWN_DIGITS]}")
    return PAPERS["achievement_brief"], _data(stamped.content) | {"stamp": Stamp(lines, qr(address))}


def _data(said: Mapping[str, Any]) -> dict[str, Any]:
    """From submissions.rules.stamped.printed."""
    patents = [(number, _day(granted)) for number, granted in said["patents"]]
    return {
        "title": said["title"],
        "unit": said["unit_name"],
        "leader": said["leader.name"],
        "period": period(_day(said["implemented_from"]), _day(said["implemented_to"])),
        "patents": patent_lines(patents),
        "summary": said["summary"],
        "filled_by": said["filled_by"],
        "responsible_person": said["responsible_person"],
    }


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
