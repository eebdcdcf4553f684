"""The bytes of a package around its files: a ZIP in which nothing is left to chance.

The files are stored as they are, all dates are the first day ZIP knows, and the order is given.
So the same files always make the same bytes, and a check can ask of every byte whether it is the
one that belongs there. Sizes beyond 4 GB and more than 65,535 files take the ZIP64 fields.
Layout: APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3 (pkware.com).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LIMIT_4 = 0xFFFFFFFF
_LIMIT_2 = 0xFFFF
_UTF8 = 0x0800
_FIRST_DAY = 0x0021  # 1 January 1980
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in it, as `zipfile` reads it."""
_PLAIN, _LARGE = 20, 45
_UNIX = 3 << 8
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the ZIP: its path, how many bytes it has, and their CRC-32."""

    path: str
    size: int
    crc: int


def local_header(one: Member) -> bytes:
    """What stands before a file's bytes."""
    name = one.path.encode()
    large = one.size >= _LIMIT_4
    shown = _LIMIT_4 if large else one.size
    extra = struct.pack("<HHQQ", 1, 16, one.size, one.size) if large else b""
    fixed = struct.pack(
        "<IHHHHHIIIHH",
        0x04034B50, _LARGE if large else _PLAIN, _UTF8, 0, 0, _FIRST_DAY, one.crc, shown, shown,
        len(name), len(extra),
    )  # fmt: skip
    return fixed + name + extra


def ending(members: Sequence[Member], comment: bytes) -> Iterator[bytes]:
    """What stands after the last file: the directory, a line at a time, and the end records."""
    offset = size = 0
    for one in members:
        line = _directory_line(one, offset)
        size += len(line)
        yield line
        offset += len(local_header(one)) + one.size
    count = len(members)
    if count >= _LIMIT_2 or offset >= _LIMIT_4 or size >= _LIMIT_4:
        yield struct.pack(
            "<IQHHIIQQQQ",
            0x06064B50, 44, _UNIX | _LARGE, _LARGE, 0, 0, count, count, size, offset,
        )  # fmt: skip
        yield struct.pack("<IIQI", 0x07064B50, 0, offset + size, 1)
    short = min(count, _LIMIT_2)
    yield struct.pack(
        "<IHHHHIIH",
        0x06054B50, 0, 0, short, short, min(size, _LIMIT_4), min(offset, _LIMIT_4), len(comment),
    )  # fmt: skip
    yield comment


def _directory_line(one: Member, offset: int) -> bytes:
    name = one.path.encode()
    values = b""
    if one.size >= _LIMIT_4:
        values += struct.pack("<QQ", one.size, one.size)
    if offset >= _LIMIT_4:
        values += struct.pack("<Q", offset)
    extra = struct.pack("<HH", 1, len(values)) + values if values else b""
    need = _LARGE if values else _PLAIN
    shown = min(one.size, _LIMIT_4)
    fixed = struct.pack(
        "<IHHHHHHIIIHHHHHII",
        0x02014B50, _UNIX | need, need, _UTF8, 0, 0, _FIRST_DAY, one.crc, shown, shown,
        len(name), len(extra), 0, 0, 0, _READABLE, min(offset, _LIMIT_4),
    )  # fmt: skip
    return fixed + name + extra
