"""The files of the evidence libraries: what changed since the last run, by delta queries.

"listItem: delta" (learn.microsoft.com/graph/api/listitem-delta). A token the service no longer
knows is answered 410, and then the library is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.sync.collect_site import GRAPH_READ, Place, Places
from provisioner.sync.columns import JOB_OWNED, PEOPLE_FILL_IN

_ITEM = "id,name,webUrl,createdDateTime,lastModifiedDateTime,eTag,contentType"
_FILE = "driveItem($select=id,name,size,file,folder,publication)"
_MODERATION = "_ModerationStatus"
_VERSION = re.compile(r"^/(v1\.0|beta)(?=/)")
_FOLDER = "0x0120"
_LABEL = "_UIVersionString"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as it was read. `fields` are the selected columns that have a value.

    `identity` is its content identity ("" unknown), `quick_hash` SharePoint's own hash. `created`
    and `modified` are instants in ISO 8601. `held` says why its columns cannot be written, "" if
    they can. `content_seen` is when it was last modified before this content was first read.
    """

    library: str
    id: int
    name: str
    url: str
    drive_item: str
    size: int | None
    quick_hash: str
    created: str
    modified: str
    etag: str
    held: str
    fields: Mapping[str, Any]
    identity: str = ""
    content_seen: str = ""

    @property
    def version(self) -> str:
        """The label of its newest version, "3.0"; "" where it is not known."""
        return str(self.fields.get(_LABEL) or "")

    @property
    def unique_id(self) -> str:
        """SharePoint's id of the file, which its ETag begins with; "" where that is not known."""
        found = _GUID.search(self.etag)
        return found[0].lower() if found else ""

    @property
    def key(self) -> str:
        """The document's key: library key and item id."""
        return f"{self.library}/{self.id}"

    def same_facts(self, other: FileRow) -> bool:
        """Whether a rule would see no difference; what writing moves by itself is left out.

        A written Office file changes its bytes and with them SharePoint's hash, not its content.
        """
        return self._told() == other._told() and all(
            self.fields.get(name) == other.fields.get(name)
            for name in {*self.fields, *other.fields}
            if name in PEOPLE_FILL_IN
        )

    def _told(self) -> tuple[object, ...]:
        content = self.identity or self.quick_hash
        return (self.key, self.name, self.url, content, self.created, self.held)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library as known after a reading: its files by key, and where the next reading goes on.

    `link` is a path below the Graph version, "" when unknown; `columns` those it was asked for.
    `folders` are addresses of its folders by item id.
    """

    library: str
    list_id: str
    link: str
    columns: tuple[str, ...]
    files: Mapping[str, FileRow] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What one reading of a library brought. `whole`: everything, not only changes.

    `before` are its files as known before the reading.
    """

    shelf: Shelf
    changed: tuple[str, ...]
    whole: bool
    note: str = ""
    before: Mapping[str, FileRow] = field(default_factory=dict)


async def read_shelves(
    transport: Transport, places: Places, known: Mapping[str, Shelf], *, full: bool
) -> dict[str, Step]:
    """Every library by key: changes where a token is known, else the whole.

    Raises:
        ProvisionerError: DELTA-INCOMPLETE when the service ends a reading without a token.
    """
    plans = {
        key: _start(places, place, known.get(key), full=full)
        for key, place in places.libraries.items()
    }
    answers = await transport.read([reading for reading, _ in plans.values()])
    stale = {key for key, (reading, _) in plans.items() if answers[reading].status == 410}
    again = {key: _whole(places, places.libraries[key]) for key in stale}
    answers |= await transport.read([reading for reading, _ in again.values()])
    steps = {}
    for key, place in places.libraries.items():
        reading, before = again.get(key, plans[key])
        note = (
            f"{place.title}: its change token was too old, so it was read whole."
            if key in stale
            else ""
        )
        rows = await _completed(transport, places, place, answers[reading])
        step = _step(places, place, before, rows, answers[reading], note)
        old = known.get(key)
        steps[key] = replace(step, before={} if old is None else old.files)
    return steps


async def read_after(
    transport: Transport, places: Places, shelves: Iterable[Shelf]
) -> dict[str, Step]:
    """The changes since these readings, by library key; a library whose token is gone is left out."""
    wanted = {one.library: one for one in shelves if one.link}
    readings = {key: _delta(one.link) for key, one in wanted.items()}
    answers = await transport.read(list(readings.values()))
    steps = {}
    for key, shelf in wanted.items():
        answer, place = answers[readings[key]], places.libraries[key]
        if answer.status == 200:
            rows = await _completed(transport, places, place, answer)
            step = _step(places, place, shelf, rows, answer, "")
            steps[key] = replace(step, before=shelf.files)
    return steps


def selected(place: Place) -> tuple[str, ...]:
    """The columns to ask a library for: those of ours that it has."""
    names = [
        name
        for name in (*PEOPLE_FILL_IN, *JOB_OWNED)
        if name.removesuffix("LookupId") in place.columns
    ]
    return (*names, _LABEL, _MODERATION) if place.moderated else (*names, _LABEL)


def _start(
    places: Places, place: Place, known: Shelf | None, *, full: bool
) -> tuple[Reading, Shelf]:
    fits = (
        known is not None
        and known.link
        and known.list_id == place.id
        and known.columns == selected(place)
    )
    if known is None or not fits or full:
        return _whole(places, place)
    return _delta(known.link), known


