"""Change queries are followed from where the last run left them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.transport import Answer, Reading
from provisioner.sync.collect_changes import read_changes
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.shelves import FileRow, Shelf


@dataclass
class Fake:
    """A transport that answers what it is told."""

    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        self.asked += [one.path for one in readings]
        return {
            one: next(a for part, a in self.answers.items() if part in one.path) for one in readings
        }


PLACES = Places(
    "SITE", ZoneInfo("UTC"), 1033,
    {"a": Place("a", "LIST", "A", columns=frozenset({"EvidenceItem", "ReviewStatus"}))}, {},
)  # fmt: skip
OLD = FileRow("a", 9, "x.pdf", "u", "d", 40, "", "", "", "", {})


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
    first: Any = Fake({"delta": Answer(200, body)})
    steps = asyncio.run(read_changes(first, PLACES, {}, {})).steps
    shelf = steps["a"].shelf
    assert shelf.link == "/sites/SITE/lists/LIST/items/delta?token=next"
    fake: Any = Fake({"delta": Answer(200, {"value": [], "@odata.deltaLink": LINK})})
    again = asyncio.run(read_changes(fake, PLACES, {"a": shelf}, {})).steps
    assert fake.asked == [shelf.link]
    assert again["a"].shelf.files == shelf.files


def test_rows_a_token_gives_without_columns_are_read_one_by_one() -> None:
    body = {"value": [raw("1"), raw("2")], "@odata.deltaLink": LINK}
    fake: Any = Fake(
        {
            "delta": Answer(200, body),
            "items/1?": Answer(200, raw("1", **WHOLE)),
            "items/2?": Answer(404, None),
        }
    )
    steps = asyncio.run(read_changes(fake, PLACES, {}, {})).steps
    assert list(steps["a"].shelf.files) == ["a/1"]


def test_a_library_that_was_made_anew_is_read_whole() -> None:
    old = Shelf("a", "ANOTHER", "/delta?token=old", (), {"a/9": OLD})
    body = {"value": [raw("1", **WHOLE)], "@odata.deltaLink": LINK}
    fake: Any = Fake({"delta": Answer(200, body)})
    steps = asyncio.run(read_changes(fake, PLACES, {"a": old}, {})).steps
    assert list(steps["a"].shelf.files) == ["a/1"]
    assert "token=old" not in fake.asked[0]
