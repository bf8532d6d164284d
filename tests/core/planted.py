"""Documents full of planted tokens, and a reader that finds whatever is left of them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from core.cleaning import PDF

PDF_TOKENS = (
    "暗记作者", "暗记标题", "暗记主题", "暗记关键词", "暗记程序", "暗记公司", "暗记XMP", "暗记批注人", "暗记批注文",
    "暗记附件名", "暗记附件文", "暗记脚本", "暗记书签", "暗记表单", "暗记私货", "暗记图层", "暗记替代文", "暗记相机",
)  # fmt: skip
DOCX_TOKENS = (
    "暗记创建", "暗记末改", "暗记单位", "暗记经理", "暗记属性", "暗记评人", "暗记评文", "暗记缩写", "暗记插入人",
    "暗记删除人", "暗记删除文", "暗记缩图", "暗记路径", "暗记模板", "暗记链接", "暗记画者", "暗记数据", "暗记名册",
)  # fmt: skip
_XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>暗记XMP</dc:creator></rdf:Description></rdf:RDF>'
    '</x:xmpmeta><?xpacket end="w"?>'
)


def text(words: str) -> TextStringObject:
    return TextStringObject(words)


def name(words: str) -> NameObject:
    return NameObject(words)


def jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "暗记相机".encode()
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf(source: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(source))
    keys = ("/Author", "/Title", "/Subject", "/Keywords", "/Creator", "/Company")
    writer.add_metadata(dict(zip(keys, PDF_TOKENS[:6], strict=True)))
    xmp = StreamObject()
    xmp.set_data(_XMP.encode())
    writer.root_object[name("/Metadata")] = writer._add_object(xmp)
    note = FreeText(text="暗记批注文", rect=(50, 50, 100, 100))
    note[name("/T")] = text("暗记批注人")
    writer.add_annotation(0, note)
    writer.add_attachment("暗记附件名.txt", "暗记附件文".encode())
    script = DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): text("暗记脚本")})
    writer.root_object[name("/OpenAction")] = script
    writer.add_outline_item(title="暗记书签", page_number=0)
    field = DictionaryObject({name("/T"): text("暗记表单"), name("/FT"): name("/Tx")})
    writer.root_object[name("/AcroForm")] = DictionaryObject({name("/Fields"): ArrayObject([field])})
    _inside_the_page(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _inside_the_page(writer: PdfWriter) -> None:
    """What hangs on the page's own resources: private data, a layer, another wording, a photograph."""
    page: Any = writer.pages[0]
    page[name("/PieceInfo")] = DictionaryObject({name("/App"): text("暗记私货")})
    layer = DictionaryObject({name("/Type"): name("/OCG"), name("/Name"): text("暗记图层")})
    resources = page["/Resources"]
    resources[name("/Properties")] = DictionaryObject({name("/L1"): writer._add_object(layer)})
    photo = StreamObject()
    photo._data = jpeg()
    for key, value in (("/Width", 8), ("/Height", 8), ("/BitsPerComponent", 8)):
        photo[name(key)] = NumberObject(value)
    photo[name("/Type")], photo[name("/Subtype")] = name("/XObject"), name("/Image")
    photo[name("/Filter")], photo[name("/ColorSpace")] = name("/DCTDecode"), name("/DeviceRGB")
    resources[name("/XObject")] = DictionaryObject({name("/P1"): writer._add_object(photo)})
    drawn = StreamObject()
    words = "暗记替代文".encode("utf-16-be").hex()
    drawn.set_data(f"/OC /L1 BDC q 8 0 0 8 0 0 cm /P1 Do Q EMC /Span <</ActualText <FEFF{words}>>> BDC EMC".encode())
    own = page["/Contents"]
    page[name("/Contents")] = ArrayObject([own.indirect_reference, writer._add_object(drawn)])


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _rels(*rows: str) -> str:
    return f'<Relationships xmlns="{_REL}">{"".join(rows)}</Relationships>'


def _rel(number: int, kind: str, target: str, mode: str = "") -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="rId{number}" Type="{_DOC}/{kind}" Target="{target}"{outside}/>'


