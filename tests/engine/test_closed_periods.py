"""Drift knows documents of closed audit periods: read-only is as it should be, more is a finding."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from provisioner.core.resource import Existing
from provisioner.engine.desired import Desired
from provisioner.engine.drift_site_access import site_findings
from provisioner.engine.observe import Observed
from provisioner.kinds.base import Scope
from provisioner.ledger.state import LedgerState

FILE = "list:evidence/file:tokens.csv"
OWN = f"{FILE}/permissions:"
CLOSED = {"2026": {"on": "2027-02-01", "documents": {"evidence": [7]}}}


def found(grants: dict[str, list[str]], number: str = "7") -> list[tuple[str, str, Any]]:
    own = Existing("permissions", OWN, {"inherit": False, "grants": grants}, {"id": number}, False)
    ledger = LedgerState(present=True, closed=MappingProxyType(CLOSED))
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2027, 2, 1)))
    findings = site_findings(desired, Observed({OWN: own}, ledger=ledger))
    return [(one.code, one.address, one.actual) for one in findings]


def test_read_only_is_as_it_should_be() -> None:
    assert found({"group:Auditors": ["Read"], "group:Evidence Owners": ["Read"]}) == []


def test_whoever_may_write_there_again_is_found_alone() -> None:
    grants = {"group:Auditors": ["Read"], "group:Evidence Owners": ["Contribute", "Read"]}
    [(code, own, actual)] = found(grants)
    assert (code, own, actual) == ("ACCESS-CLOSED-PERIOD", OWN, grants)


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
