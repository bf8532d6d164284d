"""Documents written anew without what they carry along: who made them, when, where, with which remarks.

Beside the new file stands everything that can still be read in it, visible or not, so that a caller can look for what
must not be there. Pictures on their own are `core.pictures`' business.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

BROKEN = "文件已损坏、带有加密或含有无法识别的内容，无法改写。"

log = logging.getLogger(__name__)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Cleaned:
    """`text` is all that is left to read in `data`: pages, cells, names of layers and sheets.

    Not `readable`: a scan, whose words are pixels that only a person reads.
    """

    data: bytes
    text: str
    readable: bool = True


class Uncleanable(Exception):
    """The document cannot be written anew; the message is a Chinese sentence that says why."""


def cleaned(data: bytes, media_type: str) -> Cleaned:
    """A PDF, Word or Excel file without metadata, remarks, scripts and enclosures. Raises Uncleanable."""
    from core.cleaning import office, pdf  # both are slow to import: workers alone wait for them

    makers = {PDF: pdf.cleaned, DOCX: office.cleaned, XLSX: office.cleaned}
    maker = makers[media_type]
    try:
        return maker(data)
    except Uncleanable:
        raise
    except Exception as error:  # a stranger's file meets the reader with whatever comes; one file stops no round
        log.warning("a document could not be written anew: %s", type(error).__name__)
        raise Uncleanable(BROKEN) from error
