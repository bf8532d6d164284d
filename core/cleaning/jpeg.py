"""A JPEG inside a document without its remarks: the picture itself stays as it was coded, so nothing gets blurred."""

from __future__ import annotations

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_KEPT_APPS = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's colour transform: without them the colours change


def stripped(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, comments, and whatever is glued behind its end; "" when it is no JPEG."""
    if data[:2] != bytes([0xFF, _START]):
        return b""
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            end = data.rfind(bytes([0xFF, _END]))
            return bytes(out) + data[at : end + 2 if end > at else len(data)]
        is_app = 0xE0 <= marker <= 0xEF
        if marker != _COMMENT and (not is_app or marker in _KEPT_APPS):
            out += data[at : at + 2 + size]
        at += 2 + size
    return b""
