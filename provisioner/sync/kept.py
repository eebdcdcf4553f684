"""What a run keeps for the next one: change tokens and the files as last read.

Stored compressed in a hidden library of the site without versions, and made anew by a full sync. An
unchanged document can become stale by the passing of a day, so all of them are kept, not only what
changed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from provisioner.core.transport import Outcome, Reading, Transport
from provisioner.ledger.store import FACTS_URL, content_path
from provisioner.sync import columns
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Applied
from provisioner.sync.collect_changes import read_after
from provisioner.sync.collect_content import identified, office_identities
from provisioner.sync.collect_site import REST_READ, Places
from provisioner.sync.facts import Attestation, ItemTerms
from provisioner.sync.history import History
from provisioner.sync.list_rows import Seen
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.shelves import FileRow, Shelf

FILE = "facts.json.gz"
_KIND = "KeptFacts"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known from earlier runs.

    `unwritten` holds, by document key, clock and stamp that could not be put on the item itself.
    `sound` are the keys of documents that counted at some run, `gone` those of them that have left,
    as last read. `histories` is what versions told, `applied` what the ledger says of the catalogue.
    `rolls` are the lists as last read.
    """

    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    unwritten: Mapping[str, Remembered] = field(default_factory=dict)
    attestations: Seen = field(default_factory=dict)
    sound: frozenset[str] = frozenset()
    gone: Mapping[str, FileRow] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)
    applied: Applied = Applied()  # noqa: RUF009 - frozen
    rolls: Mapping[str, Roll] = field(default_factory=dict)

    def left(self, shelves: Mapping[str, Shelf]) -> dict[str, FileRow]:
        """The files that counted and are in none of these libraries, by key, as last read.

        One whose content is back in a library, whatever its name, has not left.
        """
        present = {key for shelf in shelves.values() for key in shelf.files}
        contents = {row.identity for shelf in shelves.values() for row in shelf.files.values()}
        known = {row.key: row for row in self.files() if row.key in self.sound} | {**self.gone}
        return {
            key: row
            for key, row in sorted(known.items())
            if key not in present and row.identity not in contents
        }

    def files(self) -> Iterable[FileRow]:
        """Every file known, library by library."""
        return (row for shelf in self.shelves.values() for row in shelf.files.values())

    def identities(self) -> dict[str, str]:
        """Content identities of Office files by SharePoint's hash."""
        return office_identities(self.files())

    def memory(self) -> dict[str, Remembered]:
        """What is remembered of each document, by key."""
        found = {row.key: Remembered(row.identity) for row in self.files()}
        for key, one in self.unwritten.items():
            found[key] = Remembered(found.get(key, one).identity, one.clock, one.stamp)
        return found

    def same(self, other: Kept) -> bool:
        """Whether the other, known before, says as much; tokens alone are nothing new.

        A few changed rows of lists are nothing new either: they travel again, in the same page.
        """
        return (
            self.unwritten == other.unwritten
            and self.attestations == other.attestations
            and (self.sound, self.gone) == (other.sound, other.gone)
            and self.histories == other.histories
            and self.applied.terms == other.applied.terms
            and not any(
                roll.worth_keeping(other.rolls.get(key)) for key, roll in self.rolls.items()
            )
            and self.shelves.keys() == other.shelves.keys()
            and all(_same(shelf, other.shelves[key]) for key, shelf in self.shelves.items())
        )


def _same(one: Shelf, other: Shelf) -> bool:
    return (
        (one.list_id, one.columns, one.folders) == (other.list_id, other.columns, other.folders)
        and one.files.keys() == other.files.keys()
        and all(row.same_facts(other.files[key]) for key, row in one.files.items())
    )


def facts_reading(site_path: str) -> Reading:
    """The file's bytes in one request: Graph sends whoever downloads on to a second address.

    learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest.
    """
    address = quote(f"{site_path}/{FACTS_URL}/{FILE}".replace("'", "''"), safe="/'")
    return Reading(
        "sharepoint",
        f"/_api/web/GetFileByServerRelativePath(DecodedUrl='{address}')/$value",
        absent_ok=True,
        permission=REST_READ,
    )


async def load(transport: Transport, places: Places) -> tuple[Kept, str]:
    """What the last run kept, and a note when there is nothing to be used."""
    if places.kept is None:
        return Kept(), (
            "The site has no library for kept facts, so everything is read anew; "
            "`provisioner apply` makes it."
        )
    reading = facts_reading(transport.site_path)
    data = (await transport.read([reading]))[reading].body
    if not isinstance(data, bytes) or not data:
        return Kept(), ""
    kept = read(data)
    if kept is None:
        return Kept(), "What the last run kept cannot be read, so everything is read anew."
    return kept, ""


async def save(transport: Transport, places: Places, kept: Kept) -> Outcome:
    """Keep it for the next run. The site must have the library for it."""
    assert places.kept is not None
    return await transport.upload(content_path(places.site, places.kept, FILE), written(kept))


