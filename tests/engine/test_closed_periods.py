"""Drift knows documents of closed audit periods: read-only is as it should be, more is a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from provisioner.core.resource import Existing
from provisioner.core.transport import Answer
from provisioner.engine.desired import Desired
from provisioner.engine.drift_site_access import site_findings
from provisioner.engine.observe import Observed
from provisioner.kinds import permission_readings
from provisioner.kinds.base import Access, Scope
from provisioner.ledger.state import LedgerState

FILE = "list:evidence/file:tokens.csv"
OWN = f"{FILE}/permissions:"
CLOSED = {"2026": {"on": "2027-02-01", "documents": {"evidence": [7]}}}


LIBRARY = Existing("list", "list:evidence", {}, {"id": "l"}, True)
DESIRED = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2027, 2, 1)))


def judged(*documents: Existing, closed: Any = CLOSED) -> list[tuple[str, str, Any]]:
    ledger = LedgerState(present=True, closed=MappingProxyType(closed))
    existing = {one.address: one for one in (LIBRARY, *documents)}
    findings = site_findings(DESIRED, Observed(existing, ledger=ledger, inside=True))
    return [(one.code, one.address, one.actual) for one in findings]


def document(grants: dict[str, list[str]], number: str = "7", *, inherit: bool = False) -> Existing:
    properties = {"inherit": inherit, "grants": grants}
    return Existing("permissions", OWN, properties, {"id": number}, False, builtin=inherit)


def found(grants: dict[str, list[str]], number: str = "7") -> list[tuple[str, str, Any]]:
    """What is said of a document that stands apart, beside one that is closed and as it should be."""
    closed = document({"group:Auditors": ["Read"]})
    beside = [] if number == "7" else [replace(closed, address=OWN.replace("tokens", "other"))]
    return judged(document(grants, number), *beside)


def test_read_only_is_as_it_should_be() -> None:
    assert found({"group:Auditors": ["Read"], "group:Evidence Owners": ["Read"]}) == []


def test_whoever_may_write_there_again_is_found_alone() -> None:
    grants = {"group:Auditors": ["Read"], "group:Evidence Owners": ["Contribute", "Read"]}
    [(code, own, actual)] = found(grants)
    assert (code, own, actual) == ("ACCESS-CLOSED-PERIOD", OWN, grants)


def test_one_that_inherits_again_is_found() -> None:
    assert judged(document({}, inherit=True)) == [("ACCESS-CLOSED-INHERITS", OWN, True)]


def test_one_that_is_gone_is_found_by_its_number() -> None:
    assert judged() == [("CLOSED-EVIDENCE-GONE", "list:evidence/row:7", "absent")]


def test_a_closing_that_was_cut_off_has_not_reached_every_document() -> None:
    begun = {"2026": {**CLOSED["2026"], "on": ""}}
    assert judged(document({}, inherit=True), closed=begun) == []
    assert judged(closed=begun) == []
    writable = document({"group:Evidence Owners": ["Contribute"]})
    assert [one[0] for one in judged(writable, closed=begun)] == ["ACCESS-CLOSED-PERIOD"]


def test_a_library_that_the_file_does_not_name_any_more_is_not_judged() -> None:
    elsewhere = {"2026": {"on": "2027-02-01", "documents": {"gone": [7]}}}
    assert judged(closed=elsewhere) == []


@pytest.mark.parametrize("grants", [{"group:Auditors": ["Read"]}, {}])
def test_another_document_that_stands_apart_is_still_a_finding(grants) -> None:
    assert {code for code, _, _ in found(grants, "8")} <= {
        "ACCESS-INHERITANCE",
        "ACCESS-EXTRA-GRANT",
    }
    assert found(grants, "8")


def test_the_ledger_keeps_it_and_says_nothing_where_nothing_is_closed() -> None:
    state = LedgerState(present=True, closed=MappingProxyType(CLOSED))
    assert LedgerState.of(state.json()).closed == CLOSED
    assert "closed" not in LedgerState().json()


def test_a_closed_document_is_looked_at_however_many_others_stand_apart() -> None:
    number = permission_readings.MOST_READ + 1
    rows = [
        {"Id": one, "FileRef": f"/sites/acme/E/{one}.csv", "HasUniqueRoleAssignments": True}
        for one in range(1, number + 2)
    ]
    rows.append({"Id": 999, "FileRef": "/sites/acme/E/999.csv", "HasUniqueRoleAssignments": False})
    closed = frozenset({("list:evidence", str(number)), ("list:evidence", "999")})
    scope = replace(DESIRED.scope, access=Access(inside=True, closed=closed))
    known = {LIBRARY.address: replace(LIBRARY, ids={"id": "l", "url": "/sites/acme/E"})}
    answers = {permission_readings.rows_inside("l"): Answer(200, {"value": rows})}
    asked = permission_readings.last(scope, known, answers)
    assert permission_readings.row_grants("l", str(number)) in asked
    assert permission_readings.row_grants("l", str(number + 1)) not in asked
    assert permission_readings.row_grants("l", "999") not in asked
    found = {one.ids["id"]: one for one in permission_readings.last_found(scope, known, answers)}
    assert found["999"].properties["inherit"] is True, "told of, so that it is not taken for gone"
    assert str(number + 1) in found
