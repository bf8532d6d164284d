"""Documents written anew: the words stay, whoever wrote them goes."""

import io
import zipfile
import zlib

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from weasyprint import HTML

from core.cleaning import DOCX, PDF, XLSX, Uncleanable, cleaned, jpeg
from core.cleaning import pdf as pdf_cleaning
from tests.core import planted

LONG = "井下主运皮带跑偏停机由每月 12 次降到 1 次。"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    page = f"<html lang=zh><meta name=author content=上官甲><title>标题人</title><p>{LONG}</p></html>"
    return planted.pdf(HTML(string=page).write_pdf())


def test_a_pdf_keeps_its_pages_and_words_and_nothing_else(pdf):
    assert sorted(planted.left_in(PDF, pdf)) == sorted(planted.PDF_TOKENS)
    made = cleaned(pdf, PDF)
    assert planted.left_in(PDF, made.data) == []
    assert "跑偏停机由每月" in made.text
    reader = PdfReader(io.BytesIO(made.data))
    assert (len(reader.pages), reader.metadata, reader.xmp_metadata) == (1, None, None)
    assert set(reader.root_object) == {"/Type", "/Pages"}


def test_the_same_pdf_gives_the_same_words_twice(pdf):
    once = cleaned(pdf, PDF)
    assert cleaned(once.data, PDF).text == once.text


def test_a_word_file_keeps_its_words_and_loses_its_people():
    assert sorted(planted.left_in(DOCX, planted.docx())) == sorted(planted.DOCX_TOKENS)
    made = cleaned(planted.docx(), DOCX)
    assert planted.left_in(DOCX, made.data) == []
    assert "加装纠偏装置后停机减少，本句为修订插入。" in made.text
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert set(archive.namelist()) == {
            "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels",
            "word/settings.xml", "word/media/image1.png",
        }  # fmt: skip
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        assert b"docProps" not in archive.read("_rels/.rels")
        assert b"comments" not in archive.read("word/_rels/document.xml.rels")
        assert b"about:blank" in archive.read("word/_rels/document.xml.rels")


def test_words_spread_over_runs_are_read_as_one():
    assert "欧阳技研制" in cleaned(planted.docx(runs=("欧", "阳技", "研制")), DOCX).text


def workbook() -> bytes:
    book = Workbook()
    book.properties.creator, book.properties.lastModifiedBy = "上官表", "诸葛表"
    sheet = book.active
    sheet.title = "测算"
    sheet["A1"], sheet["B1"] = "年节约", 126.5
    sheet["A1"].comment = Comment("批注表文", "批注表人")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_still_opens_with_its_figures_and_without_its_people():
    made = cleaned(workbook(), XLSX)
    sheet = load_workbook(io.BytesIO(made.data)).active
    assert (sheet.title, sheet["A1"].value, sheet["B1"].value, sheet["A1"].comment) == ("测算", "年节约", 126.5, None)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert [word for word in ("上官表", "诸葛表", "批注表文", "批注表人") if word in whole] == []
    assert "测算" in made.text


def test_a_jpeg_inside_loses_its_remarks_and_not_one_pixel():
    picture = Image.radial_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = "ARTIST"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"REMARK")
    before = out.getvalue() + b"BEHIND"
    after = jpeg.stripped(before)
    assert [word for word in (b"ARTIST", b"REMARK", b"BEHIND") if word in after] == []
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()
    assert jpeg.stripped(b"no picture") == b""


def test_a_scan_is_told_from_a_text():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    assert not cleaned(out.getvalue(), PDF).readable
    assert cleaned(planted.docx(), DOCX).readable


