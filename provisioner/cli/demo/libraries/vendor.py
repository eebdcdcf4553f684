"""Vendor Evidence: assurance reports, reviews, incidents."""

from __future__ import annotations

from datetime import date, timedelta

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days, months_from
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import COMPLIANCE, VENDOR
from provisioner.cli.demo.tables import Period, choose, listing, log, pick

LIBRARY = "vendor-evidence"
HOSTING, PROCESSOR = "Nimbus Hosting", "Clearway Processing"
"""The two critical vendors, each judged on its own report."""


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, VENDOR, COMPLIANCE, "Vendor trust portal")
    hosting_end = days.before(days.backlog, 70)
    processor_end = days.good_until(12, -18)
    gap_from = days.two_months_back + timedelta(days=9)
    gap_to = gap_from + timedelta(days=5)
    first_part: Period = (days.start, gap_from - timedelta(days=1))
    second_part: Period = (gap_to + timedelta(days=1), days.before(days.last_week))
    reviewed = days.before(days.backlog, 5)
    return (
        shelf.approved(
            "nimbus-hosting-soc2-type2.pdf", "E060", _report(HOSTING, hosting_end),
            filed=days.backlog, part=HOSTING, period=(_year_before(hosting_end), hosting_end),
            sensitivity="Restricted", freshness="Fresh",
            why="The cloud provider's own SOC 2 report. It ends within the window.",
        ),
        shelf.approved(
            "clearway-processing-soc2-type2.pdf", "E060", _report(PROCESSOR, processor_end),
            filed=days.backlog, part=PROCESSOR, period=(_year_before(processor_end), processor_end),
            bridge_until=days.today + timedelta(days=6), sensitivity="Restricted",
            codes=("DUE-SOON", "PRIOR-TO-WINDOW"), freshness="Due soon",
            why="The report has run out, but a bridge letter vouches for some days more.",
        ),
        shelf.approved(
            "vendor-review-clearway.pdf", "E059", _review(reviewed), filed=days.backlog,
            activity=reviewed, source="Vendor review form", freshness="Fresh",
            why="The yearly review, within the window.",
        ),
        shelf.approved(
            "vendor-incidents-1.csv", "E057", _incidents(first_part), filed=days.backlog,
            period=first_part, source="Vendor status feeds", sensitivity="Internal",
            freshness="Superseded", why="The first part of the log. See the second.",
        ),
        shelf.approved(
            "vendor-incidents-2.csv", "E057", _incidents(second_part), filed=days.last_week,
            period=second_part, source="Vendor status feeds", sensitivity="Internal",
            freshness="Fresh",
            why="Good by itself. But six days between the two parts are in neither.",
        ),
    )  # fmt: skip


def _year_before(end: date) -> date:
    return months_from(end, -12) + timedelta(days=1)


def _report(vendor: str, end: date) -> Content:
    return Content(
        f"{vendor}: SOC 2 Type 2 report (extract)",
        (
            f"Period: {_year_before(end).isoformat()} to {end.isoformat()}.",
            "Categories: Security, Availability. Opinion: unqualified.",
            "A made-up vendor and a made-up report. Under NDA; do not pass on.",
        ),
        ("Criterion", "Tests", "Exceptions"),
        tuple((name, 3 + pick(9, vendor, name), 0) for name in ("CC6.1", "CC7.2", "CC8.1", "A1.2")),
    )


def _review(day: date) -> Content:
    return listing(
        f"Vendor review: {PROCESSOR}",
        "vendor review form",
        day,
        ("Question", "Answer", "Action"),
        (
            ("Assurance report read?", "yes, no exceptions", "none"),
            ("Incidents this year?", "one, resolved in 40 minutes", "none"),
            ("Contract and data terms current?", "yes", "none"),
            ("Still critical?", "yes", "review again in a year"),
        ),
    )


def _incidents(period: Period) -> Content:
    return log(
        "Vendor incidents", "status feeds, filtered to critical vendors", period,
        ("Vendor", "Summary", "Minutes"),
        lambda day: (
            choose((HOSTING, PROCESSOR), day), choose(("slow answers", "no incident"), day, "s"),
            pick(30, day),
        ),
        step=7,
    )  # fmt: skip
