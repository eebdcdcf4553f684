"""Governance Evidence: policies, scope, leadership, the workspace itself."""

from __future__ import annotations

from datetime import date

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import COMPLIANCE, VCISO
from provisioner.cli.demo.tables import listing, policy

LIBRARY = "governance-evidence"


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, COMPLIANCE, VCISO, "Policy repository", "Internal")
    policies, scope = days.before(days.start, 40), days.before(days.start, 10)
    met, stale = days.before(days.last_week, 2), days.good_until(6, -9)
    before_this_week = days.before(days.this_week)
    return (
        shelf.approved(
            "policy-set.pdf", "E092",
            policy(
                "Policy set", "5.0", policies, "Compliance manager",
                "Access, change, incident, vendor, data and risk policies, approved together.",
                "Every policy is read by all staff within thirty days of approval.",
            ),
            filed=days.backlog, activity=policies, codes=("PRIOR-TO-WINDOW",), freshness="Fresh",
            why="Approved before the window began.",
        ),
        shelf.approved(
            "scope-statement.pdf", "E093",
            policy(
                "Scope of the SOC 2 report", "1.0", scope, "vCISO",
                "The payments API, webhooks and console of Acme Payments, and the people who run them.",
                "Security, Availability and Processing Integrity. Vendors by the carve-out method.",
            ),
            filed=days.backlog, activity=scope, source="Scope document",
            sensitivity="Confidential", codes=("PRIOR-TO-WINDOW",), freshness="Fresh",
            why="What the report will speak of, settled before the window began.",
        ),
        shelf.approved(
            "trust-summary.md", "E097",
            policy("Trust summary", "2.2", stale, "vCISO",
                   "What we tell buyers: how we protect, watch and reconcile what passes through us."),
            filed=days.backlog, activity=stale, source="Trust document", sensitivity="Public",
            codes=("STALE",), freshness="Stale",
            why="To be reviewed every half-year, because buyers rely on each sentence.",
        ),
        shelf.approved(
            "leadership-review.md", "E099", _minutes(met), filed=days.last_week, activity=met,
            source="Minutes", sensitivity="Confidential", freshness="Fresh",
            why="This quarter's meeting, with its decisions.",
        ),
        shelf.submitted(
            "workspace-drift-report.txt", "E100", _drift(before_this_week), filed=days.this_week,
            activity=before_this_week, source="This workspace", sensitivity="Confidential",
            why="Handed in this week: the workspace is evidence, too.",
        ),
    )  # fmt: skip


def _minutes(day: date) -> Content:
    return listing(
        "Leadership review of risk and security",
        "minutes",
        day,
        ("Topic", "Decision", "By"),
        (
            ("Open risks", "treat two, accept none", "CTO"),
            ("Overdue evidence", "owners named, two weeks", "Compliance manager"),
            ("Vendors", "ask Clearway for its new report", "Vendor manager"),
        ),
    )


def _drift(day: date) -> Content:
    return listing(
        "Drift of the evidence workspace",
        "provisioner drift",
        day,
        ("Address", "Difference"),
        (("libraries", "none"), ("permissions", "none"), ("views", "none")),
    )
