"""A PDF of the same pages and nothing else: no author, no remarks, no scripts, no enclosed files, no form."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from core.cleaning import Cleaned, Uncleanable, jpeg

MOST_PAGES = 300
FEWEST_SIGNS = 10  # fewer on a page with a picture, or on all pages together: a scan
_DEEPEST_FORM = 5
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
PICTURE_MAX_BYTES = 60 << 20
_PHOTOGRAPHS = {"/DCTDecode": jpeg.stripped, "/JPXDecode": jpeg.without_boxes}
_UNMARKED = {b"BDC": b"BMC", b"DP": b"MP"}


def cleaned(data: bytes) -> Cleaned:
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
    pages = [(page.extract_text(), _has_picture(page)) for page in PdfReader(io.BytesIO(out.getvalue())).pages]
    strings = [word for thing in writer._objects for word in _strings(thing, 0)]
    readable = all(_signs(text) >= FEWEST_SIGNS for text, pictured in pages if pictured)
    return Cleaned(
        out.getvalue(),
        "\n".join([*(text for text, _ in pages), *strings]),
        readable=readable and sum(_signs(text) for text, _ in pages) >= FEWEST_SIGNS,
    )


def _signs(text: str) -> int:
    return len("".join(text.split()))


def _has_picture(holder: Any, depth: int = 0) -> bool:
    """Does the page, or a form drawn on it, show a picture?"""
    resources = holder.get("/Resources", DictionaryObject()).get_object()
    things = [thing.get_object() for thing in resources.get("/XObject", DictionaryObject()).get_object().values()]
    return any(
        thing.get("/Subtype") == "/Image" or (depth < _DEEPEST_FORM and _has_picture(thing, depth + 1))
        for thing in things
    )


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
    if stream.get("/Subtype") == "/Image":
        _sweep_picture(stream)
        return
    if "/FontFile" in str(stream.get("/Type")) or any(key.startswith("/Length") for key in set(stream) - {"/Length"}):
        return
    drawn = stream.get_data()
    plain = _MARKED.sub(lambda found: found[1] + b" " + _UNMARKED[found[2]], drawn)
    if plain != drawn:
        stream.set_data(plain)


def _sweep_picture(stream: Any) -> None:
    """JPEG and JPEG 2000 carry remarks of their own; packed once more (`[/FlateDecode /DCTDecode]`) they come out."""
    filters = stream.get("/Filter", ArrayObject())
    names = [str(name) for name in (filters if isinstance(filters, ArrayObject) else [filters])]
    if not names or names[-1] not in _PHOTOGRAPHS:
        return
    if any(name != "/FlateDecode" for name in names[:-1]):
        raise Uncleanable("PDF 文件中的图片编码无法识别，无法改写；请另存或重新扫描后再上传。")
    content = stream._data
    for _ in names[:-1]:
        content = zlib.decompressobj().decompress(content, PICTURE_MAX_BYTES)
    stream._data = _PHOTOGRAPHS[names[-1]](content) or content
    stream[NameObject("/Filter")] = NameObject(names[-1])
    stream.pop("/DecodeParms", None)


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
