"""One drift report in every format, with an accepted finding, a note and hostile words in it."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from provisioner.core.errors import Where
from provisioner.core.transport import Stats
from provisioner.engine.drift import DriftReport
from provisioner.engine.finding import Finding
from provisioner.report.drift_html import drift_html
from provisioner.report.drift_junit import drift_junit
from provisioner.report.drift_markdown import drift_markdown
from provisioner.report.drift_sarif import drift_sarif

WHO = {"reason": "agreed | with `Ann`", "approver": "Ann", "expires": "2026-12-31"}
HOSTILE = "<script>alert(1)</script>\x0b|`]]>"
REPORT = DriftReport(
    "/sites/acme",
    datetime(2026, 11, 22, 6, 30, tzinfo=UTC),
    (
        Finding("DRIFT-CHANGED", "error", "list:risks/column:Due", "displayName", "Due", HOSTILE),
        Finding("DRIFT-CHANGED", "warning", "site", "title", "Acme", "Other", WHO),
        Finding("UNDECLARED", "note", "list:risks/view:Mine", "", "absent", "present"),
    ),
    0,
    Stats(),
)
PLACES = {"list:risks": Where("client\\workspace.yaml", 40, 5), "site": Where("w.yaml", 3, 1)}
PARTS = ("site", "list:risks", "list:risks/column:Due", "group:Auditors")


def test_sarif_has_a_result_for_each_finding_at_the_line_that_declares_it():
    run = drift_sarif(REPORT, PLACES)["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["DRIFT-CHANGED", "UNDECLARED"]
    assert all(
        rule["shortDescription"]["text"] != rule["id"] for rule in run["tool"]["driver"]["rules"]
    )
    changed, accepted, note = run["results"]
    assert (changed["level"], rules[changed["ruleIndex"]]) == ("error", "DRIFT-CHANGED")
    place = changed["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "client/workspace.yaml"
    assert place["region"] == {"startLine": 40, "startColumn": 5}
    assert accepted["suppressions"][0]["status"] == "accepted"
    assert "suppressions" not in note


def test_a_sarif_fingerprint_stays_while_the_same_property_differs():
    first, second = (
        drift_sarif(DriftReport("/sites/acme", REPORT.checked_at, (one,), 0, Stats()), {})
        for one in (
            Finding("DRIFT-CHANGED", "error", "site", "title", "A", "B"),
            Finding("DRIFT-CHANGED", "error", "site", "title", "A", "C"),
        )
    )
    marks = [one["runs"][0]["results"][0]["partialFingerprints"] for one in (first, second)]
    assert marks[0] == marks[1]


def test_junit_has_a_case_for_each_part_and_only_findings_fail_one():
    suite = ET.fromstring(drift_junit(REPORT, PARTS))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    cases = {case.get("name"): case for case in suite}
    assert cases["group:Auditors"].find("failure") is None
    failure = cases["list:risks"].find("failure")
    assert failure is not None
    assert "list:risks/column:Due" in (failure.text or "")
    assert "UNDECLARED" in (cases["list:risks"].findtext("system-out") or "")
    assert cases["site"].find("skipped") is not None


def test_markdown_cells_cannot_be_broken_out_of():
    text = drift_markdown(REPORT)
    row = next(line for line in text.splitlines() if "column:Due" in line)
    assert row.count("|") == 5
    assert "agreed / with 'Ann'" in text


def test_the_page_escapes_what_people_wrote_and_counts():
    text = drift_html(REPORT)
    assert "<script>alert(1)" not in text
    assert "1 to look at, 1 notes, 1 accepted." in text


@pytest.mark.parametrize("show", [drift_markdown, drift_html])
def test_a_site_without_drift_says_so(show):
    quiet = DriftReport("/sites/acme", REPORT.checked_at, (), 0, Stats())
    assert "No drift: the site is as the file says." in show(quiet)
