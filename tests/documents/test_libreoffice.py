"""A second program opens the papers' workbooks and finds the same cells (`make prove`)."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from documents.catalog import PAPERS
from documents.render.xlsx import render_xlsx
from tests.documents.test_xlsx import FILLED

pytestmark = pytest.mark.prove
SECONDS = 180


def saved_by_libreoffice(source: Path, folder: Path) -> Path:
    """The workbook as LibreOffice wrote it again, with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "apt-get install -y libreoffice-calc-nogui"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "again"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return folder / "again" / source.name


def cells(book: Workbook) -> dict[str, dict[str, object]]:
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book.worksheets
    }


def test_libreoffice_reads_the_same_cells(tmp_path: Path) -> None:
    source = tmp_path / "papers.xlsx"
    source.write_bytes(render_xlsx([(form, FILLED[code]) for code, form in sorted(PAPERS.items())]))
    ours, theirs = load_workbook(source), load_workbook(saved_by_libreoffice(source, tmp_path))
    assert cells(theirs) == cells(ours)
    assert len(cells(ours)) == sum(form.copies for form in PAPERS.values())
    for sheet, again in zip(ours.worksheets, theirs.worksheets, strict=True):
        assert {str(area) for area in again.merged_cells.ranges} == {str(area) for area in sheet.merged_cells.ranges}
