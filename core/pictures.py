"""Pictures are drawn anew: what comes out holds pixels only – no EXIF, no place, no comment, no second payload."""

from __future__ import annotations

import io
import warnings
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from core.errors import Refusal

MAX_SIDE = 8000
MAX_PIXELS = 50_000_000
JPEG_QUALITY = 90
WITH_ALPHA = ("RGBA", "LA", "PA")


def redrawn(content: BinaryIO, name: str, max_side: int = MAX_SIDE) -> bytes:
    """The JPEG or PNG again, upright, in sRGB, its longer side at most `max_side` pixels. Raises Refusal."""
    content.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limit stands before Pillow's
        try:
            with Image.open(content, formats=["JPEG", "PNG"]) as image:
                _check_size(image, name)
                # A telephone's JPEG with a second picture inside calls itself MPO.
                return _encoded(_upright(image, max_side), "PNG" if image.format == "PNG" else "JPEG")
        except Refusal:
            raise
        except Exception as error:  # a broken file leads Pillow into any kind of error
            raise Refusal(f"图片“{name}”已损坏，无法读取，请重新拍摄或导出后再上传。", code="picture") from error


def _check_size(image: Image.Image, name: str) -> None:
    width, height = image.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Refusal(
            f"图片“{name}”为 {width}×{height} 像素，最长边不得超过 {MAX_SIDE} 像素、"
            f"总数不得超过 {MAX_PIXELS // 10_000} 万像素，请缩小后再上传。",
            code="picture_size",
        )


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    if max(image.size) > max_side:
        image.draft("RGB", (max_side, max_side))
    drawn = _in_srgb(ImageOps.exif_transpose(image))
    drawn.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return drawn


def _in_srgb(image: Image.Image) -> Image.Image:
    """Plain RGB, or RGBA where something shows through; colours of a phone's own profile keep their look."""
    see_through = image.mode in WITH_ALPHA or "transparency" in image.info
    mode = "RGBA" if see_through else "L" if image.mode in ("1", "L") else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK") and mode == "RGB":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            return image.convert("RGB")  # a broken profile is no reason to refuse the picture
    return image.convert(mode)


def _encoded(image: Image.Image, kind: str) -> bytes:
    image.info.clear()  # Pillow writes some of it back by itself
    out = io.BytesIO()
    if kind == "JPEG":
        picture = image if image.mode in ("L", "RGB") else image.convert("RGB")
        picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        image.save(out, "PNG")
    return out.getvalue()
