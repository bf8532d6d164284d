"""Small drawn files: a schematic, a portrait on red, a one-page certificate. The same bytes for the same seed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from random import Random
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont

from portal.demo.corpus.dice import dice

_INK, _PAPER, _RED, _GREY = "#33302c", "#fbfaf7", "#c8102e", "#8a8378"
_DRAWN_AT = datetime(2021, 1, 4, tzinfo=UTC).timetuple()
_PARTS = (
    ("进料", "IN"),
    ("过滤", "FILTER"),
    ("水泵", "PUMP"),
    ("电机", "MOTOR"),
    ("控制箱", "CONTROL"),
    ("传感器", "SENSOR"),
    ("换热器", "HEAT"),
    ("储罐", "TANK"),
    ("阀组", "VALVE"),
    ("出口", "OUT"),
)
_CERTIFICATE = (
    "经现场查看、查阅资料和质询，形成鉴定意见如下：",
    "一、提供的图纸、记录齐全，符合鉴定要求。",
    "二、方案针对现场实际问题，思路清楚，结构合理。",
    "三、投入使用后运行稳定，主要指标达到预期。",
    "四、成本不高，便于维护，具有推广价值。",
    "鉴定小组同意通过鉴定。",
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _han_file() -> str:
    """The file of a Chinese font; "" where there is none, and Latin labels are drawn."""
    try:
        asked = ["fc-match", "-f", "%{lang}\n%{file}", "Noto Sans CJK SC:lang=zh-cn"]
        languages, _, file = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.partition("\n")
    except (OSError, subprocess.SubprocessError):
        return ""
    return file.strip() if "zh-cn" in languages else ""


@cache
def _font(size: int) -> Font:
    return ImageFont.truetype(_han_file(), size) if _han_file() else ImageFont.load_default(size)


def schematic(*seed: object) -> bytes:
    """A PNG of 800 × 520 pixels: five labelled boxes and the way between them."""
    rng = dice("schematic", *seed)
    image = Image.new("RGB", (800, 520), _PAPER)
    draw = ImageDraw.Draw(image)
    _shade(draw, rng)
    language = 0 if _han_file() else 1
    draw.text((30, 22), ("改造后系统示意图", "SCHEME AFTER THE CHANGE")[language], _INK, _font(28))
    tops = [rng.randrange(110, 330) for _ in range(5)]
    for place, part in enumerate(sorted(rng.sample(_PARTS, 5), key=_PARTS.index)):
        _box(draw, (36 + place * 150, tops[place]), part[language], _RED if place == 2 else _INK)
        if place:
            _way(draw, (36 + place * 150, tops[place] + 45), tops[place - 1] + 45)
    draw.line((36, 470, 764, 470), _GREY, 2)
    return _bytes(image.quantize(64), "PNG")


def _shade(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A faint ground of its own, as a photograph has: on white paper all schematics look the same to the hash."""
    for column in range(9):
        for row in range(8):
            grey = rng.randrange(236, 252)
            draw.rectangle((column * 89, row * 65, column * 89 + 88, row * 65 + 64), (grey, grey, grey - 3))


def _box(draw: ImageDraw.ImageDraw, corner: tuple[int, int], label: str, colour: str) -> None:
    left, top = corner
    draw.rectangle((left, top, left + 112, top + 90), "#ffffff", colour, 3)
    draw.text((left + 56, top + 45), label, colour, _font(24), anchor="mm")


def _way(draw: ImageDraw.ImageDraw, target: tuple[int, int], from_height: int) -> None:
    x, y = target
    draw.line((x - 38, from_height, x - 19, from_height, x - 19, y, x, y), _INK, 3)
    draw.polygon((x, y, x - 10, y - 6, x - 10, y + 6), _INK)


def portrait(*seed: object) -> bytes:
    """A JPEG of 413 × 579 pixels, 35 × 49 mm at 300 dpi: a plain silhouette on red (免冠2寸红底相片)."""
    rng = dice("portrait", *seed)
    image = Image.new("RGB", (413, 579), _RED)
    draw = ImageDraw.Draw(image)
    draw.ellipse((56, 372, 357, 760), rng.choice(("#1f3a5f", "#2f4538", "#3c3c44", "#4a3b34")))
    draw.polygon((150, 396, 263, 396, 206, 470), "#f4f1ea")
    draw.rectangle((176, 318, 237, 400), "#e0b896")
    draw.ellipse((122, 132, 291, 348), rng.choice(("#e8c3a3", "#dfb593", "#efd0b4")))
    draw.pieslice((116, 110, 297, rng.choice((300, 330, 350))), 180, 360, "#26211d")
    return _bytes(image, "JPEG")


_STATEMENTS = {
    "pledge": (
        "成果真实性承诺书",
        (
            "所申报的成果真实，数据真实、准确、不夸大。",
            "没有重复申报，没有冒用、盗用他人成果。",
            "项目带头人（签字）：",
        ),
    ),
    "proof": (
        "经济效益证明",
        ("本成果投入使用后的年经济效益，", "按申报表所列测算依据核算属实。", "财务部门（盖章）："),
    ),
}


def certificate(*seed: object) -> bytes:
    """A one-page PDF that stands for an appraisal certificate (鉴定书), and says that it is for the demo only."""
    number = f"{dice('certificate', *seed).randrange(1, 999):03d}"
    return _paper("技术鉴定意见书", f"第{number}号", f"CERTIFICATE FOR THE DEMO {number}", _CERTIFICATE)


def statement(kind: str, year: int, number: int) -> bytes:
    """The same for what the unit signs itself: `kind` is pledge or proof."""
    title, lines = _STATEMENTS[kind]
    return _paper(title, f"{year}-{number:03d}", f"{kind.upper()} FOR THE DEMO {year}-{number:03d}", lines)


def _paper(title: str, number: str, plain: str, lines: Sequence[str]) -> bytes:
    """`plain` is all it says where no Han font is installed."""
    image = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 767, 1109), outline=_INK, width=3)
    if _han_file():
        draw.text((413, 150), title, _INK, _font(44), anchor="mm")
        draw.text((413, 205), f"（演示材料 {number}）", _GREY, _font(24), anchor="mm")
        for line, sentence in enumerate(lines):
            draw.text((110, 290 + line * 62), sentence, _INK, _font(26))
    else:
        draw.text((413, 150), plain, _INK, _font(30), anchor="mm")
    draw.ellipse((520, 900, 680, 1060), outline=_RED, width=6)
    return _bytes(image, "PDF")


def sealed(title: str, number: str, unit: str, code: BinaryIO) -> bytes:
    """A one-page PDF that stands for the scan of a stamped form: its number, its QR, and a seal."""
    image = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 240, 767, 1080), outline=_INK, width=2)
    image.paste(Image.open(code).convert("RGB").resize((150, 150)), (617, 60))
    lines = ["“五小”竞赛优秀成果简介", f"表号 {number}", f"项目名称  {title}", f"完成单位  {unit}", "完成单位（盖章）"]
    places = [(60, 90), (60, 160), (90, 290), (90, 350), (520, 960)]
    for text, place in zip(lines, places, strict=True):
        draw.text(place, text if _han_file() else number, _INK, _font(26))
    draw.ellipse((500, 790, 680, 970), outline=_RED, width=6)
    draw.ellipse((575, 865, 605, 895), fill=_RED)
    return _bytes(image, "PDF")


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    paper = {"creationDate": _DRAWN_AT, "modDate": _DRAWN_AT, "resolution": 100} if kind == "PDF" else {}
    image.save(out, kind, **paper)
    return out.getvalue()
