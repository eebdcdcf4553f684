"""The files of a package while it is being made, kept beside it so that a broken run goes on.

Each file lies there under a name of our own, with a note of what it is. One whose note and bytes
still agree with the site is not downloaded again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from provisioner.core.errors import Permanent, Refused
from provisioner.core.transport import Reading, Transport
from provisioner.report.package_contents import Fingerprint
from provisioner.sync.quick_xor import quick_xor_of
from provisioner.sync.shelves import FileRow

_PIECE = 160 * 8192
"""Bytes read at a time; SharePoint's hash works on multiples of 160."""
CHANGED = "it was changed while the package was made, so it is not what was judged"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: what its bytes came to, and whether it had to be downloaded."""

    print: Fingerprint
    downloaded: bool


class PackageStore:
    """A folder of downloaded files by document key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._whole = False

    def path_of(self, key: str) -> Path:
        """Where the file of a document lies."""
        return self.folder / hashlib.sha256(key.encode()).hexdigest()[:40]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the folder for ourselves: two runs would take each other's files away.

        The operating system lets go of it when a run dies. Raises `Refused` (PACKAGE-BEING-MADE),
        and `OSError`, which names the folder where the system names nothing, as for a full disk.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        door = self.folder / "lock"
        door.touch()
        with closing(sqlite3.connect(door, timeout=0, isolation_level=None)) as held:
            try:
                held.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise Refused(
                    "PACKAGE-BEING-MADE",
                    f"Another run is making this package: it works in {self.folder}.",
                    hint="Wait until it has ended, or give another name with --out.",
                ) from None
            try:
                yield
            except OSError as problem:
                problem.filename = problem.filename or str(self.folder)
                raise
            finally:
                self._leave()
        if os.name == "nt":  # where the door could not be taken away while it was open
            self._leave()

    def _leave(self) -> None:
        # A run that ended before the first download leaves nothing but the door.
        held = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        if self._whole or all(one.name.startswith("lock") for one in held):
            shutil.rmtree(self.folder, ignore_errors=True)

    async def get(self, transport: Transport, content: str, item: str, row: FileRow) -> Kept | str:
        """The file of a document as it was judged; a sentence where it cannot be had so.

        `content` and `item` are the Graph paths of its bytes and of its list item. Raises what the
        transport raises where nothing can be had at all, and `OSError`.
        """
        path = self.path_of(row.key)
        before = await asyncio.to_thread(self._known, row)
        if before is not None:
            return Kept(before, downloaded=False)
        try:
            with path.open("w+b") as target:
                found = await transport.save(content, target)
        except (Permanent, Refused) as refused:
            if refused.code == "SIGN-IN-NOT-ACCEPTED":  # that is about no document
                raise
            return f"it cannot be downloaded: {refused.message.rstrip('.')}"
        if found is None:
            return "it is no longer on the site"
        print_, quick = await asyncio.to_thread(measured, path)
        why = await _objection(transport, item, row, print_, quick)
        if why:
            return why
        note = {"key": row.key, "version": _version_of(row), **asdict(print_)}
        _note_of(path).write_text(json.dumps(note), "utf-8")
        return Kept(print_, downloaded=True)

    def done(self) -> None:
        """The package is whole: what was kept goes when the folder is left."""
        self._whole = True

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


async def _objection(
    transport: Transport, item: str, row: FileRow, found: Fingerprint, quick: str
) -> str:
    """Why the bytes that came are not those that were judged; "" when they are."""
    if row.quick_hash:
        return "" if quick == row.quick_hash else CHANGED
    # SharePoint may answer another size for an Office file than it holds; its hash is exact.
    if row.size is not None and found.size != row.size:
        return f"{found.size} bytes came where {row.size} were judged"
    return "" if await _version_now(transport, item) == row.etag else CHANGED


async def _version_now(transport: Transport, item: str) -> str:
    """The ETag of a list item, which every writing moves; "" where it is gone."""
    reading = Reading(
        "graph", f"{item}?$select=id,eTag", absent_ok=True, permission="Sites.Selected"
    )
    found = (await transport.read([reading]))[reading]
    return "" if found.status == 404 else str(found.body.get("eTag") or "")


def _version_of(row: FileRow) -> str:
    return row.quick_hash or row.etag


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