def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Author", "暗记画者")
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "blue").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def docx(runs: tuple[str, ...] = ("加装纠偏装置后停机减少，",)) -> bytes:
    words = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    body = (
        f'<w:document {W} xmlns:wp="wp" xmlns:r="{_DOC}"><w:body><w:p w:rsidR="00AB12CD">'
        f'<w:commentRangeStart w:id="0"/>{words}<w:commentRangeEnd w:id="0"/>'
        '<w:ins w:id="1" w:author="暗记插入人" w:date="2026-01-01T00:00:00Z">'
        "<w:r><w:t>本句为修订插入。</w:t></w:r></w:ins>"
        '<w:del w:id="2" w:author="暗记删除人"><w:r><w:delText>暗记删除文</w:delText></w:r></w:del>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
        '<wp:docPr id="1" name="暗记路径.png" descr="C:\\暗记路径\\现场.png"/><w:hyperlink r:id="rId3"/>'
        "</w:p></w:body></w:document>"
    )
    comments = (
        f'<w:comments {W}><w:comment w:author="暗记评人" w:initials="暗记缩写">'
        "<w:p><w:r><w:t>暗记评文</w:t></w:r></w:p>"
        "</w:comment></w:comments>"
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="ct"><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="d"/>'
        '<Override PartName="/docProps/core.xml" ContentType="c"/>'
        "</Types>",
        "_rels/.rels": _rels(_rel(1, "officeDocument", "word/document.xml"), _rel(2, "core", "docProps/core.xml")),
        "docProps/core.xml": "<p><creator>暗记创建</creator><lastModifiedBy>暗记末改</lastModifiedBy></p>",
        "docProps/app.xml": "<p><Company>暗记单位</Company><Manager>暗记经理</Manager></p>",
        "docProps/custom.xml": "<p><v>暗记属性</v></p>",
        "docProps/thumbnail.jpeg": "暗记缩图",
        "word/document.xml": body,
        "word/_rels/document.xml.rels": _rels(
            _rel(1, "comments", "comments.xml"),
            _rel(2, "image", "media/image1.png"),
            _rel(3, "hyperlink", "file:///C:/暗记链接/", "External"),
            _rel(4, "customXml", "../customXml/item1.xml"),
        ),
        "word/comments.xml": comments,
        "word/people.xml": "<p><person author='暗记名册'/></p>",
        "word/settings.xml": f'<w:settings {W}><w:rsids><w:rsid w:val="00AB12CD"/></w:rsids>'
        "<w:attachedTemplate/></w:settings>",
        "word/_rels/settings.xml.rels": _rels(_rel(1, "attachedTemplate", "file:///暗记模板.dotx", "External")),
        "customXml/item1.xml": "<d>暗记数据</d>",
        "word/media/image1.png": png(),
    }
    return zipped(parts)


def zipped(parts: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return out.getvalue()


def left_in(media_type: str, data: bytes, tokens: tuple[str, ...] = ()) -> list[str]:
    """The tokens that are anywhere in the document, packed or plain."""
    wanted = tokens or (PDF_TOKENS if media_type == PDF else DOCX_TOKENS)
    pieces = _pdf_pieces(data) if media_type == PDF else _zip_pieces(data)
    whole = b"\n".join([data, *pieces])
    return [token for token in wanted if any(form in whole for form in _forms(token))]


def _forms(token: str) -> list[bytes]:
    wide = token.encode("utf-16-be")
    return [token.encode(), wide, wide.hex().encode(), wide.hex().upper().encode(), token.encode("gbk")]


def _zip_pieces(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(path) for path in archive.namelist()]


def _pdf_pieces(data: bytes) -> list[bytes]:
    reader = PdfReader(io.BytesIO(data))
    pieces, seen = [], set()
    waiting: list[Any] = [reader.trailer]
    while waiting:
        thing = waiting.pop()
        if hasattr(thing, "idnum"):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            waiting += [dict.__getitem__(thing, key) for key in thing]
            if isinstance(thing, StreamObject):
                pieces.append(thing._data if "/DCTDecode" in str(thing.get("/Filter")) else thing.get_data())
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)
        elif isinstance(thing, (TextStringObject, ByteStringObject)):
            pieces.append(thing.encode() if isinstance(thing, str) else bytes(thing))
    return pieces
