"""What is inside a file: one identity for the same content, whatever SharePoint wrote around it.

Files are known by SharePoint's quickXorHash. Office files are rewritten when a column changes
(property promotion: OneDrive/onedrive-api-docs issue 935), so they are known by the parts of their
package that people wrote.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from provisioner.core.transport import Transport
from provisioner.sync.collect_site import Places
from provisioner.sync.packed_files import with_changes
from provisioner.sync.shelves import FileRow, Step

OFFICE = (".docx", ".xlsx", ".pptx")
_WRAPPING = ("docProps/", "customXml/")
_CONTENT_TYPES = "[Content_Types].xml"
_MOST_BYTES = 512 * 1024 * 1024
_CHUNK = 1 << 20
_AT_ONCE = 4
Known = Callable[[], Mapping[str, str]]
"""Looked through only when an Office file changed."""


def package_identity(data: bytes) -> str | None:
    """`sha256:` over an Office package without what SharePoint rewrites; None when it is no package.

    Names and lengths go into the digest, so that no two packages share one by shifting bytes. One
    that unpacks to more than 512 MB is not read.
    """
    whole = hashlib.sha256()
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in _own_parts(package):
                part, size = _digest(package, info, left)
                left -= size
                if left < 0:
                    return None
                name = info.filename.encode()
                whole.update(len(name).to_bytes(4, "big") + name + part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        # RuntimeError: encrypted. NotImplementedError: a compression nobody uses here.
        return None
    return f"sha256:{whole.hexdigest()}"


def _own_parts(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What SharePoint leaves as it is, in one order."""
    own = (one for one in package.infolist() if not one.is_dir() and not _is_wrapping(one.filename))
    return sorted(own, key=lambda one: one.filename)


def _digest(package: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> tuple[bytes, int]:
    """The SHA-256 of a part and its size; it is read no further than one chunk past `most`.

    The size a package tells of itself is not believed: it may be a lie.
    """
    digest, size = hashlib.sha256(), 0
    with package.open(info) as stream:
        while size <= most and (chunk := stream.read(_CHUNK)):
            size += len(chunk)
            digest.update(chunk)
    return digest.digest(), size


def _is_wrapping(name: str) -> bool:
    return name == _CONTENT_TYPES or name.startswith(_WRAPPING) or "_rels" in name.split("/")[:-1]


def told_identity(name: str, quick_hash: str) -> str:
    """The content identity that SharePoint's hash gives a file; "" for Office files, and without one."""
    return f"quickXor:{quick_hash}" if quick_hash and not name.lower().endswith(OFFICE) else ""


def _is_office(row: FileRow) -> bool:
    return row.name.lower().endswith(OFFICE)


async def office_contents(
    transport: Transport, places: Places, rows: Iterable[FileRow], known: Known
) -> dict[str, str]:
    """The content identity of each Office file, by its key; "" where it is not known.

    `known` gives identities of Office files by quickXorHash. Only the others are downloaded.
    """
    found, unread = dict[str, str](), list[FileRow]()
    some = [row for row in rows if _is_office(row)]
    identities = known() if some else {}
    for row in some:
        if row.quick_hash and row.quick_hash in identities:
            found[row.key] = identities[row.quick_hash]
        else:
            unread.append(row)

    async def downloaded(row: FileRow) -> None:
        data = await transport.download(content_path(places, row))
        read = None if data is None else await asyncio.to_thread(package_identity, data)
        found[row.key] = read or ""

    for start in range(0, len(unread), _AT_ONCE):
        await asyncio.gather(*(downloaded(row) for row in unread[start : start + _AT_ONCE]))
    return found


async def identified(
    transport: Transport, places: Places, steps: Mapping[str, Step], known: Known
) -> dict[str, Step]:
    """Readings of libraries, each changed file with its content identity. `known` as above."""
    office: list[FileRow] = []
    other: dict[str, dict[str, FileRow | None]] = {key: {} for key in steps}

    def now(key: str, row: FileRow, identity: str) -> None:
        seen = _seen(row, identity, steps[key].before.get(row.key))
        if seen is not row:
            other[key][row.key] = seen

    for key, step in steps.items():
        for each in step.changed:
            row = step.shelf.files.get(each)
            if row is None:
                continue
            if _is_office(row):
                office.append(row)
            else:
                now(key, row, row.identity)
    found = await office_contents(transport, places, office, known)
    for row in office:
        now(row.library, row, found[row.key])
    return {key: _with(step, other[key]) for key, step in steps.items()}


def _with(step: Step, changes: Mapping[str, FileRow | None]) -> Step:
    if not changes:
        return step
    files = with_changes(step.shelf.library, step.shelf.files, changes)
    return replace(step, shelf=replace(step.shelf, files=files))


def _seen(row: FileRow, identity: str, before: FileRow | None) -> FileRow:
    """A file with its content and when that was first read: what is written later moves Modified."""
    same = before is not None and before.identity == identity and bool(identity)
    first = before.content_seen if before is not None and same else ""
    seen = first or row.modified
    if (identity, seen) == (row.identity, row.content_seen):
        return row
    return replace(row, identity=identity, content_seen=seen)


def office_identities(rows: Iterable[FileRow]) -> dict[str, str]:
    """What is known of Office files: content identity by quickXorHash."""
    return {
        row.quick_hash: row.identity
        for row in rows
        if row.quick_hash and row.identity and _is_office(row)
    }


def content_path(places: Places, row: FileRow) -> str:
    """The Graph path of a file's bytes ("Download driveItem content")."""
    return f"{places.graph(places.libraries[row.library])}/drive/items/{row.drive_item}/content"


def item_path(places: Places, row: FileRow) -> str:
    """The Graph path of a file's list item."""
    return f"{places.graph(places.libraries[row.library])}/items/{row.id}"