def _whole(places: Places, place: Place) -> tuple[Reading, Shelf]:
    columns = selected(place)
    path = (
        f"{places.graph(place)}/items/delta?$select={_ITEM}"
        f"&$expand=fields($select={quote(','.join(columns), safe=',')}),{_FILE}&$top=1000"
    )
    return _delta(path), Shelf(place.key, place.id, "", columns)


def _delta(path: str) -> Reading:
    return Reading("graph", path, cost=1, pages=True, permission=GRAPH_READ)


async def _completed(
    transport: Transport, places: Places, place: Place, answer: Answer
) -> list[dict[str, Any]]:
    """The rows of a reading; what a token left out of them is asked for, row by row.

    The token is opaque, and whether it remembers what was expanded is not promised.
    """
    rows = list(answer.body.get("value", []))
    bare = [row for row in rows if "deleted" not in row and "fields" not in row]
    if not bare:
        return rows
    columns = quote(",".join(selected(place)), safe=",")
    readings = {
        str(row["id"]): Reading(
            "graph",
            f"{places.graph(place)}/items/{row['id']}"
            f"?$select={_ITEM}&$expand=fields($select={columns}),{_FILE}",
            absent_ok=True,
            permission=GRAPH_READ,
        )
        for row in bare
    }
    found = await transport.read(list(readings.values()))
    bodies = {key: found[reading].body for key, reading in readings.items()}
    return [
        (bodies[str(row["id"])] or {"id": row["id"], "deleted": {}})
        if str(row["id"]) in bodies
        else row
        for row in rows
    ]


def _step(
    places: Places,
    place: Place,
    before: Shelf,
    rows: Iterable[Mapping[str, Any]],
    answer: Answer,
    note: str,
) -> Step:
    link = answer.body.get("@odata.deltaLink")
    if not isinstance(link, str):
        raise ProvisionerError(
            "DELTA-INCOMPLETE",
            f"Microsoft 365 stopped in the middle of reading {places.library_title(place.key)}.",
            hint="Run the command again.",
        )
    whole = not before.link
    files = {} if whole else dict(before.files)
    folders = {} if whole else dict(before.folders)
    changed = []
    for row in rows:
        key = f"{place.key}/{row['id']}"
        changed.append(key)
        if "deleted" in row:
            folders.pop(str(row["id"]), None)
        elif _is_folder(row):
            changed += _moved(str(row["id"]), str(row.get("webUrl") or ""), files, folders)
        found = None if "deleted" in row else _file(place, row)
        if found is None:
            files.pop(key, None)
        else:
            files[key] = found
    shelf = replace(before, link=_path_of(link), files=dict(sorted(files.items())), folders=folders)
    return Step(shelf, tuple(dict.fromkeys(changed)), whole, note)


def _moved(
    folder: str, url: str, files: dict[str, FileRow], folders: dict[str, str]
) -> Iterator[str]:
    """Give what lies in a folder its new address: the change names the folder alone.

    Gives the keys of those files.
    """
    old, folders[folder] = folders.get(folder, url), url
    if old == url:
        return
    for key, row in list(files.items()):
        if row.url.startswith(f"{old}/"):
            files[key] = replace(row, url=f"{url}{row.url[len(old) :]}")
            yield key
    for each, address in list(folders.items()):
        if address.startswith(f"{old}/"):
            folders[each] = f"{url}{address[len(old) :]}"


def _is_folder(row: Mapping[str, Any]) -> bool:
    kind = str((row.get("contentType") or {}).get("id") or "")
    return "folder" in (row.get("driveItem") or {}) or kind.startswith(_FOLDER)


def _path_of(link: str) -> str:
    """A link without host and version: it is followed on whatever host we speak to."""
    parts = urlsplit(link)
    path = _VERSION.sub("", parts.path)
    return f"{path}?{parts.query}" if parts.query else path


def _file(place: Place, row: Mapping[str, Any]) -> FileRow | None:
    """A row as a file; None for a folder."""
    drive = row.get("driveItem") or {}
    if _is_folder(row) or "file" not in drive:
        return None
    fields = {name: value for name, value in (row.get("fields") or {}).items() if "@" not in name}
    hashes = (drive.get("file") or {}).get("hashes") or {}
    return FileRow(
        library=place.key,
        id=int(row["id"]),
        name=str(drive.get("name") or row.get("name") or ""),
        url=str(row.get("webUrl") or ""),
        drive_item=str(drive.get("id") or ""),
        size=drive.get("size"),
        quick_hash=str(hashes.get("quickXorHash") or ""),
        created=str(row.get("createdDateTime") or ""),
        modified=str(row.get("lastModifiedDateTime") or ""),
        etag=str(row.get("eTag") or ""),
        held=_held(place, drive, fields),
        fields=fields,
    )


def _held(place: Place, drive: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    publication = drive.get("publication") or {}
    if publication.get("level") == "checkout":
        return "checked out"
    # Any write puts an approved item of a moderated library back to pending.
    if place.moderated and str(fields.get(_MODERATION, "")) in ("0", "Approved"):
        return "approved in SharePoint"
    return ""
