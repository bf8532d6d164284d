"""The papers as PDF, read with poppler: labels of the official grids, page sizes, growth, fonts, safety."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from core.spec import Form
from documents.catalog import PAPERS
from documents.render import pdf
from documents.render.fonts import OWN, STATIC
from documents.render.pdf import AppFetcher, merge_pdfs, render_pdf
from tests.documents import samples
from tests.documents.reading import pdf_pages, pdf_tool, squeeze

TABLE, BRIEF, PROFILE = (PAPERS[code] for code in ("recommendation_table", "achievement_brief", "leader_profile"))
# Notice 002, 附件2 to 附件5, as printed there; of notice 000 the title and the note, its grid is that of domain.md 5.
OFFICIAL = {
    "recommendation_table": (
        "附件2 “五小”竞赛优秀成果推荐表 推荐单位盖章: 序号 所属行业 项目类型 项目名称 项目带头人 性别 "
        "是否获得专利(如已获得,请填写专利号及授权公告日) 单位名称 "
        "所属行业指:煤炭、电力、冶金、化工、机械、行政事业等 "
        "项目类型指:产品类、设备类、工艺类、成本与管理类、环保与节能类。详见附件1说明"
    ),
    "achievement_brief": (
        "附件3 “五小”竞赛优秀成果简介 推荐单位盖章: 年月日 项目名称 完成单位 项目带头人 项目实施时间 "
        "是否获得专利（如已获得，请填写专利号及授权公告日） 项目成果简介（要有数据体现） 填报人: 负责人:"
    ),
    "leader_profile": (
        "附件4 “五小”竞赛优秀成果项目带头人简介 姓名 性别 出生年月 免冠2寸红底相片 项目名称 工作单位 行业 参加工作时间 "
        "政治面貌 职称 技术等级 文化程度 联系电话 曾获最高荣誉 个人简介 主要事迹"
    ),
    "winner_unit_form": (
        "附件5 “五小”竞赛优胜单位申报表 推荐单位盖章: 单位名称 法人代表 单位性质 联系电话 职工总数 职工参与率 "
        "“五小”竞赛开展情况简介 申报单位意见 县级(产业)意见 市级意见 填报人: 负责人:"
    ),
    "achievement_application": (
        "“五小”竞赛成果申报表 项目名称 申报单位 五小类别 项目带头人 联系电话 实施时间 年经济效益(万元) "
        "主要内容及创新点 效益情况 单位(工会)意见 县竞赛办意见 注：此表一式三份，可复印"
    ),
}
FILLED: dict[str, Callable[[], dict[str, Any]]] = {
    "recommendation_table": samples.table,
    "achievement_brief": samples.brief,
    "leader_profile": samples.profile,
    "winner_unit_form": samples.winner_unit,
    "achievement_application": samples.application,
}


@pytest.mark.parametrize("code", sorted(OFFICIAL))
def test_the_blank_form_shows_every_official_label_on_one_page(code: str, tmp_path: Path) -> None:
    page, *copies = pdf_pages(render_pdf([(PAPERS[code], {})]), tmp_path)
    assert len(copies) == PAPERS[code].copies - 1
    assert [label for label in OFFICIAL[code].split() if label not in page] == []
    assert {squeeze(label) for label in PAPERS[code].labels} <= {*OFFICIAL[code].split()}


@pytest.mark.parametrize("code", sorted(OFFICIAL))
def test_the_filled_form_shows_labels_and_values(code: str, tmp_path: Path) -> None:
    data = FILLED[code]()
    text = "".join(pdf_pages(render_pdf([(PAPERS[code], data)]), tmp_path))
    blank_only = {"年月日", "免冠2寸红底相片"}
    assert [label for label in OFFICIAL[code].split() if label not in text and label not in blank_only] == []
    rows = data.get("rows") or [data]
    values = [str(value) for row in rows for value in row.values() if isinstance(value, str | int)]
    assert [value for value in values if any(squeeze(part) not in text for part in value.split("\n"))] == []


@pytest.mark.parametrize(
    ("form", "size"), [(TABLE, (841.89, 595.276)), (BRIEF, (595.276, 841.89)), (PROFILE, (595.276, 841.89))]
)
def test_the_paper_is_a4_the_right_way_round(form: Form, size: tuple[float, float], tmp_path: Path) -> None:
    info = pdf_tool("pdfinfo", render_pdf([(form, FILLED[form.code]())]), tmp_path)
    found = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info)
    assert found is not None
    assert [float(side) for side in found.groups()] == pytest.approx(size, abs=0.1)
    assert re.search(rf"Title:\s+{form.title}", info)
    assert re.search(r"Tagged:\s+yes", info)


def test_a_long_table_repeats_its_head_and_keeps_every_row(tmp_path: Path) -> None:
    pages = pdf_pages(render_pdf([(TABLE, samples.table(45))]), tmp_path)
    assert len(pages) > 3
    assert all("所属行业项目类型项目名称" in page.replace("序号", "") for page in pages)
    assert "".join(pages).count("采煤机摇臂齿轮箱") == 8
    assert "详见附件1说明" in pages[-1]


def test_a_long_text_runs_on_and_loses_nothing(tmp_path: Path) -> None:
    words = "".join(f"第{number}句。" for number in range(2000))
    pages = pdf_pages(render_pdf([(BRIEF, samples.brief(summary=words))]), tmp_path)
    text = "".join(re.sub(r"—\d+—", "", page) for page in pages)
    assert len(words) > 10_000
    assert len(pages) >= 8
    assert [number for number in range(2000) if f"第{number}句。" not in text] == []
    assert "填报人:杜文娟" in pages[-1]


def test_many_forms_share_one_file_and_number_their_own_pages(tmp_path: Path) -> None:
    items = [
        (BRIEF, samples.brief(title="甲成果")),
        (BRIEF, samples.brief(title="乙成果", summary=samples.SUMMARY * 5)),
        (TABLE, samples.table(20)),
        (BRIEF, samples.brief(title="丙成果")),
    ]
    content = render_pdf(items, title="成果汇总")
    pages = pdf_pages(content, tmp_path)
    numbers = [int(found.group(1)) for page in pages if (found := re.search(r"—(\d+)—$", page))]
    assert len(numbers) == len(pages)
    starts = [index for index, number in enumerate(numbers) if number == 1]
    assert len(starts) == len(items)
    assert all(after == before + 1 or after == 1 for before, after in pairwise(numbers))
    assert ["甲成果" in pages[starts[0]], "乙成果" in pages[starts[1]], "丙成果" in pages[starts[3]]] == [True] * 3
    outline = [str(item["/Title"]) for item in PdfReader(io.BytesIO(content)).outline if isinstance(item, dict)]
    assert outline == ["甲成果", "乙成果", TABLE.title, "丙成果"]


def test_the_copies_of_a_form_are_printed_one_after_the_other(tmp_path: Path) -> None:
    pages = pdf_pages(render_pdf([(PAPERS["achievement_application"], samples.application())]), tmp_path)
    assert [f"第{number}份/共3份" in page for number, page in enumerate(pages, start=1)] == [True] * 3


def test_batches_are_joined_in_order(tmp_path: Path) -> None:
    parts = [render_pdf([(BRIEF, samples.brief(title=f"第{number}项成果"))]) for number in range(3)]
    pages = pdf_pages(merge_pdfs(parts, "合订本"), tmp_path)
    assert [f"第{number}项成果" in page for number, page in enumerate(pages)] == [True] * 3
    assert "合订本" in pdf_tool("pdfinfo", merge_pdfs(parts, "合订本"), tmp_path)


def test_every_font_is_embedded_as_a_subset(tmp_path: Path) -> None:
    content = render_pdf([(PROFILE, samples.profile()), (BRIEF, samples.brief())])
    rows = pdf_tool("pdffonts", content, tmp_path).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\s(Identity-H)\s+yes yes yes\s", row), row
    assert len(content) < 1_000_000


def test_nothing_in_the_style_or_the_page_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """WeasyPrint only logs what it does not understand or cannot load."""
    pdf._style.cache_clear()
    with caplog.at_level("WARNING", logger="weasyprint"):
        render_pdf([(PROFILE, samples.profile()), (TABLE, samples.table())])
    assert [record.getMessage() for record in caplog.records] == []


def test_without_fonts_of_our_own_the_paper_is_printed_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OWN, "Wuxiao FangSong", "fonts/absent.otf")
    monkeypatch.setattr(pdf, "_style", pdf._style.__wrapped__)
    monkeypatch.setattr(pdf, "_fonts", cache(pdf._fonts.__wrapped__))
    content = render_pdf([(PROFILE, samples.profile())])
    assert "Wuxiao-FangSong" not in pdf_tool("pdffonts", content, tmp_path)
    assert "欧阳𬭎" in "".join(pdf_pages(content, tmp_path))


def test_the_photo_is_printed_whole(tmp_path: Path) -> None:
    rows = pdf_tool("pdfimages", render_pdf([(PROFILE, samples.profile())]), tmp_path, "-list").splitlines()[2:]
    assert [row.split()[3:5] for row in rows] == [["413", "579"]]


def test_the_same_entry_makes_the_same_file() -> None:
    assert render_pdf([(BRIEF, samples.brief())]) == render_pdf([(BRIEF, samples.brief())])


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render_pdf([])


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "</td></tr></table>", "=1+1", "张\x00三", "&lt;b&gt;", "\u202e倒写", "5" * 300],
)
def test_hostile_text_is_printed_as_text(typed: str, tmp_path: Path) -> None:
    data = samples.brief(title=typed, summary=typed)
    text = "".join(pdf_pages(render_pdf([(BRIEF, data)]), tmp_path))
    clean = squeeze(typed.replace("\x00", "").replace("\u202e", ""))
    assert text.count(clean) == 2
    assert "填报人:杜文娟" in text


class _Counting(BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def outside() -> Iterator[str]:
    _Counting.hits = []
    server = HTTPServer(("127.0.0.1", 0), _Counting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_network_and_no_file_is_read(outside: str) -> None:
    """Even markup that got past the escaping could not reach out or attach a file of the server."""
    page = f"""
      <link rel="stylesheet" href="{outside}/a.css"><link rel="attachment" href="file:///etc/hostname">
      <style>@import url({outside}/b.css); p {{ background: url({outside}/c.png) }}</style>
      <p>正文 <img src="{outside}/d.png"><img src="file:///etc/hostname"><img src="app:../manage.py"></p>
      <svg><image href="{outside}/e.png"/></svg><object data="{outside}/f.pdf"></object>"""
    content = HTML(string=page, base_url="app:", url_fetcher=AppFetcher()).write_pdf()
    assert _Counting.hits == []
    assert PdfReader(io.BytesIO(content)).attachments == {}


def test_typed_addresses_are_not_followed(outside: str) -> None:
    data = samples.brief(title=f"{outside}/t", summary=f'<img src="{outside}/s.png">')
    content = render_pdf([(BRIEF, data)])
    assert _Counting.hits == []
    assert all("/Annots" not in page for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("url", ["app:../manage.py", "app:/etc/hostname", "file:///etc/hostname", "http://localhost/"])
def test_the_fetcher_refuses_what_is_not_ours(url: str) -> None:
    with pytest.raises((ValueError, OSError)):
        AppFetcher().fetch(url)


def test_the_fetcher_serves_our_static_files() -> None:
    assert AppFetcher().fetch("app:css/paper.css").read().startswith("/* 官方表格".encode())


@pytest.mark.parametrize("name", ["paper.css", "paper-preview.css"])
def test_the_style_sheets_use_no_sliced_fonts_and_nothing_from_outside(name: str) -> None:
    """A character that a unicode-range font lacks prints as a box: no fallback takes place inside the range."""
    text = (STATIC / "css" / name).read_text(encoding="utf-8").lower()
    assert not re.search(r"unicode-range|@import|url\(|\.woff", text)
    assert name != "paper.css" or "table-layout: fixed" in text
