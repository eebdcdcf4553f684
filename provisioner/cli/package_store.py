"""The files of a package while it is being made, kept beside it so that a broken run goes on.

Each file lies there under a name of our own, with a note of what it is. One whose note and bytes
still agree with the site is not downloaded again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from provisioner.core.transport import Transport
from provisioner.report.package_contents import Fingerprint
from provisioner.sync.quick_xor import quick_xor_of
from provisioner.sync.shelves import FileRow

_PIECE = 160 * 8192
"""Bytes read at a time; SharePoint's hash works on multiples of 160."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: what its bytes came to, and whether it had to be downloaded."""

    print: Fingerprint
    downloaded: bool


class PackageStore:
    """A folder of downloaded files by document key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, key: str) -> Path:
        """Where the file of a document lies."""
        return self.folder / hashlib.sha256(key.encode()).hexdigest()[:40]

    async def get(self, transport: Transport, content: str, row: FileRow) -> Kept | str:
        """The file of a document as it is on the site; a sentence where it cannot be had whole.

        Raises what the transport raises, and `OSError`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path_of(row.key)
        before = await asyncio.to_thread(self._known, row)
        if before is not None:
            return Kept(before, downloaded=False)
        with path.open("w+b") as target:
            found = await transport.save(content, target)
        if found is None:
            return "it is no longer on the site"
        print_, quick = await asyncio.to_thread(measured, path)
        if row.quick_hash and quick != row.quick_hash:
            return "it was changed while the package was made, so it is not what was judged"
        # SharePoint may answer another size for an Office file than it holds; its hash is exact.
        if not row.quick_hash and row.size is not None and print_.size != row.size:
            return f"{print_.size} bytes came where {row.size} were judged"
        note = {"key": row.key, "version": _version_of(row), **asdict(print_)}
        _note_of(path).write_text(json.dumps(note), "utf-8")
        return Kept(print_, downloaded=True)

    def clear(self) -> None:
        """Take the folder away, when the package is whole."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _known(self, row: FileRow) -> Fingerprint | None:
        path = self.path_of(row.key)
        try:
            note: Any = json.loads(_note_of(path).read_text("utf-8"))
            noted = Fingerprint(int(note["size"]), str(note["sha256"]), int(note["crc"]))
            same = note["key"] == row.key and note["version"] == _version_of(row)
            return noted if same and measured(path)[0] == noted else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def measured(path: Path) -> tuple[Fingerprint, str]:
    """What the bytes of a file come to, and SharePoint's hash of them, in constant memory."""
    whole, crc, size = hashlib.sha256(), 0, 0

    def counted() -> Iterator[bytes]:
        nonlocal crc, size
        for piece in pieces_of(path):
            whole.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            yield piece

    quick = quick_xor_of(counted())
    return Fingerprint(size, whole.hexdigest(), crc), quick


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece


def _version_of(row: FileRow) -> str:
    return row.quick_hash or row.etag


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
