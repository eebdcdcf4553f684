"""What a run keeps for the next one comes back as it was, also from the forms of earlier versions."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from provisioner.sync.collect import Remembered
from provisioner.sync.facts import Attestation
from provisioner.sync.history import History
from provisioner.sync.kept import Kept
from provisioner.sync.kept_file import read, written
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.shelves import FileRow, Shelf
from provisioner.sync.stamp_texts import clock_text
from provisioner.sync.stamped import Clock

GUID = "a1402ca5-73bd-4f10-84ed-c1dec85cebcc"


def file_row(**facts: Any) -> FileRow:
    given: dict[str, Any] = {
        "library": "a", "id": 3, "name": "x.pdf", "url": "u", "drive_item": "d", "size": 40,
        "created": "2026-06-01T00:00:00Z", "modified": "2026-06-02T00:00:00Z",
        "etag": f'"{GUID},2"', "held": "", "fields": {"ReviewStatus": "Draft"}, "identity": "quickXor:q",
    }  # fmt: skip
    return FileRow(**(given | facts))


def as_kept(row: FileRow) -> dict[str, Any]:
    """A file as it was kept once, with its hash as it came."""
    now = ("key", "hash_apart")
    old = {name: value for name, value in asdict(row).items() if name not in now}
    return old | {"quick_hash": row.quick_hash}


def kept(*rows: FileRow) -> Kept:
    shelf = Shelf("a", "list", "/sites/s/delta?token=1", ("ReviewStatus",),
                  {row.key: row for row in rows})  # fmt: skip
    return Kept(
        {"a": shelf},
        {"a/3": Remembered("", Clock("review", date(2026, 6, 5)), None)},
        {"E014": (Attestation(date(2026, 6, 1), "ann@contoso.com"),)},
    )


def test_what_is_kept_comes_back_and_is_the_same_bytes_every_time() -> None:
    before = kept(file_row())
    assert read(written(before)) == before
    assert written(before) == written(kept(file_row()))


def test_each_file_is_a_line_of_its_own() -> None:
    """So that neither writing nor reading needs the whole as one text."""
    lines = gzip.decompress(written(kept(file_row(), file_row(id=4)))).splitlines()
    assert [json.loads(line)[0] for line in lines[1:]] == ["file", "file"]


def test_a_line_with_the_hash_as_it_came_is_still_read() -> None:
    head, line = gzip.decompress(written(kept(file_row()))).splitlines()
    old = as_kept(file_row())
    told = [json.loads(head) | {"columns": list(old)}, ["file", "a", list(old.values())]]
    assert json.loads(line)[0] == "file"
    assert read(gzip.compress("\n".join(map(json.dumps, told)).encode())) == kept(file_row())


def test_a_files_hash_is_in_its_content_or_beside_it() -> None:
    assert file_row().quick_hash == "q"
    assert file_row(identity="sha256:1", hash_apart="q").quick_hash == "q"
    assert file_row(identity="").quick_hash == ""
    assert (file_row().unique_id, file_row(etag="").unique_id) == (GUID, "")


def test_a_file_that_broke_off_is_nothing() -> None:
    data = written(kept(file_row()))
    assert read(data[: len(data) // 2]) is None


def test_the_form_of_the_first_version_is_still_read() -> None:
    before = replace(
        kept(file_row()),
        sound=frozenset({"a/3"}),
        gone={"a/9": file_row(id=9)},
        histories={"a/3": History("1.0", "id", "", None, date(2026, 6, 1), None, None)},
        rolls={"periods": Roll("l", "/delta", "shape", {1: ListRow(1, '"1"', {"Title": "x"})})},
    )
    document = {
        "kind": "KeptFacts",
        "version": 1,
        "libraries": {
            "a": {
                "list": "list",
                "link": "/sites/s/delta?token=1",
                "columns": ["ReviewStatus"],
                "folders": {},
                "files": [as_kept(file_row())],
            }
        },
        "unwritten": {"a/3": {"clock": clock_text(Clock("review", date(2026, 6, 5))), "stamp": ""}},
        "attestations": {"E014": [["2026-06-01", "ann@contoso.com"]]},
        "sound": ["a/3"],
        "gone": [as_kept(file_row(id=9))],
        "lists": {
            "periods": {
                "list": "l", "link": "/delta", "shape": "shape", "rows": [[1, '"1"', {"Title": "x"}]],
            }
        },
        "histories": {"a/3": ["1.0", "id", "", None, "2026-06-01", None, None]},
        "applied": {"etag": "", "terms": {}},
    }  # fmt: skip
    assert read(gzip.compress(json.dumps(document).encode())) == before
    assert read(written(before)) == before


@pytest.mark.parametrize("data", [b"", b"{}", b"\x1f\x8b broken"])
def test_what_is_not_ours_is_nothing(data: bytes) -> None:
    assert read(data) is None


def test_our_own_writes_are_no_news() -> None:
    written_on = {"ReviewStatus": "Draft", "Freshness": "Stale", "Flags": "STALE"}
    moved = file_row(modified="2026-06-15T00:00:00Z", etag='"2"', fields=written_on)
    assert kept(file_row()).same(kept(moved))
    office = file_row(name="x.docx", identity="sha256:1")
    assert kept(office).same(kept(replace(office, hash_apart="other", size=41)))


@pytest.mark.parametrize(
    "change",
    [
        {"fields": {"ReviewStatus": "Submitted"}},
        {"fields": {}},
        {"name": "y.pdf"},
        {"identity": "quickXor:other"},
        {"held": "checked out"},
    ],
)
def test_what_people_change_is_news(change: dict[str, Any]) -> None:
    assert not kept(file_row()).same(kept(file_row(**change)))