def of_pages(*pages: tuple[str, bool], filters: tuple[str, ...] = ("/DCTDecode",), photo: bytes = b"") -> bytes:
    """A PDF; each page has its words and, if told, a picture coded so."""
    writer = PdfWriter()
    for words, pictured in pages:
        page = writer.add_blank_page(200, 200)
        font = DictionaryObject({"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"})
        font = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        drawing = StreamObject()
        drawing.set_data(f"BT /F 9 Tf 10 100 Td ({words}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(drawing)
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
        if pictured:
            shown = DictionaryObject({NameObject("/I"): writer._add_object(_image(photo, filters))})
            resources[NameObject("/XObject")] = shown
        page[NameObject("/Resources")] = resources
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _image(photo: bytes, filters: tuple[str, ...]) -> StreamObject:
    image = StreamObject()
    image._data = photo
    image[NameObject("/Subtype")] = NameObject("/Image")
    image[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in filters)
    return image


def test_a_scanned_page_among_written_ones_is_for_a_person():
    written, scanned = ("a page that is written", False), ("p. 2", True)
    assert cleaned(of_pages(written, ("a picture beside its words", True)), PDF).readable
    assert cleaned(of_pages(written, ("", False)), PDF).readable
    assert not cleaned(of_pages(written, scanned), PDF).readable


def test_a_word_file_of_photographed_certificates_is_for_a_person():
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<a>见图</a>", "word/media/image1.png": b"x"}
    assert not cleaned(planted.zipped(parts), DOCX).readable


def photograph(marked: bytes = b"ARTIST") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", comment=marked)
    return out.getvalue()


def test_a_photograph_packed_once_more_loses_its_remarks_too():
    data = of_pages(
        ("some words beside it", True), filters=("/FlateDecode", "/DCTDecode"), photo=zlib.compress(photograph())
    )
    made = cleaned(data, PDF).data
    [image] = PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/XObject"].values()
    assert image.get_object()["/Filter"] == "/DCTDecode"
    assert b"ARTIST" not in image.get_object()._data
    assert Image.open(io.BytesIO(image.get_object()._data)).size == (8, 8)


def test_a_jpeg_2000_loses_what_is_written_beside_the_picture():
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG2000")
    boxed = out.getvalue()
    remark = b"<x>ARTIST</x>"
    planted_in = boxed[:12] + (8 + len(remark)).to_bytes(4, "big") + b"xml " + remark + boxed[12:]
    assert jpeg.without_boxes(planted_in) == boxed
    assert jpeg.without_boxes(b"bare code stream") == b""


def test_a_reader_that_gives_up_in_a_way_of_its_own_is_a_sentence(monkeypatch):
    """An encryption that pypdf has no library for, a filter that it does not know."""

    def gives_up(data: bytes) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(pdf_cleaning, "cleaned", gives_up)
    with pytest.raises(Uncleanable, match="加密"):
        cleaned(b"%PDF-1.4", PDF)


def deep() -> bytes:
    return planted.zipped({"word/document.xml": "<a>" * 5000 + "</a>" * 5000})


def crowded() -> bytes:
    return planted.zipped({"word/document.xml": "<r>" + "<a/>" * 400_001 + "</r>"})


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    evil = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w">&b;</w:document>'
    return planted.zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": evil})


def damaged(spoil: bytes) -> bytes:
    """The first packed part begins with bytes that no method of packing has."""
    data = bytearray(planted.zipped({"word/document.xml": "<a/>" * 400}))
    at = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    data[at : at + len(spoil)] = spoil
    return bytes(data)


def strangely_packed() -> bytes:
    """By a method of packing that `zipfile` does not know and refuses to read."""
    data = bytearray(planted.zipped({"word/document.xml": "<a/>" * 400}))
    directory = data.index(b"PK\x01\x02")
    data[8:10] = data[directory + 10 : directory + 12] = b"\x63\x00"
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "media", "why"),
    [
        (deep(), DOCX, "损坏"),
        (crowded(), DOCX, "过多"),
        (damaged(b"\xff" * 8), DOCX, "损坏"),
        (strangely_packed(), DOCX, "损坏"),
        (b"%PDF-1.4 cut off", PDF, "损坏"),
        (locked(), PDF, "打开密码"),
        (b"PK\x03\x04 no archive", DOCX, "损坏"),
        (bomb(), DOCX, "损坏"),
        (planted.zipped({"word/document.xml": "<a><b></a>"}), DOCX, "损坏"),
        (planted.zipped({"word/strange.exe": "MZ"}), DOCX, "不认识"),
    ],
)
def test_what_cannot_be_written_anew_says_why(data, media, why):
    with pytest.raises(Uncleanable, match=why):
        cleaned(data, media)
