"""Small drawn files: a schematic, a portrait with a red background, a one-page certificate. The same for the same seed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from portal.demo.corpus.dice import dice

_INK, _PAPER, _RED = "#33302c", "#fbfaf7", "#c8102e"


def schematic(*seed: object) -> bytes:
    """A PNG with boxes and arrows, like a sketch of an installation."""
    rng = dice("schematic", *seed)
    image = Image.new("RGB", (800, 520), _PAPER)
    draw = ImageDraw.Draw(image)
    tops = [rng.randint(60, 320) for _ in range(4)]
    for place, top in enumerate(tops):
        left = 50 + place * 185
        draw.rectangle((left, top, left + 120, top + 90), outline=_INK, width=3)
        draw.ellipse((left + 38, top + 24, left + 82, top + 68), outline=rng.choice((_INK, _RED)), width=3)
        if place:
            draw.line((left - 65, tops[place - 1] + 45, left, top + 45), fill=_INK, width=3)
    draw.line((40, 470, 760, 470), fill=_INK, width=2)
    return _bytes(image, "PNG")


def portrait(*seed: object) -> bytes:
    """A JPEG of 413 × 579 pixels, 35 × 49 mm at 300 dpi, red background, a plain silhouette."""
    rng = dice("portrait", *seed)
    image = Image.new("RGB", (413, 579), _RED)
    draw = ImageDraw.Draw(image)
    coat = rng.choice(("#1f3a5f", "#2f4538", "#3c3c44", "#4a3b34"))
    draw.ellipse((56, 372, 357, 760), fill=coat)
    draw.polygon((150, 396, 263, 396, 206, 470), fill="#f4f1ea")
    draw.rectangle((176, 318, 237, 400), fill="#e0b896")
    draw.ellipse((122, 132, 291, 348), fill="#e8c3a3")
    draw.pieslice((116, 110, 297, 330), 180, 360, fill="#26211d")
    return _bytes(image, "JPEG")


def certificate(*seed: object) -> bytes:
    """A one-page PDF that stands for an appraisal certificate."""
    rng = dice("certificate", *seed)
    image = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 767, 1109), outline=_INK, width=3)
    for line in range(18):
        draw.line((130, 260 + line * 36, 130 + rng.randint(320, 560), 260 + line * 36), fill="#8a8378", width=9)
    draw.ellipse((520, 900, 680, 1060), outline=_RED, width=6)
    return _bytes(image, "PDF")


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()
