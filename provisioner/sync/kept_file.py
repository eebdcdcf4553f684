"""The file in which a run keeps what it knows: lines of JSON, compressed.

The first line holds what is said once, each line after it one file, list row or history, so that
neither writing nor reading has the whole in memory as text. What is many stands at the end, in blocks
compressed one by one (RFC 1952 lets members follow one another), which are taken from the file and put
into the next as they are. Another form, one document of version 1, is still read.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from itertools import chain
from typing import Any

import orjson

from provisioner.sync import stamp_texts
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Applied
from provisioner.sync.facts import Attestation, ItemTerms
from provisioner.sync.history import History
from provisioner.sync.kept import Kept
from provisioner.sync.packed_files import COLUMNS, FILE, PackedFiles, file_form, values
from provisioner.sync.packed_rows import Block, Packed, line
from provisioner.sync.rolls import ROW, ListRow, Roll, list_form
from provisioner.sync.row_fields import Press
from provisioner.sync.shelves import FileRow, Shelf, hash_beside

_KIND = "KeptFacts"
_WHOLE, _LINES = 1, 2
_SHARED = ("created", "modified", "content_seen")
_GONE, _HISTORY = "gone", "history"


def written(kept: Kept) -> bytes:
    """The file: the same bytes for the same facts."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=6, mtime=0) as file:
        for said in _lines(kept):
            file.write(line(said))
    packed = (block.data for rows in _packed(kept) for block in rows.blocks)
    return b"".join((made.getbuffer(), *packed))


def _packed(kept: Kept) -> list[Packed[Any]]:
    """What is many, in the order in which it ends the file."""
    files = [shelf.files for _, shelf in sorted(kept.shelves.items())]
    rolls = [roll.rows for _, roll in sorted(kept.rolls.items())]
    return [
        *(one.rows for one in files if isinstance(one, PackedFiles)),
        *(one for one in rolls if isinstance(one, Packed)),
    ]


def _lines(kept: Kept) -> Iterator[object]:
    yield _head(kept)
    for _, shelf in sorted(kept.shelves.items()):
        for row in () if isinstance(shelf.files, PackedFiles) else shelf.files.values():
            yield [FILE, shelf.library, values(row)]
    for _, row in sorted(kept.gone.items()):
        yield [_GONE, row.library, values(row)]
    for key, roll in sorted(kept.rolls.items()):
        for one in () if isinstance(roll.rows, Packed) else roll.rows.values():
            yield [ROW, key, [one.id, one.etag, one.fields]]
    for key, history in sorted(kept.histories.items()):
        yield [_HISTORY, key, [_plain(value) for value in astuple(history)]]


def _head(kept: Kept) -> dict[str, Any]:
    return {
        "apiVersion": "provisioner/v1",
        "kind": _KIND,
        "version": _LINES,
        "columns": COLUMNS,
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
        "blocks": [
            [rows.form.sort, rows.form.key, [_told(block) for block in rows.blocks]]
            for rows in _packed(kept)
        ],
        "applied": {
            "etag": kept.applied.etag,
            "terms": {
                key: [_plain(value) for value in astuple(one)]
                for key, one in kept.applied.terms.items()
            },
        },
    }


def _told(block: Block) -> list[int]:
    return [block.first, block.last, block.count, len(block.data), zlib.crc32(block.data)]


def read(data: bytes) -> Kept | None:
    """The facts in a file of ours; None for anything else."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            head = orjson.loads(file.readline())
        if head["kind"] != _KIND or head["version"] not in (_WHOLE, _LINES):
            return None
        blocks = _blocks(head, data)
        size = sum(len(one.data) for some in blocks.values() for one in some)
        with gzip.GzipFile(fileobj=io.BytesIO(memoryview(data)[: len(data) - size])) as file:
            file.readline()
            lines = _apart(head) if head["version"] == _WHOLE else map(orjson.loads, file)
            return _kept(head, lines, blocks)
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError):
        return None


def _blocks(head: Mapping[str, Any], data: bytes) -> dict[tuple[str, str], list[Block]]:
    """What ends the file, by the word before it and its list or library.

    Raises:
        ValueError: it is not what was put there.
    """
    told = head.get("blocks", ())
    at = len(data) - sum(one[3] for *_, some in told for one in some)
    found: dict[tuple[str, str], list[Block]] = {}
    for sort, key, some in told:
        blocks = found.setdefault((sort, key), [])
        for first, last, count, size, check in some:
            block = Block(first, last, count, data[at : at + size])
            if at < 0 or zlib.crc32(block.data) != check:
                raise ValueError(f"{sort} {first} to {last} of {key}")
            blocks.append(block)
            at += size
    return found


def _apart(head: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The lines that the one document of version 1 would be."""
    for key, one in head["libraries"].items():
        yield from ([FILE, key, row] for row in one["files"])
    yield from ([_GONE, row["library"], row] for row in head.get("gone", ()))
    for key, one in head.get("lists", {}).items():
        yield from ([ROW, key, row] for row in one["rows"])
    yield from ([_HISTORY, key, one] for key, one in head.get("histories", {}).items())


def _kept(
    head: Mapping[str, Any],
    lines: Iterable[Sequence[Any]],
    blocks: Mapping[tuple[str, str], list[Block]],
) -> Kept:
    files: dict[str, dict[str, FileRow]] = {key: {} for key in head["libraries"]}
    packed = {key: some for (sort, key), some in blocks.items() if sort == FILE}
    if packed and head["columns"] != list(COLUMNS):
        # Of another version, which kept other columns of a file.
        opened = (block.lines() for some in packed.values() for block in some)
        lines, packed = chain(lines, chain.from_iterable(opened)), {}
    rows: dict[str, dict[int, ListRow]] = {key: {} for key in head.get("lists", {})}
    gone: dict[str, FileRow] = {}
    histories: dict[str, History] = {}
    press = Press()
    for sort, key, said in lines:
        if sort == ROW:
            rows[key][said[0]] = ListRow(int(said[0]), str(said[1]), press.fields(said[2]))
        elif sort == _HISTORY:
            histories[key] = _history(said)
        else:
            row = _file(key, said, head, press)
            (gone if sort == _GONE else files[key])[row.key] = row
    return Kept(
        shelves={
            key: _shelf(
                key,
                one,
                PackedFiles(Packed(file_form(key), packed[key])) if key in packed else files[key],
            )
            for key, one in head["libraries"].items()
        },
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
        rolls={
            key: _roll(
                one,
                Packed(list_form(key), blocks[(ROW, key)]) if (ROW, key) in blocks else rows[key],
            )
            for key, one in head.get("lists", {}).items()
        },
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
