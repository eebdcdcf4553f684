"""Rows by the thousand are held packed, and tell the same as where they are few."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from provisioner.sync.kept import Kept
from provisioner.sync.kept_file import read, written
from provisioner.sync.packed_files import (
    COLUMNS,
    PackedFiles,
    left_out,
    same_facts,
    values,
    with_changes,
)
from provisioner.sync.packed_rows import Form, Packed, changed
from provisioner.sync.rolls import ListRow, Roll, list_form
from provisioner.sync.shelves import FileRow, Shelf

MANY = 2_001


def file(number: int, **facts: object) -> FileRow:
    row = FileRow(
        "a", number, f"ö\u2028{number}.pdf", f"u/{number}", f"d{number}", 40, "2026-06-01T00:00:00Z",
        "2026-06-02T00:00:00Z", f'"{number},2"', "", {"ReviewStatus": "Draft", "Clock": "x\ny"},
        f"quickXor:{number}",
    )  # fmt: skip
    return replace(row, **facts)  # type: ignore[arg-type]


FILES = with_changes("a", {}, {f"a/{n}": file(n) for n in range(1, MANY + 1)})
ROWS = changed({}, {n: ListRow(n, f'"{n}"', {"N": n}) for n in range(7, MANY + 7)}, list_form("i"))
KEPT = Kept(
    {"a": Shelf("a", "list", "/delta", ("ReviewStatus",), FILES)},
    rolls={"i": Roll("l", "/delta", "shape", ROWS)},
)


def test_what_is_many_comes_back_from_the_file() -> None:
    again = read(written(KEPT))
    assert again is not None
    files, rows = again.shelves["a"].files, again.rolls["i"].rows
    assert isinstance(files, PackedFiles)
    assert isinstance(rows, Packed)
    assert [files[f"a/{n}"] for n in (1, 300, MANY)] == [file(1), file(300), file(MANY)]
    assert (dict(files), dict(rows)) == (dict(FILES), dict(ROWS))
    assert [key in files for key in ("a/0", "b/1", "a/x", f"a/{MANY + 1}")] == [False] * 4


def test_each_of_many_is_a_line_too_for_a_version_that_knows_no_blocks() -> None:
    head, *lines = map(json.loads, gzip.decompress(written(KEPT)).split(b"\n")[:-1])
    assert head["version"] == 2
    assert [line[0] for line in lines] == ["file"] * MANY + ["row"] * MANY


def test_blocks_that_keep_other_columns_are_read_line_by_line() -> None:
    names = [name for name in COLUMNS if name != "content_seen"]
    form = Form("file", "a", lambda row: [getattr(row, name) for name in names], FileRow)
    other = Packed(form).with_changes({row.id: row for row in FILES.values()})
    kept = Kept({"a": replace(KEPT.shelves["a"], files=PackedFiles(other))})
    head, _, lines = gzip.decompress(written(kept)).partition(b"\n")
    head = gzip.compress(json.dumps(json.loads(head) | {"columns": names}).encode() + b"\n")
    told = head + b"".join(block.data for block in other.blocks)
    again = read(told)
    assert again is not None
    assert dict(again.shelves["a"].files) == dict(FILES)
    assert lines


def test_one_wrong_bit_anywhere_makes_the_file_nothing() -> None:
    data = written(KEPT)
    for at in range(12, len(data), len(data) // 40):
        assert read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None
    assert read(data[:-1]) is None


def test_a_change_leaves_the_other_blocks_as_they_are() -> None:
    after = with_changes("a", FILES, {"a/300": file(300, name="other"), "a/301": None})
    assert isinstance(FILES, PackedFiles)
    assert isinstance(after, PackedFiles)
    assert len({*after.rows.blocks} - {*FILES.rows.blocks}) == 1
    assert [row.id for row in left_out(FILES, after)] == [301]
    assert not same_facts(Shelf("a", "l", "", (), FILES), Shelf("a", "l", "", (), after))
    back = with_changes("a", after, {"a/300": file(300, etag="other"), "a/301": file(301)})
    assert same_facts(Shelf("a", "l", "", (), FILES), Shelf("a", "l", "", (), back))
    assert list(left_out(FILES, back)) == []


@pytest.mark.parametrize("seed", range(3))
def test_packed_or_not_changes_come_to_the_same(seed: int) -> None:
    """From a few rows to many and back, whatever the order in which they come and go."""
    by, form = random.Random(seed), list_form("i")
    plain: dict[int, ListRow] = {}
    rows: Mapping[int, ListRow] = {}
    for size in (5, 1_990, 300, 40, 2_000, 1):
        some = {by.randrange(3_000): by.random() for _ in range(size)}
        changes = {n: ListRow(n, str(x), {"x": x}) if x < 0.7 else None for n, x in some.items()}
        rows = changed(rows, changes, form)
        plain = {n: row for n, row in {**plain, **changes}.items() if row is not None}
        assert list(rows.items()) == sorted(plain.items())
        assert len(rows) == len(plain)
    assert isinstance(rows, Packed)
    assert all(block.first <= block.last for block in rows.blocks)


def test_few_and_many_files_compare_alike() -> None:
    few = {key: FILES[key] for key in ("a/1", "a/2")}
    assert [row.id for row in left_out(FILES, few)] == list(range(3, MANY + 1))
    assert list(left_out(few, FILES)) == []
    assert list(left_out({}, FILES)) == []
    assert values(FILES["a/1"]) == values(file(1))
