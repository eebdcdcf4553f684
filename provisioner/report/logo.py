"""A firm's logo in a workbook, where a `data:` address is of no use: its bytes, and how large it is.

A workbook wants to know how large it is. openpyxl asks Pillow for that; we read the few bytes that
say it.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass

from openpyxl.drawing.image import Image

_SIZE_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG or JPEG picture. `kind` is "png" or "jpeg"."""

    kind: str
    content: bytes

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None where the picture does not say."""
        found = _png_size(self.content) if self.kind == "png" else _jpeg_size(self.content)
        return found if found and all(found) else None


def logo_in(address: str) -> Logo | None:
    """The logo of a `data:image/…;base64,…` address; None for none."""
    head, comma, text = address.partition(";base64,")
    return Logo(head.removeprefix("data:image/"), base64.b64decode(text)) if comma else None


class SheetPicture(Image):
    """A logo as `openpyxl` places pictures, which asks whether it is one of its own."""

    def __init__(self, logo: Logo, width: int, height: int, anchor: str) -> None:
        self.width, self.height = width, height  # without super(), which wants Pillow
        self.format, self.anchor, self._content = logo.kind, anchor, logo.content

    def _data(self) -> bytes:
        return self._content


def sheet_picture(address: str, height: int, anchor: str) -> SheetPicture | None:
    """The logo of a `data:` address, so many pixels high; None for none, or one without a size.

    A workbook with a picture that is none is called damaged when it is opened.
    """
    logo = logo_in(address)
    size = logo.size if logo is not None else None
    if logo is None or size is None:
        return None
    return SheetPicture(logo, max(1, round(size[0] * height / size[1])), height, anchor)


def _png_size(content: bytes) -> tuple[int, int] | None:
    """By the first chunk, IHDR (www.w3.org/TR/png, 11.2.1)."""
    if len(content) < 24 or content[12:16] != b"IHDR":
        return None
    wide, high = struct.unpack(">II", content[16:24])
    return wide, high


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """By the frame header (ITU-T T.81, B.2.2), after however many other segments."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark in _SIZE_FRAMES:
            high, wide = struct.unpack(">HH", content[at + 5 : at + 9])
            return wide, high
        filling, alone = mark == 0xFF, mark in _ALONE
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        at += 1 if filling else 2 if alone else 2 + length
    return None
