"""The same photograph again, in another size or quality: difference hash of 64 bits."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

NEAR = 3  # of 64 bits may differ
_SIDE = 8
_FLAT = 6  # a picture with so few edges (a blank sheet) is like any other of its kind
_BANDS = 4  # one more than NEAR: of two near hashes one band at least is equal


def fingerprint(content: BinaryIO) -> str:
    """16 hexadecimal digits; "" for a picture that shows next to nothing. Raises OSError when it cannot be read."""
    with Image.open(content, formats=["JPEG", "PNG"]) as image:
        image.draft("L", (_SIDE * 32, _SIDE * 32))
        grey = image.convert("RGBA").convert("L") if "transparency" in image.info else image.convert("L")
        small = grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    rows = [small.tobytes()[y * (_SIDE + 1) : (y + 1) * (_SIDE + 1)] for y in range(_SIDE)]
    bits = [row[x] > row[x + 1] for row in rows for x in range(_SIDE)]
    if not _FLAT <= sum(bits) <= len(bits) - _FLAT:
        return ""
    return f"{sum(bit << at for at, bit in enumerate(bits)):016x}"


def bands(value: str) -> list[str]:
    """What an index finds it by: two hashes that differ in at most `NEAR` bits share one."""
    size = len(value) // _BANDS
    if not size:
        return []
    return [f"{at}:{value[at * size : (at + 1) * size]}" for at in range(_BANDS)]


def near(one: str, two: str) -> bool:
    return (int(one, 16) ^ int(two, 16)).bit_count() <= NEAR
