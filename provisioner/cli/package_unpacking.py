"""Reading what is in a ZIP that somebody else may have made, in bounded memory and time."""

from __future__ import annotations

import hashlib
import zipfile
import zlib

from provisioner.report.package_contents import Fingerprint

UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
              ValueError, OSError)  # fmt: skip
"""What `zipfile` raises over a ZIP that is not as it should be."""
_PIECE = 1 << 20
_LARGEST_PAPER = 1 << 28
_COMPRESSED_PAPER = 1 << 24
_ROOM = 1 << 30
"""Bytes that may come out of a ZIP which holds more than it is long, as none of ours does."""
# The others are unpacked by Python without a bound on what comes out at once.
_READ = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def paper(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A paper of a package, whole. Raises `ValueError` where it is too large to be one of ours."""
    most = min(_LARGEST_PAPER, max(info.compress_size, _COMPRESSED_PAPER))
    if info.file_size > most or info.compress_type not in _READ:
        raise ValueError(f"{info.filename} is too large")
    return package.read(info)


class Unpacking:
    """How much may still be unpacked: a small ZIP can hold a file without end, or one many times."""

    def __init__(self, length: int) -> None:
        """`length`: of the ZIP itself."""
        self._left = max(length, _ROOM)

    def read(self, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Fingerprint | None:
        """What the bytes of a file come to; None where they cannot be read."""
        self._left -= info.file_size
        if self._left < 0 or info.compress_type not in _READ:
            return None
        whole, size = hashlib.sha256(), 0
        try:
            with package.open(info) as source:
                while piece := source.read(_PIECE):
                    whole.update(piece)
                    size += len(piece)
        except UNREADABLE:
            return None
        return Fingerprint(size, whole.hexdigest(), info.CRC)
