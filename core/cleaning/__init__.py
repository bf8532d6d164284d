"""Documents written anew without what they carry along: who made them, when, where, with which remarks.

Beside the new file stands everything that can still be read in it, visible or not, so that a caller can look for what
must not be there. Pictures on their own are `core.pictures`' business.
"""

from __future__ import annotations

from dataclasses import dataclass

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

    if media_type == PDF:
        return pdf.cleaned(data)
    if media_type in (DOCX, XLSX):
        return office.cleaned(data)
    raise ValueError(f"not a document: {media_type}")
