"""The folder a report is written to, and what an earlier one left there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from provisioner.report.brand import Brand
from provisioner.report.files import JSON_FILE, report_files
from provisioner.report.readiness import ReadinessReport


def last_report(folder: Path) -> Any:
    """The document of the report before; None where there is none that can be read."""
    try:
        return json.loads((folder / JSON_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def written(made: ReadinessReport, folder: Path, brand: Brand) -> tuple[Path, ...]:
    """Every file of a report, written; the page and the JSON document come first. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = report_files(made, brand)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