async def moved_on(
    transport: Transport, places: Places, kept: Kept, written: frozenset[str]
) -> Kept:
    """The same facts, with the libraries and lists written on as they are after our own writes.

    What we wrote comes back as a change; taken in now, the next run finds nothing. Where somebody else
    changed a library meanwhile, its token stays as it was, so that the next run sees and judges that.
    """
    now_read = await read_after(transport, places, kept.shelves, kept.rolls, written)
    steps = await identified(transport, places, now_read.steps, kept.identities())
    moved = dict(kept.shelves)
    for key, step in steps.items():
        before, now = kept.shelves[key].files, step.shelf.files
        if all(
            each in before and each in now and now[each].same_facts(before[each])
            for each in step.changed
        ):
            moved[key] = step.shelf
    return replace(
        kept,
        shelves=moved,
        histories=_relabelled(kept.histories, moved),
        rolls={**kept.rolls, **now_read.rolls},
    )


def _relabelled(
    known: Mapping[str, History], shelves: Mapping[str, Shelf]
) -> Mapping[str, History]:
    """Histories with the labels our own writes gave their documents, where those made a version."""
    files = {key: row for shelf in shelves.values() for key, row in shelf.files.items()}
    return {
        key: replace(one, label=files[key].version) if key in files else one
        for key, one in known.items()
    }


def written(kept: Kept) -> bytes:
    """The file: the same bytes for the same facts."""
    document = {
        "apiVersion": "provisioner/v1",
        "kind": _KIND,
        "version": _VERSION,
        "libraries": {
            key: {
                "list": shelf.list_id,
                "link": shelf.link,
                "columns": list(shelf.columns),
                "folders": dict(sorted(shelf.folders.items())),
                "files": [asdict(row) for row in shelf.files.values()],
            }
            for key, shelf in sorted(kept.shelves.items())
        },
        "unwritten": {
            key: {"clock": columns.clock_text(one.clock), "stamp": columns.stamp_text(one.stamp)}
            for key, one in sorted(kept.unwritten.items())
        },
        "attestations": {
            key: [[one.on.isoformat(), one.by] for one in some]
            for key, some in sorted(kept.attestations.items())
        },
        "sound": sorted(kept.sound),
        "gone": [asdict(row) for _, row in sorted(kept.gone.items())],
        "lists": {
            key: {
                "list": roll.list_id,
                "link": roll.link,
                "shape": roll.shape,
                "rows": [[one.id, one.etag, dict(one.fields)] for one in roll.rows.values()],
            }
            for key, roll in sorted(kept.rolls.items())
        },
        "histories": {
            key: [_plain(value) for value in astuple(one)]
            for key, one in sorted(kept.histories.items())
        },
        "applied": {
            "etag": kept.applied.etag,
            "terms": {
                key: [_plain(value) for value in astuple(one)]
                for key, one in sorted(kept.applied.terms.items())
            },
        },
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def read(data: bytes) -> Kept | None:
    """The facts in a file of ours; None for anything else, an older form included."""
    try:
        document = json.loads(gzip.decompress(data))
        if document["kind"] != _KIND or document["version"] != _VERSION:
            return None
        return Kept(
            shelves={key: _shelf(key, one) for key, one in document["libraries"].items()},
            unwritten={
                key: Remembered(
                    "", columns.read_clock(one["clock"]), columns.read_stamp(one["stamp"])
                )
                for key, one in document["unwritten"].items()
            },
            attestations={
                key: tuple(Attestation(date.fromisoformat(on), str(by)) for on, by in some)
                for key, some in document["attestations"].items()
            },
            sound=frozenset(document.get("sound", ())),
            gone={row.key: row for row in (FileRow(**one) for one in document.get("gone", ()))},
            histories={key: _history(one) for key, one in document.get("histories", {}).items()},
            applied=_read_applied(document.get("applied") or {}),
            rolls={key: _roll(one) for key, one in document.get("lists", {}).items()},
        )
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _history(values: Sequence[Any]) -> History:
    label, identity, approval, author, dated, saved_by, saved_on = values
    days = [None if one is None else date.fromisoformat(one) for one in (dated, saved_on)]
    return History(label, identity, approval, author, days[0], saved_by, days[1])


def _read_applied(document: Mapping[str, Any]) -> Applied:
    terms = {key: _terms(one) for key, one in document.get("terms", {}).items()}
    return Applied(str(document.get("etag") or ""), terms)


def _terms(values: Sequence[Any]) -> ItemTerms:
    cadence, kind, enabled, anchor, grace, lead = values
    day = None if anchor is None else date.fromisoformat(anchor)
    return ItemTerms(cadence, kind, enabled, day, grace, lead)


def _roll(one: Mapping[str, Any]) -> Roll:
    rows = {row[0]: ListRow(int(row[0]), str(row[1]), dict(row[2])) for row in one["rows"]}
    return Roll(str(one["list"]), str(one["link"]), str(one["shape"]), rows)


def _shelf(key: str, one: Mapping[str, Any]) -> Shelf:
    rows = [FileRow(**row) for row in one["files"]]
    return Shelf(
        library=key,
        list_id=str(one["list"]),
        link=str(one["link"]),
        columns=tuple(one["columns"]),
        files={row.key: row for row in rows},
        folders={str(each): str(url) for each, url in one.get("folders", {}).items()},
    )
