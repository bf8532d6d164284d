"""A JPEG or JPEG 2000 inside a document without its remarks; the picture stays as it was coded, nothing blurs."""

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


_REMARKS = {b"xml ", b"uuid", b"uinf", b"jp2i"}


def without_boxes(data: bytes) -> bytes:
    """A JPEG 2000 without its boxes of XML, UUID and rights; "" when it is a bare code stream, which has none."""
    if data[4:8] != b"jP  ":
        return b""
    out, at = bytearray(), 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        end = at + size if size else len(data)
        if end <= at:
            return bytes(out)
        if kind not in _REMARKS:
            out += data[at:end]
        at = end
    return bytes(out)
