"""Put the 仿宋 and 楷体 of the official papers into static/fonts/ (git-ignored).

They come from Debian's texlive-lang-chinese (Fandol, GPL with the font exception), taken out without installing
TeX. Two characters are dropped: Fandol draws ￥ (U+FFE5, U+00A5) as a dollar sign, so the yen sign has to come
from the next font of the list. As changed fonts they get a name of their own. Without them the papers are printed
in Noto Serif CJK SC: nothing fails.

    python scripts/fonts.py
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
PACKAGE = "texlive-lang-chinese"
FOLDER = Path("usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
FONTS = {
    "FandolFang-Regular.otf": ("wuxiao-fangsong.otf", "Wuxiao FangSong"),
    "FandolKai-Regular.otf": ("wuxiao-kai.otf", "Wuxiao Kai"),
}
WRONGLY_DRAWN = (0xFFE5, 0x00A5)
FAMILY_NAMES, FULL_NAMES, POSTSCRIPT_NAME = (1, 16), (3, 4), 6


def main() -> int:
    if all((TARGET / name).is_file() for name, _ in FONTS.values()):
        return 0
    try:
        make_fonts()
    except (OSError, subprocess.SubprocessError, LookupError) as problem:
        print(
            f"未取得仿宋、楷体字体（{problem}），公文表格改用 Noto Serif CJK SC 打印，其他不受影响。", file=sys.stderr
        )
    return 0


def make_fonts() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = find_originals(Path(temporary))
        for original, (name, family) in FONTS.items():
            patch(folder / original, TARGET / name, family)
            print(f"已准备字体 {family}")


def find_originals(temporary: Path) -> Path:
    """The folder of the unchanged fonts: of an installed TeX, else unpacked from the package."""
    installed = Path("/") / FOLDER
    if all((installed / name).is_file() for name in FONTS):
        return installed
    print(f"正在从软件源取 {PACKAGE}（约 49 MB）……", flush=True)
    run("apt-get", "download", PACKAGE, cwd=temporary)
    archive = next(temporary.glob("*.deb"), None)
    if archive is None:
        raise LookupError(f"软件源里没有 {PACKAGE}")
    run("dpkg-deb", "-x", str(archive), str(temporary), cwd=temporary)
    return temporary / FOLDER


def run(*command: str, cwd: Path) -> None:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, cwd=cwd, check=True, timeout=900, **quiet)  # type: ignore[call-overload]


def patch(original: Path, target: Path, family: str) -> None:
    """Write a renamed copy without the wrongly drawn characters; the target appears whole or not at all."""
    # Imported here so that the second run, which has nothing to do, is instant.
    from fontTools.ttLib import TTFont

    with TTFont(original, lazy=True) as font:
        for table in font["cmap"].tables:
            for code in WRONGLY_DRAWN:
                table.cmap.pop(code, None)
        rename(font, family)
        unfinished = target.with_suffix(f".{os.getpid()}")
        font.save(unfinished)
    unfinished.replace(target)


def rename(font, family: str) -> None:  # type: ignore[no-untyped-def]
    postscript = family.replace(" ", "") + "-Regular"
    for record in font["name"].names:
        if record.nameID in FAMILY_NAMES:
            record.string = family
        elif record.nameID in FULL_NAMES:
            record.string = f"{family} Regular"
        elif record.nameID == POSTSCRIPT_NAME:
            record.string = postscript
    cff = font["CFF "].cff
    cff.fontNames[0] = postscript
    cff.topDictIndex[0].FamilyName = family
    cff.topDictIndex[0].FullName = f"{family} Regular"


if __name__ == "__main__":
    sys.exit(main())
