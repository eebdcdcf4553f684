"""Rows of a register on one day after another: several checks at once, and waivers that come and go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioner.core.where import parse
from provisioner.sync.facts import Waiver, WaiverTarget
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.vocabulary import Severity

from .conftest import D

TYPES = {
    "Title": "text", "Status": "choice", "ExpiresOn": "dateOnly", "ReviewedOn": "dateOnly",
    "Owner": "person", "Approver": "person", "Requester": "person",
}  # fmt: skip
ANN = {"id": 7, "title": "Ann", "email": "ann@contoso.example"}
BEA = {"id": 8, "title": "Bea", "email": "bea@contoso.example"}
CLOSED = {"notIn": ["Closed", "Withdrawn"]}


def check(code: str, where: dict[str, Any], severity: Severity = Severity.ERROR) -> Check:
    return Check(code, severity, parse({"Status": CLOSED} | where), "{{ Title }}", "Owner")


CHECKS = (
    check("PAST-END", {"ExpiresOn": {"lt": "today"}}),
    check("ENDS-SOON", {"ExpiresOn": {"ge": "today", "le": "today+7d"}}, Severity.NOTE),
    check("NO-OWNER", {"Owner": {"empty": True}}),
    check("OWN-APPROVAL", {"Approver": {"eq": {"field": "Requester"}}}),
    check("NOT-REVIEWED", {"any": [{"ReviewedOn": {"empty": True}}, {"ReviewedOn": {"lt": "today-90d"}}]},
          Severity.WARNING),
)  # fmt: skip
IN_ORDER = {
    "Title": "X", "Status": "Approved", "ExpiresOn": D("2026-07-31"), "ReviewedOn": D("2026-06-01"),
    "Owner": ANN, "Approver": BEA, "Requester": ANN,
}  # fmt: skip


def register(*rows: RegisterRow) -> Register:
    return Register("exceptions", "Access Exceptions", CHECKS, TYPES, rows)


def row(number: int = 1, **values: Any) -> RegisterRow:
    filled = {name: one for name, one in (IN_ORDER | values).items() if one is not None}
    people = {"Owner": "ann@contoso.example"} if "Owner" in filled else {}
    return RegisterRow(f"exceptions/{number}", str(filled.get("Title", "")), filled, people)


def told(world: Any, today: str, *rows: RegisterRow, **more: Any) -> list[str]:
    """Codes of all rows, and of waivers, in the order of the alphabet."""
    judged = world.judge(today, registers=(register(*rows),), **more)
    return sorted(
        one.rule + (" waived" if one.state == "waived" else "")
        for one in judged.verdicts
        if one.subject.startswith(("exceptions/", "waiver:"))
    )


@pytest.mark.parametrize(
    ("values", "today", "expected"),
    [
        ({}, "2026-06-15", []),
        ({}, "2026-07-23", []),
        ({}, "2026-07-24", ["ENDS-SOON"]),
        ({}, "2026-07-31", ["ENDS-SOON"]),
        ({}, "2026-08-01", ["PAST-END"]),
        ({}, "2026-08-30", ["PAST-END"]),
        ({}, "2026-08-31", ["NOT-REVIEWED", "PAST-END"]),
        ({"Status": "Closed"}, "2026-08-31", []),
        ({"Status": "Withdrawn", "Owner": None}, "2026-08-31", []),
        ({"Status": None}, "2026-08-01", ["PAST-END"]),  # nobody said that it is closed
        ({"Owner": None}, "2026-06-15", ["NO-OWNER"]),
        ({"Owner": None, "ReviewedOn": None}, "2026-06-15", ["NO-OWNER", "NOT-REVIEWED"]),
        ({"ReviewedOn": D("2026-06-15")}, "2026-06-15", []),  # reviewed today
        ({"ReviewedOn": D("2027-06-15")}, "2026-06-15", []),  # a day to come is not long ago
        ({"ReviewedOn": D("2026-03-17")}, "2026-06-15", []),
        ({"ReviewedOn": D("2026-03-16")}, "2026-06-15", ["NOT-REVIEWED"]),
        ({"ExpiresOn": None}, "2026-06-15", []),
        ({"ExpiresOn": D("2026-06-14")}, "2026-06-15", ["PAST-END"]),
        ({"ExpiresOn": D("2026-06-15")}, "2026-06-15", ["ENDS-SOON"]),
        ({"Approver": ANN}, "2026-06-15", ["OWN-APPROVAL"]),
        ({"Approver": None}, "2026-06-15", []),
        ({"Approver": None, "Requester": None}, "2026-06-15", []),  # nobody approved nothing
        (
            {"Approver": ANN, "Owner": None, "ExpiresOn": D("2026-06-01"), "ReviewedOn": None},
            "2026-06-15",
            ["NO-OWNER", "NOT-REVIEWED", "OWN-APPROVAL", "PAST-END"],
        ),
    ],
)
def test_every_check_that_holds_is_told_and_no_other(
    world: Any, values: dict[str, Any], today: str, expected: list[str]
) -> None:
    assert told(world, today, row(**values)) == expected


def waiver(**changes: Any) -> Waiver:
    given = {
        "state": "Approved", "requester": "a@x", "approver": "b@x", "granted": D("2026-08-01"),
        "expires": D("2026-09-30"), "rules": frozenset({"PAST-END"}),
    }  # fmt: skip
    return Waiver("W1", WaiverTarget(row="exceptions/1"), **(given | changes))


def test_a_waiver_of_one_check_leaves_the_rows_other_findings_open_and_ends_on_its_day(
    world: Any,
) -> None:
    days = {
        "2026-07-31": ["ENDS-SOON"],
        "2026-08-01": ["PAST-END waived"],
        "2026-08-31": ["NOT-REVIEWED", "PAST-END waived"],
        "2026-09-15": ["NOT-REVIEWED", "PAST-END waived"],
        "2026-09-16": ["NOT-REVIEWED", "PAST-END waived", "WAIVER-EXPIRING"],
        "2026-09-30": ["NOT-REVIEWED", "PAST-END waived", "WAIVER-EXPIRING"],
        "2026-10-01": ["NOT-REVIEWED", "PAST-END", "WAIVER-EXPIRED"],
    }
    assert {day: told(world, day, row(), waivers=(waiver(),)) for day in days} == days


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["PAST-END waived"]),
        ({"Title": "Renamed"}, ["PAST-END waived"]),
        ({"Owner": BEA}, ["PAST-END waived"]),
        ({"ReviewedOn": D("2026-08-09")}, ["PAST-END waived"]),
        ({"ExpiresOn": D("2026-08-05")}, ["PAST-END", "WAIVER-FACTS-CHANGED"]),
        ({"Status": "Requested"}, ["PAST-END", "WAIVER-FACTS-CHANGED"]),
        ({"ExpiresOn": D("2026-12-31")}, ["WAIVER-FACTS-CHANGED"]),
        ({"Status": "Closed"}, ["WAIVER-FACTS-CHANGED"]),
    ],
)
def test_a_rows_waiver_stands_and_falls_with_what_its_check_reads(
    world: Any, values: dict[str, Any], expected: list[str]
) -> None:
    first = world.judge("2026-08-01", registers=(register(row()),), waivers=(waiver(),))
    known = waiver(stamp=first.waiver_stamps["W1"])
    assert told(world, "2026-08-10", row(**values), waivers=(known,)) == expected
    anew = replace(known, granted=D("2026-08-09"))
    again = told(world, "2026-08-10", row(**values), waivers=(anew,))
    assert "WAIVER-FACTS-CHANGED" not in again
    assert "PAST-END" not in again


def test_a_row_that_was_deleted_takes_its_findings_along_and_no_other_rows(world: Any) -> None:
    both = told(world, "2026-08-01", row(1), row(2), waivers=(waiver(),))
    assert both == ["PAST-END", "PAST-END waived"]
    assert told(world, "2026-08-01", row(2), waivers=(waiver(),)) == ["PAST-END"]
    assert told(world, "2026-10-01", row(2, Status="Closed"), waivers=(waiver(),)) == []
