"""Every file of a readiness report, by name: for a folder on this machine or a library of the site."""

from __future__ import annotations

import json

from provisioner.core.canonical import digest
from provisioner.report import tables
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.csv_tables import table_csv
from provisioner.report.html import report_html
from provisioner.report.json_report import report_json
from provisioner.report.leadership_html import leadership_html
from provisioner.report.readiness import ReadinessReport
from provisioner.report.report_markdown import report_markdown
from provisioner.report.xlsx import report_xlsx

JSON_FILE = "report.json"
_STEADY = ("client", "policy", "items", "attention", "waived", "evidence", "checklist", "buyers")


def report_files(made: ReadinessReport, brand: Brand = PLAIN) -> dict[str, bytes]:
    """The files; the page and the JSON document come first. The same report gives the same bytes."""
    document = json.dumps(report_json(made), indent=2, ensure_ascii=False) + "\n"
    texts: dict[str, str | bytes] = {
        "report.html": report_html(made, brand),
        JSON_FILE: document,
        "leadership.html": leadership_html(made, brand),
        "report.xlsx": report_xlsx(made, brand),
        # A spreadsheet takes a CSV file for UTF-8 only with a byte order mark.
        "evidence-index.csv": "\ufeff" + table_csv(tables.evidence_index(made)),
        "findings.csv": "\ufeff" + table_csv(tables.findings(made)),
        "report.md": report_markdown(made, brand),
    }
    return {
        name: content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        for name, content in texts.items()
    }


def news_of(made: ReadinessReport) -> str:
    """A digest over what a report says that does not move with the day alone: equal means no news."""
    document = report_json(made)
    return digest({key: document[key] for key in _STEADY})
