"""The files of the evidence libraries, taken from change queries row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from provisioner.sync.collect_content import told_identity
from provisioner.sync.collect_delta import Ending, Query, whole
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.columns import JOB_OWNED, PEOPLE_FILL_IN
from provisioner.sync.packed_files import with_changes
from provisioner.sync.rolls import AT_ONCE
from provisioner.sync.row_fields import Press
from provisioner.sync.shelves import LABEL, FileRow, Shelf, Step

_ITEM = "id,name,webUrl,createdDateTime,lastModifiedDateTime,eTag,contentType"
_FILE = "driveItem($select=id,name,size,file,folder,publication)"
_MODERATION = "_ModerationStatus"
_FOLDER = "0x0120"
_LEFT_OUT = frozenset({"id"})
"""What Graph adds to the columns of a row by itself, and the row has already."""


class ShelfReader:
    """Takes the rows of one library. `known` is what an earlier run read; `full`: read it whole."""

    def __init__(
        self, places: Places, place: Place, known: Shelf | None, *, full: bool = False
    ) -> None:
        self._place = place
        self._columns = selected(place)
        fits = known is not None and (known.list_id, known.columns) == (place.id, self._columns)
        self._known = known if fits and not full and known is not None and known.link else None
        self._before: Mapping[str, FileRow] = {} if known is None else known.files
        self._files: Mapping[str, FileRow] = self._known.files if self._known else {}
        self._new: dict[str, FileRow | None] = {}
        self._folders = dict(self._known.folders) if self._known else {}
        self._changed: dict[str, None] = {}
        self._items = f"{places.graph(place)}/items"
        self._press = Press(_LEFT_OUT)

    @property
    def query(self) -> Query:
        """What to ask for."""
        columns = quote(",".join(self._columns), safe=",")
        shape = f"$select={_ITEM}&$expand=fields($select={columns}),{_FILE}"
        path = self._known.link if self._known else whole(self._items, shape)
        return Query(path, self._items, shape, self._place.title)

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note what rows say."""
        for row in rows:
            folder = "deleted" not in row and _is_folder(row)
            found = None if folder or "deleted" in row else _file(self._place, row, self._press)
            key = f"{self._place.key}/{row['id']}" if found is None else found.key
            self._changed[key] = None
            self._new[key] = found
            if len(self._new) >= AT_ONCE:
                self._take_in()
            if folder:
                self._move(str(row["id"]), str(row.get("webUrl") or ""))
            elif "deleted" in row:
                self._folders.pop(str(row["id"]), None)

    def _take_in(self) -> None:
        self._files = with_changes(self._place.key, self._files, self._new)
        self._new = {}

    def _move(self, folder: str, url: str) -> None:
        """Give what lies in a folder its new address: the change names the folder alone."""
        old, self._folders[folder] = self._folders.get(folder, url), url
        if old == url:
            return
        self._take_in()
        for key, row in self._files.items():
            if row.url.startswith(f"{old}/"):
                self._new[key] = replace(row, url=f"{url}{row.url[len(old) :]}")
                self._changed[key] = None
        for each, address in list(self._folders.items()):
            if address.startswith(f"{old}/"):
                self._folders[each] = f"{url}{address[len(old) :]}"

    def step(self, ending: Ending) -> Step:
        """What the reading brought."""
        self._take_in()
        shelf = Shelf(
            self._place.key,
            self._place.id,
            ending.link,
            self._columns,
            self._files,
            self._folders,
        )
        return Step(shelf, tuple(self._changed), self._before)


def selected(place: Place) -> tuple[str, ...]:
    """The columns to ask a library for: those of ours that it has."""
    names = [
        name
        for name in (*PEOPLE_FILL_IN, *JOB_OWNED)
        if name.removesuffix("LookupId") in place.columns
    ]
    return (*names, LABEL, _MODERATION) if place.moderated else (*names, LABEL)


def _is_folder(row: Mapping[str, Any]) -> bool:
    kind = str((row.get("contentType") or {}).get("id") or "")
    return "folder" in (row.get("driveItem") or {}) or kind.startswith(_FOLDER)


def _file(place: Place, row: Mapping[str, Any], press: Press) -> FileRow | None:
    """A row as a file; None where it is none."""
    drive = row.get("driveItem") or {}
    if "file" not in drive:
        return None
    fields = press.fields(row.get("fields") or {})
    name = drive.get("name") or row.get("name") or ""
    quick_hash = ((drive["file"] or {}).get("hashes") or {}).get("quickXorHash") or ""
    identity = told_identity(name, quick_hash)
    modified = press.once(row.get("lastModifiedDateTime") or "")
    return FileRow(
        library=place.key,
        id=int(row["id"]),
        name=name,
        url=row.get("webUrl") or "",
        drive_item=drive.get("id") or "",
        size=drive.get("size"),
        created=press.once(row.get("createdDateTime") or ""),
        modified=modified,
        etag=row.get("eTag") or "",
        held=_held(place, drive, fields),
        fields=fields,
        identity=identity,
        content_seen=modified,
        hash_apart="" if identity else quick_hash,
    )


def _held(place: Place, drive: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    publication = drive.get("publication") or {}
    if publication.get("level") == "checkout":
        return "checked out"
    # Any write puts an approved item of a moderated library back to pending.
    if place.moderated and str(fields.get(_MODERATION, "")) in ("0", "Approved"):
        return "approved in SharePoint"
    return ""
