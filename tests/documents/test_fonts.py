"""Fonts: what set-up fetches, what the papers can draw, and that neither is missed where it is absent."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from documents.render.fonts import STATIC, own_files
from documents.render.glyphs import missing_glyphs
from scripts import fonts

SCRIPT = Path(fonts.__file__)


def test_the_papers_draw_rare_names_and_marks() -> None:
    assert missing_glyphs("䶮 𬭎 · ￥ ☑ □ 喆堃昇㛃 “五小”〔2021〕—…①℃≥") == []


@pytest.mark.parametrize("mark", ["\ue000", "\U000e0001", "\U0003134a"])
def test_what_no_font_draws_is_named(mark: str) -> None:
    assert missing_glyphs(f"王{mark}明{mark}") == [mark]


def test_fonts_of_our_own_leave_the_yen_sign_to_others() -> None:
    for path in own_files().values():
        with TTFont(STATIC / path, lazy=True) as font:
            assert not {0xFFE5, 0x00A5} & font.getBestCmap().keys()


def small_font(file: Path) -> None:
    """A font of three boxes, one of them a wrongly drawn yen sign."""
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", "han", "yen"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x4E00: "han", 0xFFE5: "yen", 0x00A5: "yen"})
    pen = T2CharStringPen(1000, None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 500))
    pen.closePath()
    shape = pen.getCharString()
    builder.setupCFF("Fandol-Regular", {"FullName": "Fandol"}, dict.fromkeys(names, shape), {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Fandol", "styleName": "Regular", "fullName": "Fandol R", "psName": "Fandol"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)


def test_a_patched_font_has_a_name_of_its_own_and_no_yen_sign(tmp_path: Path) -> None:
    small_font(tmp_path / "old.otf")
    fonts.patch(tmp_path / "old.otf", tmp_path / "new.otf", "Wuxiao Test")
    with TTFont(tmp_path / "new.otf") as font:
        assert set(font.getBestCmap()) == {0x4E00}
        assert font["name"].getDebugName(1) == "Wuxiao Test"
        assert font["CFF "].cff.fontNames == ["WuxiaoTest-Regular"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["new.otf", "old.otf"]


def run_script(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy, so that it works on a static folder of its own, on a machine without apt."""
    copy = folder / "scripts" / "fonts.py"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(SCRIPT, copy)
    return subprocess.run([sys.executable, copy], capture_output=True, text=True, env={"PATH": ""}, check=False)


def test_without_apt_it_says_so_and_goes_on(tmp_path: Path) -> None:
    installed = Path("/") / fonts.FOLDER
    done = run_script(tmp_path)
    assert done.returncode == 0
    made = list((tmp_path / "static" / "fonts").iterdir())
    assert bool(made) == installed.is_dir()
    assert bool(made) or ("Noto Serif CJK SC" in done.stderr and done.stderr.count("\n") == 1)


def test_the_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    target = tmp_path / "static" / "fonts"
    target.mkdir(parents=True)
    for name, _ in fonts.FONTS.values():
        (target / name).write_bytes(b"there")
    done = run_script(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {file.read_bytes() for file in target.iterdir()} == {b"there"}
