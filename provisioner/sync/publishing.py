"""Puts reports into a library of the site, over our own earlier ones and over nothing else.

The ledger remembers what we put there, and before it is put there what it is going to be, so that a
run that broke off is no stranger to the next. A file of the same name with content we never wrote is
somebody's own, or ours that somebody changed, and stays. Requests: "List children of a driveItem" and
"Upload small files" (learn.microsoft.com/graph/api/driveitem-list-children, driveitem-put-content).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Reading, Transport
from provisioner.ledger.store import read_document, write_file
from provisioner.sync.collect_content import OFFICE, package_identity
from provisioner.sync.collect_site import GRAPH_READ, Places
from provisioner.sync.quick_xor import quick_xor_hash

RECORD = "reports.json"
_KIND = "PublishedReports"
_SAME_NAME = "a file of that name is there that is not ours, or that somebody changed"

Action = Literal["placed", "replaced", "unchanged", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one file; `why` says it where the file is not on the site as it was made."""

    name: str
    action: Action
    why: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where reports go: the Graph path of the library, the folder in it, and what lies there.

    `known` are the contents we wrote, by file name; `news` the digest they were made for.
    """

    key: str
    path: str
    folder: str
    there: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    news: str = ""

    def address(self, name: str) -> str:
        """The Graph path of a file's content."""
        inside = "/".join(quote(one, safe="") for one in (*_steps(self.folder), name))
        return f"{self.path}/drive/root:/{inside}:/content"


def _steps(folder: str) -> list[str]:
    return [one for one in folder.split("/") if one]


async def shelf(transport: Transport, places: Places, library: str, url: str, folder: str) -> Shelf:
    """The library at a server-relative URL and what the ledger knows of our files in it.

    Raises `ProvisionerError` REPORTS-LIBRARY where the site has none there, or has no ledger.
    """
    lists = Reading(
        "graph",
        f"/sites/{places.site}/lists?$select=id,webUrl,system&$top=500",
        pages=True,
        permission=GRAPH_READ,
    )
    rows = (await transport.read([lists]))[lists].body.get("value", [])
    found = [row for row in rows if _path_of(row).casefold() == url.casefold()]
    if not found or places.ledger is None:
        raise ProvisionerError(
            "REPORTS-LIBRARY",
            f"The site has no library {url} to put reports into.",
            hint="`provisioner apply` makes it, and the ledger that knows which files are ours.",
        )
    path = f"/sites/{places.site}/lists/{found[0]['id']}"
    inside = "/".join(quote(one, safe="") for one in _steps(folder))
    place = f"{path}/drive/root:/{inside}:/children" if inside else f"{path}/drive/root/children"
    children = Reading("graph", place, pages=True, absent_ok=True, permission=GRAPH_READ)
    body = (await transport.read([children]))[children].body or {}
    record = await read_document(transport, places.site, places.ledger, RECORD)
    key = f"{library}/{folder}".rstrip("/")
    kept = _kept(record, key)
    return Shelf(
        key,
        path,
        folder,
        {str(one["name"]).casefold(): one for one in body.get("value", [])},
        {str(name): tuple(map(str, some)) for name, some in kept.get("files", {}).items()},
        str(kept.get("news", "")),
    )


async def publish(
    transport: Transport, places: Places, at: Shelf, files: Mapping[str, bytes], news: str
) -> tuple[Published, ...]:
    """Put the files there. What is refused is said and stops nothing else."""
    assert places.ledger is not None
    waiting: dict[str, str | None] = {}
    done: dict[str, Published] = {}
    for name, data in files.items():
        present = at.there.get(name.casefold())
        if present is None:
            waiting[name] = None
            continue
        content = await _content(transport, at, name, present)
        if content == _identity(name, data):
            done[name] = Published(name, "unchanged")
        elif content in at.known.get(name, ()):
            waiting[name] = str(present["eTag"])
        else:
            done[name] = Published(name, "kept", _SAME_NAME)
    if not waiting:
        return tuple(done[name] for name in files)
    wanted = {name: _identity(name, files[name]) for name in waiting}
    before = {name: (*at.known.get(name, ())[-1:], one) for name, one in wanted.items()}
    await _remember(transport, places, at, {**at.known, **before}, at.news)
    for name, etag in waiting.items():
        done[name] = await _sent(transport, at, name, files[name], etag)
    failed = any(one.action == "failed" for one in done.values())
    after = {name: (one,) for name, one in wanted.items() if done[name].action != "failed"}
    known = {**at.known, **before, **after}
    await _remember(transport, places, at, known, at.news if failed else news)
    return tuple(done[name] for name in files)


async def _sent(
    transport: Transport, at: Shelf, name: str, data: bytes, etag: str | None
) -> Published:
    address = at.address(name)
    if etag is None:  # somebody may have put one there meanwhile
        address += "?@microsoft.graph.conflictBehavior=fail"
    outcome = await transport.upload(address, data, if_match=etag)
    if outcome.state == "done":
        return Published(name, "placed" if etag is None else "replaced")
    if outcome.status in (409, 412):
        return Published(name, "kept", _SAME_NAME)
    return Published(name, "failed", outcome.message or outcome.code or outcome.state)


async def _content(transport: Transport, at: Shelf, name: str, present: Mapping[str, Any]) -> str:
    """What identifies a file that is there; "" for a folder."""
    file = present.get("file")
    if file is None:
        return ""
    quick = str((file.get("hashes") or {}).get("quickXorHash") or "")
    if quick and not name.endswith(OFFICE):
        return quick
    return _identity(name, await transport.download(at.address(name)) or b"")


def _identity(name: str, data: bytes) -> str:
    own = package_identity(data) if name.endswith(OFFICE) else None
    return own or quick_xor_hash(data)


async def _remember(
    transport: Transport,
    places: Places,
    at: Shelf,
    known: Mapping[str, tuple[str, ...]],
    news: str,
) -> None:
    assert places.ledger is not None
    record = await read_document(transport, places.site, places.ledger, RECORD)
    shelves = dict(record["shelves"]) if _is_ours(record) else {}
    shelves[at.key] = {"news": news, "files": {name: list(some) for name, some in known.items()}}
    document = {"apiVersion": "provisioner/v1", "kind": _KIND, "shelves": shelves}
    await write_file(transport, places.site, places.ledger, RECORD, document)


def _kept(record: Any, key: str) -> Mapping[str, Any]:
    kept = record["shelves"].get(key) if _is_ours(record) else None
    return kept if isinstance(kept, Mapping) else {}


def _is_ours(record: Any) -> bool:
    return (
        isinstance(record, Mapping)
        and record.get("kind") == _KIND
        and isinstance(record.get("shelves"), Mapping)
    )


def _path_of(row: Mapping[str, Any]) -> str:
    return unquote(urlsplit(str(row.get("webUrl") or "")).path).rstrip("/")
