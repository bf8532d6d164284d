"""A Word or Excel file rebuilt part by part: text, layout and pictures stay; people, remarks and history go."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from defusedxml import minidom as safe_minidom
from defusedxml.common import DefusedXmlException
from PIL import Image

from core import pictures
from core.cleaning import Cleaned, Uncleanable
from core.errors import Refusal
from core.files import UNREADABLE_ARCHIVE

PART_MAX_BYTES = 12 << 20
TAGS_MAX = 400_000  # in one part; an element of four bytes takes a kilobyte as a node
FEWEST_SIGNS = 30  # fewer beside a picture: photographed certificates, whose words are pixels
PICTURE_SIDE = 2400
_GONE = re.compile(
    r"^(docProps|customXml|docMetadata|_xmlsignatures|word/(embeddings|glossary|activeX|comments\w*\.xml|people\.xml"
    r"|webSettings\.xml|fonts/|_rels/(comments\w*|people|settings|webSettings)\.xml\.rels)"
    r"|xl/(embeddings|comments|threadedComments|persons|externalLinks|printerSettings|revisions|ctrlProps|activeX"
    r"|queryTables|customProperty|connections\.xml|drawings/vmlDrawing|drawings/_rels/vmlDrawing))|thumbnail|\.bin$",
    re.IGNORECASE,
)
# Deleted and moved text, remarks and what points at them, templates and data on somebody's disk, enclosed objects.
_DROPPED = {
    "del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "attachedTemplate",
    "dataBinding", "legacyDrawing", "legacyDrawingHF", "externalReferences", "OLEObject", "oleObjects", "controls",
    "rsids", "docVars", "mailMerge", "permStart", "permEnd", "absPath", "fileSharing", "customSheetViews",
    "customWorkbookViews", "saveThroughXslt", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic",
}  # fmt: skip
_PERSONAL = {"author", "initials", "date", "dateUtc", "userId", "providerId", "userName", "lastModifiedBy"}
_PICTURE = re.compile(r"/media/[^/]+\.(png|jpe?g)$", re.IGNORECASE)
_NAMED = {"docPr", "cNvPr"}
_INSTEAD = {"descr": "", "title": "", "date": "1970-01-01T00:00:00Z", "dateUtc": "1970-01-01T00:00:00Z"}
_BREAKS = {"p", "si", "row", "is", "c", "tr"}


def cleaned(data: bytes) -> Cleaned:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except UNREADABLE_ARCHIVE as error:
        raise Uncleanable("Office 文件已损坏，无法改写。") from error
    kept = {name: content for name, content in parts.items() if not _GONE.search(name)}
    made, words = {}, []
    for name, content in kept.items():
        made[name], text = _part(name, content, set(kept))
        words.append(text)
    text = "\n".join(filter(None, words))
    pictured = any("/media/" in name for name in made)
    return Cleaned(_zipped(made), text, readable=not pictured or len("".join(text.split())) >= FEWEST_SIGNS)


def _part(name: str, content: bytes, kept: set[str]) -> tuple[bytes, str]:
    if "/media/" in name:
        return _picture(name, content), ""
    if not name.endswith((".xml", ".rels", ".vml")):
        raise Uncleanable("Office 文件中有不认识的内容，无法改写。")
    if len(content) > PART_MAX_BYTES or content.count(b"<") > TAGS_MAX:
        raise Uncleanable("Office 文件内容过多，无法改写；请拆分后再上传。")
    try:
        document = safe_minidom.parseString(content)
    except (ExpatError, DefusedXmlException, ValueError) as error:
        raise Uncleanable("Office 文件已损坏，无法改写。") from error
    _prune(document.documentElement, name, kept)
    text: list[str] = []
    if not name.endswith(".rels") and name != "[Content_Types].xml":
        said: list[str] = []
        _read(document.documentElement, text, said)
        text += ["\n", *said]
    return document.toxml(encoding="UTF-8"), "".join(text)


def _picture(name: str, content: bytes) -> bytes:
    if not _PICTURE.search(name):
        return _blank()
    try:
        return pictures.redrawn(io.BytesIO(content), "图片", PICTURE_SIDE)
    except Refusal:
        return _blank()


def _blank() -> bytes:
    """One white dot: what stands in for a drawing that cannot be drawn anew."""
    out = io.BytesIO()
    Image.new("L", (1, 1), 255).save(out, "PNG")
    return out.getvalue()


def _prune(element: Any, name: str, kept: set[str]) -> None:
    for child in [node for node in element.childNodes if node.nodeType != minidom.Node.TEXT_NODE]:
        if child.nodeType in (minidom.Node.COMMENT_NODE, minidom.Node.PROCESSING_INSTRUCTION_NODE) or (
            child.nodeType == minidom.Node.ELEMENT_NODE and _leads_nowhere(child, name, kept)
        ):
            element.removeChild(child)
        elif child.nodeType == minidom.Node.ELEMENT_NODE:
            _prune(child, name, kept)
    _forget(element)


def _leads_nowhere(element: Any, name: str, kept: set[str]) -> bool:
    """Something of _DROPPED, or the mention of a part that is gone."""
    if element.localName == "Override":
        return element.getAttribute("PartName").lstrip("/") not in kept
    if element.localName == "Relationship" and element.getAttribute("TargetMode") != "External":
        base = posixpath.dirname(posixpath.dirname(name))
        target = element.getAttribute("Target")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
        return path not in kept
    return element.localName in _DROPPED


def _forget(element: Any) -> None:
    if element.localName == "Relationship" and element.getAttribute("TargetMode") == "External":
        element.setAttribute("Target", "about:blank")
    attributes = [element.attributes.item(place) for place in range(element.attributes.length)]
    for attribute in attributes:
        local = attribute.localName or attribute.name
        if local in _PERSONAL or (element.localName in _NAMED and local in ("name", "descr", "title")):
            attribute.value = (
                "" if local in ("descr", "title") else "1970-01-01T00:00:00Z" if "date" in local else "匿名"
            )
        elif local.startswith("rsid") or (element.localName in ("pageSetup", "sheetPr") and local == "id"):
            element.removeAttributeNode(attribute)


def _read(element: Any, text: list[str], said: list[str]) -> None:
    """Words in their order – a name may be spread over several runs – and apart from them what attributes say."""
    for place in range(element.attributes.length):
        value = element.attributes.item(place).value
        if any(ord(sign) > 0x2E7F for sign in value) or sum(sign.isdigit() for sign in value) >= 11:
            said.append(f"{value}\n")
    for child in element.childNodes:
        if child.nodeType in (minidom.Node.TEXT_NODE, minidom.Node.CDATA_SECTION_NODE):
            text.append(child.data)
        elif child.nodeType == minidom.Node.ELEMENT_NODE:
            _read(child, text, said)
    if element.localName in _BREAKS:
        text.append("\n")


def _zipped(parts: dict[str, bytes]) -> bytes:
    """Every part dated alike: an archive tells when each one was last touched."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
