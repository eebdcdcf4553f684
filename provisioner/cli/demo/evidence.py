"""The evidence of the demo: some dozens of documents, in every state the judge knows.

What must hold on each is written beside it and holds for any `today`: tests say so over many years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from provisioner.cli.demo.days import Days, demo_window, month_start
from provisioner.cli.demo.document import DemoDocument
from provisioner.cli.demo.libraries import (
    access,
    api_security,
    availability,
    change,
    governance,
    processing,
    vendor,
)

__all__ = [
    "ASKED_FOR_EARLY",
    "ITEM_FINDINGS",
    "ITEM_STATES",
    "DemoDocument",
    "ItemFinding",
    "catalogue_changes",
    "client_name",
    "demo_evidence",
    "demo_window",
    "opening_day",
]

ASKED_FOR_EARLY = frozenset({"E039", "E057", "E069", "E075", "E076", "E078", "E079"})
"""Monthly items expected since the month before last."""

_LIBRARIES = (access, api_security, availability, vendor, change, processing, governance)


def client_name() -> str:
    """The company of the demo; made up."""
    return "Acme Payments"


def opening_day(today: date) -> date:
    """The working day, six weeks ago, on which the workspace is made; nothing is filed before."""
    return Days(today).opening


def demo_evidence(today: date) -> tuple[DemoDocument, ...]:
    """All documents, library by library. Names are unique in a library."""
    days = Days(today)
    return tuple(one for library in _LIBRARIES for one in library.documents(days))


def catalogue_changes(today: date, items: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """What the client's file says under `evidence:`, so that the demo is not drowned in months past.

    `items` are pairs of id and cadence, as the pack has them. The company begins to collect in earnest
    this month: `anchor` says so, and nothing is expected before it. A few items were asked for two
    months earlier, and what was not done then shows. The two critical vendors are named.
    """
    anchors = {
        "weekly": today - timedelta(days=14),
        "monthly": month_start(today, 0),
        "quarterly": month_start(today, 0),
        "semi-annual": month_start(today, -3),
    }
    changes: list[dict[str, Any]] = []
    for item, cadence in items:
        change: dict[str, Any] = {"id": item}
        if cadence in anchors:
            early = item in ASKED_FOR_EARLY
            change["anchor"] = (month_start(today, -2) if early else anchors[cadence]).isoformat()
        if item == "E060":
            change["appliesTo"] = [vendor.HOSTING, vendor.PROCESSOR]
        if len(change) > 1:
            changes.append(change)
    return changes


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """A rule that must hold on an expected item, and why it is worth showing."""

    item: str
    code: str
    why: str


ITEM_FINDINGS = (
    ItemFinding("E075", "MISSING", "Nobody filed a reconciliation of batch jobs."),
    ItemFinding(
        "E079", "NOT-COVERED", "Something was filed for the month, but its owner approved it."
    ),
    ItemFinding(
        "E039", "MISSING", "The one review of the month was rejected, so nothing claims it."
    ),
    ItemFinding("E051", "NOT-YET-DUE", "A failover test a year, and the year is not over."),
    ItemFinding("E057", "PERIOD-GAP", "Six days lie between the two parts of the vendor log."),
    ItemFinding("E046", "NOT-IN-FORCE", "The plan was approved when the window was ten weeks old."),
)
"""Rules on expected items that hold for any today."""

ITEM_STATES = {
    "E009": "Fresh",
    "E036": "Expired",
    "E039": "Rejected",
    "E046": "Not covered",
    "E048": "Stale",
    "E051": "Not yet due",
    "E053": "Due soon",
    "E075": "Missing",
    "E094": "Not applicable",
}
"""How these items stand for any today."""
