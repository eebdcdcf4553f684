"""A drift report as one HTML page; `html_page` says how it stays self-contained and safe."""

from __future__ import annotations

from provisioner.engine.drift import DriftReport
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.drift_text import tally
from provisioner.report.html_page import moment, page


def drift_html(report: DriftReport, brand: Brand = PLAIN) -> str:
    """The whole page. The same report always gives the same text."""
    found = [one for one in report.findings if one.accepted is None]
    return page(
        "drift_page.html",
        {
            "report": {"drift": report},
            "workspace": report.workspace,
            "checked": moment(report.checked_at),
            "tally": tally(report),
            "counts": {
                severity: sum(one.severity == severity for one in found)
                for severity in ("error", "warning", "note")
            },
            "accepted": len(report.findings) - len(found),
        },
        brand,
        foot=f"Drift of {report.workspace}, {moment(report.checked_at)}",
    )
