"""The file in which a run keeps what it knows: lines of JSON, compressed.

The first line holds what is said once, each line after it one file, list row or history, so that
neither writing nor reading has the whole in memory as text. Another form, one document of version 1, is
still read.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date
from operator import attrgetter
from typing import Any

from provisioner.sync import stamp_texts
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Applied
from provisioner.sync.facts import Attestation, ItemTerms
from provisioner.sync.history import History
from provisioner.sync.kept import Kept
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.row_fields import Press
from provisioner.sync.shelves import FileRow, Shelf, hash_beside

_KIND = "KeptFacts"
_WHOLE, _LINES = 1, 2
_COLUMNS = tuple(one.name for one in fields(FileRow) if one.init)
_VALUES = attrgetter(*_COLUMNS)
_SHARED = ("created", "modified", "content_seen")
_FILE, _GONE, _ROW, _HISTORY = "file", "gone", "row", "history"
_TEXT = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict
).encode
"""`default`: what is no JSON value here are the fields of rows, which are a mapping."""


def written(kept: Kept) -> bytes:
    """The file: the same bytes for the same facts."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=6, mtime=0) as file:
        for line in _lines(kept):
            file.write(_TEXT(line).encode() + b"\n")
    return made.getvalue()


def _lines(kept: Kept) -> Iterator[object]:
    yield _head(kept)
    for _, shelf in sorted(kept.shelves.items()):
        for row in shelf.files.values():
            yield [_FILE, shelf.library, _VALUES(row)]
    for _, row in sorted(kept.gone.items()):
        yield [_GONE, row.library, _VALUES(row)]
    for key, roll in sorted(kept.rolls.items()):
        for one in roll.rows.values():
            yield [_ROW, key, [one.id, one.etag, one.fields]]
    for key, history in sorted(kept.histories.items()):
        yield [_HISTORY, key, [_plain(value) for value in astuple(history)]]


def _head(kept: Kept) -> dict[str, Any]:
    return {
        "apiVersion": "provisioner/v1",
        "kind": _KIND,
        "version": _LINES,
        "columns": _COLUMNS,
        "libraries": {
            key: {
                "list": shelf.list_id,
                "link": shelf.link,
                "columns": list(shelf.columns),
                "folders": dict(shelf.folders),
            }
            for key, shelf in kept.shelves.items()
        },
        "unwritten": {
            key: {
                "clock": stamp_texts.clock_text(one.clock),
                "stamp": stamp_texts.stamp_text(one.stamp),
            }
            for key, one in kept.unwritten.items()
        },
        "attestations": {
            key: [[one.on.isoformat(), one.by] for one in some]
            for key, some in kept.attestations.items()
        },
        "sound": sorted(kept.sound),
        "lists": {
            key: {"list": roll.list_id, "link": roll.link, "shape": roll.shape}
            for key, roll in kept.rolls.items()
        },
        "applied": {
            "etag": kept.applied.etag,
            "terms": {
                key: [_plain(value) for value in astuple(one)]
                for key, one in kept.applied.terms.items()
            },
        },
    }


def read(data: bytes) -> Kept | None:
    """The facts in a file of ours; None for anything else."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            head = json.loads(file.readline())
            if head["kind"] != _KIND or head["version"] not in (_WHOLE, _LINES):
                return None
            return _kept(head, _apart(head) if head["version"] == _WHOLE else map(json.loads, file))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def _apart(head: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The lines that the one document of version 1 would be."""
    for key, one in head["libraries"].items():
        yield from ([_FILE, key, row] for row in one["files"])
    yield from ([_GONE, row["library"], row] for row in head.get("gone", ()))
    for key, one in head.get("lists", {}).items():
        yield from ([_ROW, key, row] for row in one["rows"])
    yield from ([_HISTORY, key, one] for key, one in head.get("histories", {}).items())


def _kept(head: Mapping[str, Any], lines: Iterable[Sequence[Any]]) -> Kept:
    files: dict[str, dict[str, FileRow]] = {key: {} for key in head["libraries"]}
    rows: dict[str, dict[int, ListRow]] = {key: {} for key in head.get("lists", {})}
    gone: dict[str, FileRow] = {}
    histories: dict[str, History] = {}
    press = Press()
    for sort, key, said in lines:
        if sort == _ROW:
            rows[key][said[0]] = ListRow(int(said[0]), str(said[1]), press.fields(said[2]))
        elif sort == _HISTORY:
            histories[key] = _history(said)
        else:
            row = _file(key, said, head, press)
            (gone if sort == _GONE else files[key])[row.key] = row
    return Kept(
        shelves={key: _shelf(key, one, files[key]) for key, one in head["libraries"].items()},
        unwritten={
            key: Remembered(
                "", stamp_texts.read_clock(one["clock"]), stamp_texts.read_stamp(one["stamp"])
            )
            for key, one in head["unwritten"].items()
        },
        attestations={
            key: tuple(Attestation(date.fromisoformat(on), str(by)) for on, by in some)
            for key, some in head["attestations"].items()
        },
        sound=frozenset(head.get("sound", ())),
        gone=gone,
        histories=histories,
        applied=_read_applied(head.get("applied") or {}),
        rolls={key: _roll(one, rows[key]) for key, one in head.get("lists", {}).items()},
    )


def _file(
    key: str,
    said: Sequence[Any] | Mapping[str, Any],
    head: Mapping[str, Any],
    press: Press,
) -> FileRow:
    told = said if isinstance(said, Mapping) else dict(zip(head["columns"], said, strict=True))
    told = _as_now(told)
    shared = {name: press.once(told[name]) for name in _SHARED if name in told}
    return FileRow(**{**told, **shared, "library": key, "fields": press.fields(told["fields"])})


def _as_now(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file as it is held today, also from the days when its hash was kept as it came."""
    if "quick_hash" not in told:
        return told
    now = {name: value for name, value in told.items() if name != "quick_hash"}
    now["hash_apart"] = hash_beside(told.get("identity", ""), told["quick_hash"])
    return now


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


def _roll(one: Mapping[str, Any], rows: Mapping[int, ListRow]) -> Roll:
    return Roll(str(one["list"]), str(one["link"]), str(one["shape"]), rows)


def _shelf(key: str, one: Mapping[str, Any], files: Mapping[str, FileRow]) -> Shelf:
    return Shelf(
        library=key,
        list_id=str(one["list"]),
        link=str(one["link"]),
        columns=tuple(one["columns"]),
        files=files,
        folders={str(each): str(url) for each, url in one.get("folders", {}).items()},
    )
