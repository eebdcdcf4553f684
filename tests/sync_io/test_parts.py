"""The parts of a run that need no site: content identity, keys, what is kept, what batches answer."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.progress import Silent
from provisioner.core.transport import Answer, Envelope, Operation, Outcome, Reading, Stats
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_changes import read_changes
from provisioner.sync.collect_content import package_identity
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.facts import Attestation
from provisioner.sync.findings import facts_text, finding_key
from provisioner.sync.history import History
from provisioner.sync.kept import Kept
from provisioner.sync.kept_file import read, written
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.shelves import FileRow, Shelf
from provisioner.sync.stamp_texts import clock_text
from provisioner.sync.stamped import Clock
from provisioner.sync.subject import Subject
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Severity, SubjectKind, VerdictState
from provisioner.sync.writeback_send import Write, send


def package(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


BOOK = {"[Content_Types].xml": b"t", "_rels/.rels": b"r", "xl/workbook.xml": b"<book/>",
        "docProps/core.xml": b"c", "customXml/item1.xml": b"i",
        "xl/_rels/workbook.xml.rels": b"w"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in BOOK if name != "xl/workbook.xml"])
def test_what_sharepoint_rewrites_does_not_move_the_identity(name: str) -> None:
    assert package_identity(package({**BOOK, name: b"other"})) == package_identity(package(BOOK))


@pytest.mark.parametrize(
    "parts",
    [{**BOOK, "xl/workbook.xml": b"<other/>"}, {**BOOK, "xl/sheet2.xml": b""}],
)
def test_what_people_write_moves_the_identity(parts: dict[str, bytes]) -> None:
    assert package_identity(package(parts)) != package_identity(package(BOOK))


def test_the_order_of_parts_does_not_matter() -> None:
    backwards = dict(reversed(BOOK.items()))
    assert package_identity(package(backwards)) == package_identity(package(BOOK))


@pytest.mark.parametrize("data", [b"", b"plain text", package(BOOK)[:-30]])
def test_what_is_no_package_has_no_identity(data: bytes) -> None:
    assert package_identity(data) is None


def test_a_package_damaged_inside_has_no_identity() -> None:
    data = bytearray(package({"xl/workbook.xml": b"a" * 64}))
    data[60] ^= 0xFF
    assert package_identity(bytes(data)) is None


def verdict(**facts: Any) -> Verdict:
    given: dict[str, Any] = {
        "subject": "E010", "about": Subject(SubjectKind.ITEM, "E010"), "item": "E010",
        "document": None, "rule": "MISSING", "state": VerdictState.OPEN,
        "severity": Severity.ERROR, "facts": {}, "next": "", "message": "m",
        "today": date(2026, 6, 15), "policy": "p",
    }  # fmt: skip
    return Verdict(**(given | facts))


def test_a_findings_key_is_readable_and_never_longer_than_its_column() -> None:
    assert finding_key(verdict()) == "MISSING E010"
    long = finding_key(verdict(subject="E011/part:" + "x" * 90))
    other = finding_key(verdict(subject="E011/part:" + "x" * 91))
    assert len(long) == len(other) == 80
    assert long != other


def test_facts_are_lines_for_people() -> None:
    facts = {
        "periodFrom": "2026-04-01", "days": [{"from": "2026-04-03", "to": None}],
        "empty": [], "nothing": None, "open": True,
    }  # fmt: skip
    assert facts_text(facts) == "Period from: 2026-04-01\nDays: from 2026-04-03\nOpen: yes"


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


@dataclass
class Fake:
    """A transport that answers what it is told."""

    answers: dict[str, Answer] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    hostname: str = "contoso.sharepoint.com"
    site_path: str = "/sites/acme"
    stats: Stats = field(default_factory=Stats)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        self.asked += [one.path for one in readings]
        return {
            one: next(a for part, a in self.answers.items() if part in one.path) for one in readings
        }

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        self.envelopes += envelopes
        left = iter(self.outcomes)
        return [[next(left, Outcome("done", 200)) for _ in one.operations] for one in envelopes]

    async def upload(self, path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        raise AssertionError

    async def download(self, path: str) -> bytes | None:
        raise AssertionError


PLACES = Places(
    "SITE", ZoneInfo("UTC"), 1033,
    {"a": Place("a", "LIST", "A", columns=frozenset({"EvidenceItem", "ReviewStatus"}))}, {},
)  # fmt: skip


def raw(number: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": number, "name": "x.pdf", "webUrl": "u", "createdDateTime": "2026-06-01T00:00:00Z",
        "lastModifiedDateTime": "2026-06-02T00:00:00Z", "eTag": "1",
        "contentType": {"id": "0x0101", "name": "Document"},
        **facts,
    }  # fmt: skip


WHOLE = {
    "fields": {"ReviewStatus": "Draft"},
    "driveItem": {"id": "d", "name": "x.pdf", "size": 4, "file": {"hashes": {"quickXorHash": "q"}}},
}
LINK = "https://graph.microsoft.com/v1.0/sites/SITE/lists/LIST/items/delta?token=next"


def test_a_token_is_followed_on_the_host_we_speak_to() -> None:
    """Links carry the host of the run that got them; on the local tenant each run has its own port."""
    body = {"value": [raw("1", **WHOLE)], "@odata.deltaLink": LINK}
    steps = asyncio.run(read_changes(Fake({"delta": Answer(200, body)}), PLACES, {}, {})).steps
    shelf = steps["a"].shelf
    assert shelf.link == "/sites/SITE/lists/LIST/items/delta?token=next"
    fake = Fake({"delta": Answer(200, {"value": [], "@odata.deltaLink": LINK})})
    again = asyncio.run(read_changes(fake, PLACES, {"a": shelf}, {})).steps
    assert fake.asked == [shelf.link]
    assert again["a"].shelf.files == shelf.files


def test_rows_a_token_gives_without_columns_are_read_one_by_one() -> None:
    body = {"value": [raw("1"), raw("2")], "@odata.deltaLink": LINK}
    fake = Fake(
        {
            "delta": Answer(200, body),
            "items/1?": Answer(200, raw("1", **WHOLE)),
            "items/2?": Answer(404, None),
        }
    )
    steps = asyncio.run(read_changes(fake, PLACES, {}, {})).steps
    assert list(steps["a"].shelf.files) == ["a/1"]


def test_a_library_that_was_made_anew_is_read_whole() -> None:
    old = Shelf("a", "ANOTHER", "/delta?token=old", (), {"a/9": file_row(id=9)})
    body = {"value": [raw("1", **WHOLE)], "@odata.deltaLink": LINK}
    fake = Fake({"delta": Answer(200, body)})
    steps = asyncio.run(read_changes(fake, PLACES, {"a": old}, {})).steps
    assert list(steps["a"].shelf.files) == ["a/1"]
    assert "token=old" not in fake.asked[0]


def write(number: int, audience: Any = "graph") -> Write:
    return Write(f"w{number}", Operation(audience, "PATCH", f"/{number}", "a", "s"))


def test_the_lock_is_asked_for_again_while_much_is_written() -> None:
    """What is on its way at once ends before the lock does, so that renewing it waits for little."""
    fake, seen = Fake(), list[int]()

    async def still_ours() -> None:
        seen.append(len(fake.envelopes))

    writes = [write(n) for n in range(20 * 41)]
    sent = asyncio.run(send(fake, writes, Silent(), "Writing", still_ours))
    assert (seen, len(sent.done)) == ([0, 20, 40], 820)


def test_writes_travel_twenty_or_a_hundred_to_a_batch() -> None:
    fake = Fake()
    writes = [write(n) for n in range(45)] + [write(n, "sharepoint") for n in range(45, 150)]
    sent = asyncio.run(send(fake, writes, Silent(), "Writing"))
    assert [len(one.operations) for one in fake.envelopes] == [20, 20, 100, 5, 5]
    assert len(sent.done) == 150


def test_a_form_value_that_was_refused_is_not_done_though_the_answer_is_200() -> None:
    body = {
        "value": [
            {"FieldName": "Flags", "HasException": False, "ErrorMessage": None},
            {"FieldName": "FreshUntil", "HasException": True, "ErrorMessage": "Enter a date."},
        ]
    }
    fake = Fake(outcomes=[Outcome("done", 200, body)])
    sent = asyncio.run(send(fake, [write(1, "sharepoint")], Silent(), "Writing"))
    assert sent.done == ()
    assert str(sent.unsent[0]) == "w1: FreshUntil: Enter a date."


def test_a_row_that_changed_meanwhile_is_told_apart() -> None:
    fake = Fake(outcomes=[Outcome("failed", 412, code="resourceModified")])
    sent = asyncio.run(send(fake, [write(1)], Silent(), "Writing"))
    assert sent.overtaken
