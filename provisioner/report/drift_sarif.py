"""A drift report as SARIF 2.1.0, which code-scanning pages read.

(docs.oasis-open.org/sarif/sarif/v2.1.0; docs.github.com, "SARIF support for code scanning".)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner import __version__
from provisioner.core.canonical import digest
from provisioner.core.errors import Where
from provisioner.engine.drift import DriftReport
from provisioner.engine.finding import Finding
from provisioner.report.codes import CODES
from provisioner.report.drift_text import said

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def drift_sarif(report: DriftReport, sources: Mapping[str, Where]) -> dict[str, Any]:
    """One run; a result for each finding, at the line of the file that declares its address.

    `sources` are places by address. An accepted finding is a suppressed result. The fingerprint of
    a result stays the same from run to run while the same property differs.
    """
    codes = sorted({one.code for one in report.findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "provisioner drift",
                        "version": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "endTimeUtc": report.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    }
                ],
                "results": [_result(one, codes, sources) for one in report.findings],
                "properties": {"workspace": report.workspace},
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    page = CODES.get(code)
    return {
        "id": code,
        "shortDescription": {"text": page.title if page else code},
        "fullDescription": {"text": page.meaning if page else code},
        "help": {"text": page.next if page else ""},
    }


def _result(one: Finding, codes: list[str], sources: Mapping[str, Where]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": one.severity,
        "message": {"text": f"{one.address} {said(one)}"},
        "locations": [_location(one, sources)],
        "partialFingerprints": {
            "finding/v1": digest({"code": one.code, "at": one.address, "path": one.path})
        },
    }
    if one.accepted is not None:
        why = f"{one.accepted['reason']} (until {one.accepted['expires']})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _location(one: Finding, sources: Mapping[str, Where]) -> dict[str, Any]:
    logical = {"logicalLocations": [{"fullyQualifiedName": one.address}]}
    address = one.address
    while address and address not in sources:
        address = address.rpartition("/")[0]
    where = sources.get(address)
    if where is None:
        return logical
    return logical | {
        "physicalLocation": {
            "artifactLocation": {"uri": where.file.replace("\\", "/")},
            "region": {"startLine": max(where.line, 1), "startColumn": max(where.column, 1)},
        }
    }
