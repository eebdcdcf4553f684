"""The files of the evidence libraries, taken from change queries row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from provisioner.sync.collect_delta import Ending, Query, whole
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.columns import JOB_OWNED, PEOPLE_FILL_IN
from provisioner.sync.shelves import LABEL, FileRow, Shelf, Step

_ITEM = "id,name,webUrl,createdDateTime,lastModifiedDateTime,eTag,contentType"
_FILE = "driveItem($select=id,name,size,file,folder,publication)"
_MODERATION = "_ModerationStatus"
_FOLDER = "0x0120"


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
        self._files = dict(self._known.files) if self._known else {}
        self._folders = dict(self._known.folders) if self._known else {}
        self._changed: dict[str, None] = {}
        self._items = f"{places.graph(place)}/items"
        # The same words, days and numbers stand on thousands of documents: each is kept once.
        self._words: dict[Any, Any] = {}

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
            key = f"{self._place.key}/{row['id']}"
            self._changed[key] = None
            if "deleted" in row:
                self._folders.pop(str(row["id"]), None)
                self._files.pop(key, None)
            elif _is_folder(row):
                self._files.pop(key, None)
                self._move(str(row["id"]), str(row.get("webUrl") or ""))
            else:
                self._put(key, row)

    def _put(self, key: str, row: Mapping[str, Any]) -> None:
        found = _file(self._place, row, self._words)
        if found is None:
            self._files.pop(key, None)
        else:
            self._files[key] = found

    def _move(self, folder: str, url: str) -> None:
        """Give what lies in a folder its new address: the change names the folder alone."""
        old, self._folders[folder] = self._folders.get(folder, url), url
        if old == url:
            return
        for key, row in list(self._files.items()):
            if row.url.startswith(f"{old}/"):
                self._files[key] = replace(row, url=f"{url}{row.url[len(old) :]}")
                self._changed[key] = None
        for each, address in list(self._folders.items()):
            if address.startswith(f"{old}/"):
                self._folders[each] = f"{url}{address[len(old) :]}"

    def step(self, ending: Ending) -> Step:
        """What the reading brought."""
        shelf = Shelf(
            self._place.key,
            self._place.id,
            ending.link,
            self._columns,
            dict(sorted(self._files.items())),
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


def _file(place: Place, row: Mapping[str, Any], words: dict[Any, Any]) -> FileRow | None:
    """A row as a file; None where it is none. `words` are values that were met before."""
    drive = row.get("driveItem") or {}
    if "file" not in drive:
        return None
    fields = {
        name: _once(value, words)
        for name, value in (row.get("fields") or {}).items()
        if "@" not in name
    }
    hashes = (drive.get("file") or {}).get("hashes") or {}
    return FileRow(
        library=place.key,
        id=int(row["id"]),
        name=str(drive.get("name") or row.get("name") or ""),
        url=str(row.get("webUrl") or ""),
        drive_item=str(drive.get("id") or ""),
        size=drive.get("size"),
        quick_hash=str(hashes.get("quickXorHash") or ""),
        created=_once(str(row.get("createdDateTime") or ""), words),
        modified=_once(str(row.get("lastModifiedDateTime") or ""), words),
        etag=str(row.get("eTag") or ""),
        held=_held(place, drive, fields),
        fields=fields,
    )


def _once(value: Any, words: dict[Any, Any]) -> Any:
    if isinstance(value, str):
        return words.setdefault(value, value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return words.setdefault(tuple(value), value)
    return value


def _held(place: Place, drive: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    publication = drive.get("publication") or {}
    if publication.get("level") == "checkout":
        return "checked out"
    # Any write puts an approved item of a moderated library back to pending.
    if place.moderated and str(fields.get(_MODERATION, "")) in ("0", "Approved"):
        return "approved in SharePoint"
    return ""
