"""Lists people edit are read once, and then only what changed on them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Answer, Reading
from provisioner.sync.collect_changes import Changes, read_changes
from provisioner.sync.collect_site import PERIODS, Place, Places
from provisioner.sync.kept import Kept
from provisioner.sync.kept_file import read, written
from provisioner.sync.rolls import Roll

PLACES = Places("S", ZoneInfo("UTC"), 1033, {}, {PERIODS: Place(PERIODS, "L", "Audit Periods")})
HOST = "https://graph.microsoft.com/v1.0"


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "eTag": f'"{number}"', "fields": {"@odata.etag": "x", **fields}}


def page(*rows: Any, more: str = "", end: str = "") -> Answer:
    links = {"@odata.nextLink": more, "@odata.deltaLink": end}
    return Answer(
        200, {"value": rows, **{name: HOST + link for name, link in links.items() if link}}
    )


@dataclass
class Fake:
    """Answers by the end of the path, and what was asked."""

    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        self.asked += [one.path for one in readings]
        return {
            one: next(a for end, a in self.answers.items() if end in one.path) for one in readings
        }


def reading(fake: Any, known: Roll | None = None) -> Changes:
    return asyncio.run(read_changes(fake, PLACES, {}, {PERIODS: known} if known else {}))


def test_the_first_reading_follows_pages_and_the_next_asks_for_changes_alone() -> None:
    """Pages go by row numbers, so the 5,000 rows a view may show are no limit."""
    pages = {
        f"page={n}": page(
            *(row(n * 1000 + k, Title=f"{n}") for k in range(1000)), more=f"/d?page={n + 1}"
        )
        for n in range(1, 6)
    }
    fake = Fake(
        {
            **pages,
            "page=6": page(row(6000, Title="last"), end="/d?token=1"),
            "delta?": page(row(1, Title="one"), row(2, Title="two"), more="/d?page=1"),
        }
    )
    roll = reading(fake).rolls[PERIODS]
    assert (len(roll.rows), roll.link, len(fake.asked)) == (5003, "/d?token=1", 7)

    later = Fake(
        {"token=1": page(row(2, Title="other"), {"id": "1", "deleted": {}}, end="/d?token=2")}
    )
    after = reading(later, roll).rolls[PERIODS]
    assert later.asked == ["/d?token=1"]
    assert (len(after.rows), after.rows[2].fields, after.moved) == (5002, {"Title": "other"}, 2)
    assert not after.worth_keeping(roll), "two rows travel again, in the same one page"

    kept = read(written(Kept(rolls={PERIODS: after})))
    assert kept is not None
    assert kept.rolls[PERIODS].rows == after.rows


def test_a_token_that_is_too_old_is_told_and_the_list_read_whole() -> None:
    known = Roll("L", "/d?token=old", "$select=id,eTag&$expand=fields", {})
    fake = Fake({"token=old": Answer(410, None), "delta?": page(row(1), end="/d?token=1")})
    changes = reading(fake, known)
    assert list(changes.rolls[PERIODS].rows) == [1]
    assert changes.notes == ("Audit Periods: its change token was too old, so it was read whole.",)


@pytest.mark.parametrize("answer", [page(row(1)), page(more="/d?page=1")])
def test_a_reading_that_does_not_end_is_an_error(answer: Answer) -> None:
    with pytest.raises(ProvisionerError, match="in the middle of reading Audit Periods"):
        reading(Fake({"": answer}))
