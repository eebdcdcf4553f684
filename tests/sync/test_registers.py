"""Register checks: each row at fault is a finding with the check's own code and words."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.where import parse
from provisioner.sync.collect_registers import RowReader, rows_named
from provisioner.sync.facts import Waiver, WaiverTarget
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.rules.registers import words as worded
from provisioner.sync.vocabulary import Severity

from .conftest import D

TYPES = {
    "Title": "text", "RiskId": "text", "Status": "choice", "NextReview": "dateOnly",
    "Owner": "person", "Approver": "person", "Rating": "number", "Open": "boolean",
    "Tags": "multichoice", "System": "lookup", "Seen": "dateTime", "Team": "multiperson",
}  # fmt: skip
ANN = {"id": 7, "title": "Ann", "email": "ann@contoso.example"}


def check(code: str = "RISK-LATE", **changes: Any) -> Check:
    given = {
        "severity": Severity.ERROR,
        "where": {"NextReview": {"lt": "today"}, "Status": {"ne": "Closed"}},
        "message": "{{ Title }}: its review was due on {{NextReview}}.",
        "assign": "Owner",
    } | changes
    return Check(code, given["severity"], parse(given["where"]), given["message"], given["assign"])


def register(*rows: RegisterRow, checks: tuple[Check, ...] | None = None) -> Register:
    return Register("risks", "Risk Register", checks or (check(),), TYPES, rows, ("RiskId",))


def row(number: int = 1, **values: Any) -> RegisterRow:
    given = {"Title": "Keys leak", "RiskId": "R-001", "NextReview": D("2026-06-14")} | values
    filled = {name: value for name, value in given.items() if value is not None}
    return RegisterRow(
        f"risks/{number}", "R-001 Keys leak", filled, {"Owner": "ann@contoso.example"}
    )


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"NextReview": D("2026-06-15")}, False),
        ({"Status": "Closed"}, False),
        ({"Status": "Open"}, True),
        ({"NextReview": None}, False),
    ],
)
def test_a_row_at_fault_is_a_finding(world: Any, values: dict[str, Any], holds: bool) -> None:
    judged = world.judge("2026-06-15", registers=(register(row(**values)),))
    found = world.found(judged, "RISK-LATE")
    assert len(found) == holds
    for one in found:
        assert (one.subject, one.about.kind, one.severity) == ("risks/1", "row", "error")
        assert one.message == "Keys leak: its review was due on 14 June 2026."
        assert one.assign == "ann@contoso.example"
        assert one.facts == {"NextReview": "14 June 2026", "Status": values.get("Status")}


def test_a_row_without_values_is_asked_like_any_other(world: Any) -> None:
    empty = RegisterRow("risks/2", "#2")
    nobody = check("NOBODY", where={"Owner": {"empty": True}}, message="{{ Title }} has no owner")
    judged = world.judge("2026-06-15", registers=(register(empty, checks=(nobody,)),))
    [found] = world.found(judged, "NOBODY")
    assert (found.message, found.assign) == ("(empty) has no owner.", None)


def test_holidays_of_the_workspace_are_no_business_days(world: Any) -> None:
    late = check("LATE", where={"NextReview": {"lt": "today-1b"}})
    friday_off = Policy(holidays=frozenset({D("2026-06-12")}))
    one = register(row(NextReview=D("2026-06-11")), checks=(late,))
    assert world.found(world.judge("2026-06-15", registers=(one,)), "LATE")
    judged = world.judge("2026-06-15", registers=(one,), policy=friday_off)
    assert world.found(judged, "LATE") == []


def waiver(**changes: Any) -> Waiver:
    given = {
        "state": "Approved", "requester": "a@x", "approver": "b@x", "granted": D("2026-06-01"),
        "expires": D("2026-07-01"), "rules": frozenset({"RISK-LATE"}),
    }  # fmt: skip
    return Waiver("W1", WaiverTarget(row="risks/1"), **(given | changes))


def test_a_waiver_covers_a_row_by_the_fields_its_check_reads(world: Any) -> None:
    first = world.judge("2026-06-15", registers=(register(row()),), waivers=(waiver(),))
    [found] = world.found(first, "RISK-LATE")
    assert found.state == "waived"
    stamp = first.waiver_stamps["W1"]
    assert stamp.facts == {"NextReview": "14 June 2026", "Status": ""}

    untouched = register(row(Rating=5))
    same = world.judge("2026-06-16", registers=(untouched,), waivers=(waiver(stamp=stamp),))
    assert world.found(same, "RISK-LATE")[0].state == "waived"
    moved = register(row(Status="Open"))
    other = world.judge("2026-06-16", registers=(moved,), waivers=(waiver(stamp=stamp),))
    assert world.found(other, "RISK-LATE")[0].state == "open"
    assert world.found(other, "WAIVER-FACTS-CHANGED")


def test_a_waiver_of_one_row_or_rule_covers_no_other(world: Any) -> None:
    two = register(row(), row(2))
    judged = world.judge("2026-06-15", registers=(two,), waivers=(waiver(),))
    assert {one.subject: str(one.state) for one in world.found(judged, "RISK-LATE")} == {
        "risks/1": "waived",
        "risks/2": "open",
    }
    elsewhere = waiver(rules=frozenset({"RISK-WITHOUT-OWNER"}))
    judged = world.judge("2026-06-15", registers=(register(row()),), waivers=(elsewhere,))
    assert world.found(judged, "RISK-LATE")[0].state == "open"


def test_the_order_of_rows_and_registers_plays_no_part(world: Any) -> None:
    one, two = row(1), row(2)
    first = world.judge("2026-06-15", registers=(register(one, two),))
    assert world.judge("2026-06-15", registers=(register(two, one),)).verdicts == first.verdicts


READER = RowReader(
    ZoneInfo("America/Toronto"),
    {7: "ann@contoso.example", 8: "bob@contoso.example"},
    {7: "Ann", 8: "Bob"},
    {"systems": {3: "API gateway"}},
)


def test_a_row_of_graph_is_read_in_the_sites_zone_and_by_id() -> None:
    plain = Register(
        "risks", "Risk Register", (), TYPES, ids=("RiskId",), targets={"System": "systems"}
    )
    read = READER.row(
        plain,
        {
            "id": "5",
            "fields": {
                "RiskId": "R-005", "Title": "Keys leak", "NextReview": "2026-06-15T04:00:00Z",
                "Seen": "2026-06-15T03:59:00Z", "OwnerLookupId": "7", "Rating": 4.0, "Open": False,
                "Tags": ["A", "B"], "SystemLookupId": "3", "ApproverLookupId": "99",
                "Team": [{"LookupId": 8, "LookupValue": "Bob"}],
            },
        },
    )  # fmt: skip
    assert (read.key, read.name) == ("risks/5", "R-005 Keys leak")
    assert read.people == {"Owner": "ann@contoso.example", "Approver": "user-99"}
    assert read.values == {
        "RiskId": "R-005",
        "Title": "Keys leak",
        "NextReview": date(2026, 6, 15),
        "Seen": date(2026, 6, 14),
        "Owner": ANN,
        "Approver": {"id": 99, "title": "user-99", "email": "user-99"},
        "Rating": 4.0,
        "Open": False,
        "Tags": ["A", "B"],
        "System": {"id": 3, "title": "API gateway"},
        "Team": [{"id": 8, "title": "Bob", "email": "bob@contoso.example"}],
    }


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Risk Register R-001", "risks/1"),
        ("risk  register r-001", "risks/1"),
        ("risks R-001", "risks/1"),
        ("Risk Register #2", "risks/2"),
        ("risks/2", "risks/2"),
        ("Risk Register Keys leak", None),  # two rows have that title
        ("Risk Register R-009", None),
    ],
)
def test_a_waiver_names_a_row_in_words(words: str, key: str | None) -> None:
    one = register(row(1), row(2, RiskId="R-002"))
    assert rows_named([one]).get(" ".join(words.split()).casefold()) == key


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3.0, "3"),
        (3.5, "3.5"),
        (True, "yes"),
        (0, "0"),
        (None, ""),
        (ANN, "Ann"),
        ({"id": 7, "title": "", "email": "ann@contoso.example"}, "ann@contoso.example"),
        ({"id": 7}, "7"),
        ({}, ""),
        (["a", None, "b  c"], "a, b c"),
    ],
)
def test_a_value_of_a_register_is_said_as_people_would(value: object, said: str) -> None:
    assert worded(value) == said
