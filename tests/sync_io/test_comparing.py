"""What stands on our lists is compared with what should, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.sync.collect_site import FINDINGS, INDEX, Place, Places
from provisioner.sync.findings import READ, Names
from provisioner.sync.rolls import ListRow
from provisioner.sync.subject import Subject
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Severity, SubjectKind, VerdictState
from provisioner.sync.writeback_findings import counts, finding_writes
from provisioner.sync.writeback_index import index_of

PLACES = Places(
    "S", ZoneInfo("UTC"), 1033, {},
    {key: Place(key, key, key, columns=frozenset((*READ, "EvidenceId"))) for key in (FINDINGS, INDEX)},
)  # fmt: skip
NAMES = Names({}, str, {}, {})
TODAY = date(2026, 6, 15)


def verdict(item: str, rule: str = "MISSING") -> Verdict:
    return Verdict(
        item, Subject(SubjectKind.ITEM, item), item, None, rule, VerdictState.OPEN, Severity.ERROR,
        {}, "", "m", TODAY, "p",
    )  # fmt: skip


def row(number: int, key: str, state: str, **fields: Any) -> ListRow:
    return ListRow(number, f'"{number}"', {"FindingKey": key, "State": state, **fields})


def test_of_two_rows_with_one_key_the_later_is_the_findings() -> None:
    rows = {n: row(n, "MISSING E1", state) for n, state in ((1, "Open"), (2, "Resolved"))}
    found = finding_writes(rows, [verdict("E1")], NAMES, PLACES, TODAY)
    [write] = found
    assert found.happenings == {"MISSING E1": "opened"}
    assert (write.about, write.operation.headers) == ("MISSING E1", {"If-Match": '"2"'})
    gone = finding_writes(rows, [], NAMES, PLACES, TODAY)
    assert (len(gone), list(gone)) == (0, []), "the later is resolved already"


def test_new_findings_come_first_in_the_order_of_the_verdicts() -> None:
    rows = {4: row(4, "STALE E9", "Open"), 5: row(5, "", "Open")}
    told = [verdict("E2"), verdict("E1"), verdict("E3", "OK")]
    found = finding_writes(rows, told, NAMES, PLACES, TODAY)
    assert [one.about for one in found] == ["MISSING E2", "MISSING E1", "STALE E9"]
    assert counts(found.happenings, ["MISSING E2", "STALE E9", "another"]) == {
        "opened": 1, "updated": 0, "resolved": 1,
    }  # fmt: skip


def test_of_two_verdicts_with_one_key_the_worse_is_told_and_of_equals_the_first() -> None:
    first = verdict("E1")
    mild, equal = (
        replace(first, severity=Severity.WARNING, message="mild"),
        replace(first, message="n"),
    )
    for told in ([mild, first, equal], [first, equal, mild]):
        [write] = finding_writes({}, told, NAMES, PLACES, TODAY)
        assert isinstance(write.operation.body, dict)
        assert write.operation.body["Title"] == "m"


def test_a_key_that_was_cut_is_found_again() -> None:
    long = verdict("E" * 100)
    [opened] = finding_writes({}, [long], NAMES, PLACES, TODAY)
    same = {1: row(1, opened.about, "Open")}
    [updated] = finding_writes(same, [long], NAMES, PLACES, TODAY).happenings.values()
    assert updated == "updated"


def test_of_two_rows_of_one_document_the_later_is_its_own() -> None:
    rows = {n: ListRow(n, "", {"EvidenceId": "a/1"}) for n in (1, 2)} | {3: ListRow(3, "", {})}
    index = index_of(rows)
    assert (index.numbers, index.documents({1, 2, 3})) == ({"a/1": 2}, {2: "a/1"})
