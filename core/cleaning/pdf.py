"""A PDF of the same pages and nothing else: no author, no remarks, no scripts, no enclosed files, no form."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from core.cleaning import Cleaned, Uncleanable, jpeg

MOST_PAGES = 300
FEWEST_SIGNS = 10  # fewer on all pages together: a scan
_OF_A_PAGE = {
    "/Type", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/UserUnit", "/Group",
}  # fmt: skip
_REMARKS = {
    "/Metadata", "/PieceInfo", "/AA", "/A", "/Thumb", "/LastModified", "/Annots", "/Alt", "/ActualText", "/E", "/T",
    "/TU", "/Contents_Text", "/JS", "/EF", "/OPI", "/Measure", "/StructParents", "/StructParent",
}  # fmt: skip
# What a marked piece of a page says about itself: other words for a reader's voice, titles, languages.
_MARKED = re.compile(rb"(/[^\s/<>\[\]()]+)\s*<<(?:[^<>]|<[^<>]*>)*>>\s*(BDC|DP)\b", re.DOTALL)
_UNMARKED = {b"BDC": b"BMC", b"DP": b"MP"}


def cleaned(data: bytes) -> Cleaned:
    try:
        return _cleaned(data)
    except Uncleanable:
        raise
    except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Uncleanable("PDF 文件已损坏，无法改写。") from error


def _cleaned(data: bytes) -> Cleaned:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Uncleanable("PDF 文件带有打开密码，无法改写。")
    if len(reader.pages) > MOST_PAGES:
        raise Uncleanable(f"PDF 文件超过 {MOST_PAGES} 页，无法改写。")
    writer = PdfWriter()
    for page in reader.pages:
        for key in set(page) - _OF_A_PAGE:
            del page[NameObject(key)]
        writer.add_page(page)
    for thing in list(writer._objects):
        _sweep(thing, set())
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(out.getvalue())).pages)
    strings = "\n".join(word for thing in writer._objects for word in _strings(thing, 0))
    return Cleaned(out.getvalue(), f"{pages}\n{strings}", readable=len("".join(pages.split())) >= FEWEST_SIGNS)


def _sweep(thing: Any, seen: set[int]) -> None:
    """Take the remarks out of one object and of what stands directly inside it."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, DictionaryObject):
        _forget(thing)
    inside = thing.values() if isinstance(thing, DictionaryObject) else thing if isinstance(thing, ArrayObject) else ()
    for value in inside:
        _sweep(value, seen)


def _forget(thing: DictionaryObject) -> None:
    for key in _REMARKS & set(thing):
        del thing[NameObject(key)]
    if thing.get("/Type") == "/OCG":
        thing[NameObject("/Name")] = TextStringObject("")
    if isinstance(thing, StreamObject):
        _sweep_stream(thing)


def _sweep_stream(stream: Any) -> None:
    """A photograph loses its EXIF, a page's drawing what is written about its pieces."""
    filters = stream.get("/Filter")
    if stream.get("/Subtype") == "/Image":
        if filters in ("/DCTDecode", ["/DCTDecode"]):
            stream._data = jpeg.stripped(stream._data) or stream._data
        return
    if "/FontFile" in str(stream.get("/Type")) or any(key.startswith("/Length") for key in set(stream) - {"/Length"}):
        return
    drawn = stream.get_data()
    plain = _MARKED.sub(lambda found: found[1] + b" " + _UNMARKED[found[2]], drawn)
    if plain != drawn:
        stream.set_data(plain)


def _strings(thing: Any, depth: int) -> Iterator[str]:
    """Every string that is left outside the pages' drawings: names of layers, of fonts, of whatever."""
    if isinstance(thing, TextStringObject):
        yield str(thing)
    elif isinstance(thing, ByteStringObject):
        yield bytes(thing).decode("utf-8", "replace")
    elif depth < 20 and isinstance(thing, DictionaryObject):
        for value in thing.values():
            yield from _strings(value, depth + 1)
    elif depth < 20 and isinstance(thing, ArrayObject):
        for value in thing:
            yield from _strings(value, depth + 1)
