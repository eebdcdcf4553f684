"""A drift report as JUnit XML, which every build server shows as test results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from provisioner.core.address import root_of
from provisioner.engine.drift import DriftReport
from provisioner.engine.finding import Finding
from provisioner.report.drift_text import said

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not (w3.org/TR/xml, "Characters")."""


def drift_junit(report: DriftReport, parts: Iterable[str]) -> str:
    """A test case for each part of the workspace that was compared; one finding fails it.

    `parts` are addresses; those of one list, group or column count as one case. Notes are output,
    accepted differences skip their case when it has no other finding.
    """
    roots = sorted({root_of(one) for one in parts} | {root_of(f.address) for f in report.findings})
    suite = ET.Element("testsuite", name=f"drift of {_text(report.workspace)}")
    failures = skipped = 0
    for root in roots:
        found = [one for one in report.findings if root_of(one.address) == root]
        case = ET.SubElement(suite, "testcase", classname="drift", name=_text(root))
        failed = [one for one in found if one.accepted is None and one.severity != "note"]
        accepted = [one for one in found if one.accepted is not None]
        if failed:
            failures += 1
            codes = ", ".join(sorted({one.code for one in failed}))
            ET.SubElement(case, "failure", type=codes, message=_line(failed[0])).text = "\n".join(
                _line(one) for one in failed
            )
        elif accepted:
            skipped += 1
            ET.SubElement(case, "skipped", message=_accepted(accepted[0]))
        others = [_line(one) for one in found if one not in failed and one not in accepted]
        if others:
            ET.SubElement(case, "system-out").text = "\n".join(others)
    suite.set("tests", str(len(roots)))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    suite.set("timestamp", report.checked_at.strftime("%Y-%m-%dT%H:%M:%S"))
    root_element = ET.Element("testsuites")
    root_element.append(suite)
    ET.indent(root_element)
    return ET.tostring(root_element, encoding="unicode", xml_declaration=True)


def _line(one: Finding) -> str:
    return _text(f"{one.severity} {one.code}: {one.address} {said(one)}")


def _accepted(one: Finding) -> str:
    who = one.accepted or {}
    return _text(f"{said(one)}: accepted until {who.get('expires')} by {who.get('approver')}")


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
