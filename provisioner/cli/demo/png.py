"""A PNG picture of a bar chart, as one would paste it from a dashboard; written with zlib alone.

Chunks as in the PNG specification (www.w3.org/TR/png), section 5: length, type, data, CRC-32. Colours are
indexed, eight bits a pixel.
"""

from __future__ import annotations

import struct
import zlib

from provisioner.cli.demo.content import Content

_PALETTE = (
    (255, 255, 255),  # paper
    (33, 37, 41),  # ink
    (222, 226, 230),  # grid
    (37, 99, 235),  # bar
    (241, 245, 249),  # title band
)
_PAPER, _INK, _GRID, _BAR, _BAND = range(5)
_WIDTH, _ROW, _TOP, _LABEL = 640, 22, 44, 232
_BAR_LENGTH = 300
_SCALE = 2

# A typeface of three by five dots: five rows, each a digit 0 to 7 (4 left, 2 middle, 1 right).
_GLYPHS = {
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
    "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447",
    "M": "57755", "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655",
    "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "61247", "3": "61216",
    "4": "55711", "5": "74616", "6": "34757", "7": "71222", "8": "75757", "9": "75716",
    ".": "00002", ",": "00024", "-": "00700", "/": "11244", "%": "51245", ":": "02020",
    "(": "12221", ")": "42224", "_": "00007", "+": "02720", "@": "25743", "=": "07070",
}  # fmt: skip


class _Canvas:
    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray(width) for _ in range(height)]

    def box(self, left: int, top: int, width: int, height: int, colour: int) -> None:
        right = min(left + width, self.width)
        for row in self._rows[top : min(top + height, self.height)]:
            row[left:right] = bytes([colour]) * max(right - left, 0)

    def text(self, left: int, top: int, words: str) -> None:
        for at, sign in enumerate(words.upper()):
            for y, bits in enumerate(_GLYPHS.get(sign, "00000")):
                for x in range(3):
                    if int(bits) >> (2 - x) & 1:
                        self.box(
                            left + (at * 4 + x) * _SCALE, top + y * _SCALE, _SCALE, _SCALE, _INK
                        )

    def png(self) -> bytes:
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        palette = bytes(part for colour in _PALETTE for part in colour)
        lines = b"".join(b"\x00" + bytes(row) for row in self._rows)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            _chunk(kind, data)
            for kind, data in (
                (b"IHDR", header),
                (b"PLTE", palette),
                (b"IDAT", zlib.compress(lines, 9)),
                (b"IEND", b""),
            )
        )


def png(content: Content) -> bytes:
    """A picture with the title, the sentences and one bar for each row of the table.

    A row without a number shows its cells as words.
    """
    lines = len(content.lines)
    canvas = _Canvas(_WIDTH, _TOP + _ROW * (lines + len(content.rows)) + 16)
    canvas.box(0, 0, _WIDTH, 32, _BAND)
    canvas.text(12, 11, content.title)
    for at, line in enumerate(content.lines):
        canvas.text(12, _TOP + at * _ROW, line)
    top = _TOP + lines * _ROW
    numbers = [_number(row) for row in content.rows]
    most = max((number for number in numbers if number is not None), default=0) or 1
    for at, (row, number) in enumerate(zip(content.rows, numbers, strict=True)):
        y = top + at * _ROW
        canvas.box(12, y + _ROW - 5, _WIDTH - 24, 1, _GRID)
        canvas.text(12, y, _label(row))
        if number is None:
            canvas.text(_LABEL, y, "  ".join(str(cell) for cell in row[1:]))
            continue
        length = max(round(_BAR_LENGTH * number / most), 1)
        canvas.box(_LABEL, y, length, 11, _BAR)
        canvas.text(_LABEL + length + 8, y, f"{number:g}")
    return canvas.png()


def _number(row: tuple[str | int | float, ...]) -> float | None:
    return next((float(cell) for cell in row if not isinstance(cell, str)), None)


def _label(row: tuple[str | int | float, ...]) -> str:
    return next((cell for cell in row if isinstance(cell, str)), "")[:26]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
